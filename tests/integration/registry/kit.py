"""Builders and short words for tests of the ledger."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import asyncpg

from asynctask_core.ids import new_id
from asynctask_core.states import AttemptResult, ItemState
from asynctask_protos.registry.v1 import ledger_service_pb2 as pb
from asynctask_protos.registry.v1.standing_pb2 import Standing
from asynctask_protos.task.v1.task_pb2 import Failure, Progress, Task
from asynctask_protos.task.v1.task_type_pb2 import RetryPolicy, StageSpec, TaskType
from asynctask_protos.task.v1.work_pb2 import (
    Checkpoint,
    CheckpointEvent,
    Event,
    OutcomeEvent,
    StageFinishedEvent,
)
from asynctask_registry.catalogue.feed import TypeFeed
from asynctask_registry.catalogue.registrar import TypeRegistrar
from asynctask_registry.catalogue.types import TypeCatalogue
from asynctask_registry.ledger.create import CreatedTask
from asynctask_registry.ledger.folding import RecordedEvents
from asynctask_registry.ledger.ledger import Ledger
from asynctask_registry.ledger.record import by_attempt
from asynctask_registry.ledger.start import StartedAttempt
from asynctask_registry.store import codecs
from asynctask_registry.store.pool import HOT, READS, Pool, PoolOptions

TYPE = TaskType(
    name="copy",
    stages=[StageSpec(name="compare", weight=1), StageSpec(name="transfer", weight=3)],
    retry=RetryPolicy(max_attempts=3, initial_delay_ms=60_000, max_delay_ms=60_000),
    queue="default",
)


@asynccontextmanager
async def open_ledger(
    url: str, *, deadline_s: float = 60.0, lock_timeout_s: float = 30.0
) -> AsyncIterator[Ledger]:
    """A ledger over pools of its own, with the type `copy` registered."""

    def options(name: str, settings: dict[str, str]) -> PoolOptions:
        return PoolOptions(
            url=url,
            name=name,
            size=4,
            deadline=timedelta(seconds=deadline_s),
            statement_timeout=timedelta(seconds=deadline_s * 0.8),
            lock_timeout=timedelta(seconds=lock_timeout_s),
            server_settings=settings,
        )

    async with Pool(options("hot", HOT)) as hot, Pool(options("reads", READS)) as reads:
        await hot.connected()
        await reads.connected()
        ledger = Ledger(hot, reads)
        await ledger.registrar.register([TYPE])
        yield ledger


def a_registrar(ledger: Ledger) -> TypeRegistrar:
    """What another replica changes types with: it has a copy of its own."""
    return TypeRegistrar(ledger.hot, ledger.reads, TypeCatalogue(TypeFeed(ledger.hot)))


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[asyncpg.Connection[asyncpg.Record]]:
    """A connection of the test's own, with our codecs."""
    connection = await asyncpg.connect(url)
    try:
        await codecs.install(connection)
        yield connection
    finally:
        await connection.close()


def number(word: AttemptResult | ItemState) -> Any:
    """A word's number, of the type that messages want."""
    return word.number


def a_task(**fields: Any) -> pb.NewTask:
    """A new task with an id of its own."""
    values: dict[str, Any] = {
        "task_id": new_id(),
        "task_type": "copy",
        "queue": "default",
        "priority": 3,
        "task_config": '{"n": 1}',
    }
    return pb.NewTask(**(values | fields))


async def create(ledger: Ledger, *tasks: pb.NewTask) -> list[CreatedTask]:
    return await ledger.task_writer.create(tasks)


async def created(ledger: Ledger, count: int = 1, **fields: Any) -> list[bytes]:
    """Ids of new tasks."""
    tasks = [a_task(**fields) for _ in range(count)]
    answers = await create(ledger, *tasks)
    assert all(answer.error is None for answer in answers)
    return [task.task_id for task in tasks]


async def start(ledger: Ledger, *pairs: tuple[bytes, bytes], executor_id: str = "e1") -> list[StartedAttempt]:
    starts = [
        pb.AttemptStart(task_id=task, attempt_id=attempt, executor_id=executor_id) for task, attempt in pairs
    ]
    return await ledger.attempt_start_writer.start(starts)


