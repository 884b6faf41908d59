"""Measures what a task costs the registry and Postgres alone: create, start, complete in batches over gRPC, in real
processes.

    python -m benchmarks.registry_hot_path [--tasks 40000] [--batch 200] [--callers 4]

For work on the registry's SQL: these figures contain no other service's work.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import grpc

from asynctask_core.ids import new_id
from asynctask_protos.registry.v1 import ledger_service_pb2 as pb
from asynctask_protos.registry.v1.ledger_service_pb2_grpc import LedgerServiceStub
from asynctask_protos.task.v1.state_pb2 import ATTEMPT_RESULT_SUCCESS
from asynctask_protos.task.v1.task_type_pb2 import StageSpec, TaskType
from asynctask_protos.task.v1.work_pb2 import Event, OutcomeEvent
from benchmarks.cluster import start_postgres, start_registry
from benchmarks.seed import CONFIG
from benchmarks.usage import usage

PARTS = ("registry", "postgres")

Batch = list[tuple[bytes, bytes]]


async def run(folder: Path, tasks: int, batch: int, callers: int) -> None:
    """Measure and print."""
    async with AsyncExitStack() as stack:
        postgres = await start_postgres(stack, folder)
        registry, address = await start_registry(stack, folder, postgres.url)
        channel = await stack.enter_async_context(grpc.aio.insecure_channel(address))
        parts = {"registry": [registry.pid], "postgres": [postgres.pid]}
        ledger = LedgerServiceStub(channel)
        kind = TaskType(name="noop", stages=[StageSpec(name="run", weight=1)], queue="default")
        await ledger.RegisterTaskTypes(pb.RegisterTaskTypesRequest(task_types=[kind]))
        batches = [[(new_id(), new_id()) for _ in range(batch)] for _ in range(tasks // batch)]

        async def create(ids: Batch) -> None:
            new = [
                pb.NewTask(task_id=task_id, task_type="noop", queue="default", priority=3, task_config=CONFIG)
                for task_id, _ in ids
            ]
            answer = await ledger.CreateTasks(pb.CreateTasksRequest(tasks=new))
            assert not answer.exceptions, answer.exceptions
            assert len(answer.standings) == len(ids)

        async def start(ids: Batch) -> None:
            starts = [
                pb.AttemptStart(task_id=task, attempt_id=attempt, executor_id="bench-1")
                for task, attempt in ids
            ]
            answer = await ledger.StartAttempts(pb.StartAttemptsRequest(starts=starts))
            assert all(one.verdict == pb.START_VERDICT_STARTED for one in answer.results)

        async def complete(ids: Batch) -> None:
            outcome = OutcomeEvent(result=ATTEMPT_RESULT_SUCCESS, result_json='{"ok": true}')
            events = [
                Event(task_id=task, attempt_id=attempt, sequence=1, outcome=outcome) for task, attempt in ids
            ]
            answer = await ledger.RecordEvents(pb.RecordEventsRequest(events=events))
            assert len(answer.standings) == len(ids)

        print(f"{tasks} tasks, {batch} a call, {callers} callers; processor µs a task")
        print(f"{'':10}{'registry':>10}{'postgres':>10}{'rate/s':>9}")
        for step in (create, start, complete):
            before, started = usage(parts, alone={}), time.perf_counter()
            await spread(batches, step, callers)
            rate = tasks / (time.perf_counter() - started)
            used = usage(parts, alone={}).since(before)
            costs = "".join(f"{used[part] / tasks * 1e6:10.1f}" for part in PARTS)
            print(f"{step.__name__:10}{costs}{rate:9.0f}")


async def spread(batches: list[Batch], step: Callable[[Batch], Awaitable[None]], callers: int) -> None:
    """Let several callers execute the batches."""
    rest = iter(batches)

    async def caller() -> None:
        for ids in rest:
            await step(ids)

    await asyncio.gather(*(caller() for _ in range(callers)))


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=40_000)
    parser.add_argument("--batch", type=int, default=200)
    parser.add_argument("--callers", type=int, default=4)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(Path(folder), arguments.tasks, arguments.batch, arguments.callers))


if __name__ == "__main__":
    main()
