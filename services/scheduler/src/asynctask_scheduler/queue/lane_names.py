"""Sorted names of the queues that have lanes: read once for many pages of a list."""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from asynctask_scheduler.queue.hints import parse_lane

KEPT: Final = 50_000
"""How many names are kept for later pages. After that many names of a list, all names are read from Redis again."""
KEPT_S: Final = 60.0
"""How long later pages of a list use the names that were read for its first page."""

LanesByQueue = dict[str, set[bytes]]
"""Packed lanes by their queue."""


@dataclass(frozen=True, slots=True)
class _Names:
    """The names above `after` that were found in one scan of all names."""

    after: str
    names: Sequence[str]
    lanes: LanesByQueue
    is_all: bool
    """Whether no name after the last one was left out."""

    def page(self, after: str, most: int) -> LanesByQueue | None:
        """The first `most` queues above `after`; None if this scan does not cover them."""
        if after < self.after:
            return None
        first = bisect_right(self.names, after)
        found = self.names[first : first + most]
        if len(found) < most and not self.is_all:
            return None
        return {name: self.lanes[name] for name in found}


class LaneNames:
    """Returns pages of queue names. Redis does not keep them sorted, so each page would cost a scan of all names."""

    def __init__(self, scan: Callable[[], AsyncIterator[Sequence[bytes]]]) -> None:
        self._scan = scan
        self._known: _Names | None = None
        self._forgetting: asyncio.TimerHandle | None = None

    async def page(self, after: str, most: int) -> LanesByQueue:
        """The lanes of the first `most` queues above `after`, by queue.

        The first page of a list always scans; later pages come from the scan of an earlier page if it covers them.
        """
        known = self._known
        page = known.page(after, most) if known is not None and after else None
        if page is not None:
            return page
        known = await self._read(after, max(most, KEPT))
        if len(known.names) > most:  # keep the names only if there are more pages
            if self._forgetting is not None:  # the pending timer would keep the former names in memory
                self._forgetting.cancel()
            self._known = known
            self._forgetting = asyncio.get_running_loop().call_later(KEPT_S, self._forget, known)
        return known.page(after, most) or {}

    def _forget(self, names: _Names) -> None:
        if self._known is names:
            self._known = None

    async def _read(self, after: str, most: int) -> _Names:
        lanes: LanesByQueue = {}
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


def _first(lanes: LanesByQueue, most: int) -> LanesByQueue:
    return {name: lanes[name] for name in sorted(lanes)[:most]}
