"""No-op tasks end to end: a queue that only gets shorter, then producers and executors together."""

from __future__ import annotations

import asyncio

from benchmarks.bench import Bench
from benchmarks.cluster import Cluster
from benchmarks.measures.submit import BATCHES, submit_batch
from benchmarks.waiting import until
from benchmarks.window import Rate, finished

FULL, FULL_QUICK = 160_000, 80_000
NEARLY_EMPTY = 3_000
WARM = 4_000
"""Tasks that end before the measured time begins."""
SHORT = 10_000
RAMP_S = 2


async def drain(bench: Bench) -> None:
    """Fill the queue while no executor runs, then let the executors empty it."""
    cluster = bench.cluster
    await cluster.start_executors()
    await cluster.stop_executors()
    await fill(cluster, FULL_QUICK if bench.quick else FULL)
    rate = await drained(bench, "drain", bench.seconds(20, 8))
    bench.rate("drain_per_s", rate)
    await cluster.empty()


async def drained(bench: Bench, title: str, seconds: float) -> Rate:
    """Start the executors on a full queue, and measure until the time has passed or the queue is nearly empty."""
    cluster = bench.cluster
    full = await cluster.depth()
    await cluster.start_executors()

    async def warm() -> bool:
        return await cluster.depth() <= full - WARM

    await until(warm)

    async def full_enough() -> bool:
        return await cluster.depth() > NEARLY_EMPTY

    return await finished(cluster, title, seconds, goes_on=full_enough)


async def steady(bench: Bench) -> None:
    """Producers submit in batches as fast as the executors finish: the queue stays short."""
    cluster = bench.cluster
    await cluster.start_executors()
    room = asyncio.Event()

    async def produce() -> None:
        while True:
            await room.wait()
            await submit_batch(cluster)

    async def watch() -> None:
        while True:
            (room.set if await cluster.depth() < SHORT else room.clear)()
            await asyncio.sleep(0.05)

    producers = [asyncio.create_task(watch()), *(asyncio.create_task(produce()) for _ in range(BATCHES))]

    async def goes_on() -> bool:
        for producer in producers:
            if producer.done():
                producer.result()
        return True

    try:
        await asyncio.sleep(RAMP_S)
        bench.rate("steady_per_s", await finished(cluster, "steady", bench.seconds(20, 8), goes_on=goes_on))
    finally:
        for producer in producers:
            producer.cancel()
        await asyncio.wait(producers)
    await cluster.empty()


async def fill(cluster: Cluster, depth: int) -> None:
    """Submit until `depth` tasks are queued."""

    async def produce() -> None:
        while await cluster.depth() < depth:
            await submit_batch(cluster)

    async with asyncio.TaskGroup() as group:
        for _ in range(BATCHES):
            group.create_task(produce())
