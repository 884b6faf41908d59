"""Calls of the store wait for a place instead of failing: who goes first, and what happens to those who give up."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from asynctask_core.errors import StoreUnavailable
from asynctask_scheduler.queue.gate import CallGate


async def waiting(gate: CallGate, order: list[str], name: str, *, urgent: bool) -> asyncio.Task[None]:
    """A call that waits in line by now."""

    async def enter() -> None:
        await gate.enter(urgent=urgent)
        order.append(name)

    task = asyncio.create_task(enter())
    await asyncio.sleep(0)
    return task


async def test_calls_beyond_the_places_wait_and_go_in_their_order() -> None:
    gate, order = CallGate(2, reserved=0), list[str]()
    await gate.enter(urgent=False)
    await gate.enter(urgent=False)
    tasks = [await waiting(gate, order, name, urgent=False) for name in "abc"]
    assert (order, gate.waiting) == ([], 3)
    for _ in range(3):
        gate.leave()
        await asyncio.sleep(0)
    await asyncio.gather(*tasks)
    assert (order, gate.waiting) == (["a", "b", "c"], 0)


async def test_calls_that_keep_somebody_alive_go_first_and_have_places_of_their_own() -> None:
    gate, order = CallGate(3, reserved=1), list[str]()
    await gate.enter(urgent=False)
    await gate.enter(urgent=False)
    page = await waiting(gate, order, "page", urgent=False)
    await gate.enter(urgent=True)  # the place that no page may take
    renewal = await waiting(gate, order, "renewal", urgent=True)
    gate.leave()
    await asyncio.sleep(0)
    assert order == ["renewal"]
    gate.leave()
    await asyncio.sleep(0)
    assert order == ["renewal"], "the place that is free is no page's"
    gate.leave()
    await asyncio.gather(page, renewal)
    assert order == ["renewal", "page"]


def test_last_places_are_for_calls_that_keep_somebody_alive() -> None:
    gate = CallGate(2, reserved=1)
    assert [gate.try_enter(urgent=urgent) for urgent in (False, False, True, True)] == [
        True,
        False,
        True,
        False,
    ]


async def test_call_that_gives_up_takes_no_place_with_it() -> None:
    gate, order = CallGate(1, reserved=0), list[str]()
    await gate.enter(urgent=False)
    first, second, third = [await waiting(gate, order, name, urgent=False) for name in "abc"]
    first.cancel()
    gate.leave()  # admits `b`, which is cancelled in the very turn in which it was admitted
    second.cancel()
    for task in (first, second):
        with suppress(asyncio.CancelledError):
            await task
    for _ in range(3):
        await asyncio.sleep(0)
    assert order == ["c"]
    await third
    gate.leave()
    assert gate.try_enter(urgent=False)
    assert not gate.try_enter(urgent=False)


async def test_more_calls_than_may_wait_are_refused_at_once() -> None:
    """Renewals have as much room again: they wait where a page is refused."""
    gate, order = CallGate(1, reserved=0, most_waiting=1), list[str]()
    await gate.enter(urgent=False)
    page = await waiting(gate, order, "page", urgent=False)
    with pytest.raises(StoreUnavailable, match="1 calls wait"):
        gate.enter(urgent=False).send(None)  # never waits: were it not refused, the test would fail
    renewal = await waiting(gate, order, "renewal", urgent=True)
    with pytest.raises(StoreUnavailable, match="2 calls wait"):
        gate.enter(urgent=True).send(None)
    gate.leave()
    await renewal
    gate.leave()
    await page
    assert order == ["renewal", "page"]


def test_every_place_reserved_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="reserved must be from 0 to 3; got 4"):
        CallGate(4, reserved=4)
