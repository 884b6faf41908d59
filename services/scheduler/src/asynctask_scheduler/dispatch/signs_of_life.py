"""When executors last gave a sign of life, at any replica: read at most once a second for all silent executors."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Final

from asynctask_core.errors import StoreUnavailable
from asynctask_scheduler.queue.port import ExecutorSessions

READ_EVERY_S: Final = 1.0


class SignsOfLife:
    """Asks Redis once for all silent sessions: a query per session would read all executors each time."""

    def __init__(self, queue: ExecutorSessions, clock: Callable[[], float] = time.monotonic) -> None:
        self._queue = queue
        self._clock = clock
        self._seen: Mapping[str, int] = {}
        self._read_at = self._ended_at = float("-inf")
        """When the last reading began and ended: a sign of life is no later than its beginning."""
        self._reading = asyncio.Lock()

    async def last(self, executor_id: str) -> float | None:
        """When the executor was last seen, in `clock` seconds (never later than the true time); None if not known."""
        async with self._reading:
            if self._clock() - self._ended_at >= READ_EVERY_S:
                await self._read()
        seen_ms = self._seen.get(executor_id)
        return None if seen_ms is None else self._read_at - seen_ms / 1000

    async def _read(self) -> None:
        read_at = self._clock()
        try:
            self._seen = await self._queue.seen_executors()
        except StoreUnavailable:
            self._seen = {}
        # Count a second from the end of the reading: callers that waited for it use its answer, and do not read again.
        self._read_at, self._ended_at = read_at, self._clock()
