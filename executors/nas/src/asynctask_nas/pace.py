"""Makes copying threads keep to the bandwidth limit, and stop when a stop was asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable

from asynctask_nas.throttle import Throttle

_LOOK_S = 0.1


class PaceStopped(Exception):
    """A stop of the stage was asked for; the durable part of a large file stays for the next attempt."""


class Pace:
    """Every thread calls it before each chunk. `asked` says whether a person or the cluster wants a stop.

    It calls `tell` before each chunk, on the thread that moves the chunk.
    """

    def __init__(
        self,
        throttle: Throttle,
        asked: Callable[[], bool] = lambda: False,
        tell: Callable[[], None] | None = None,
    ) -> None:
        self._throttle = throttle
        self._asked = asked
        self._tell = tell
        self._told = threading.Event()

    @property
    def chunk_bytes(self) -> int:
        """How much to move at once."""
        return self._throttle.chunk_bytes

    @property
    def is_limited(self) -> bool:
        """True if there is a bandwidth limit."""
        return self._throttle.is_limited

    @property
    def is_stopping(self) -> bool:
        """True once a stop was asked for."""
        return self._told.is_set() or self._asked()

    def telling(self, tell: Callable[[], None]) -> Pace:
        """Another pace with the same limit, which calls `tell`."""
        return Pace(self._throttle, self._asked, tell)

    def stop(self) -> None:
        """Stop every thread at its next chunk."""
        self._told.set()

    def resume(self) -> None:
        """Let threads go on after a stop."""
        self._told.clear()

    def take(self, count: int) -> None:
        """Wait until `count` bytes may move.

        Raises:
            PaceStopped: a stop was asked for; raised within a tenth of a second.
        """
        if self._tell is not None:
            self._tell()
        left = self._throttle.reserve(count)
        while True:
            if self.is_stopping:
                raise PaceStopped
            if left <= 0:
                return
            self._told.wait(min(left, _LOOK_S))
            left -= _LOOK_S

    def give_back(self, count: int) -> None:
        """Give back `count` bytes that were taken and not moved."""
        self._throttle.give_back(count)