async def started(ledger: Ledger, **fields: Any) -> tuple[bytes, bytes]:
    """Task and attempt ids of a running task."""
    (task_id,) = await created(ledger, **fields)
    return task_id, await restarted(ledger, task_id)


async def restarted(ledger: Ledger, task_id: bytes) -> bytes:
    """Start a task once more; its attempt id."""
    attempt_id = new_id()
    (answer,) = await start(ledger, (task_id, attempt_id))
    assert answer.result.verdict == pb.START_VERDICT_STARTED, answer
    return attempt_id


async def record(ledger: Ledger, *events: Event) -> list[RecordedEvents]:
    return await ledger.event_writer.record(by_attempt(events))


async def end(
    ledger: Ledger,
    task_id: bytes,
    attempt_id: bytes,
    result: AttemptResult = AttemptResult.LOST,
    **fields: Any,
) -> list[Standing]:
    values: dict[str, Any] = {"renewed": True, "executor_id": "e1"} | fields
    return await ledger.attempt_end_writer.end(
        [pb.AttemptEnd(task_id=task_id, attempt_id=attempt_id, result=number(result), **values)]
    )


async def command(ledger: Ledger, task_id: bytes, kind: Any, **fields: Any) -> Standing:
    answer = await ledger.command_writer.apply(pb.ApplyCommandRequest(task_id=task_id, kind=kind, **fields))
    return answer.standing


async def get(ledger: Ledger, task_id: bytes, **options: bool) -> Task:
    (task,) = await ledger.reader.get([task_id], **options)
    return task


def checkpoint(task: bytes, attempt: bytes, sequence: int, json: str = '{"at": 1}', **fields: Any) -> Event:
    event = CheckpointEvent(stage=str(fields.pop("stage", "compare")), checkpoint=Checkpoint(json=json))
    return Event(task_id=task, attempt_id=attempt, sequence=sequence, checkpoint=event, **fields)


def finished(task: bytes, attempt: bytes, sequence: int, result: str = '"plan"', **fields: Any) -> Event:
    event = StageFinishedEvent(stage="compare", result_json=result, next_stage="transfer")
    return Event(task_id=task, attempt_id=attempt, sequence=sequence, stage_finished=event, **fields)


def success(
    task: bytes, attempt: bytes, sequence: int = 1, result: str = '"done"', stage: str = "", **fields: Any
) -> Event:
    outcome = OutcomeEvent(result=number(AttemptResult.SUCCESS), result_json=result, stage=stage)
    return Event(task_id=task, attempt_id=attempt, sequence=sequence, outcome=outcome, **fields)


def outcome(task: bytes, attempt: bytes, result: AttemptResult, sequence: int = 1, **fields: Any) -> Event:
    message = OutcomeEvent(result=number(result), **fields)
    return Event(task_id=task, attempt_id=attempt, sequence=sequence, outcome=message)


def failure(
    task: bytes,
    attempt: bytes,
    sequence: int = 1,
    *,
    retryable: bool = True,
    text: str = "no disk",
    stage: str = "",
) -> Event:
    why = Failure(reason="HANDLER_ERROR", error_type="OSError", message=text, traceback=f"Traceback\n{text}")
    return outcome(
        task, attempt, AttemptResult.FAILED, sequence, failure=why, retryable=retryable, stage=stage
    )


def progress(done: float, total: float = 10, **fields: Any) -> Progress:
    return Progress(done=done, total=total, **fields)


async def row(url: str, task_id: bytes) -> asyncpg.Record:
    """The row of a task."""
    async with connected(url) as connection:
        found = await connection.fetchrow("SELECT * FROM tasks WHERE task_id = $1", task_id)
    assert found is not None
    return found


async def history(url: str, task_id: bytes) -> Sequence[asyncpg.Record]:
    """A task's rows of history, oldest first."""
    async with connected(url) as connection:
        return await connection.fetch(
            "SELECT * FROM task_execution_history WHERE task_id = $1 ORDER BY history_id", task_id
        )
