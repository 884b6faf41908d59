"""One bad item never spoils a batch."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asynctask_core.errors import OutcomeUnknown, StoreUnavailable
from asynctask_registry.ledger.bisect import bisect
from asynctask_registry.store.faults import ContentRefused


class Store:
    """Takes batches without bad items, whole."""

    def __init__(self, bad: set[int]) -> None:
        self.bad = bad
        self.kept: list[int] = []
        self.attempts = 0

    async def attempt(self, items: Sequence[int]) -> list[str]:
        self.attempts += 1
        if self.bad & set(items):
            raise ContentRefused("bad", "22021")
        self.kept += items
        return [f"kept {item}" for item in items]

    async def refuse(self, item: int, refused: ContentRefused) -> str:
        return f"refused {item} {refused.sqlstate}"


@given(count=st.integers(0, 80), data=st.data())
async def test_good_items_are_kept_and_bad_ones_refused_each_in_its_place(
    count: int, data: st.DataObject
) -> None:
    bad = data.draw(st.sets(st.integers(0, 80)))
    store = Store(bad)
    answers = await bisect(range(count), store.attempt, store.refuse)
    assert answers == [f"refused {n} 22021" if n in bad else f"kept {n}" for n in range(count)]
    assert store.kept == [n for n in range(count) if n not in bad]


async def test_one_bad_item_of_a_thousand_costs_few_attempts() -> None:
    store = Store({777})
    await bisect(range(1000), store.attempt, store.refuse)
    assert store.attempts <= 21


async def test_another_failure_ends_the_whole_batch() -> None:
    async def attempt(items: Sequence[int]) -> list[str]:
        raise RuntimeError("away")

    with pytest.raises(RuntimeError, match="away"):
        await bisect([1, 2, 3], attempt, Store(set()).refuse)


async def test_store_that_goes_away_after_a_part_was_stored_leaves_an_unknown_outcome() -> None:
    """Fails when: the caller is told that nothing was stored, and a task exists of which it was never told."""

    class Leaving(Store):
        async def attempt(self, items: Sequence[int]) -> list[str]:
            if self.kept:
                raise StoreUnavailable("away", retry_after_ms=7)
            return await super().attempt(items)

    store = Leaving({3})
    with pytest.raises(OutcomeUnknown, match="away") as caught:
        await bisect(range(4), store.attempt, store.refuse)
    assert (store.kept, caught.value.retry_after_ms) == ([0, 1], 7)
    with pytest.raises(StoreUnavailable):
        await bisect(range(4), store.attempt, store.refuse)
