"""What a task costs the registry and Postgres: create, start and complete in batches over gRPC, real processes.

    python -m benchmarks.registry_hot_path [--tasks 40000] [--batch 200] [--callers 4] [--postgres-url URL]

Without a URL it starts the embedded Postgres, durable, in a throw-away folder. CPU is user and system time of the
registry's process and of the Postgres backends that serve it, in microseconds a task.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import grpc

from asynctask_core.ids import new_id
from asynctask_protos.registry.v1 import ledger_service_pb2 as pb
from asynctask_protos.registry.v1.ledger_service_pb2_grpc import LedgerServiceStub
from asynctask_protos.task.v1.state_pb2 import ATTEMPT_RESULT_SUCCESS
from asynctask_protos.task.v1.task_type_pb2 import StageSpec, TaskType
from asynctask_protos.task.v1.work_pb2 import Event, OutcomeEvent
from asynctask_standalone.stores import EmbeddedPostgres

CONFIG = json.dumps({"i": 1, "payload": "x" * 170})
TICKS = os.sysconf("SC_CLK_TCK")

Batch = list[tuple[bytes, bytes]]


def cpu_s(pid: int) -> float:
    """CPU seconds of a process, 0 when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rsplit(")", 1)[1].split()
    except FileNotFoundError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def postgres_cpu_s(port: int) -> float:
    """CPU seconds of the postmaster that listens on `port` and of its living children."""
    total = 0.0
    for stat in Path("/proc").glob("[0-9]*"):
        try:
            command = (stat / "cmdline").read_bytes()
            parent = int((stat / "stat").read_text("utf-8").rsplit(")", 1)[1].split()[1])
            parent_command = Path(f"/proc/{parent}/cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            continue
        mark = f"\0{port}\0".encode()
        if b"postgres" in command and (mark in command or mark in parent_command):
            total += cpu_s(int(stat.name))
    return total


@asynccontextmanager
async def registry(postgres_url: str) -> AsyncIterator[tuple[str, int]]:
    """Run a registry; gives its address and process id."""
    environment = {
        **os.environ,
        "ASYNCTASK_REGISTRY_POSTGRES_URL": postgres_url,
        "ASYNCTASK_REGISTRY_ADDRESS": "127.0.0.1:0",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "asynctask_registry"], env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        line = await asyncio.to_thread(process.stdout.readline)
        yield json.loads(line)["address"], process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


async def run(postgres_url: str, tasks: int, batch: int, callers: int) -> None:
    """Measure and print."""
    port = int(postgres_url.rsplit(":", 1)[1].split("/", maxsplit=1)[0])
    async with registry(postgres_url) as (address, pid), grpc.aio.insecure_channel(address) as channel:
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
            assert len(answer.standings) == len(ids) and not answer.exceptions, answer.exceptions

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

        print(f"{tasks} tasks, {batch} a call, {callers} callers; microseconds a task")
        print(f"{'':10}{'wall':>8}{'registry':>10}{'postgres':>10}{'rate/s':>9}")
        totals = [0.0, 0.0, 0.0]
        for step in (create, start, complete):
            before = (time.perf_counter(), cpu_s(pid), postgres_cpu_s(port))
            await spread(batches, step, callers)
            after = (time.perf_counter(), cpu_s(pid), postgres_cpu_s(port))
            figures = [(end - begin) / tasks * 1e6 for begin, end in zip(before, after, strict=True)]
            totals = [total + figure for total, figure in zip(totals, figures, strict=True)]
            row(step.__name__, figures)
        row("sum", totals)


def row(name: str, figures: list[float]) -> None:
    """Print one line."""
    wall, own, postgres = figures
    print(f"{name:10}{wall:8.1f}{own:10.1f}{postgres:10.1f}{1e6 / wall:9.0f}")


async def spread(batches: list[Batch], step: Callable[[Batch], Awaitable[None]], callers: int) -> None:
    """Let some callers work through the batches."""
    rest = iter(batches)

    async def caller() -> None:
        for ids in rest:
            await step(ids)

    await asyncio.gather(*(caller() for _ in range(callers)))


async def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=40_000)
    parser.add_argument("--batch", type=int, default=200)
    parser.add_argument("--callers", type=int, default=4)
    parser.add_argument("--postgres-url", default="")
    arguments = parser.parse_args()
    if arguments.postgres_url:
        await run(arguments.postgres_url, arguments.tasks, arguments.batch, arguments.callers)
        return
    with tempfile.TemporaryDirectory() as folder:
        server = EmbeddedPostgres(Path(folder) / "postgres")
        url = await server.start()
        try:
            await run(url, arguments.tasks, arguments.batch, arguments.callers)
        finally:
            await server.stop()


if __name__ == "__main__":
    asyncio.run(main())
