"""What becomes of a session whose executor is gone before it is welcomed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from asynctask_core.errors import StoreUnavailable
from asynctask_scheduler.queue.port import Lease
from tests.support.seen_executors import seen_executors
from tests.unit.scheduler.house import House, Stream


async def test_an_executor_that_dies_while_it_is_greeted_is_not_taken_for_connected(
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
