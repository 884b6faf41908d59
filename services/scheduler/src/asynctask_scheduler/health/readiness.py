"""Checks whether this replica is ready: Redis answers and is rebuilt, and a registry is reachable."""

from __future__ import annotations

from collections.abc import Callable

from asynctask_chassis.logs import get_logger
from asynctask_chassis.loop import LoopReport
from asynctask_chassis.server import Server
from asynctask_core.errors import StoreUnavailable
from asynctask_scheduler.metrics import SchedulerMetrics
from asynctask_scheduler.queue.answers import StoreState
from asynctask_scheduler.queue.port import StoreRepair
from asynctask_scheduler.registry.client import RegistryClient

log = get_logger(__name__)

LOOKS_BEFORE_TOLD = 5
"""After how many looks a replica that is still not ready logs what it waits for."""


class Readiness:
    """Checks readiness each second, and reports it to load balancers and to `/healthz`."""

    def __init__(
        self,
        queue: StoreRepair,
        registry: RegistryClient,
        metrics: SchedulerMetrics,
        hindrance: Callable[[], str] = str,
    ) -> None:
        """Check the stores; `hindrance` returns why this replica must not work, or an empty text."""
        self._queue = queue
        self._registry = registry
        self._hindrance = hindrance
        self._gauge = metrics.is_ready
        self._is_closed = False
        self._looks_unready = 0
        self.is_ready = False
        self.missing = "it has just started"
        """Why this replica does no work, as a clause; empty when it is ready."""
        self.store: StoreState | None = None
        """How far Redis is rebuilt; None while it cannot be read."""

    async def look(self, server: Server) -> LoopReport:
        """Check readiness, and report a change: one pass of a periodic loop."""
        missing = await self._missing()
        if self._is_closed:  # since this look began, or before: it stays "it stops"
            return LoopReport()
        self.missing = missing
        is_ready = not missing
        if is_ready != self.is_ready:
            self.is_ready = is_ready
            self._gauge.set(is_ready)
            await server.set_serving(is_ready)
            if is_ready:
                log.info("health.became_ready")
            else:
                log.warning("health.became_unready", reason=missing)
        self._looks_unready = self._looks_unready + 1 if missing else 0
        if self._looks_unready == LOOKS_BEFORE_TOLD:
            log.warning("service.waiting", reason=f"it is not ready: {missing}")
        return LoopReport()

    def close(self) -> None:
        """Report not ready from now on."""
        self._is_closed = True
        self.is_ready = False
        self.missing = "it stops"
        self._gauge.set(0)

    async def _missing(self) -> str:
        try:
            self.store = await self._queue.store_state()
            no_store = "" if self.store.marked else "Redis is not rebuilt yet"
        except StoreUnavailable as error:
            self.store, no_store = None, str(error)
        if reason := self._hindrance():
            return reason
        return no_store if self._registry.is_connected else "no registry is reachable"
