"""Checks whether this replica is ready: Redis answers and is rebuilt, and a registry is reachable."""

from __future__ import annotations

from collections.abc import Callable

from asynctask_chassis.logs import get_logger
from asynctask_chassis.loop import LoopReport
from asynctask_chassis.server import Server
from asynctask_core.errors import StoreUnavailable
from asynctask_scheduler.metrics import SchedulerMetrics
from asynctask_scheduler.queue.port import StoreRepair
from asynctask_scheduler.registry.client import RegistryClient

log = get_logger(__name__)

LOOKS_BEFORE_TOLD = 5
"""After how many looks a replica that is still not ready logs what it waits for."""


class Health:
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

    async def look(self, server: Server) -> LoopReport:
        """Check readiness, and report a change: one pass of a periodic loop."""
        missing = await self._missing()
        is_ready = not missing
        if is_ready != self.is_ready and not self._is_closed:
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
        self._gauge.set(0)

    async def _missing(self) -> str:
        if reason := self._hindrance():
            return reason
        if not self._registry.is_connected:
            return "no registry is reachable"
        try:
            state = await self._queue.store_state()
        except StoreUnavailable as error:
            return str(error)
        return "" if state.marked else "Redis is not rebuilt yet"
