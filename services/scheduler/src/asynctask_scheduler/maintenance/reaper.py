"""Ends the attempts of silent executors in the registry, and applies its standings, which make their tasks ready again.

The queue moves a lease that ran out to `expiring`, where it cannot be renewed; that is the intent. If a reaper dies
before the registry has answered, any replica can continue: the queue returns the same lease again after a while.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from asynctask_chassis.logs import get_logger
from asynctask_chassis.loop import LoopReport
from asynctask_core.errors import AsyncTaskError
from asynctask_protos.registry.v1.ledger_service_pb2 import AttemptEnd
from asynctask_protos.task.v1.state_pb2 import AttemptResult
from asynctask_scheduler.maintenance.ports import RegistryPort
from asynctask_scheduler.queue.answers import ExpiredLease
from asynctask_scheduler.queue.port import Queue

log = get_logger(__name__)

LEASES_PER_RUN: Final = 500
LOOKS_PER_LEASE: Final = 15
"""So many that the delay until a look is short against the lease, and that one late look does not trip the guard."""


def reaper_interval(lease: timedelta) -> timedelta:
    """How often to look: each fifteenth of a lease, at most once a second."""
    return min(lease / LOOKS_PER_LEASE, timedelta(seconds=1))


class Reaper:
    """Ends attempts whose lease ran out."""

    def __init__(
        self, queue: Queue, registry: RegistryPort, on_expired: Callable[[int], None] = lambda count: None
    ) -> None:
        """`on_expired` is called with how many attempts were ended."""
        self._queue = queue
        self._registry = registry
        self._on_expired = on_expired

    async def run_once(self) -> LoopReport:
        """Look for leases that ran out, and end their attempts."""
        expired = await self._queue.upkeep.expire_due(LEASES_PER_RUN)
        if expired.guarded:
            log.warning("leases.extended", reason="Redis' clock jumped, or leases went unchecked")
            return LoopReport(facts={"guarded": 1})
        if not expired.leases:
            return LoopReport()
        ended = await self._end(expired.leases)
        self._on_expired(len(ended))
        log.warning(
            "leases.expired", count=len(ended), executor_id=sorted({lease.executor_id for lease in ended})
        )
        return LoopReport(changed=len(ended), more=expired.more)

    async def _end(self, leases: Sequence[ExpiredLease]) -> Sequence[ExpiredLease]:
        """End these attempts; those that the registry cannot end stay in `expiring`, and delay no others."""
        try:
            standings = await self._registry.end([_end_of(lease) for lease in leases])
        except AsyncTaskError as error:
            if error.retryable:
                raise
            if len(leases) == 1:
                log.error("attempt.not_ended", task_id=leases[0].task_id.hex(), reason=str(error))
                return []
            half = len(leases) // 2
            return [*await self._end(leases[:half]), *await self._end(leases[half:])]
        await self._queue.tasks.apply(standings)
        await self._queue.tasks.abandon([(lease.task_id, lease.attempt_id) for lease in leases])
        return leases


def _end_of(lease: ExpiredLease) -> AttemptEnd:
    # If neither confirmed nor renewed, the attempt most likely never reached its executor.
    is_delivered = lease.started or lease.renewed
    return AttemptEnd(
        task_id=lease.task_id,
        attempt_id=lease.attempt_id,
        executor_id=lease.executor_id,
        result=AttemptResult.ATTEMPT_RESULT_LOST
        if is_delivered
        else AttemptResult.ATTEMPT_RESULT_UNDELIVERED,
        renewed=lease.renewed,
        excused=lease.excused,
    )
