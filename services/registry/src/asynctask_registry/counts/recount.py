"""Counts the tasks of one type after another, and corrects counts that differ.

Counts differ while a registry of an older release, which counts nothing, runs beside newer ones, and until the tasks
of an older release were counted for the first time. A recount reads the tasks and their counts in one snapshot, so
a change made meanwhile is in neither or in both.
"""

from __future__ import annotations

import time
from collections import Counter
from datetime import timedelta
from typing import Final, NamedTuple

from asynctask_chassis.drift_record import DriftRecord
from asynctask_chassis.logs import get_logger
from asynctask_chassis.loop import LoopReport
from asynctask_registry.metrics import RegistryMetrics
from asynctask_registry.store.codecs import integers
from asynctask_registry.store.pool import StoreConnection
from asynctask_registry.store.pool_share import WorkRunner

log = get_logger(__name__)

STEP: Final = 20_000
"""Tasks that one statement counts: far below the time limit of a statement."""
LONGEST: Final = timedelta(minutes=10)
"""Longest recount of one type: many times what ten million tasks take. Its snapshot keeps Postgres from cleaning up."""
EVERY: Final = timedelta(hours=1)
"""How often a type is counted; one whose recount takes long is counted less often."""
SHARE: Final = 100
"""A recount of a type takes at most one part in so many of the time."""

# The advisory lock of recounts ("at", "cnt").
RECOUNT_LOCK: Final = 0x6174_636E_74

_FIRST_ID: Final = bytes(16)


class TypeRecount(NamedTuple):
    """The result for one type: by how many tasks the count of each state was too small."""

    task_type: str
    tasks: int
    drift: dict[str, int]
    is_first: bool
    """Whether the tasks of an older release were counted for the first time."""


class TypeRecounter:
    """Recounts types; of several registries one at a time."""

    def __init__(self, runner: WorkRunner, metrics: RegistryMetrics) -> None:
        self.drift = DriftRecord()
        self._runner = runner
        self._metrics = metrics

    async def run_once(self) -> LoopReport:
        """Count the type whose recount is due for the longest time, if there is one."""
        recount = await self._runner.run(_recount, deadline=LONGEST)
        if recount is None:
            return LoopReport()
        wrong = sum(map(abs, recount.drift.values()))
        self.drift.compared(recount.tasks, 0 if recount.is_first else wrong)
        if recount.is_first:
            log.info("counts.completed", task_type=recount.task_type, tasks=wrong)
        elif wrong:
            self._metrics.count_drift.inc(wrong)
            log.warning("counts.corrected", task_type=recount.task_type, tasks=wrong, states=recount.drift)
        return LoopReport(changed=wrong, more=True)


async def _recount(connection: StoreConnection) -> TypeRecount | None:
    async with connection.transaction(one_snapshot=True):
        started = time.monotonic()
        chosen = await connection.fetch("recount_choose", lock=RECOUNT_LOCK)
        if not chosen:
            return None
        task_type, is_counted = chosen[0]
        found = await _count(connection, task_type)
        rest = max(EVERY, SHARE * timedelta(seconds=time.monotonic() - started))
        drift = await connection.fetch(
            "recount_write",
            task_type=task_type,
            statuses=list(found),
            tasks=integers(found.values()),
            due_in_ms=rest // timedelta(milliseconds=1),
        )
    wrong = {row["task_status"]: row["tasks"] for row in drift}
    return TypeRecount(task_type, found.total(), wrong, not is_counted)


async def _count(connection: StoreConnection, task_type: str) -> Counter[str]:
    """Tasks by state, in statements of a bounded size."""
    found: Counter[str] = Counter()
    after, more = _FIRST_ID, True
    while more:
        rows = await connection.fetch("recount_walk", task_type=task_type, after=after, most=STEP)
        for row in rows:
            found[row["task_status"]] += row["tasks"]
            after = row["last"]
        more = sum(row["tasks"] for row in rows) == STEP
    return found
