"""A part of a pool's connections, for work that is frequent or slow: quick work never waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Protocol, TypeVar

from asynctask_core.errors import StoreUnavailable
from asynctask_registry.store import faults
from asynctask_registry.store.pool import StoreConnection

T = TypeVar("T")


class WorkRunner(Protocol):
    """Does work on a connection: a pool, or a share of one."""

    @property
    def deadline(self) -> timedelta:
        """See `Pool.deadline`."""
        ...

    async def run(
        self, work: Callable[[StoreConnection], Awaitable[T]], *, deadline: timedelta | None = None
    ) -> T:
        """See `Pool.run`."""
        ...


class PoolShare:
    """At most `places` connections of a pool, or of a share, at once; further work waits, within its deadline."""

    def __init__(self, pool: WorkRunner, places: int) -> None:
        self._pool = pool
        self._places = asyncio.Semaphore(places)

    @property
    def deadline(self) -> timedelta:
        """That of the pool."""
        return self._pool.deadline

    async def run(
        self, work: Callable[[StoreConnection], Awaitable[T]], *, deadline: timedelta | None = None
    ) -> T:
        """Do `work` when a place is free. Raises as `Pool.run` does."""
        limit = (deadline or self._pool.deadline).total_seconds()
        loop = asyncio.get_running_loop()
        give_up_at = loop.time() + limit
        try:
            async with asyncio.timeout_at(give_up_at):
                await self._places.acquire()
        except TimeoutError:
            raise StoreUnavailable(
                f"{limit:g} s passed before it was its turn", retry_after_ms=faults.RETRY_AFTER_MS
            ) from None
        try:
            left_s = max(give_up_at - loop.time(), 0.001)
            return await self._pool.run(work, deadline=timedelta(seconds=left_s))
        finally:
            self._places.release()
