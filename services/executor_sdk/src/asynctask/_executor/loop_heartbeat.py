"""When the event loop was last known to turn: a message that it reads now may have come at any time since then.

A handler may block the loop, and a host may be frozen, for longer than a lease, while assignments wait in the stream.
Their time of arrival is unknown, but messages that came while the loop still turned were read then.
"""

import asyncio
from typing import Final

from asynctask._attempt.clock import Clock, ClockReading

PART_OF_LEASE: Final = 20
"""Beats in a lease. A message is taken for two beats old when it is read, which costs a lease a tenth at most."""
EVERY_MS: Final = (50, 1000)
"""Least and most time between two beats."""


class Pulse:
    """Reads the clock in every few turns of the loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, clock: Clock) -> None:
        self._loop = loop
        self._clock = clock
        self._every_s = EVERY_MS[1] / 1000
        self._latest = self._earlier = clock.read()
        self._timer: asyncio.TimerHandle | None = None

    @property
    def earlier(self) -> ClockReading:
        """A time at which the loop turned, so that everything that came before it was read long ago.

        Not the latest beat: when a loop is free again it may beat before it reads what came meanwhile.
        """
        return self._earlier

    @property
    def latest(self) -> ClockReading | None:
        """The latest beat; None before the first. From any thread."""
        return None if self._timer is None else self._latest

    def open(self, lease_ms: int) -> None:
        """Beat, as often as leases of this length need."""
        least, most = EVERY_MS
        self._every_s = min(max(lease_ms / PART_OF_LEASE, least), most) / 1000
        if self._timer is None:
            self._latest = self._clock.read()
            self.beat()

    def beat(self) -> None:
        """Note that the loop turns."""
        self._earlier, self._latest = self._latest, self._clock.read()
        self._timer = self._loop.call_later(self._every_s, self.beat)

    def close(self) -> None:
        """Stop beating."""
        if self._timer is not None:
            self._timer.cancel()
