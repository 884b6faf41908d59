"""Event streams: many of them while tasks report progress, and how long a change takes to its readers."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import asynctask
from benchmarks.bench import Bench
from benchmarks.cluster import Cluster
from benchmarks.http import event_stream
from benchmarks.usage import resident_mib
from benchmarks.waiting import until
from benchmarks.window import window
from benchmarks.work import Lasting, Nothing, noop, paced

STREAMS = 1_000
REPORTING = 500
OPENED_TOGETHER = 50
READERS = 2
PATIENCE_S = 60


async def live(bench: Bench) -> None:
    """Open streams of single tasks, then streams of a filter."""
    await bench.cluster.start_executors()
    async with bench.cluster.gateway() as address:
        await _first_events(bench, address)
        await _open_streams(bench, address)


async def _open_streams(bench: Bench, address: str) -> None:
    """Two readers for each reporting task, as two people who look at its page."""
    cluster = bench.cluster
    (gateway,) = cluster.parts()["gateway"]
    ids = await _reporting(cluster)
    before = resident_mib(gateway)
    events = 0

    async def read(stream: AsyncIterator[bytes]) -> None:
        nonlocal events
        async for _ in stream:
            events += 1

    async with AsyncExitStack() as stack:
        paths = [f"/api/v1/tasks/{ids[number % REPORTING]}/watch" for number in range(STREAMS)]
        for start in range(0, STREAMS, OPENED_TOGETHER):
            opened = [
                stack.enter_async_context(event_stream(address, path))
                for path in paths[start : start + OPENED_TOGETHER]
            ]
            for stream in await asyncio.gather(*opened):
                stack.callback(asyncio.create_task(read(stream)).cancel)
        await asyncio.sleep(bench.seconds(5, 2))
        begin = events
        async with window(cluster, "event streams") as span:
            await asyncio.sleep(bench.seconds(20, 8))
        bench.note("live_events_per_s", (events - begin) / span.seconds)
        bench.note("live_gateway_cpu_percent", span.cpu["gateway"] / span.seconds * 100)
        bench.note("live_scheduler_cpu_percent", span.cpu["scheduler"] / span.seconds * 100)
        bench.note("live_gateway_mib", resident_mib(gateway))
        bench.note("live_stream_kib", (resident_mib(gateway) - before) * 1024 / STREAMS)
    await asyncio.gather(*[cluster.client.cancel(task_id) for task_id in ids])
    await cluster.empty()


async def _reporting(cluster: Cluster) -> list[str]:
    """Tasks that run, each with a report every second."""
    answers = await cluster.client.submit_many([asynctask.Submission(paced, Lasting(3600))] * REPORTING)
    ids = [answer for answer in answers if isinstance(answer, str)]

    async def running() -> bool:
        return sum(queue.running for queue in await cluster.client.queues()) >= REPORTING

    await until(running, seconds=PATIENCE_S)
    return ids


async def _first_events(bench: Bench, address: str) -> None:
    """From before a submit, whose answer comes after its commit, until the slower of two readers has the event."""
    seen: list[dict[str, float]] = [{} for _ in range(READERS)]
    heard = asyncio.Condition()

    async def read(stream: AsyncIterator[bytes], times: dict[str, float]) -> None:
        async for data in stream:
            now = time.perf_counter()
            async with heard:
                for task in json.loads(data).get("tasks", ()):
                    times.setdefault(task["task_id"], now)
                heard.notify_all()

    took: list[float] = []
    async with AsyncExitStack() as stack:
        path = f"/api/v1/watch?task_type={noop.name}"
        for times in seen:
            stream = await stack.enter_async_context(event_stream(address, path))
            stack.callback(asyncio.create_task(read(stream, times)).cancel)
        for _ in range(60 if bench.quick else 300):
            await asyncio.sleep(random.uniform(0.02, 0.3))
            begin = time.perf_counter()
            task_id = await bench.cluster.client.submit(noop, Nothing())
            async with asyncio.timeout(PATIENCE_S), heard:
                await heard.wait_for(lambda: all(task_id in times for times in seen))  # noqa: B023 - called at once
            took.append((max(times[task_id] for times in seen) - begin) * 1000)
    took.sort()
    bench.note("first_event_p50_ms", took[int(len(took) * 0.5)])
    bench.note("first_event_p99_ms", took[int(len(took) * 0.99)])
