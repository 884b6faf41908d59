"""The registry as a process: settings, migrations, ready line, calls, drain."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, cast

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from asynctask_chassis.channel import open_channel
from asynctask_core.errors import InvalidInput, TaskNotFound
from asynctask_core.ids import new_id
from asynctask_core.states import AttemptResult, ItemState
from asynctask_core.status import from_rpc_error
from asynctask_protos.registry.v1 import ledger_service_pb2 as pb
from asynctask_protos.registry.v1.ledger_service_pb2_grpc import LedgerServiceStub
from asynctask_protos.task.v1 import work_pb2 as work
from asynctask_protos.task.v1.manifest_pb2 import ManifestItem
from asynctask_protos.task.v1.state_pb2 import REQUESTED_PAUSE
from asynctask_protos.task.v1.task_pb2 import TASK_VIEW_BASIC, TASK_VIEW_FULL, LogLine
from asynctask_registry.store.migrate import load
from tests.integration.registry.kit import TYPE, a_task, checkpoint, finished, number, progress, success
from tests.support.processes import Processes, ServiceProcess

if TYPE_CHECKING:
    from asynctask_protos.registry.v1.ledger_service_pb2_grpc import LedgerServiceAsyncStub


@asynccontextmanager
async def running(
    processes: Processes, url: str, **settings: str
) -> AsyncIterator[tuple[ServiceProcess, LedgerServiceAsyncStub]]:
    process = processes.service("registry", POSTGRES_URL=url, **settings)
    await process.start()
    async with open_channel(process.address) as channel:
        yield process, LedgerServiceStub(channel)
    assert await process.stop() == 0


async def test_a_task_goes_through_every_call(postgres_url: str, processes: Processes) -> None:
    async with running(processes, postgres_url) as (_, ledger):
        (kind,) = (await ledger.RegisterTaskTypes(pb.RegisterTaskTypesRequest(task_types=[TYPE]))).task_types
        assert kind.version == 1
        assert [one.name for one in (await ledger.ListTaskTypes(pb.ListTaskTypesRequest())).task_types] == [
            "copy"
        ]
        token = (await ledger.ListChanges(pb.ListChangesRequest())).token

        task, bad = a_task(), a_task(priority=9)
        made = await ledger.CreateTasks(pb.CreateTasksRequest(tasks=[bad, task, task]))
        assert [(one.index, one.existing_task_id, one.HasField("error")) for one in made.exceptions] == [
            (0, b"", True),
            (2, task.task_id, False),
        ]
        attempt_id = new_id()
        starts = [pb.AttemptStart(task_id=task.task_id, attempt_id=attempt_id, executor_id="e1")]
        (result,) = (await ledger.StartAttempts(pb.StartAttemptsRequest(starts=starts))).results
        assert result.verdict == pb.START_VERDICT_STARTED
        (standing,) = (await ledger.ConfirmLeases(pb.ConfirmLeasesRequest(leases=starts))).standings
        assert standing.attempt_id == attempt_id

        pair = (task.task_id, attempt_id)
        await ledger.AppendLogs(
            pb.AppendLogsRequest(task_id=pair[0], attempt_id=pair[1], lines=[LogLine(sequence=1)])
        )
        chunk = pb.AppendManifestRequest(
            task_id=pair[0],
            attempt_id=pair[1],
            chunk=1,
            manifest="m",
            items=[ManifestItem(key=b"k", state=number(ItemState.TODO))],
        )
        assert (await ledger.AppendManifest(chunk)).verdict == work.EVENT_VERDICT_APPLIED
        report = pb.StoredProgress(task_id=pair[0], attempt_id=pair[1], stage="compare", progress=progress(1))
        await ledger.RecordProgress(pb.RecordProgressRequest(reports=[report]))
        recorded = await ledger.RecordEvents(
            pb.RecordEventsRequest(events=[checkpoint(*pair, 1), finished(*pair, 2, after_chunk=1)])
        )
        assert [ack.last_sequence for ack in recorded.acks] == [2]

        applied = await ledger.ApplyCommand(
            pb.ApplyCommandRequest(task_id=pair[0], kind=pb.COMMAND_KIND_PAUSE)
        )
        assert (applied.task.requested, applied.task.task_config) == (REQUESTED_PAUSE, "")
        end = pb.AttemptEnd(task_id=pair[0], attempt_id=new_id(), result=number(AttemptResult.RELEASED))
        assert len((await ledger.EndAttempts(pb.EndAttemptsRequest(ends=[end]))).standings) == 1
        recorded = await ledger.RecordEvents(pb.RecordEventsRequest(events=[success(*pair, 3)]))
        assert recorded.acks[0].ended

        pages = ledger.StreamDispatchable(pb.StreamDispatchableRequest(scope=pb.DISPATCHABLE_SCOPE_ALL))
        assert [page async for page in pages] == []
        reconciled = await ledger.Reconcile(pb.ReconcileRequest(task_ids=[pair[0], b"no id"]))
        assert len(reconciled.standings) == 1
        (read,) = (await ledger.GetTasks(pb.GetTasksRequest(task_ids=[pair[0]], view=TASK_VIEW_FULL))).tasks
        assert read.result_json == '"done"'
        (listed,) = (await ledger.ListTasks(pb.ListTasksRequest(view=TASK_VIEW_BASIC))).tasks
        assert (listed.task_id, listed.result_json) == (read.task_id, "")
        assert len((await ledger.ListChanges(pb.ListChangesRequest(token=token))).tasks) == 1
        assert len((await ledger.ListAttempts(pb.ListAttemptsRequest(task_id=pair[0]))).attempts) == 1
        events = (await ledger.ListTaskEvents(pb.ListTaskEventsRequest(task_id=pair[0]))).events
        assert [events[0].kind, events[-1].kind] == ["created", "completed"]
        assert len((await ledger.ListTaskLogs(pb.ListTaskLogsRequest(task_id=pair[0]))).lines) == 1
        manifest = await ledger.ReadManifest(
            pb.ReadManifestRequest(task_id=pair[0], after_position=-1, with_summary=True)
        )
        assert (len(manifest.items), len(manifest.summaries)) == (1, 1)


async def test_a_creation_starts_what_it_can_and_answers_for_everything(
    postgres_url: str, processes: Processes
) -> None:
    async with running(processes, postgres_url) as (_, ledger):
        bad, late, quick, plain = a_task(priority=9), a_task(delay_ms=60_000), a_task(), a_task()
        tasks = [late, quick, quick, plain]
        starts = [
            pb.AttemptStart(task_id=one.task_id, attempt_id=new_id(), executor_id="e1") for one in tasks[:2]
        ]
        made = await ledger.CreateTasks(pb.CreateTasksRequest(tasks=tasks, starts=starts))
        assert [(one.attempt_id, one.assignment.task_id) for one in made.started] == [
            (starts[1].attempt_id, quick.task_id)
        ]
        assert [(one.index, one.existing_task_id) for one in made.exceptions] == [(2, quick.task_id)]
        assert {one.task_id: one.version for one in made.standings} == {
            late.task_id: 1,
            quick.task_id: 2,
            plain.task_id: 1,
        }
        # One that Postgres refuses leaves the others of its call to be created, and started by themselves.
        starts = [pb.AttemptStart(task_id=one.task_id, attempt_id=new_id()) for one in (bad, plain)]
        made = await ledger.CreateTasks(pb.CreateTasksRequest(tasks=[bad, other := a_task()], starts=starts))
        assert [one.index for one in made.exceptions] == [0]
        assert [one.task_id for one in made.standings] == [other.task_id]
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await ledger.CreateTasks(pb.CreateTasksRequest(starts=[pb.AttemptStart(task_id=b"x")]))
        assert "starts[0].task_id" in str(from_rpc_error(caught.value))


async def test_errors_carry_their_reason_and_field(postgres_url: str, processes: Processes) -> None:
    async with running(processes, postgres_url) as (_, ledger):
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await ledger.StartAttempts(pb.StartAttemptsRequest(starts=[pb.AttemptStart(task_id=b"x")]))
        error = from_rpc_error(caught.value)
        assert isinstance(error, InvalidInput)
        assert [violation.field for violation in error.violations] == ["starts[0].task_id"]
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await ledger.ApplyCommand(pb.ApplyCommandRequest(task_id=new_id(), kind=pb.COMMAND_KIND_PAUSE))
        assert isinstance(from_rpc_error(caught.value), TaskNotFound)
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await ledger.CreateTasks(pb.CreateTasksRequest(tasks=[a_task() for _ in range(1001)]))
        assert "at most 1000" in str(from_rpc_error(caught.value))


async def test_statements_and_batches_are_measured(postgres_url: str, processes: Processes) -> None:
    async with running(processes, postgres_url) as (process, ledger):
        await ledger.CreateTasks(pb.CreateTasksRequest(tasks=[a_task()]))
        text = await asyncio.to_thread(metrics, process.metrics_port)
        assert 'asynctask_registry_batch_items_count{kind="create"} 1.0' in text
        assert 'asynctask_registry_statement_seconds_count{statement="task_insert"} 1.0' in text
        assert "asynctask_registry_postgres_connected 1.0" in text


def metrics(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        return answer.read().decode()


async def test_calls_in_progress_are_answered_before_a_drain_ends(
    postgres_url: str, processes: Processes
) -> None:
    process = processes.service("registry", POSTGRES_URL=postgres_url)
    await process.start()
    async with open_channel(process.address) as channel:
        health = cast(Any, health_pb2_grpc.HealthStub(channel))
        answer = await health.Check(health_pb2.HealthCheckRequest())
        assert answer.status == health_pb2.HealthCheckResponse.SERVING
        ledger = LedgerServiceStub(channel)
        tasks = [a_task() for _ in range(300)]
        calls = [ledger.CreateTasks(pb.CreateTasksRequest(tasks=[task])) for task in tasks]
        await calls[0]
        process.send(signal.SIGTERM)
        answers = await asyncio.gather(*calls, return_exceptions=True)
        assert await process.wait() == 0
    kept = [
        task.task_id
        for task, answer in zip(tasks, answers, strict=True)
        if isinstance(answer, pb.CreateTasksResponse)
    ]
    async with running(processes, postgres_url) as (_, ledger):
        found = await ledger.Reconcile(pb.ReconcileRequest(task_ids=kept))
        assert len(found.standings) == len(kept) > 0


async def test_registry_told_not_to_migrate_ends_with_the_command_to_run(
    empty_postgres_url: str, processes: Processes
) -> None:
    process = processes.service("registry", POSTGRES_URL=empty_postgres_url, MIGRATE="false")
    process.spawn()
    assert await process.wait() == 1
    assert "asynctask-registry migrate" in process.output()


def command_line(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ASYNCTASK_")}
    environment |= {f"ASYNCTASK_REGISTRY_{name}": value for name, value in settings.items()}
    return subprocess.run(
        [sys.executable, "-m", "asynctask_registry", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_migrate_command_says_what_it_did(empty_postgres_url: str) -> None:
    first = command_line("migrate", POSTGRES_URL=empty_postgres_url)
    assert first.returncode == 0
    assert first.stdout.splitlines() == [f"applied {migration.label}" for migration in load()]
    second = command_line("migrate", POSTGRES_URL=empty_postgres_url)
    assert (second.returncode, second.stdout) == (0, "the schema is up to date\n")


def test_migrate_command_fails_clearly() -> None:
    away = command_line("migrate", POSTGRES_URL="postgresql://nobody@127.0.0.1:1/none")
    assert away.returncode == 1
    assert away.stderr.startswith("migrate: ")
    assert command_line("migrate").returncode == 2
    assert command_line("migrate", "--now", POSTGRES_URL="postgresql://x").returncode == 2


def test_settings_are_printed_without_secrets() -> None:
    shown = command_line("--print-settings", POSTGRES_URL="postgresql://u:geheim@db/asynctask")
    assert shown.returncode == 0
    assert "ASYNCTASK_REGISTRY_STATEMENT_TIMEOUT" in shown.stdout
    assert "geheim" not in shown.stdout
