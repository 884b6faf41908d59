"""Runs requests one at a time per key, so that a costly caller or type delays only its own requests."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from asynctask_core.errors import Overloaded


class Turns:
    """Locks by key, each kept only while it is held or waited for."""

    def __init__(self, *, most_waiting: int) -> None:
        self._most_waiting = most_waiting
        self._locks: dict[str, asyncio.Lock] = {}
        self._waiting: Counter[str] = Counter()

    @asynccontextmanager
    async def turn(self, key: str, full: str, wait_s: float | None = None) -> AsyncGenerator[None]:
        """Wait for the lock of `key`, at most `wait_s`, and hold it inside the block.

        Raises:
            Overloaded: too many wait, or the lock was not free in time; the message is `full`.
        """
        if self._waiting[key] >= self._most_waiting:
            raise Overloaded(full, retry_after_ms=1_000)
        lock = self._locks.setdefault(key, asyncio.Lock())
        self._waiting[key] += 1
        try:
            try:
                async with asyncio.timeout(wait_s):
                    await lock.acquire()
            except TimeoutError:
                raise Overloaded(full, retry_after_ms=1_000) from None
            try:
                yield
            finally:
                lock.release()
        finally:
            self._waiting[key] -= 1
            if not self._waiting[key]:
                del self._waiting[key], self._locks[key]
