"""Lets a bounded number of calls use the store's connections at once; the others wait within their own time-out.

The driver's pool refuses a call when every connection is in use. A burst of renewals would then fail, although the
store answers each of them in microseconds. With the gate the burst waits. Calls that keep leases and executors alive
are admitted first, and some places are reserved for them: so a list request never delays a renewal.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Final

from asynctask_core.errors import StoreUnavailable

MOST_WAITING: Final = 20_000
"""How many ordinary calls may wait (about 100 MiB); further ones are refused. Each waits at most for its time-out."""
RETRY_AFTER_MS: Final = 500


class CallGate:
    """Bounds concurrent calls. Each `enter` is paired with a `leave`."""

    def __init__(self, places: int, *, reserved: int, most_waiting: int = MOST_WAITING) -> None:
        """Admit at most `places` calls at once; the last `reserved` of them only for urgent calls."""
        if not 0 <= reserved < places:
            raise ValueError(f"reserved must be from 0 to {places - 1}; got {reserved}")
        self._free = places
        self._reserved = reserved
        self._most_waiting = most_waiting
        self._urgent: deque[asyncio.Future[None]] = deque()
        self._ordinary: deque[asyncio.Future[None]] = deque()
        self._waiting = 0

    @property
    def waiting(self) -> int:
        """How many calls wait."""
        return self._waiting

    def try_enter(self, *, urgent: bool) -> bool:
        """Take a place if one is free. No call waits while a place is free, so no waiting call is overtaken."""
        if self._free <= (0 if urgent else self._reserved):
            return False
        self._free -= 1
        return True

    async def enter(self, *, urgent: bool) -> None:
        """Wait for a place.

        Raises:
            StoreUnavailable: too many calls wait already.
        """
        if self.try_enter(urgent=urgent):
            return
        # Urgent calls may still wait when the limit of ordinary calls is reached.
        if self._waiting >= self._most_waiting * (2 if urgent else 1):
            raise StoreUnavailable(
                f"Redis is behind: {self._waiting} calls wait for it", retry_after_ms=RETRY_AFTER_MS
            )
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        (self._urgent if urgent else self._ordinary).append(turn)
        self._waiting += 1
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.leave()  # the call was admitted and cancelled in the same turn of the event loop
            raise
        finally:
            self._waiting -= 1
            if not self._waiting:  # all entries left are of cancelled calls
                self._urgent.clear()
                self._ordinary.clear()

    def leave(self) -> None:
        """Give the place back, and admit the next call."""
        self._free += 1
        if not self._waiting:
            return
        while self._free and self._admit_from(self._urgent):
            pass
        while self._free > self._reserved and self._admit_from(self._ordinary):
            pass

    def _admit_from(self, waiting: deque[asyncio.Future[None]]) -> bool:
        """Admit the first call of `waiting` that still waits; False if there is none."""
        while waiting:
            turn = waiting.popleft()
            if not turn.done():
                self._free -= 1
                turn.set_result(None)
                return True
        return False
