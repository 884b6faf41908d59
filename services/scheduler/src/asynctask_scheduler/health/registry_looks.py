"""Asks the registries how they and Postgres are."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from asynctask_chassis.loop import LoopReport
from asynctask_core.errors import AsyncTaskError
from asynctask_protos.registry.v1.ledger_service_pb2 import CheckStoreResponse
from asynctask_protos.scheduler.v1.doctor_service_pb2 import StoreState
from asynctask_protos.task.v1.health_pb2 import ReplicaState
from asynctask_scheduler.health.aged import aged_replica, place_of, silent_replica
from asynctask_scheduler.health.store_states import state_of_postgres
from asynctask_scheduler.registry.call_errors import RegistryUnreached
from asynctask_scheduler.registry.client import RegistryClient

INTERVAL: Final = timedelta(seconds=2)
MOST_AT_ONCE: Final = 16
"""Most calls of one pass."""
KEPT_S: Final = 30.0
"""How long a registry is listed after its last answer: there may be more of them than one pass asks."""
NAMED_S: Final = 600.0
"""How long a silent registry is listed after its last answer: by then a person should have looked at it."""
MISSES: Final = 2
"""A registry counts as silent after so many passes in which some call had no answer and this registry gave none. Calls
go to the registries in turn, and a failure does not say whose turn it was. Other calls take turns, too, so a pass may
leave a registry out.
"""
FORMER: Final = "registry of an earlier release"
"""Name of a registry that does not describe itself."""


class HeardRegistry:
    """A registry that has answered, as of its last answer."""

    def __init__(self, replica: ReplicaState, at: float) -> None:
        self.replica = replica
        self.at = at
        self.misses = 0

    @property
    def is_silent(self) -> bool:
        """Whether it has missed so many passes since its last answer that it counts as silent."""
        return self.misses >= MISSES

    def state(self, now: float) -> ReplicaState:
        """It, with its ages as of now."""
        aged = aged_replica(self.replica, round((now - self.at) * 1000))
        return silent_replica(aged) if self.is_silent else aged


class RegistryLooks:
    """The registries that answered lately, those that fell silent, and the state of Postgres that they told last."""

    def __init__(self, registry: RegistryClient, clock: Callable[[], float] = time.monotonic) -> None:
        self.problem = "none was asked yet"
        """Why no registry answers, as a clause; empty when one does."""
        self.postgres: StoreState | None = None
        """As the registry tells that reaches it best; None while no registry answers."""
        self._registry = registry
        self._clock = clock
        self._heard: dict[str, HeardRegistry] = {}
        self._unanswered_passes = 0

    async def run_once(self) -> LoopReport:
        """Ask every registry that is known, all at once: one pass of a periodic loop."""
        self._forget()
        known = max(1, len(self._heard))
        # One more, so that those are found that are not known yet. Silent ones get their turn while connected.
        answers = await asyncio.gather(*(self._ask() for _ in range(min(known + 1, MOST_AT_ONCE))))
        found = [one for one in answers if isinstance(one, CheckStoreResponse)]
        errors = [one for one in answers if isinstance(one, AsyncTaskError)]
        if found:
            self._take(found)
        else:
            self._find_none(errors[0].message)
        if not all(isinstance(error, RegistryUnreached) for error in errors):
            answered = {_replica(one).name for one in found}
            for name, one in self._heard.items():
                one.misses += name not in answered
        return LoopReport()

    def registries(self) -> list[ReplicaState]:
        """The registries that answered lately or fell silent, by name, with their ages as of now."""
        self._forget()
        now = self._clock()
        return [one.state(now) for _, one in sorted(self._heard.items())]

    async def _ask(self) -> CheckStoreResponse | AsyncTaskError:
        try:
            return await self._registry.last_look()
        except AsyncTaskError as error:
            return error

    def _take(self, found: list[CheckStoreResponse]) -> None:
        self.problem = ""
        self._unanswered_passes = 0
        best = max(found, key=lambda one: (one.takes_writes, not one.is_unreachable))
        self.postgres = state_of_postgres(best)
        now = self._clock()
        for one in found:
            replica = _replica(one)
            is_cut_off = one.is_unreachable and not best.is_unreachable
            replica.hindrance = one.message if is_cut_off else ""
            # One that was started again, at the same address and under another name, replaces the former.
            self._heard = {
                name: heard
                for name, heard in self._heard.items()
                if place_of(heard.replica) != place_of(replica)
            }
            self._heard[replica.name] = HeardRegistry(replica, now)

    def _find_none(self, problem: str) -> None:
        self._unanswered_passes += 1
        # While several are known, one pass may have asked the same silent one each time.
        if self._unanswered_passes >= min(MISSES, len(self._heard)):
            self.problem = problem
            self.postgres = None

    def _forget(self) -> None:
        now = self._clock()
        self._heard = {
            name: one
            for name, one in self._heard.items()
            if now - one.at <= (NAMED_S if one.is_silent else KEPT_S)
        }


def _replica(found: CheckStoreResponse) -> ReplicaState:
    return found.replica if found.HasField("replica") else ReplicaState(service="registry", name=FORMER)
