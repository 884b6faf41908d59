"""Tells the other schedulers of the cell how this one is, and reads what they say: one note each in Redis."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from asynctask_chassis.loop import LoopReport
from asynctask_core.errors import StoreUnavailable
from asynctask_protos.task.v1.health_pb2 import ReplicaState
from asynctask_scheduler.health.aged import SILENT, aged_replica, place_of, silent_replica
from asynctask_scheduler.queue.answers import REPLICA_LIVE_MS, ReplicaNote
from asynctask_scheduler.queue.port import QueueUpkeep

INTERVAL: Final = timedelta(seconds=2)


class ReplicaNotes:
    """The live schedulers, this one included, and those that fell silent within the last minutes without leaving."""

    def __init__(
        self,
        queue: QueueUpkeep,
        describe: Callable[[], ReplicaState],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.problem = ""
        """Why the other schedulers cannot be read; empty when they can."""
        self._queue = queue
        self._describe = describe
        self._clock = clock
        self._others: Sequence[ReplicaState] = ()
        self._read_at = clock()

    async def run_once(self) -> LoopReport:
        """Note how this replica is, and read the notes of the others: one pass of a periodic loop."""
        own = self._describe()
        try:
            notes = await self._queue.note_health(own.name, own.SerializeToString())
        except StoreUnavailable as error:
            self.problem = error.message
            return LoopReport()
        self.problem = ""
        self._read_at = self._clock()
        live = [_replica(note) for note in notes if note.age_ms <= REPLICA_LIVE_MS]
        taken = {place_of(one) for one in live}
        silent = [_replica(note) for note in notes if note.age_ms > REPLICA_LIVE_MS]
        self._others = [one for one in live if one.name != own.name]
        # One that was started again, at the same address and under another name, is not silent.
        self._others += [silent_replica(one) for one in silent if place_of(one) not in taken]
        return LoopReport()

    def schedulers(self) -> list[ReplicaState]:
        """Every scheduler that has not left, by name, with its ages as of now; `hindrance` says of a silent one so."""
        since_ms = round((self._clock() - self._read_at) * 1000)
        others = [aged_replica(one, since_ms) for one in self._others]
        # While Redis is away nobody is heard of, so those that were live then are left out after a while.
        known = [one for one in others if one.last_seen_ms <= REPLICA_LIVE_MS or one.hindrance == SILENT]
        return sorted([self._describe(), *known], key=lambda one: one.name)


def _replica(note: ReplicaNote) -> ReplicaState:
    # A scheduler of an older release notes nothing of itself.
    state = ReplicaState.FromString(note.note) if note.note else ReplicaState(service="scheduler")
    state.name = note.replica
    return aged_replica(state, note.age_ms)
