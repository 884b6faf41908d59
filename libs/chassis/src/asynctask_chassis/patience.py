"""Writes to a peer within a bounded time: a peer that does not read must not hold memory for ever.

gRPC blocks a write once the peer's window is full. A server that waits for such a write keeps its data for that peer
in memory, so a stream whose peer does not read is ended. The peer opens it again when it reads again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Final, Generic, Self, TypeVar

from asynctask_core import limits
from asynctask_core.errors import NotReady

T = TypeVar("T")


class StreamUnread(NotReady):
    """The peer of a stream did not read, and the stream was ended."""


UNREAD_S: Final = limits.UNREAD_MS / 1000
"""A stream whose peer reads no message for so long is ended, at most half of this time later."""
GIVE_UP_S: Final = 5.0
"""How long the end of an unread stream may take: its status is queued behind the messages that were not read."""
RETRY_AFTER_MS: Final = 500


class PatientWriter(Generic[T]):
    """Writes the messages of one stream. Enter it in the task that writes.

    One timer watches the whole stream, since a time-out per message would cost as much as a small message.
    """

    def __init__(self, write: Callable[[T], Awaitable[None]], *, unread_s: float | None = None) -> None:
        """Allow a write at most `unread_s`, by default UNREAD_S."""
        self._write = write
        self._unread_s = UNREAD_S if unread_s is None else unread_s
        self._since: float | None = None
        self._task: asyncio.Task[object] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._is_over = False

    async def write(self, message: T) -> None:
        """Write one message.

        Raises:
            StreamUnread: the peer does not read.
        """
        loop = asyncio.get_running_loop()
        self._since = loop.time()
        try:
            await self._write(message)
        except asyncio.CancelledError:
            task = self._task
            if self._is_over and task is not None and task.uncancel() == 0:
                raise StreamUnread(
                    f"the stream was not read for {self._unread_s:g} s and was ended: open it again",
                    retry_after_ms=RETRY_AFTER_MS,
                ) from None
            raise
        finally:
            self._since = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.current_task()
        self._look_later()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _look_later(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(self._unread_s / 2, self._look)

    def _look(self) -> None:
        since, task = self._since, self._task
        if (
            since is not None
            and task is not None
            and asyncio.get_running_loop().time() - since >= self._unread_s
        ):
            self._is_over = True
            task.cancel()
        else:
            self._look_later()
