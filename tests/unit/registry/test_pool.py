"""Who waits for a connection gets one as soon as there is one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest

from asynctask_core.errors import StoreUnavailable
from asynctask_registry.store.pool import Pool, PoolOptions, StoreConnection
from tests.support.conditions import eventually


class Connection:
    """Connected until it is told otherwise."""

    def __init__(self, lost: asyncio.Event) -> None:
        self.lost = lost
        self.closed = False

    def is_closed(self) -> bool:
        return self.closed

    def terminate(self) -> None:
        self.closed = True
        self.lost.set()


class NowherePool(Pool):
    """A pool whose connections lead nowhere."""

    def __init__(self, size: int) -> None:
        super().__init__(PoolOptions(url="", name="x", size=size, deadline=timedelta(seconds=60)))
        self.made: list[Connection] = []

    async def _connect(self, lost: asyncio.Event) -> Any:
        self.made.append(Connection(lost))
        return self.made[-1]


@pytest.fixture
async def pool(request: pytest.FixtureRequest) -> AsyncIterator[NowherePool]:
    async with NowherePool(request.param) as made:
        await eventually(lambda: len(made.made) == request.param)
        await made.connected()
        yield made


class Holder:
    """Keeps one connection of a pool until it is told to let go."""

    def __init__(self, pool: Pool) -> None:
        self.release = asyncio.Event()
        self.in_the_next_turn: Callable[[], object] = bool
        self.holds = asyncio.Event()
        self.task = asyncio.create_task(pool.run(self._hold))

    async def _hold(self, session: StoreConnection) -> None:
        self.holds.set()
        await self.release.wait()
        asyncio.get_running_loop().call_soon(self.in_the_next_turn)


async def one(session: StoreConnection) -> int:
    return 1


@pytest.mark.parametrize("pool", [1], indirect=True)
async def test_a_connection_that_is_given_to_a_call_just_given_up_goes_to_the_next(
    pool: NowherePool,
) -> None:
    """The condition of Python 3.11 lets the news end with who was told of it."""
    holder = Holder(pool)
    await holder.holds.wait()
    first, second = asyncio.create_task(pool.run(one)), asyncio.create_task(pool.run(one))
    await asyncio.sleep(0)
    holder.in_the_next_turn = first.cancel  # it has been told by then, and has not looked yet
    holder.release.set()
    await holder.task
    assert await second == 1
    with pytest.raises(asyncio.CancelledError):
        await first


@pytest.mark.parametrize("pool", [2], indirect=True)
async def test_a_connection_that_has_just_died_does_not_mean_that_all_have(pool: NowherePool) -> None:
    holder = Holder(pool)
    await holder.holds.wait()
    (idle,) = pool._idle
    assert isinstance(idle, Connection)
    idle.closed = True  # and its keeper has not been told yet
    call = asyncio.create_task(pool.run(one))
    await asyncio.sleep(0)
    holder.release.set()
    assert await call == 1
    await holder.task


async def test_who_waits_when_the_pool_is_closed_is_told_at_once() -> None:
    """Fails, after a minute, when closing leaves them to their deadlines: a service would end no sooner."""
    pool = NowherePool(1)
    async with pool:
        await pool.connected()
        holder = Holder(pool)
        await holder.holds.wait()
        waiting = asyncio.create_task(pool.run(one))
        await asyncio.sleep(0)
    async with asyncio.timeout(30):
        with pytest.raises(StoreUnavailable, match="closed"):
            await waiting
    holder.release.set()
    await holder.task


async def test_keeper_of_which_a_callee_was_cancelled_connects_again() -> None:
    """Fails when: the pool has a connection less for good, and nobody learns of it."""

    class Cancelling(NowherePool):
        async def _connect(self, lost: asyncio.Event) -> Any:
            connection = await super()._connect(lost)
            if len(self.made) == 1:
                raise asyncio.CancelledError
            return connection

    async with Cancelling(1) as pool:
        waiting = asyncio.create_task(pool.connected())
        await asyncio.wait([waiting, *pool._keepers], return_when=asyncio.FIRST_COMPLETED)
        assert waiting.done()
