"""Names of queues in pages: each page of a long list must not cost a look at all names."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import pytest

from asynctask_scheduler.queue import lane_names
from asynctask_scheduler.queue.apply import pack_lane
from asynctask_scheduler.queue.lane_names import LaneNames


class Names:
    """Names in no order, which count how often all of them are read."""

    def __init__(self, *names: str) -> None:
        self.names = list(names)
        self.looks = 0
        self.list = LaneNames(self.scan)

    async def scan(self) -> AsyncIterator[Sequence[bytes]]:
        self.looks += 1
        for name in reversed(self.names):
            yield [pack_lane(name, "noop"), pack_lane(name, "noop")]

    async def page(self, after: str, most: int = 2) -> str:
        return "".join(sorted(await self.list.page(after, most)))

    async def all(self, most: int = 2) -> str:
        seen = after = ""
        while page := await self.page(after, most):
            seen, after = seen + page, page[-1]
        return seen


async def test_all_pages_of_a_list_cost_one_look_at_the_names():
    """Fails when: 100,000 names are read again for each of a hundred pages."""
    names = Names(*"gfedcba")
    assert await names.all() == "abcdefg"
    assert names.looks == 1


async def test_more_names_than_are_kept_are_read_again_and_none_is_left_out(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(lane_names, "KEPT", 6)
    names = Names(*"zyxwvutsrqponmlkjihgfedcba")
    assert await names.all() == "abcdefghijklmnopqrstuvwxyz"
    assert 4 <= names.looks <= 7


async def test_first_page_is_always_new_and_what_is_whole_after_it_is_not_kept():
    names = Names("a", "b")
    assert await names.page("") == "ab"
    names.names.append("c")
    assert await names.page("b") == "c"
    assert await names.page("") == "ab"
    names.names += "de"
    assert await names.page("b") == "c", "as the names were when the first page was read"
    assert await names.page("") == "ab"
    assert await names.page("b") == "cd"


async def test_names_of_an_earlier_list_are_not_kept_beside_those_of_a_later_one():
    """Fails when each first page keeps its names for a minute: a caller that asks again and again fills the memory."""
    names = Names(*"abc")
    await names.page("")
    earlier = names.list._forgetting
    await names.page("")
    assert earlier is not None
    assert earlier.cancelled()
    assert names.list._forgetting is not earlier


async def test_names_are_forgotten_after_a_while():
    names = Names(*"abc")
    await names.page("")
    assert names.list._known is not None
    names.list._forget(names.list._known)
    await names.page("b")
    assert names.looks == 2
