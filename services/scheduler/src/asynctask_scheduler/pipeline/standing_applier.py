"""Applies the standings of every answer to the queue, in batches, in the background.

Answers do not wait for this: a task that is durable in the registry is answered. Should this process die before it has
applied a standing, the intent or the lease in Redis makes another replica fetch and apply the same standing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence

from asynctask_chassis.batch import Batcher
from asynctask_chassis.logs import get_logger
from asynctask_core import limits
from asynctask_core.errors import AsyncTaskError, StoreUnavailable
from asynctask_protos.registry.v1.standing_pb2 import Standing
from asynctask_scheduler.metrics import SchedulerMetrics
from asynctask_scheduler.queue.answers import Applied, Lease
from asynctask_scheduler.queue.port import TaskLeases

log = get_logger(__name__)

# An outage of Redis longer than these together ends in a rebuild or is repaired through the intents.
RETRY_DELAYS_S = (0.05, 0.2, 0.5, 1.0, 2.0)
MAX_QUEUED = 200_000

OnApplied = Callable[[Applied], None]


class StandingApplier:
    """Applies standings in the background; tells listeners which lanes have new tasks and whose leases were freed."""

    def __init__(self, queue: TaskLeases, metrics: SchedulerMetrics) -> None:
        self._queue = queue
        self._batcher: Batcher[Standing, bool] = Batcher(
            self._flush, max_items=limits.BATCH_ITEMS, flights=2, max_queued=MAX_QUEUED
        )
        self._applied = metrics.standings.labels("applied")
        self._dropped = metrics.standings.labels("dropped")
        self._listeners: list[OnApplied] = []

    @property
    def is_idle(self) -> bool:
        """Whether every standing that this replica accepted is in Redis."""
        return self._batcher.is_idle

    def listen(self, listener: OnApplied) -> None:
        """Call `listener` after every apply."""
        self._listeners.append(listener)

    def offer(self, standings: Iterable[Standing]) -> asyncio.Future[list[bool]] | None:
        """Apply `standings` soon. The future says of each whether it was applied; it need not be awaited."""
        items = list(standings)
        if not items:
            return None
        try:
            return self._batcher.add(items)
        except AsyncTaskError as error:
            # Redis is far behind, or this replica stops. The caller is answered nevertheless, since the change is
            # committed: intents, leases and the sweep repair what is dropped here.
            self._dropped.inc(len(items))
            log.warning("standings.dropped", count=len(items), reason=str(error))
            return None

    async def apply(self, standings: Iterable[Standing]) -> bool:
        """Apply `standings` and return when it is done: True if all of them were."""
        items = list(standings)
        if not items:
            return True
        future = self.offer(items)
        return future is not None and all(await future)

    async def abandon(self, leases: Sequence[Lease]) -> bool:
        """Drop leases of attempts that ended. Call it after the standings of the registry's answer are applied."""
        applied = await self._until_applied(lambda: self._queue.abandon(leases), len(leases))
        if applied is None:
            return False  # the leases run out, and the reaper ends them
        self._tell(applied)
        return True

    async def drain(self) -> None:
        """Apply the standings that wait, and accept no new ones."""
        await self._batcher.drain()

    async def _flush(self, standings: list[Standing]) -> Sequence[bool]:
        applied = await self._until_applied(lambda: self._queue.apply(standings), len(standings))
        if applied is None:
            self._dropped.inc(len(standings))
            return [False] * len(standings)
        self._applied.inc(len(standings))
        self._tell(applied)
        return [True] * len(standings)

    def _tell(self, applied: Applied) -> None:
        for listener in self._listeners:
            listener(applied)

    async def _until_applied(self, call: Callable[[], Awaitable[Applied]], count: int) -> Applied | None:
        for delay in (*RETRY_DELAYS_S, None):
            try:
                return await call()
            except StoreUnavailable as error:
                if delay is None:
                    log.warning("standings.dropped", count=count, reason=str(error))
                    return None
                await asyncio.sleep(delay)
        raise AssertionError("unreachable")
