"""Pages of tasks, newest first. The position of a page is the id it ended at: submits in between change nothing.

Every insert of a task writes every index, so there are only those by id, by type, and by every state but `completed`.
A list walks along one of them, reads a bounded number of tasks, and returns where it stopped: a page of a rare label
is short, or empty, but never slow.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from asynctask_core import limits
from asynctask_core.states import TaskState
from asynctask_protos.task.v1.task_pb2 import Task
from asynctask_registry.catalogue.types import TypeCatalogue
from asynctask_registry.ledger.reads import read_page
from asynctask_registry.store.pool import StoreConnection
from asynctask_registry.store.pool_share import WorkRunner

_LOWEST: Final = bytes(16)
_HIGHEST: Final = b"\xff" * 16
_STEP: Final = 1000
"""Tasks that one statement reads."""
_SHORT_STEP: Final = 100
"""The least number of tasks that a statement reads when nearly every task should fit."""


@dataclass(frozen=True, slots=True)
class TaskConditions:
    """Conditions on tasks; empty fields are no condition. Times are milliseconds since the epoch, the end exclusive."""

    task_types: Sequence[str] = ()
    states: Sequence[TaskState] = ()
    submit_start_ms: int = 0
    submit_end_ms: int = 0
    queue: str = ""
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    has_warnings: bool | None = None

    @property
    def are_any(self) -> bool:
        """Whether there are conditions besides the times."""
        return bool(
            self.task_types or self.states or self.queue or self.labels or self.has_warnings is not None
        )


@dataclass(frozen=True, slots=True)
class TaskPage:
    """Tasks, newest first, and the id below which the next page begins; empty when this is the last."""

    tasks: Sequence[Task]
    before: bytes


class TaskLister:
    """Reads pages of tasks. One page reads at most `most_rows` tasks, even if few of them fit the conditions."""

    def __init__(
        self, pool: WorkRunner, types: TypeCatalogue, *, most_rows: int = limits.WALKED_ROWS
    ) -> None:
        self._pool = pool
        self._types = types
        self._most_rows = most_rows

    async def page(
        self, conditions: TaskConditions, *, before: bytes = b"", page_size: int = 0, full: bool = False
    ) -> TaskPage:
        """Read at most `page_size` tasks with ids below `before`."""
        types = await self._types.current()
        wanted = min(max(page_size, 1), limits.PAGE_ITEMS)

        async def read(connection: StoreConnection) -> TaskPage:
            ids, position = await self._walk(connection, conditions, before, wanted)
            tasks, count = await read_page(connection, ids, types, full=full)
            return TaskPage(tasks, position if count == len(ids) else ids[count - 1])

        return await self._pool.run(read)

    async def _walk(
        self, connection: StoreConnection, conditions: TaskConditions, before: bytes, wanted: int
    ) -> tuple[list[bytes], bytes]:
        statement, values = _way(conditions)
        low = _id_at(conditions.submit_start_ms) if conditions.submit_start_ms else _LOWEST
        high = _id_at(conditions.submit_end_ms) if conditions.submit_end_ms else _HIGHEST
        position = min(high, before) if before else high
        ids: list[bytes] = []
        left = self._most_rows
        while left > 0:
            # Without conditions nearly every row fits, but there may be many deleted tasks in a row.
            most = min(left, _STEP if conditions.are_any else max(wanted - len(ids), _SHORT_STEP))
            (walk,) = await connection.fetch(
                statement, **values, low=low, high=position, most=most, wanted=wanted - len(ids)
            )
            ids += walk["found"]
            if len(ids) == wanted:
                return ids, ids[-1]
            if walk["steps"] < most:
                return ids, b""
            position = walk["lowest"]
            left -= most
        return ids, position


def _way(conditions: TaskConditions) -> tuple[str, dict[str, object]]:
    """The statement that reads the fewest tasks, and its parameters."""
    states = [state.value for state in conditions.states]
    values: dict[str, object] = {
        "task_types": list(conditions.task_types) or None,
        "states": states or None,
        "queue": conditions.queue or None,
        "has_warnings": conditions.has_warnings,
        "labels": json.dumps(dict(conditions.labels)) if conditions.labels else None,
    }
    if states and TaskState.COMPLETED not in conditions.states:
        return "task_walk_states", values | {"walked_states": sorted(set(states))}
    if len(conditions.task_types) == 1:
        return "task_walk_type", values | {"walked_type": conditions.task_types[0]}
    return "task_walk", values


def _id_at(ms: int) -> bytes:
    """The lowest id of a millisecond."""
    return min(max(ms, 0), (1 << 48) - 1).to_bytes(6, "big") + bytes(10)
