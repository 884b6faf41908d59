"""Streams whose executor has not said Hello yet: a drain ends them at once, instead of waiting for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from asynctask_core.errors import NotReady

DRAINING = "this scheduler is draining; connect again"
AGAIN_MS = 100
"""When an executor should connect again, which mostly is to another replica."""


class HelloWaits:
    """The streams on which nothing has come up yet."""

    def __init__(self) -> None:
        self._waits: set[asyncio.Timeout] = set()
        self._is_over = False

    @asynccontextmanager
    async def within(self, seconds: float) -> AsyncIterator[None]:
        """Wait for a Hello inside the block.

        Raises:
            TimeoutError: none came within so many seconds.
            NotReady: this replica is draining.
        """
        self._check_open()
        try:
            async with asyncio.timeout(seconds) as wait:
                self._waits.add(wait)
                try:
                    yield
                finally:
                    self._waits.discard(wait)
        except TimeoutError:
            self._check_open()
            raise

    def end_all(self) -> None:
        """End every wait, and take no new one."""
        self._is_over = True
        for wait in self._waits:
            if not wait.expired():  # else its time is over just now, and it ends by itself
                wait.reschedule(asyncio.get_running_loop().time())

    def _check_open(self) -> None:
        if self._is_over:
            raise NotReady(DRAINING, retry_after_ms=AGAIN_MS)
