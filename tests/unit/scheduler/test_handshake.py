"""What becomes of a session whose executor is gone before it is welcomed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from asynctask_core import limits
from asynctask_core.errors import Overloaded, StoreUnavailable
from asynctask_scheduler.queue.answers import Lease
from tests.support.conditions import eventually
from tests.support.seen_executors import seen_executors
from tests.unit.scheduler.house import House, Stream


async def test_an_executor_that_dies_during_its_handshake_is_not_taken_for_connected(
    monkeypatch: pytest.MonkeyPatch,
):
    """Fails when its session is opened and nobody closes it: for a minute, tasks seemed to have an executor."""
    house = House()
    reached, gate = asyncio.Event(), asyncio.Event()
    renew = house.renewals.renew

    async def slowly(executor_id: str, session: int, leases: Sequence[Lease]) -> Any:
        reached.set()
        await gate.wait()
        return await renew(executor_id, session, leases)

    monkeypatch.setattr(house.renewals, "renew", slowly)
    stream = Stream(house)
    await reached.wait()
    stream.serving.cancel()
    await asyncio.sleep(0)
    gate.set()
    await asyncio.wait([stream.serving])

    assert stream.serving.cancelled()
    assert stream.got == []
    assert [state.connected for state in await seen_executors(house.queue)] == [False]


async def test_an_executor_that_cannot_be_welcomed_is_not_taken_for_connected(
    monkeypatch: pytest.MonkeyPatch,
):
    """Fails when a store that fails after its session was opened leaves it open."""
    house = House()

    async def fail(*_: object) -> Any:
        raise StoreUnavailable("Redis does not answer")

    monkeypatch.setattr(house.renewals, "renew", fail)
    stream = Stream(house)
    with pytest.raises(StoreUnavailable, match="Redis does not answer"):
        await stream.serving

    assert [state.connected for state in await seen_executors(house.queue)] == [False]


async def test_new_executor_beyond_the_limit_is_told_so_and_comes_in_once_there_is_room(
    monkeypatch: pytest.MonkeyPatch,
):
    """Fails when the refusal is no error that executors wait out and come again after."""
    house = House()
    monkeypatch.setattr(limits, "EXECUTORS", 0)
    refused = Stream(house)
    with pytest.raises(Overloaded, match="knows 0 executors already, the most it may") as told:
        await refused.serving
    assert (told.value.retryable, told.value.retry_after_ms, refused.got) == (True, 5_000, [])
    monkeypatch.setattr(limits, "EXECUTORS", 1)
    stream = Stream(house)
    await eventually(lambda: stream.messages("welcome"))
    await stream.close()
