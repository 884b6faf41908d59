"""Work that comes in masses, or takes long, leaves connections to the rest."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from asynctask_core.errors import StoreUnavailable
from asynctask_registry.store.pool import Pool, PoolOptions, StoreConnection
from asynctask_registry.store.pool_share import PoolShare
from tests.support.conditions import eventually


async def test_masses_of_slow_work_hold_up_nothing_outside_their_lane(postgres_url: str) -> None:
    """Fails when: logs and manifests of a few executors take every connection that commands need."""
    release = asyncio.Event()
    begun = 0

    async def slow(_: StoreConnection) -> None:
        nonlocal begun
        begun += 1
        await release.wait()

    async def quick(_: StoreConnection) -> str:
        return "done"

    options = PoolOptions(postgres_url, "lanes", 3, deadline=timedelta(minutes=2))
    async with Pool(options) as pool:
        await pool.connected()
        lane = PoolShare(pool, 2)
        masses = [asyncio.create_task(lane.run(slow)) for _ in range(50)]
        await eventually(lambda: begun == 2)
        assert [await pool.run(quick) for _ in range(5)] == ["done"] * 5
        with pytest.raises(StoreUnavailable, match="before it was its turn"):
            await lane.run(quick, deadline=timedelta(milliseconds=50))
        release.set()
        await asyncio.gather(*masses)
        assert begun == 50
