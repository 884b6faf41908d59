"""A task shows what is true of its present state; what was said on the way stays in its history."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from typing import Any

import pytest

from asynctask_core.states import AttemptResult
from asynctask_protos.registry.v1 import ledger_service_pb2 as pb
from asynctask_protos.task.v1.state_pb2 import (
    TASK_STATE_CANCELLED,
    TASK_STATE_COMPLETED,
    TASK_STATE_FAILED,
    TASK_STATE_PAUSED,
    TASK_STATE_QUEUED,
)
from asynctask_protos.task.v1.work_pb2 import Event
from asynctask_registry.ledger.ledger import Ledger
from tests.integration.registry.kit import (
    command,
    connected,
    created,
    end,
    failure,
    get,
    outcome,
    record,
    restarted,
    started,
    success,
)


async def test_resumed_task_does_not_show_why_it_was_paused(ledger: Ledger) -> None:
    (task_id,) = await created(ledger)
    await command(ledger, task_id, pb.COMMAND_KIND_PAUSE, reason="maintenance")
    assert (await get(ledger, task_id)).command_reason == "maintenance"
    await command(ledger, task_id, pb.COMMAND_KIND_RESUME, reason="it is over")
    assert (await get(ledger, task_id)).command_reason == ""
    assert [json.loads(event.detail_json) for event in (await ledger.reader.events(task_id))[0]][1:] == [
        {"reason": "maintenance"},
        {"reason": "it is over"},
    ]


async def test_running_task_whose_pause_was_withdrawn_does_not_show_its_reason(ledger: Ledger) -> None:
    task_id, _ = await started(ledger)
    await command(ledger, task_id, pb.COMMAND_KIND_PAUSE, reason="maintenance")
    assert (await get(ledger, task_id)).command_reason == "maintenance"
    await command(ledger, task_id, pb.COMMAND_KIND_RESUME)
    assert (await get(ledger, task_id)).command_reason == ""


async def test_running_task_says_since_when_it_is_asked_to_stop(ledger: Ledger) -> None:
    """Fails when people cannot tell a cancel of a moment ago from one that a handler ignores for an hour."""
    task_id, _ = await started(ledger)
    assert not (await get(ledger, task_id)).HasField("requested_time")
    await command(ledger, task_id, pb.COMMAND_KIND_PAUSE)
    paused = await get(ledger, task_id)
    assert paused.requested_time.ToMicroseconds() >= paused.start_time.ToMicroseconds()
    await command(ledger, task_id, pb.COMMAND_KIND_CANCEL)
    cancelled = await get(ledger, task_id)
    assert cancelled.requested_time.ToMicroseconds() > paused.requested_time.ToMicroseconds()


@pytest.mark.parametrize("request_kind", [pb.COMMAND_KIND_PAUSE, pb.COMMAND_KIND_CANCEL])
@pytest.mark.parametrize(
    ("state", "ending"),
    [
        (TASK_STATE_COMPLETED, success),
        (TASK_STATE_FAILED, functools.partial(failure, retryable=False)),
    ],
)
async def test_task_that_ended_by_itself_does_not_show_the_reason_of_a_request_that_came_too_late(
    ledger: Ledger, request_kind: Any, state: Any, ending: Callable[[bytes, bytes], Event]
) -> None:
    task_id, attempt_id = await started(ledger)
    await command(ledger, task_id, request_kind, reason="maintenance")
    await record(ledger, ending(task_id, attempt_id))
    task = await get(ledger, task_id)
    assert (task.task_status, task.command_reason) == (state, "")


async def test_reason_is_shown_as_long_as_it_says_why_the_task_is_as_it_is(ledger: Ledger) -> None:
    task_id, attempt_id = await started(ledger)
    await command(ledger, task_id, pb.COMMAND_KIND_PAUSE, reason="maintenance")
    await record(ledger, outcome(task_id, attempt_id, AttemptResult.PAUSED))
    paused = await get(ledger, task_id)
    assert (paused.task_status, paused.command_reason) == (TASK_STATE_PAUSED, "maintenance")
    await command(ledger, task_id, pb.COMMAND_KIND_UPDATE, priority=1)
    assert (await get(ledger, task_id)).command_reason == "maintenance"
    await command(ledger, task_id, pb.COMMAND_KIND_CANCEL, reason="enough")
    cancelled = await get(ledger, task_id)
    assert (cancelled.task_status, cancelled.command_reason) == (TASK_STATE_CANCELLED, "enough")
    await command(ledger, task_id, pb.COMMAND_KIND_RESTART, reason="once more")
    attempt_id = await restarted(ledger, task_id)
    assert (await get(ledger, task_id)).command_reason == "once more"
    await record(ledger, failure(task_id, attempt_id, retryable=False))
    await command(ledger, task_id, pb.COMMAND_KIND_DELETE, reason="tidying up")
    deleted = await get(ledger, task_id, include_deleted=True)
    assert (deleted.task_status, deleted.command_reason) == (TASK_STATE_FAILED, "tidying up")


async def test_error_of_an_attempt_is_shown_until_the_next_one_begins(
    postgres_url: str, ledger: Ledger
) -> None:
    task_id, attempt_id = await started(ledger)
    await record(ledger, failure(task_id, attempt_id))
    assert (await get(ledger, task_id)).failure.message == "no disk"
    async with connected(postgres_url) as connection:
        await connection.execute("UPDATE tasks SET due_at = now() WHERE task_id = $1", task_id)
    attempt_id = await restarted(ledger, task_id)
    await end(ledger, task_id, attempt_id, AttemptResult.RELEASED)
    task = await get(ledger, task_id)
    assert (task.task_status, task.error_count, task.HasField("failure")) == (TASK_STATE_QUEUED, 1, False)
    first, second = await ledger.reader.attempts(task_id)
    assert (first.failure.message, second.HasField("failure")) == ("no disk", False)
