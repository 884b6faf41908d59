"""Group commit: callers add items, and one flush serves many callers.

A batch closes when it holds `max_items` or `max_bytes`, or when `linger` has passed since its first item, whichever
comes first. With `linger` 0 a batch is flushed in the next turn of the event loop, or as soon as a flight is free:
items that come during one flush form the next batch, so an idle system adds no latency and a busy one commits hundreds.

Batches start in the order of their items. With more than one flight they may end in any order; a caller that needs
"never two at once for one key" uses several batchers of one flight each and picks by a hash of the key.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from asynctask_aio.cancellation import is_cancelled
from asynctask_chassis.supervision import StrayCancellation, supervised
from asynctask_core.errors import Overloaded, StoreUnavailable

T = TypeVar("T")
R = TypeVar("R")

Flush = Callable[[list[T]], Awaitable[Sequence[R]]]
"""Does the work for many items; returns one result per item, in their order."""


class Batcher(Generic[T, R]):
    """Gathers items of concurrent callers into batches for one `flush` function.

    `add` and `add_one` return a future at once; nothing is awaited before the item is queued, so the order of calls is
    the order of items. If a caller cancels its future before its batch is flushed, its items are dropped; afterwards
    only the answer is. The failure of a flush goes only to the callers in that batch.
    """

    def __init__(
        self,
        flush: Flush[T, R],
        *,
        max_items: int = 500,
        max_bytes: int = 1 << 20,
        linger: timedelta = timedelta(0),
        flights: int = 1,
        max_queued: int = 10_000,
        timeout: timedelta | None = None,
    ) -> None:
        """Flush at most `max_items` and `max_bytes` at once, `flights` at a time, each within `timeout`.

        The items of one `add` are never divided: above either limit they form a batch of their own. Beyond `max_queued`
        waiting items `add` refuses.
        """
        if min(max_items, max_bytes, flights, max_queued) < 1:
            raise ValueError("every limit of a batcher is at least 1")
        self._flush = flush
        self._max_items = max_items
        self._max_bytes = max_bytes
        self._linger = linger.total_seconds()
        self._flights = flights
        self._max_queued = max_queued
        self._timeout = timeout.total_seconds() if timeout else None
        # One entry is (items, future, bytes, single): a tuple, since it is made for every call.
        self._queue: deque[tuple[Sequence[T], asyncio.Future[Any], int, bool]] = deque()
        self._queued_items = 0
        self._queued_bytes = 0
        self._linger_timer: asyncio.TimerHandle | None = None
        self._departing = False  # a departure is due in the next turn of the loop
        self._in_flight: set[asyncio.Task[None]] = set()
        self._closed = False
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def queued(self) -> int:
        """How many items wait to be flushed."""
        return self._queued_items

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits and nothing is being flushed."""
        return not self._queue and not self._in_flight

    def add(self, items: Sequence[T], *, nbytes: int = 0) -> asyncio.Future[list[R]]:
        """Queue `items`, which go into one batch; the future has their results in the same order.

        Args:
            items: not to be changed by the caller afterwards.
            nbytes: their size together, for the byte limit of a batch.

        Raises:
            Overloaded: more than `max_queued` items would wait; flushes are slower than callers. An `add` to an empty
                queue is never refused.
            StoreUnavailable: the batcher is draining.
        """
        return self._enqueue(items, len(items), nbytes, False)

    def add_one(self, item: T, *, nbytes: int = 0) -> asyncio.Future[R]:
        """Queue one item; the future has its result. Raises as `add` does."""
        return self._enqueue((item,), 1, nbytes, True)

    def _enqueue(self, items: Sequence[T], count: int, nbytes: int, single: bool) -> asyncio.Future[Any]:
        if self._closed:
            raise StoreUnavailable("this replica is stopping: repeat the call, another one will take it")
        if self._queued_items and self._queued_items + count > self._max_queued:
            raise Overloaded(
                f"{self._queued_items} items wait to be written, the limit is {self._max_queued}: repeat later",
                retry_after_ms=200,
            )
        loop = self._loop
        if loop is None:
            loop = self._loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()
        if not count:
            future.set_result([])
            return future
        self._queue.append((items, future, nbytes, single))
        self._queued_items += count
        self._queued_bytes += nbytes
        if not self._departing and len(self._in_flight) < self._flights:
            self._arm(loop)
        return future

    def _is_full(self) -> bool:
        return self._queued_items >= self._max_items or self._queued_bytes >= self._max_bytes

    def _arm(self, loop: asyncio.AbstractEventLoop) -> None:
        """Schedule the flush of the queue's first batch. While no flight is free, the end of a flush does that."""
        if self._linger and not self._is_full():
            if self._linger_timer is None:
                self._linger_timer = loop.call_later(self._linger, self._depart)
        else:
            self._departing = True
            loop.call_soon(self._depart)

    def _depart(self) -> None:
        """Flush one batch, and further full ones while flights are free."""
        self._departing = False
        if self._linger_timer is not None:
            self._linger_timer.cancel()
            self._linger_timer = None
        loop = asyncio.get_running_loop()
        while self._queue and len(self._in_flight) < self._flights:
            batch, callers = self._take()
            if batch:
                flight = supervised(loop.create_task(self._fly(batch, callers)), "batch.flight", self._landed)
                self._in_flight.add(flight)
                if not self._is_full():
                    break
        if self._queue and len(self._in_flight) < self._flights:
            self._arm(loop)

    def _take(self) -> tuple[list[T], list[tuple[asyncio.Future[Any], int, bool]]]:
        batch: list[T] = []
        callers: list[tuple[asyncio.Future[Any], int, bool]] = []
        batch_bytes = 0
        queue = self._queue
        while queue:
            items, future, nbytes, single = queue[0]
            count = len(items)
            if batch and (len(batch) + count > self._max_items or batch_bytes + nbytes > self._max_bytes):
                break
            queue.popleft()
            self._queued_items -= count
            self._queued_bytes -= nbytes
            if future.done():  # cancelled while it waited
                continue
            batch.extend(items)
            batch_bytes += nbytes
            callers.append((future, count, single))
        return batch, callers

    async def _fly(self, batch: list[T], callers: list[tuple[asyncio.Future[Any], int, bool]]) -> None:
        try:
            count = len(batch)
            async with asyncio.timeout(self._timeout):
                results = await self._flush(batch)
            if len(results) != count:
                raise RuntimeError(f"a flush of {count} items answered {len(results)} results")
        except (Exception, asyncio.CancelledError) as caught:
            error = caught
            if isinstance(caught, asyncio.CancelledError) and not is_cancelled():
                error = StrayCancellation(f"a callee of the flush was cancelled ({caught})")
            for future, _, _ in callers:
                if not future.done():
                    if isinstance(error, asyncio.CancelledError):
                        future.cancel()
                    else:
                        future.set_exception(error)
            if isinstance(error, asyncio.CancelledError):
                raise
            return
        start = 0
        for future, count, single in callers:
            if not future.done():
                future.set_result(results[start] if single else list(results[start : start + count]))
            start += count

    def _landed(self, flight: asyncio.Task[None]) -> None:
        self._in_flight.discard(flight)
        if self._queue and not self._departing and self._linger_timer is None:
            # These items came while every flight was busy, and have waited long enough.
            self._depart()

    async def drain(self) -> None:
        """Accept no new items, flush those that wait, and return when the last flush has ended."""
        self._closed = True
        while self._queue or self._in_flight:
            self._depart()
            if self._in_flight:
                await asyncio.wait(self._in_flight, return_when=asyncio.FIRST_COMPLETED)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.drain()
