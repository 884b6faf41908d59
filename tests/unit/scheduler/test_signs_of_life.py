"""Silent sessions share one reading a second of who was seen."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from asynctask_core.errors import StoreUnavailable
from asynctask_scheduler.dispatch.signs_of_life import READ_EVERY_S, SignsOfLife
from asynctask_scheduler.queue.answers import SessionInfo
from tests.support.queue_model import ModelStore, QueueModel


class CountedQueue(QueueModel):
    """A model that counts its readings, and may be away."""

    def __init__(self) -> None:
        super().__init__(ModelStore())
        self.readings = 0
        self.is_away = False

    async def seen_executors(self) -> Mapping[str, int]:
        self.readings += 1
        await asyncio.sleep(0)
        if self.is_away:
            raise StoreUnavailable("Redis is away")
        return await super().seen_executors()


class Clock:
    """A clock that stands still until it is moved."""

    now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
async def queue() -> CountedQueue:
    made = CountedQueue()
    for name in ("e1", "e2"):
        await made.open_session(SessionInfo(name, name, 1, ("noop",), (), ""))
    return made


async def test_all_that_ask_within_a_second_share_one_reading(queue: CountedQueue) -> None:
    """Fails when: each of a thousand silent sessions reads all executors, each second."""
    clock = Clock()
    signs = SignsOfLife(queue, clock)
    asked = await asyncio.gather(*(signs.last(name) for name in ("e1", "e2", "nobody") * 100))
    assert asked == [1000.0, 1000.0, None] * 100
    assert queue.readings == 1
    clock.now_s += READ_EVERY_S
    await asyncio.gather(*(signs.last("e1") for _ in range(100)))
    assert queue.readings == 2


async def test_sign_of_life_is_dated_by_its_age_when_the_reading_began(queue: CountedQueue) -> None:
    """Fails when: an old reading looks fresh; who fell silent since would be given tasks again."""
    clock = Clock()
    signs = SignsOfLife(queue, clock)
    queue._data.sessions["e1"].seen_ms -= 3000
    assert await signs.last("e1") == 997.0
    clock.now_s += READ_EVERY_S / 2
    assert await signs.last("e1") == 997.0


async def test_store_that_is_away_is_asked_once_a_second_and_nobody_counts_as_seen(
    queue: CountedQueue,
) -> None:
    clock = Clock()
    signs = SignsOfLife(queue, clock)
    assert await signs.last("e1") is not None
    queue.is_away = True
    clock.now_s += READ_EVERY_S
    assert await asyncio.gather(*(signs.last("e1") for _ in range(10))) == [None] * 10
    assert queue.readings == 2
    queue.is_away = False
    clock.now_s += READ_EVERY_S
    assert await signs.last("e1") is not None


async def test_one_that_gives_up_while_it_reads_leaves_the_reading_to_the_next(queue: CountedQueue) -> None:
    signs = SignsOfLife(queue, Clock())
    asking = asyncio.create_task(signs.last("e1"))
    while not queue.readings:
        await asyncio.sleep(0)
    asking.cancel()
    assert await signs.last("e1") is not None


async def test_those_that_wait_for_a_slow_reading_take_its_answer(queue: CountedQueue) -> None:
    """Fails when each waits for a reading of its own, one after the other, while Redis takes two seconds for each."""
    clock = Clock()
    read = queue.seen_executors

    async def slowly() -> Mapping[str, int]:
        clock.now_s += 2 * READ_EVERY_S
        return await read()

    queue.seen_executors = slowly
    signs = SignsOfLife(queue, clock)
    began_s = clock.now_s
    seen = await asyncio.gather(*(signs.last(name) for name in ("e1", "e2", "e1")))
    assert queue.readings == 1
    assert all(at is not None and at <= began_s for at in seen)
