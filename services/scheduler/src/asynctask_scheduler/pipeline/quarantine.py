"""Events that the registry cannot record because of a defect: kept apart from all other events, and tried again.

They are not durable, so the scheduler does not acknowledge them: the executor would drop an acknowledged event. Later
events of the same attempt wait behind them. Once the defect is fixed the task continues; until then its executor keeps
it, and if the executor ends, the lease runs out like any other.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

from asynctask_chassis.logs import get_logger
from asynctask_core.errors import AsyncTaskError
from asynctask_core.ids import id_text
from asynctask_scheduler.pipeline.received_events import ReceivedEvents

log = get_logger(__name__)

FIRST_DELAY_S = 1.0
LONGEST_DELAY_S = 30.0

Record = Callable[[ReceivedEvents], Awaitable[None]]


@dataclass(slots=True)
class _Attempt:
    """The waiting events of one attempt, one per delivery, and when the first of them is tried again."""

    due_s: float
    delay_s: float = FIRST_DELAY_S
    deliveries: deque[ReceivedEvents] = field(default_factory=deque[ReceivedEvents])


class EventQuarantine:
    """Tries the events of stuck attempts again, one call at a time, so that they do not slow down other events."""

    def __init__(self, record: Record) -> None:
        """`record` makes one delivery durable and acknowledges it, or raises."""
        self._record = record
        self._attempts: dict[bytes, _Attempt] = {}
        self._changed = asyncio.Event()

    def __len__(self) -> int:
        return len(self._attempts)

    def __contains__(self, attempt_id: bytes) -> bool:
        return attempt_id in self._attempts

    def keep(self, delivery: ReceivedEvents, error: AsyncTaskError) -> None:
        """Take over an event that the registry could not record, and with it the later events of its attempt."""
        (event,) = delivery.events
        log.error(
            "event.not_recorded",
            task_id=id_text(event.task_id),
            attempt=id_text(event.attempt_id),
            reason=str(error),
        )
        attempt = _Attempt(asyncio.get_running_loop().time() + FIRST_DELAY_S)
        self._attempts[event.attempt_id] = attempt
        attempt.deliveries.append(delivery)
        self._changed.set()

    def follow(self, delivery: ReceivedEvents) -> None:
        """Keep a later event of a stuck attempt behind the others."""
        (event,) = delivery.events
        self._attempts[event.attempt_id].deliveries.append(delivery)

    async def run(self) -> None:
        """Try again until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            self._changed.clear()
            attempt_id = min(self._attempts, key=self._due_s, default=None)
            wait_s = None if attempt_id is None else self._due_s(attempt_id) - loop.time()
            if attempt_id is None or (wait_s is not None and wait_s > 0):
                with suppress(TimeoutError):
                    async with asyncio.timeout(wait_s):
                        await self._changed.wait()
                continue
            attempt = self._attempts[attempt_id]
            if await self._try(attempt):
                del self._attempts[attempt_id]
                continue
            attempt.due_s = loop.time() + attempt.delay_s
            attempt.delay_s = min(attempt.delay_s * 2, LONGEST_DELAY_S)

    def _due_s(self, attempt_id: bytes) -> float:
        return self._attempts[attempt_id].due_s

    async def _try(self, attempt: _Attempt) -> bool:
        """Record the waiting events in order; True if none is left."""
        deliveries = attempt.deliveries
        while deliveries:
            first = deliveries[0]
            # If the stream has ended, the executor sends the events again over its next one.
            if first.sender.is_open:
                try:
                    await self._record(first)
                except AsyncTaskError:
                    return False
            deliveries.popleft().leave()
        return True
