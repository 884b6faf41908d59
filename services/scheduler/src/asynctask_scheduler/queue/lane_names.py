"""The names of queues that have lines, in order: read once for many pages of a list."""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from asynctask_scheduler.queue.hints import parse_lane

KEPT: Final = 50_000
"""So many names are kept for the pages behind the first. Redis is asked for all names again once for so many."""
KEPT_S: Final = 60.0
"""A list goes on with the names as they were when its first page was read, for so long."""

Lines = dict[str, set[bytes]]
"""Lines by their queue."""


@dataclass(frozen=True, slots=True)
class _Names:
    """What one reading of all names found above `after`."""

    after: str
    names: Sequence[str]
    lanes: Lines
    is_all: bool
    """Whether there was nothing behind the last name."""

    def page(self, after: str, most: int) -> Lines | None:
        """The first `most` queues above `after`; None where that was not read."""
        if after < self.after:
            return None
        first = bisect_right(self.names, after)
        found = self.names[first : first + most]
        if len(found) < most and not self.is_all:
            return None
        return {name: self.lanes[name] for name in found}


class LaneNames:
    """Gives pages of queue names. Redis keeps them in no order, so reading a page costs a look at all of them."""

    def __init__(self, scan: Callable[[], AsyncIterator[Sequence[bytes]]]) -> None:
        self._scan = scan
        self._known: _Names | None = None
        self._forgetting: asyncio.TimerHandle | None = None

    async def page(self, after: str, most: int) -> Lines:
        """The lines of the first `most` queues above `after`, by queue.

        The first page of a list is always read; later ones come from what an earlier page read, if they can.
        """
        known = self._known
        page = known.page(after, most) if known is not None and after else None
        if page is not None:
            return page
        known = await self._read(after, max(most, KEPT))
        if len(known.names) > most:  # nearly all lists are whole after one page
            if self._forgetting is not None:  # a timer would keep the names before these until its time
                self._forgetting.cancel()
            self._known = known
            self._forgetting = asyncio.get_running_loop().call_later(KEPT_S, self._forget, known)
        return known.page(after, most) or {}

    def _forget(self, names: _Names) -> None:
        if self._known is names:
            self._known = None

    async def _read(self, after: str, most: int) -> _Names:
        lanes: Lines = {}
        is_all = True
        async for page in self._scan():
            for lane in page:
                queue, _ = parse_lane(lane)
                if queue > after:
                    lanes.setdefault(queue, set()).add(lane)
            if len(lanes) > 2 * most:
                lanes, is_all = _first(lanes, most), False
        if len(lanes) > most:
            lanes, is_all = _first(lanes, most), False
        return _Names(after, sorted(lanes), lanes, is_all)


def _first(lanes: Lines, most: int) -> Lines:
    return {name: lanes[name] for name in sorted(lanes)[:most]}
