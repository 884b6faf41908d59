"""How fast tasks are accepted, each durable before its answer, and how much memory and disk they take while queued."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import grpc

import asynctask
from asynctask_protos.scheduler.v1 import task_service_pb2, task_service_pb2_grpc
from benchmarks.bench import Bench
from benchmarks.cluster import Cluster
from benchmarks.redis_link import used_bytes
from benchmarks.seed import CONFIG
from benchmarks.window import Rate, window
from benchmarks.work import Nothing, noop

CALLERS = 64
BATCHES = 4
BATCH = 500
DATABASE_SIZE = "SELECT pg_database_size(current_database())"
MIB = 1 << 20


async def submit(bench: Bench) -> None:
    """Three ways to submit; no executor runs, so all accepted tasks stay queued, and their size can be measured."""
    cluster = bench.cluster
    await cluster.start_executors()  # to declare the task types
    await cluster.stop_executors()
    before, waiting = await _weigh(cluster), await cluster.depth()
    seconds = bench.seconds(10, 4)
    bench.rate("submit_unary_per_s", await _unary(cluster, seconds))
    bench.rate("submit_one_per_s", await _one_by_one(cluster, seconds))
    bench.rate("submit_batch_per_s", await _batched(cluster, seconds))
    after, count = await _weigh(cluster), await cluster.depth() - waiting
    for key, was, now in zip(("redis_mib_per_100k", "postgres_mib_per_100k"), before, after, strict=True):
        bench.note(key, (now - was) / count * 100_000 / MIB)


async def submit_batch(cluster: Cluster) -> None:
    """One batch of no-op tasks.

    Raises:
        asynctask.AsyncTaskError: the error of the first task that was refused.
    """
    for answer in await cluster.client.submit_many([asynctask.Submission(noop, Nothing())] * BATCH):
        if not isinstance(answer, str):
            raise answer


async def _unary(cluster: Cluster, seconds: float) -> Rate:
    """Plain SubmitTask calls without our client, as from any gRPC client."""
    async with grpc.aio.insecure_channel(cluster.address) as channel:
        stub = task_service_pb2_grpc.TaskServiceStub(channel)
        request = task_service_pb2.SubmitTaskRequest(task_type=noop.name, task_config=CONFIG)
        return await calls_per_s(
            cluster,
            "unary submits",
            seconds,
            lambda: stub.SubmitTask(request, timeout=30),
            callers=CALLERS,
            each=1,
        )


async def _one_by_one(cluster: Cluster, seconds: float) -> Rate:
    """The client's `submit`, which sends tasks that are submitted at the same time in one call."""
    config = Nothing()
    return await calls_per_s(
        cluster,
        "single submits",
        seconds,
        lambda: cluster.client.submit(noop, config),
        callers=CALLERS,
        each=1,
    )


async def _batched(cluster: Cluster, seconds: float) -> Rate:
    return await calls_per_s(
        cluster, "batched submits", seconds, lambda: submit_batch(cluster), callers=BATCHES, each=BATCH
    )


async def calls_per_s(
    cluster: Cluster,
    title: str,
    seconds: float,
    call: Callable[[], Awaitable[object]],
    *,
    callers: int,
    each: int,
) -> Rate:
    """Run `callers` that each repeat a call for `each` tasks until the time has passed."""
    accepted = 0

    async def caller(end: float) -> None:
        nonlocal accepted
        while time.perf_counter() < end:
            await call()
            accepted += each

    await call()  # connections are made
    async with window(cluster, title) as span:
        end = time.perf_counter() + seconds
        async with asyncio.TaskGroup() as group:
            for _ in range(callers):
                group.create_task(caller(end))
    return Rate(accepted / span.seconds, span.micros(accepted))


async def _weigh(cluster: Cluster) -> tuple[float, float]:
    """Bytes that Redis and Postgres use now."""
    return await used_bytes(cluster.redis_url), await cluster.database.fetchval(DATABASE_SIZE)
