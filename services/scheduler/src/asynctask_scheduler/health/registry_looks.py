"""Asks the registries in turn how they and Postgres are."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from asynctask_chassis.loop import LoopReport
from asynctask_core.errors import AsyncTaskError
from asynctask_protos.scheduler.v1.doctor_service_pb2 import StoreState
from asynctask_protos.task.v1.health_pb2 import ReplicaState
from asynctask_scheduler.health.aged import aged_replica
from asynctask_scheduler.health.store_states import state_of_postgres
from asynctask_scheduler.registry.client import RegistryClient

INTERVAL: Final = timedelta(seconds=2)
KEPT_S: Final = 30.0
"""How long a registry is listed after its last answer: calls go to the registries in turn, and there may be many."""
FORMER: Final = "registry of an earlier release"
"""Name of a registry that does not describe itself."""


class RegistryLooks:
    """The registries that answered lately, and the state of Postgres that they told last."""

    def __init__(self, registry: RegistryClient, clock: Callable[[], float] = time.monotonic) -> None:
        self.problem = "none was asked yet"
        """Why no registry answers, as a clause; empty when one does."""
        self.postgres: StoreState | None = None
        """None while no registry answers."""
        self._registry = registry
        self._clock = clock
        self._heard: dict[str, tuple[float, ReplicaState]] = {}

    async def run_once(self) -> LoopReport:
        """Ask one registry: one pass of a periodic loop."""
        try:
            found = await self._registry.last_look()
        except AsyncTaskError as error:
            self.problem = error.message
            self.postgres = None
            return LoopReport()
        self.problem = ""
        self.postgres = state_of_postgres(found)
        replica = (
            found.replica if found.HasField("replica") else ReplicaState(service="registry", name=FORMER)
        )
        self._heard[replica.name] = (self._clock(), replica)
        return LoopReport()

    def registries(self) -> list[ReplicaState]:
        """The registries that answered within the last half minute, by name, with their ages as of now."""
        now = self._clock()
        self._heard = {name: heard for name, heard in self._heard.items() if now - heard[0] <= KEPT_S}
        return [
            aged_replica(replica, round((now - at) * 1000))
            for _, (at, replica) in sorted(self._heard.items())
        ]
