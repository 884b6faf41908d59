"""How long a task's start, and a cancel or pause of a running handler, takes on an idle system."""

from __future__ import annotations

import asyncio
import random
import time

from benchmarks.bench import Bench
from benchmarks.cluster import Cluster
from benchmarks.work import Watched, watched

WARM = 30
HELD = 10
PATIENCE_S = 20


async def latency(bench: Bench) -> None:
    """From before the submit to the first line of the handler, one task at a time at irregular intervals."""
    await bench.cluster.start_executors()
    await _starts(bench.cluster, WARM)
    took = sorted(await _starts(bench.cluster, 200 if bench.quick else 1_000))
    for key, share in (("latency_p50_ms", 0.5), ("latency_p95_ms", 0.95), ("latency_p99_ms", 0.99)):
        bench.note(key, took[int(len(took) * share)])


async def control(bench: Bench) -> None:
    """From before the call until the running handler notices it."""
    cluster = bench.cluster
    await cluster.start_executors()
    for key, call in (("cancel_ms", cluster.client.cancel), ("pause_ms", cluster.client.pause)):
        held = await hold(cluster, HELD)
        asked: dict[int, int] = {}
        for number, task_id in held.items():
            asked[number] = time.monotonic_ns()
            await call(task_id)
            await asyncio.sleep(0.05)
        await cluster.listener.until(lambda: len(cluster.listener.heard("stopped")) == HELD, PATIENCE_S)
        bench.note(
            key, max((probe.at_ns - asked[probe.key]) / 1e6 for probe in cluster.listener.heard("stopped"))
        )
        await cluster.empty()
        if key == "pause_ms":
            await asyncio.gather(*[cluster.client.cancel(task_id) for task_id in held.values()])


async def hold(cluster: Cluster, count: int) -> dict[int, str]:
    """Start tasks that run until they are stopped; their ids by key."""
    cluster.listener.forget()
    held = {key: await cluster.client.submit(watched, Watched(key, hold=True)) for key in range(count)}
    await cluster.listener.until(lambda: len(cluster.listener.heard("started")) == count, PATIENCE_S)
    return held


async def _starts(cluster: Cluster, count: int) -> list[float]:
    listener = cluster.listener
    listener.forget()
    submitted: dict[int, int] = {}
    for key in range(count):
        submitted[key] = time.monotonic_ns()
        await cluster.client.submit(watched, Watched(key))
        await asyncio.sleep(random.uniform(0.015, 0.03))
    await listener.until(lambda: len(listener.heard("started")) == count, PATIENCE_S)
    return [(probe.at_ns - submitted[probe.key]) / 1e6 for probe in listener.heard("started")]
