"""Processor time of an idle cluster with a gateway and one open page of the console."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

from benchmarks.bench import Bench
from benchmarks.http import event_stream
from benchmarks.measures.idle import SETTLE_S
from benchmarks.usage import resident_mib
from benchmarks.window import window

STREAMS = (
    "/api/v1/cluster/watch",
    "/api/v1/watch?task_status=running&task_status=completed&task_status=failed&task_status=cancelled",
)
"""What the page Overview keeps open; no page has more than two streams, and none asks again and again."""


async def console(bench: Bench) -> None:
    """All processes but the reader, which stands for the browser and is no part of the cluster."""
    cluster = bench.cluster
    await cluster.start_executors()
    async with cluster.gateway() as address, AsyncExitStack() as stack:
        for path in STREAMS:
            stream = await stack.enter_async_context(event_stream(address, path))
            stack.callback(asyncio.create_task(_drain(stream)).cancel)
        await asyncio.sleep(SETTLE_S)
        bench.note("rss_gateway_mib", resident_mib(cluster.parts()["gateway"][0]))
        async with window(cluster, "console") as span:
            await asyncio.sleep(bench.seconds(30, 10))
        cpu = {part: seconds for part, seconds in span.cpu.items() if part != "client"}
        bench.note("console_cpu_percent", sum(cpu.values()) / span.seconds * 100)


async def _drain(stream: AsyncIterator[bytes]) -> None:
    async for _ in stream:
        pass
