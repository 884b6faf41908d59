"""Ends attempts whose leases the scheduler gives back: undelivered ones, and those of older sessions.

The registry ends them, the scheduler applies its standings and drops their leases. If this fails for good, the lease
runs out and the reaper ends the attempt.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

from asynctask_chassis.batch import Batcher
from asynctask_chassis.logs import get_logger
from asynctask_core import limits
from asynctask_core.errors import AsyncTaskError
from asynctask_protos.registry.v1.ledger_service_pb2 import AttemptEnd
from asynctask_protos.task.v1.state_pb2 import AttemptResult
from asynctask_scheduler.pipeline.standing_applier import StandingApplier
from asynctask_scheduler.queue.answers import Lease
from asynctask_scheduler.registry.client import RegistryClient

log = get_logger(__name__)

RETRY_DELAYS_S = (0.1, 0.5, 1.0, 2.0)


class LeaseReleaser:
    """Gives leases back, in batches, in the background."""

    def __init__(self, registry: RegistryClient, applier: StandingApplier) -> None:
        self._registry = registry
        self._applier = applier
        self._batcher: Batcher[AttemptEnd, None] = Batcher(
            self._flush, max_items=limits.BATCH_ITEMS // 2, max_queued=100_000
        )

    def end(
        self, executor_id: str, leases: Iterable[Lease], result: AttemptResult.ValueType
    ) -> asyncio.Future[list[None]] | None:
        """End the attempts of these leases soon, as RELEASED or UNDELIVERED. The future need not be awaited."""
        ends = [
            AttemptEnd(task_id=task_id, attempt_id=attempt_id, result=result, executor_id=executor_id)
            for task_id, attempt_id in leases
        ]
        if not ends:
            return None
        try:
            return self._batcher.add(ends)
        except AsyncTaskError as error:
            log.warning("leases.left_to_expire", count=len(ends), executor_id=executor_id, reason=str(error))
            return None

    async def drain(self) -> None:
        """Finish the ends that were accepted, and accept no new ones."""
        await self._batcher.drain()

    async def _flush(self, ends: list[AttemptEnd]) -> Sequence[None]:
        await self._end(ends)
        return [None] * len(ends)

    async def _end(self, ends: Sequence[AttemptEnd]) -> None:
        """End these; a call that the registry refuses is split in half until each refused end is alone in its call."""
        for delay in (*RETRY_DELAYS_S, None):
            try:
                standings = await self._registry.end(ends)
            except AsyncTaskError as error:
                if not error.retryable and len(ends) > 1:
                    half = len(ends) // 2
                    await self._end(ends[:half])
                    await self._end(ends[half:])
                    break
                if delay is None or not error.retryable:
                    log.warning("leases.left_to_expire", count=len(ends), reason=str(error))
                    break
                await asyncio.sleep(delay)
            else:
                # If the standings could not be applied, the leases stay: they run out, and the reaper applies them.
                if await self._applier.apply(standings):
                    await self._applier.abandon([(end.task_id, end.attempt_id) for end in ends])
                break
