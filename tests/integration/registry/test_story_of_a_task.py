"""The story of a task out of Postgres: whole, in order, in pages that stay as they are."""

from __future__ import annotations

import json

import pytest

from asynctask_core.errors import TaskNotFound, TokenExpired
from asynctask_core.ids import new_id
from asynctask_core.states import AttemptResult
from asynctask_protos.registry.v1 import ledger_service_pb2 as pb
from asynctask_protos.task.v1.task_pb2 import TaskEvent
from asynctask_registry.ledger import story
from asynctask_registry.ledger.ledger import Ledger
from tests.integration.registry.kit import (
    checkpoint,
    command,
    connected,
    end,
    failure,
    finished,
    outcome,
    record,
    restarted,
    started,
    success,
)


async def pages(ledger: Ledger, task_id: bytes, size: int) -> list[list[TaskEvent]]:
    found: list[list[TaskEvent]] = []
    cursor = ""
    while True:
        events, cursor = await ledger.reader.events(task_id, page_size=size, cursor=cursor)
        found.append(list(events))
        if not cursor:
            return found


async def test_whole_story_of_a_task_is_told_from_what_is_written_already(
    postgres_url: str, ledger: Ledger
) -> None:
    task, attempt = await started(ledger)
    await record(ledger, checkpoint(task, attempt, 1), finished(task, attempt, 2))
    await end(ledger, task, attempt)
    attempt = await restarted(ledger, task)
    await record(ledger, failure(task, attempt, 1))
    await command(ledger, task, pb.COMMAND_KIND_CANCEL, reason="enough")
    await command(ledger, task, pb.COMMAND_KIND_RESTART_FROM_CHECKPOINT)
    attempt = await restarted(ledger, task)
    await command(ledger, task, pb.COMMAND_KIND_PAUSE)
    await record(ledger, outcome(task, attempt, AttemptResult.PAUSED))
    await command(ledger, task, pb.COMMAND_KIND_RESUME)
    attempt = await restarted(ledger, task)
    event = success(task, attempt, 1)
    event.warnings.add(stage="transfer", code="SKIPPED", count=3)
    await record(ledger, event)
    (told,) = await pages(ledger, task, 0)
    assert [one.kind for one in told] == [
        "created", "started", "stage_finished", "lost", "continued", "attempt_failed", "cancelled", "restarted",
        "started", "pause_requested", "paused", "resumed", "continued", "stage_finished", "completed",
    ]  # fmt: skip
    assert [json.loads(one.detail_json) for one in told if one.kind == "stage_finished"] == [
        {"stage": "compare"},
        {"stage": "transfer"},
    ]
    assert {one.kind for one in told} <= set(story.KINDS)
    assert json.loads(told[-1].detail_json) == {"attempt": 4, "executor": "e1", "warnings": {"SKIPPED": 3}}
    for size in (1, 3, 14, 15, 1000):
        parts = await pages(ledger, task, size)
        assert [one for part in parts for one in part] == told
        assert all(len(part) <= size for part in parts)
    async with connected(postgres_url) as connection:
        written = await connection.fetchval("SELECT count(*) FROM task_events WHERE task_id = $1", task)
    assert written == 4, "only commands of people are written as events"
    await command(ledger, task, pb.COMMAND_KIND_RESTART)
    (told,) = await pages(ledger, task, 0)
    assert (told[-1].kind, json.loads(told[-1].detail_json)) == ("restarted", {"warnings": {"SKIPPED": 3}}), (
        "what an earlier run warned of is told too"
    )


async def test_each_warning_is_told_once_however_the_task_is_restarted(ledger: Ledger) -> None:
    """Fails when a restart from a checkpoint tells warnings that the end of the run that goes on tells as well."""
    task, attempt = await started(ledger)
    event = checkpoint(task, attempt, 1)
    event.warnings.add(stage="compare", code="SKIPPED", count=3)
    await record(ledger, event, failure(task, attempt, 2, retryable=False))
    await command(ledger, task, pb.COMMAND_KIND_RESTART_FROM_CHECKPOINT)
    attempt = await restarted(ledger, task)
    await record(ledger, success(task, attempt, 1))
    for restarts in (False, True):
        if restarts:
            await command(ledger, task, pb.COMMAND_KIND_RESTART)
        (told,) = await pages(ledger, task, 0)
        details = [json.loads(one.detail_json or "{}") for one in told]
        assert [one["warnings"] for one in details if "warnings" in one] == [{"SKIPPED": 3}]


async def test_cursor_of_nothing_and_task_of_nobody_are_refused(ledger: Ledger) -> None:
    task, _ = await started(ledger)
    for cursor in ("x", "1:2", "1:2:3:4:5", "a:b:c:d"):
        with pytest.raises(TokenExpired):
            await ledger.reader.events(task, cursor=cursor)
    with pytest.raises(TaskNotFound):
        await ledger.reader.events(new_id())
