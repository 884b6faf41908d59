"""Anything is killed at any moment: every acknowledged task ends exactly once, and nobody clicked anything.

Fails when a task's start is not guarded by the attempt (`task_start.sql` without its state condition), when events are
not (`folding` without `_must_be_current`), when the reaper or the reconciler does not run.
"""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
import redis.asyncio

from asynctask_standalone.stores.redis import EmbeddedRedis
from tests.cluster.cluster import LEASE_S, Cluster, Load, a_cluster, all_end_once
from tests.support.conditions import eventually
from tests.support.processes import ChildProcess, Processes
from tests.support.promptness import in_time
from tests.support.stores import oldest_postgres, oldest_redis

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(600)]

Fault = Callable[[Cluster], Awaitable[None]]


async def kill_executor(cluster: Cluster) -> None:
    executor = await cluster.holder_of_a_long_task()
    await executor.kill()
    executor.spawn()


async def kill_scheduler(cluster: Cluster) -> None:
    await cluster.schedulers[0].kill()
    await cluster.schedulers[0].start()


async def kill_registry(cluster: Cluster) -> None:
    await cluster.registries[0].kill()
    await cluster.registries[0].start()


async def kill_both_registries(cluster: Cluster) -> None:
    await asyncio.gather(*(registry.kill() for registry in cluster.registries))
    await asyncio.gather(*(registry.start() for registry in cluster.registries))


async def flush_redis(cluster: Cluster) -> None:
    assert cluster.redis is not None
    client = redis.asyncio.from_url(cluster.redis.url)
    await client.flushall()
    await client.aclose()


async def kill_redis(cluster: Cluster) -> None:
    assert cluster.redis is not None
    await cluster.redis.kill()
    await cluster.redis.start()


async def kill_postgres(cluster: Cluster) -> None:
    await cluster.postgres.kill()
    await cluster.postgres.start()


async def cut_the_power(cluster: Cluster) -> None:
    assert cluster.redis is not None
    everything: list[ChildProcess] = [*cluster.executors, *cluster.schedulers, *cluster.registries]
    await asyncio.gather(*(process.kill() for process in everything))
    await cluster.redis.kill()
    await cluster.postgres.kill()
    await asyncio.gather(cluster.redis.start(), cluster.postgres.start())
    for executor in cluster.executors:
        executor.spawn()
    await asyncio.gather(*(service.start() for service in (*cluster.registries, *cluster.schedulers)))


@pytest.mark.parametrize(
    "fault",
    [
        kill_executor,
        kill_scheduler,
        kill_registry,
        kill_both_registries,
        flush_redis,
        kill_redis,
        kill_postgres,
        cut_the_power,
    ],
    ids=lambda fault: fault.__name__,
)
async def test_every_acknowledged_task_ends_once_after(
    fault: Fault, tmp_path: Path, processes: Processes
) -> None:
    async with a_cluster(tmp_path, processes) as cluster:
        async with Load(cluster) as load:
            await cluster.holder_of_a_long_task()
            await fault(cluster)
            await load.more()
        await all_end_once(cluster, load.acknowledged)


@pytest.mark.oldstores
async def test_power_cut_loses_nothing_on_the_oldest_stores(tmp_path: Path, processes: Processes) -> None:
    """Redis 7.0 and PostgreSQL 15: every script and statement of a whole life, and coming back from nothing."""
    store = EmbeddedRedis(tmp_path / "oldest-redis", program=oldest_redis())
    programs = oldest_postgres()
    await store.start()
    try:
        async with a_cluster(tmp_path, processes, redis=store, postgres_programs=programs) as cluster:
            async with Load(cluster) as load:
                await cluster.holder_of_a_long_task()
                await cut_the_power(cluster)
                await load.more()
            await all_end_once(cluster, load.acknowledged)
    finally:
        await store.stop()


async def test_task_of_a_killed_executor_runs_elsewhere_within_its_lease_and_two_seconds(
    tmp_path: Path, processes: Processes
) -> None:
    """Fails when the reaper looks less often than it must, or when nobody is woken for what it puts back."""
    async with a_cluster(tmp_path, processes) as cluster, Load(cluster):

        async def took_s() -> float:
            executor = await cluster.holder_of_a_long_task()
            killed_at = time.monotonic()
            await executor.kill()
            held = f"%-{executor.pid}-%"
            await eventually(lambda: _none_held(cluster, held))
            took = time.monotonic() - killed_at
            executor.spawn()
            return took

        await in_time(LEASE_S + 2 + 3, took_s)  # 3 s for looking, beside everything else that runs


async def test_random_kills_under_load_lose_nothing(tmp_path: Path, processes: Processes) -> None:
    seed = int(os.environ.get("ASYNCTASK_TEST_SEED", random.SystemRandom().randrange(1 << 30)))
    print(f"ASYNCTASK_TEST_SEED={seed}")
    dice = random.Random(seed)
    faults = [kill_executor, kill_scheduler, kill_registry, kill_redis, kill_postgres, flush_redis]
    async with a_cluster(tmp_path, processes) as cluster:
        async with Load(cluster) as load:
            for _ in range(5):
                await asyncio.sleep(dice.uniform(0.1, 1.5))
                await asyncio.wait_for(dice.choice(faults)(cluster), 120)
            await load.more()
        await all_end_once(cluster, load.acknowledged)


async def _none_held(cluster: Cluster, executor_like: str) -> bool:
    rows = await cluster.rows(
        "SELECT task_id FROM tasks WHERE task_status = 'running' AND executor_id LIKE $1", executor_like
    )
    return not rows
