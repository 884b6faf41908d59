"""How the cluster stands: tasks by type and state, the oldest waiting task, the success rate of the last day."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from asynctask_core import limits
from asynctask_core.ids import id_text
from asynctask_core.wire import to_timestamp
from asynctask_protos.task.v1.overview_pb2 import Overview, StateCounts, TypeCounts
from asynctask_registry.counts.series import HOUR_S
from asynctask_registry.store.pool import Row, StoreConnection
from asynctask_registry.store.pool_share import WorkRunner

_DAY_H: Final = 24
_ALL_TYPES: Final = ""


class OverviewReader:
    """Reads overviews."""

    def __init__(self, runner: WorkRunner, clock: Callable[[], float] = time.time) -> None:
        self._runner = runner
        self._clock = clock

    async def overview(self) -> Overview:
        """The cluster as it stands now."""
        hour = int(self._clock() // HOUR_S)
        since = (hour - _DAY_H) * HOUR_S * 1_000_000
        found = await self._runner.run(lambda connection: _read(connection, since))
        overview = Overview(types=_busiest(found), uncounted_types=found.uncounted)
        overview.states.CopyFrom(_states(sum(found.states.values(), Counter[str]())))
        if found.oldest is not None:
            overview.oldest_waiting_time.CopyFrom(to_timestamp(found.oldest["since"]))
            overview.oldest_waiting_task_id = id_text(found.oldest["task_id"])
            overview.oldest_waiting_task_type = found.oldest["task_type"]
        ends = found.ends[_ALL_TYPES]
        overview.completed_last_day, overview.failed_last_day = ends["completed"], ends["failed"]
        if ended := ends.total():
            overview.success_rate = overview.completed_last_day / ended
        return overview


@dataclass(slots=True)
class OverviewRows:
    """What an overview is made of."""

    states: defaultdict[str, Counter[str]]
    """By type: tasks by state."""
    ends: defaultdict[str, Counter[str]]
    """By type, and of all types: tasks that completed and failed within the last day."""
    oldest: Row | None
    uncounted: int


async def _read(connection: StoreConnection, since: int) -> OverviewRows:
    counts = await connection.fetch("count_list")
    ends = await connection.fetch("series_ends", low=since)
    waiting = await connection.fetch("waiting_oldest")
    (left,) = await connection.fetch("recount_left")
    return OverviewRows(_by_type(counts), _by_type(ends), waiting[0] if waiting else None, left["types"])


def _by_type(rows: Iterable[Row]) -> defaultdict[str, Counter[str]]:
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for task_type, word, tasks in rows:
        found[task_type][word] = tasks
    return found


def _busiest(found: OverviewRows) -> list[TypeCounts]:
    """The types with the most tasks, by name: those of deleted types may be many more than an answer holds."""
    names = sorted(found.states, key=lambda name: -found.states[name].total())[: limits.TASK_TYPES]
    return [
        TypeCounts(
            task_type=name,
            states=_states(found.states[name]),
            completed_last_day=found.ends[name]["completed"],
            failed_last_day=found.ends[name]["failed"],
        )
        for name in sorted(names)
    ]


def _states(counts: Mapping[str, int]) -> StateCounts:
    return StateCounts(**counts)
