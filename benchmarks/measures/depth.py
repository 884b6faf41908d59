"""Does the length of the queue matter? The same drain over equal windows with 10,000 and with 1,000,000 queued."""

from __future__ import annotations

import asyncio

import asyncpg

from asynctask_scheduler.queue.redis_queue import RedisQueue
from benchmarks.bench import Bench
from benchmarks.cluster import Cluster
from benchmarks.measures.drain import RAMP_S, drained
from benchmarks.redis_link import lose_everything
from benchmarks.seed import seed
from benchmarks.waiting import until
from benchmarks.window import finished

SHORT = 10_000
LONG = 1_000_000
WINDOW_S = 20
REFILL = 1_000
"""Standings that the scheduler applies at once."""


async def short(bench: Bench) -> None:
    """10,000 queued, kept at that number in the cheapest way: rows by COPY, standings applied as by another replica."""
    cluster = bench.cluster
    await cluster.start_executors()
    queue = RedisQueue.connect(cluster.redis_url)
    feeder = asyncio.create_task(_keep(cluster, queue))

    async def goes_on() -> bool:
        if feeder.done():
            feeder.result()
        return True

    try:
        await asyncio.sleep(RAMP_S)
        bench.rate("drain_10k_per_s", await finished(cluster, "10,000 queued", WINDOW_S, goes_on=goes_on))
    finally:
        feeder.cancel()
        await asyncio.wait([feeder])
        await queue.close()
    await cluster.empty()


async def long(bench: Bench) -> None:
    """1,000,000 queued: seeded by COPY, loaded into an empty Redis by the scheduler's own rebuild."""
    cluster = bench.cluster
    await cluster.start_executors()
    await cluster.stop_executors()
    await seed(cluster.database, LONG)
    await cluster.database.execute("ANALYZE tasks")  # as autovacuum does after single submits
    await lose_everything(cluster.redis_url)

    async def loaded() -> bool:
        return await cluster.depth() >= LONG

    await until(loaded, every=0.5, seconds=300)
    bench.rate("drain_1m_per_s", await drained(bench, "1,000,000 queued", WINDOW_S))
    if fast := bench.figures.get("drain_10k_per_s"):
        bench.note("drain_1m_ratio", bench.figures["drain_1m_per_s"] / fast)


async def _keep(cluster: Cluster, queue: RedisQueue) -> None:
    database = await asyncpg.connect(cluster.postgres_url)  # the cluster's own measures meanwhile
    try:
        await _refill(cluster, database, queue)
    finally:
        database.terminate()


async def _refill(cluster: Cluster, database: asyncpg.Connection, queue: RedisQueue) -> None:
    while True:
        missing = SHORT - await cluster.depth()
        if missing < REFILL:
            await asyncio.sleep(0.02)
            continue
        standings = await seed(database, missing)
        for start in range(0, len(standings), REFILL):
            await queue.tasks.apply(standings[start : start + REFILL])
