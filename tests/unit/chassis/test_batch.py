import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest

from asynctask_chassis.batch import Batcher
from asynctask_chassis.supervision import StrayCancellation
from asynctask_core.errors import Overloaded, StoreUnavailable


class Store:
    """A flush function that waits until it is let go, and remembers what it got."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.open = asyncio.Event()
        self.open.set()
        self.begun = asyncio.Condition()

    async def flush(self, items: list[int]) -> Sequence[int]:
        self.batches.append(items)
        async with self.begun:
            self.begun.notify_all()
        await self.open.wait()
        if -1 in items:
            raise ValueError("minus one")
        return [item * 10 for item in items]

    async def has_begun(self, batches: int) -> None:
        async with self.begun:
            await self.begun.wait_for(lambda: len(self.batches) >= batches)


@pytest.fixture
def store() -> Store:
    return Store()


async def test_concurrent_callers_share_a_flush_and_each_gets_its_own_results(store: Store):
    batcher = Batcher(store.flush)
    answers = await asyncio.gather(batcher.add([1, 2]), batcher.add_one(3), batcher.add([4]))
    assert answers == [[10, 20], 30, [40]]
    assert store.batches == [[1, 2, 3, 4]]


async def test_what_comes_during_a_flush_makes_the_next_one(store: Store):
    batcher = Batcher(store.flush)
    store.open.clear()
    first = batcher.add_one(1)
    await store.has_begun(1)
    rest = [batcher.add_one(item) for item in (2, 3, 4)]
    store.open.set()
    assert await asyncio.gather(first, *rest) == [10, 20, 30, 40]
    assert store.batches == [[1], [2, 3, 4]]


async def test_a_batch_closes_on_count(store: Store):
    batcher = Batcher(store.flush, max_items=3)
    await asyncio.gather(*(batcher.add_one(item) for item in range(7)))
    assert store.batches == [[0, 1, 2], [3, 4, 5], [6]]


async def test_a_batch_closes_on_bytes(store: Store):
    batcher = Batcher(store.flush, max_bytes=100)
    await asyncio.gather(*(batcher.add_one(item, nbytes=40) for item in range(5)))
    assert store.batches == [[0, 1], [2, 3], [4]]


async def test_one_call_is_never_divided_even_above_the_limits(store: Store):
    batcher = Batcher(store.flush, max_items=3, max_bytes=10, max_queued=3)
    assert await batcher.add([1, 2, 3, 4], nbytes=50) == [10, 20, 30, 40]
    assert store.batches == [[1, 2, 3, 4]]


async def test_lingering_gathers_callers_of_several_turns(store: Store):
    batcher = Batcher(store.flush, linger=timedelta(milliseconds=200))
    first = batcher.add_one(1)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert store.batches == []
    await asyncio.gather(first, batcher.add_one(2))
    assert store.batches == [[1, 2]]


async def test_a_full_batch_does_not_linger(store: Store):
    batcher = Batcher(store.flush, max_items=2, linger=timedelta(hours=1))
    assert await asyncio.gather(batcher.add_one(1), batcher.add_one(2)) == [10, 20]


async def test_no_more_flushes_fly_than_allowed(store: Store):
    batcher = Batcher(store.flush, max_items=1, flights=2)
    store.open.clear()
    waiting = [batcher.add_one(item) for item in range(5)]
    await store.has_begun(2)
    await asyncio.sleep(0)
    assert len(store.batches) == 2
    store.open.set()
    assert await asyncio.gather(*waiting) == [0, 10, 20, 30, 40]


async def test_the_failure_of_a_flush_goes_to_its_own_callers_only(store: Store):
    batcher = Batcher(store.flush, max_items=2)
    outcomes = await asyncio.gather(
        *(batcher.add_one(item) for item in (1, -1, 3, 4)), return_exceptions=True
    )
    assert [str(outcome) for outcome in outcomes] == ["minus one", "minus one", "30", "40"]


async def test_a_flush_whose_callee_was_cancelled_has_failed_and_its_callers_are_not_cancelled():
    """Fails when: a call that was closed reaches callers as a stop that nobody asked for."""

    async def closed(items: list[int]) -> Sequence[int]:
        raise asyncio.CancelledError

    with pytest.raises(StrayCancellation):
        await Batcher(closed).add_one(1)


async def test_a_flush_that_answers_too_few_results_is_a_failure():
    async def forgetful(items: list[int]) -> Sequence[int]:
        return items[1:]

    with pytest.raises(RuntimeError, match="2 items answered 1"):
        await Batcher(forgetful).add([1, 2])


async def test_a_flush_that_hangs_is_given_up(store: Store):
    store.open.clear()
    with pytest.raises(TimeoutError):
        await Batcher(store.flush, timeout=timedelta(milliseconds=20)).add_one(1)


async def test_a_caller_that_goes_away_in_time_takes_its_items_with_it(store: Store):
    batcher = Batcher(store.flush)
    store.open.clear()
    first = batcher.add_one(1)
    await store.has_begun(1)
    gone, stays = batcher.add_one(2), batcher.add_one(3)
    gone.cancel()
    store.open.set()
    assert await asyncio.gather(first, stays) == [10, 30]
    assert store.batches == [[1], [3]]
    assert batcher.queued == 0


async def test_a_caller_that_goes_away_too_late_does_not_disturb_the_others(store: Store):
    batcher = Batcher(store.flush)
    store.open.clear()
    gone, stays = batcher.add([1]), batcher.add([2])
    await store.has_begun(1)
    gone.cancel()
    store.open.set()
    assert await stays == [20]


async def test_when_every_caller_has_gone_nothing_is_flushed_and_the_next_one_is_served(store: Store):
    batcher = Batcher(store.flush)
    batcher.add_one(1).cancel()
    await asyncio.sleep(0)
    assert await batcher.add_one(2) == 20
    assert store.batches == [[2]]


async def test_a_full_queue_refuses_at_once(store: Store):
    batcher = Batcher(store.flush, max_items=1, max_queued=2)
    store.open.clear()
    taken = [batcher.add_one(0)]
    await store.has_begun(1)
    taken += [batcher.add_one(1), batcher.add_one(2)]
    with pytest.raises(Overloaded, match="2 items wait"):
        batcher.add_one(3)
    store.open.set()
    assert await asyncio.gather(*taken) == [0, 10, 20]


async def test_drain_flushes_what_waits_and_takes_nothing_new(store: Store):
    async with Batcher(store.flush, max_items=2, linger=timedelta(hours=1)) as batcher:
        waiting = [batcher.add_one(item) for item in range(3)]
    assert [future.result() for future in waiting] == [0, 10, 20]
    with pytest.raises(StoreUnavailable):
        batcher.add_one(4)


async def test_adding_nothing_answers_at_once(store: Store):
    assert await Batcher(store.flush).add([]) == []
    assert store.batches == []
