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
_SETTLED_S: Final = 600
"""An hour of the series counts as settled so long after its end: its moves are folded within seconds."""
_KEPT_S: Final = 30.0
"""How long the sums of settled hours are kept. Overviews are read each second, and those hours are nearly all of what
an overview reads; moves are folded into them only where folding was away for long.
"""

TypedCounts = defaultdict[str, Counter[str]]
"""By type, and perhaps of all types: tasks by a word."""


@dataclass(frozen=True, slots=True)
class SettledEnds:
    """What the settled hours of the last day have."""

    since: int
    settled: int
    ends: TypedCounts
    read_at: float


class OverviewReader:
    """Reads overviews. Each costs as much as there are types, and what happened within about an hour."""

    def __init__(self, runner: WorkRunner, clock: Callable[[], float] = time.time) -> None:
        self._runner = runner
        self._clock = clock
        self._settled = SettledEnds(0, 0, defaultdict(Counter), -_KEPT_S)

    async def overview(self) -> Overview:
        """The cluster as it stands now."""
        found = await self._runner.run(self._read)
        overview = Overview(types=_busiest(found), uncounted_types=found.uncounted)
        overview.states.CopyFrom(_states(sum(found.states.values(), Counter[str]())))
        if found.oldest is not None:
            overview.oldest_waiting_time.CopyFrom(to_timestamp(found.oldest["since"]))
            overview.oldest_waiting_task_id = id_text(found.oldest["task_id"])
            overview.oldest_waiting_task_type = found.oldest["task_type"]
        ends = found.ended(_ALL_TYPES)
        overview.completed_last_day, overview.failed_last_day = ends["completed"], ends["failed"]
        if ended := ends.total():
            overview.success_rate = overview.completed_last_day / ended
        return overview

    async def _read(self, connection: StoreConnection) -> OverviewRows:
        settled = await self._settled_ends(connection)
        counts = await connection.fetch("count_list")
        ends = await connection.fetch("series_ends", low=settled.since, settled=settled.settled)
        waiting = await connection.fetch("waiting_oldest")
        (left,) = await connection.fetch("recount_left")
        return OverviewRows(
            _by_type(counts), settled.ends, _by_type(ends), waiting[0] if waiting else None, left["types"]
        )

    async def _settled_ends(self, connection: StoreConnection) -> SettledEnds:
        now = self._clock()
        since = _hour_us(now - _DAY_H * HOUR_S)
        settled = _hour_us(now - _SETTLED_S)
        kept = self._settled
        if (kept.since, kept.settled) != (since, settled) or not 0 <= now - kept.read_at < _KEPT_S:
            rows = await connection.fetch("series_settled_ends", low=since, settled=settled)
            kept = self._settled = SettledEnds(since, settled, _by_type(rows), now)
        return kept


@dataclass(frozen=True, slots=True)
class OverviewRows:
    """What an overview is made of."""

    states: TypedCounts
    """By type: tasks by state."""
    settled_ends: TypedCounts
    """By type, and of all types: tasks that completed and failed in the settled hours of the last day."""
    ends: TypedCounts
    """The same of the time since then."""
    oldest: Row | None
    uncounted: int

    def ended(self, task_type: str) -> Counter[str]:
        """Tasks of a type that completed and failed within the last day."""
        return self.settled_ends.get(task_type, Counter()) + self.ends.get(task_type, Counter())


def _hour_us(seconds: float) -> int:
    """When the hour began that this moment is in, in microseconds."""
    return int(seconds // HOUR_S) * HOUR_S * 1_000_000


def _by_type(rows: Iterable[Row]) -> TypedCounts:
    found: TypedCounts = defaultdict(Counter)
    for task_type, word, tasks in rows:
        found[task_type][word] = tasks
    return found


def _busiest(found: OverviewRows) -> list[TypeCounts]:
    """The types with the most tasks, by name: those of deleted types may be many more than an answer holds."""
    names = sorted(found.states, key=lambda name: -found.states[name].total())[: limits.TASK_TYPES]
    return [_type_counts(name, found.states[name], found.ended(name)) for name in sorted(names)]


def _type_counts(name: str, states: Mapping[str, int], ends: Mapping[str, int]) -> TypeCounts:
    return TypeCounts(
        task_type=name,
        states=_states(states),
        completed_last_day=ends["completed"],
        failed_last_day=ends["failed"],
    )


def _states(counts: Mapping[str, int]) -> StateCounts:
    return StateCounts(**counts)
