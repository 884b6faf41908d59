"""Periodically compares all of Redis with the registry, and repairs what the other loops have missed."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from typing import Final

from asynctask_chassis.drift_record import DriftRecord
from asynctask_chassis.logs import get_logger
from asynctask_chassis.loop import LoopReport
from asynctask_scheduler.maintenance.comparison import Rest, compare
from asynctask_scheduler.maintenance.ports import RegistryPort
from asynctask_scheduler.queue.port import Queue

log = get_logger(__name__)

DEADLINE: Final = timedelta(hours=24)
"""Of a whole sweep: ten million tasks take hours at this pace. Each page also has its own deadline."""
REST_FACTOR: Final = 9
"""A sweep works a tenth of the time: it is not urgent, and other calls need the stores."""
LONGEST_REST_S: Final = 1.0


async def rest_gently(worked_s: float) -> None:
    """Pause, so that other calls get the stores."""
    await asyncio.sleep(min(worked_s * REST_FACTOR, LONGEST_REST_S))


class Sweeper:
    """Compares and repairs everything, one replica at a time."""

    def __init__(
        self,
        queue: Queue,
        registry: RegistryPort,
        *,
        owner: str,
        interval: timedelta,
        rest: Rest = rest_gently,
        drift: DriftRecord | None = None,
    ) -> None:
        self._queue = queue
        self._registry = registry
        self._owner = owner
        self._hold_ms = round(interval / timedelta(milliseconds=1) * 0.8)
        self._rest = rest
        self._drift = drift or DriftRecord()

    async def run_once(self) -> LoopReport:
        """Sweep once, unless another replica did recently, or the store is not loaded yet."""
        state = await self._queue.repair.store_state()
        if not state.loaded or not await self._queue.upkeep.claim_duty("sweep", self._owner, self._hold_ms):
            return LoopReport()
        tasks = repaired = 0
        claimed_at = time.monotonic()
        async for page in compare(self._queue, self._registry, fix=True, rest=self._rest):
            tasks += page.tasks
            repaired += len(page.differences)
            if (time.monotonic() - claimed_at) * 1000 > self._hold_ms / 2:
                if not await self._keep_duty(state.token):
                    log.info(
                        "sweep.interrupted", reason="another replica sweeps, or Redis was lost meanwhile"
                    )
                    return LoopReport(changed=repaired, facts={"tasks": tasks})
                claimed_at = time.monotonic()
        audit = await self._queue.repair.audit_leases(fix=True)
        repaired += audit.stray_members + audit.uncounted_leases
        self._drift.compared(tasks, repaired)
        if repaired:
            log.warning("store.repaired", count=repaired, tasks=tasks)
        return LoopReport(changed=repaired, facts={"tasks": tasks})

    async def _keep_duty(self, token: str) -> bool:
        """Renew the duty; False if another replica has it, or the store was lost: then part of it was not swept."""
        return await self._queue.repair.rebuild_token() == token and await self._queue.upkeep.claim_duty(
            "sweep", self._owner, self._hold_ms
        )
