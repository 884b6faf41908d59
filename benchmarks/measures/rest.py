"""Submit and get over REST against plain gRPC calls, in the same run and with the same tasks."""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import grpc

from asynctask_protos.scheduler.v1 import task_service_pb2 as pb
from asynctask_protos.scheduler.v1.task_service_pb2_grpc import TaskServiceStub
from benchmarks.bench import Bench
from benchmarks.http import HttpPool, request_bytes
from benchmarks.measures.submit import CALLERS, calls_per_s
from benchmarks.seed import CONFIG
from benchmarks.work import Nothing, noop

if TYPE_CHECKING:
    from asynctask_protos.scheduler.v1.task_service_pb2_grpc import TaskServiceAsyncStub

Call = Callable[[], Awaitable[object]]
WARM = 20


async def rest(bench: Bench) -> None:
    """Rates with many callers, then times with one caller; no executor runs, so all accepted tasks stay queued."""
    cluster = bench.cluster
    await cluster.start_executors()  # to declare the task types
    await cluster.stop_executors()
    task_id = await cluster.client.submit(noop, Nothing())
    async with cluster.gateway() as address, grpc.aio.insecure_channel(cluster.address) as channel:
        pool, stub = HttpPool(address), TaskServiceStub(channel)
        for name, calls in _calls(address, pool, stub, task_id).items():
            for way, call in calls.items():
                await _measure(bench, f"{way}_{name}", call)
        pool.close()


def _calls(
    address: str, pool: HttpPool, stub: TaskServiceAsyncStub, task_id: str
) -> dict[str, dict[str, Call]]:
    """By what is asked and by which way: one call."""
    body = {"task_type": noop.name, "task_config": json.loads(CONFIG)}
    posted = request_bytes(address, "POST", "/api/v1/tasks", body)
    submitted = pb.SubmitTaskRequest(task_type=noop.name, task_config=CONFIG)
    got = request_bytes(address, "GET", f"/api/v1/tasks/{task_id}")
    asked = pb.GetTaskRequest(task_id=task_id)
    return {
        "submit": {
            "rest": lambda: pool.ask(posted),
            "grpc": lambda: stub.SubmitTask(submitted, timeout=30),
        },
        "get": {"rest": lambda: pool.ask(got), "grpc": lambda: stub.GetTask(asked, timeout=30)},
    }


async def _measure(bench: Bench, key: str, call: Call) -> None:
    seconds = bench.seconds(8, 3)
    bench.rate(f"{key}_per_s", await calls_per_s(bench.cluster, key, seconds, call, callers=CALLERS, each=1))
    for _ in range(WARM):
        await call()
    took = sorted([await _ms(call) for _ in range(200 if bench.quick else 1_000)])
    for figure, share in (("p50", 0.5), ("p99", 0.99)):
        bench.note(f"{key}_{figure}_ms", took[int(len(took) * share)])


async def _ms(call: Call) -> float:
    begin = time.perf_counter()
    await call()
    return (time.perf_counter() - begin) * 1000
