"""Bounds the wait for the first message of each call: a call that only sends its headers takes memory.

gRPC keeps such a call as long as its connection lives, and its own server would wait for the message just as long. A
periodic pass over all waiting calls ends the late ones, since a timer per call would cost more than its first message.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable
from typing import Any, Final, TypeVar

from asynctask_core import limits
from asynctask_core.errors import NotReady

T = TypeVar("T")


class RequestLate(NotReady):
    """The first message of a call did not come in time, and the call was ended."""


REQUEST_S: Final = limits.REQUEST_MS / 1000
"""A call whose first message is not complete within this time is ended, at most a second later."""
RETRY_AFTER_MS: Final = 500


class RequestReader:
    """Waits for the first message of every call of one server."""

    def __init__(self) -> None:
        self._waiting: dict[asyncio.Task[Any], float] = {}
        """Since when each task waits, in the order in which they began."""
        self._late: set[asyncio.Task[Any]] = set()

    async def first(self, message: Awaitable[T]) -> T:
        """Wait for the first message of a call, in the task of the call or in a separate one.

        Raises:
            RequestLate: the message did not come in time.
        """
        task = asyncio.current_task()
        assert task is not None
        self._waiting[task] = time.monotonic()
        try:
            return await message
        except asyncio.CancelledError:
            if task in self._late and task.uncancel() == 0:
                raise RequestLate(
                    f"the request did not come within {REQUEST_S:g} s: nothing was done; call again",
                    retry_after_ms=RETRY_AFTER_MS,
                ) from None
            raise
        finally:
            self._waiting.pop(task, None)
            self._late.discard(task)

    def end_late(self) -> int:
        """End the calls that have waited for too long; returns how many."""
        oldest = time.monotonic() - REQUEST_S
        late: list[asyncio.Task[Any]] = []
        for task, since in self._waiting.items():
            if since > oldest:
                break
            late.append(task)
        for task in late:
            del self._waiting[task]
            self._late.add(task)
            task.cancel()
        return len(late)


class TimelyRequests:
    """The requests of a stream, the first of which must come in time."""

    def __init__(self, requests: AsyncIterator[Any], reader: RequestReader) -> None:
        requests = aiter(requests)
        self._next = requests.__anext__
        self._reader = reader
        self._has_begun = False

    def __aiter__(self) -> AsyncIterator[Any]:
        return self

    # Not a coroutine, since streams carry many messages.
    def __anext__(self) -> Awaitable[Any]:
        if self._has_begun:
            return self._next()
        self._has_begun = True
        return self._reader.first(self._next())
