"""How the cluster stands: tasks by type and state, the oldest waiting task, the success rate of the last day."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from typing import Final

from asynctask_core import limits
from asynctask_core.ids import id_text
from asynctask_core.wire import to_timestamp
from asynctask_protos.task.v1.overview_pb2 import Overview, StateCounts, TypeCounts
from asynctask_registry.counts.series import HOUR_S, SeriesSpan, happened, read_steps
from asynctask_registry.store.pool import Row, StoreConnection
from asynctask_registry.store.pool_share import WorkRunner

_DAY_H: Final = 24


class OverviewReader:
    """Reads overviews."""

    def __init__(self, runner: WorkRunner, clock: Callable[[], float] = time.time) -> None:
        self._runner = runner
        self._clock = clock

    async def overview(self) -> Overview:
        """The cluster as it stands now."""
        counts, oldest, left = await self._runner.run(_read)
        types: defaultdict[str, Counter[str]] = defaultdict(Counter)
        total: Counter[str] = Counter()
        for task_type, state, tasks in counts:
            types[task_type][state] = tasks
            total[state] += tasks
        overview = Overview(states=_states(total), types=_most(types), uncounted_types=left)
        if oldest is not None:
            overview.oldest_waiting_time.CopyFrom(to_timestamp(oldest["since"]))
            overview.oldest_waiting_task_id = id_text(oldest["task_id"])
            overview.oldest_waiting_task_type = oldest["task_type"]
        await self._add_last_day(overview)
        return overview

    async def _add_last_day(self, overview: Overview) -> None:
        hour = int(self._clock() // HOUR_S)
        steps = await read_steps(self._runner, "", SeriesSpan(HOUR_S, hour - _DAY_H, hour))
        overview.completed_last_day = sum(happened(step, "completed") for step in steps.values())
        overview.failed_last_day = sum(happened(step, "failed") for step in steps.values())
        ended = overview.completed_last_day + overview.failed_last_day
        if ended:
            overview.success_rate = overview.completed_last_day / ended


async def _read(connection: StoreConnection) -> tuple[list[Row], Row | None, int]:
    counts = await connection.fetch("count_list")
    waiting = await connection.fetch("waiting_oldest")
    (left,) = await connection.fetch("recount_left")
    return counts, waiting[0] if waiting else None, left["types"]


def _most(types: Mapping[str, Counter[str]]) -> list[TypeCounts]:
    """The types with the most tasks, by name: those of deleted types may be many more than an answer holds."""
    names = sorted(types, key=lambda name: -types[name].total())[: limits.TASK_TYPES]
    return [TypeCounts(task_type=name, states=_states(types[name])) for name in sorted(names)]


def _states(counts: Mapping[str, int]) -> StateCounts:
    return StateCounts(**counts)
