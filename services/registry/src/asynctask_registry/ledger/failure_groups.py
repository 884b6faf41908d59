"""Why tasks failed: those that stand at `failed`, grouped by the fingerprint of their error."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from asynctask_core import limits
from asynctask_core.ids import id_text, id_time_ms, lowest_id
from asynctask_core.wire import cut_text, to_timestamp
from asynctask_protos.task.v1.overview_pb2 import FailureGroup
from asynctask_registry.ledger.failures import read_failure
from asynctask_registry.store.pool import Row, StoreConnection
from asynctask_registry.store.pool_share import WorkRunner

_WEEK_MS: Final = 7 * 24 * 3600 * 1000
_GROUPS: Final = 20
"""How many groups an answer has unless the caller says it."""
_HIGHEST: Final = b"\xff" * 16


class FailureGroups(NamedTuple):
    """Groups, the one that failed last first; `looked_back_to_ms` is None when every failed task was looked at."""

    groups: Sequence[FailureGroup]
    looked_back_to_ms: int | None


class FailureGroupReader:
    """Groups failed tasks. One answer looks at `most_rows` of them at most."""

    def __init__(
        self,
        runner: WorkRunner,
        *,
        most_rows: int = limits.WALKED_ROWS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._runner = runner
        self._most_rows = most_rows
        self._clock = clock

    async def groups(
        self, task_type: str = "", *, start_ms: int | None = None, page_size: int = 0
    ) -> FailureGroups:
        """The groups of the failed tasks that were submitted at or after `start_ms`; by default within a week."""
        now_ms = int(self._clock() * 1000)
        low = lowest_id(now_ms - _WEEK_MS if start_ms is None else start_ms)

        async def read(connection: StoreConnection) -> FailureGroups:
            # Tasks of an older release have no fingerprint until they are filled. Read first: it only goes down.
            (filling,) = await connection.fetch("term_filling")
            *groups, looked = await connection.fetch(
                "failure_groups",
                task_type=task_type or None,
                low=low,
                high=_HIGHEST,
                most=self._most_rows,
                page_size=page_size or _GROUPS,
            )
            lowest = max(low, filling["filled_from"])
            if looked["tasks"] == self._most_rows:
                lowest = max(lowest, looked["lowest"])
            found = await _with_errors(connection, groups)
            return FailureGroups(found, min(id_time_ms(lowest), now_ms) if lowest > low else None)

        return await self._runner.run(read)


async def _with_errors(connection: StoreConnection, rows: Sequence[Row]) -> list[FailureGroup]:
    """The groups with the error that came last; one whose task was restarted a moment ago is left out."""
    ids = sorted(row["last_failed"] for row in rows)
    if not ids:
        return []
    read = await connection.fetch("failure_read", task_ids=ids, low=ids[0], high=ids[-1])
    last = {row["task_id"]: row for row in read}
    groups: list[FailureGroup] = []
    for row in rows:
        task = last.get(row["last_failed"])
        failure = read_failure(task["failure"]) if task else None
        if task is None or failure is None:
            continue
        group = FailureGroup(
            fingerprint=row["fingerprint"],
            task_type=task["task_type"],
            reason=failure.reason,
            error_type=failure.error_type,
            message=cut_text(failure.message, limits.FAILURE_SHOWN_BYTES),
            count=row["tasks"],
            last_task_id=id_text(row["last_failed"]),
        )
        group.first_time.CopyFrom(to_timestamp(row["first_time"]))
        group.last_time.CopyFrom(to_timestamp(row["last_time"]))
        groups.append(group)
    return groups
