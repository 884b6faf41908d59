"""What people do to one task."""

from __future__ import annotations

import asyncio
import json

import pytest

from asynctask_core.errors import InvalidInput, RefusedByStore, TaskNotFound, WrongState
from asynctask_core.ids import id_text, new_id
from asynctask_core.states import AttemptResult
from asynctask_protos.registry.v1 import ledger_service_pb2 as pb
from asynctask_protos.registry.v1.standing_pb2 import PLACE_LEASED, PLACE_NOWHERE, PLACE_READY, PLACE_TIMED
from asynctask_protos.task.v1.state_pb2 import REQUESTED_PAUSE, REQUESTED_UNSPECIFIED, TASK_STATE_CANCELLED
from asynctask_registry.ledger import manifest
from asynctask_registry.ledger.conditions import TaskConditions
from asynctask_registry.ledger.ledger import Ledger
from tests.integration.registry.kit import (
    checkpoint,
    command,
    created,
    end,
    failure,
    finished,
    get,
    record,
    row,
    start,
    started,
    success,
)


async def test_paused_task_keeps_its_place_in_the_queue(ledger: Ledger) -> None:
    (task_id,) = await created(ledger)
    paused = await command(ledger, task_id, pb.COMMAND_KIND_PAUSE, reason="tea")
    assert paused.place == PLACE_NOWHERE
    assert (await get(ledger, task_id)).command_reason == "tea"
    resumed = await command(ledger, task_id, pb.COMMAND_KIND_RESUME)
    assert (resumed.place, resumed.version) == (PLACE_READY, 3)
    assert await command(ledger, task_id, pb.COMMAND_KIND_RESUME) == resumed, "repeated, it changes nothing"


async def test_pause_that_was_acknowledged_is_not_overtaken_by_a_start(ledger: Ledger) -> None:
    """Law 9. Broken once on purpose: without the guard on task_status in task_start.sql this fails."""
    for _ in range(10):
        (task_id,) = await created(ledger)
        _, (answer,) = await asyncio.gather(
            command(ledger, task_id, pb.COMMAND_KIND_PAUSE), start(ledger, (task_id, new_id()))
        )
        task = await get(ledger, task_id)
        if answer.result.verdict == pb.START_VERDICT_STARTED:
            assert task.requested == REQUESTED_PAUSE
        else:
            assert answer.result.verdict == pb.START_VERDICT_NOT_STARTABLE
            (again,) = await start(ledger, (task_id, new_id()))
            assert again.result.verdict == pb.START_VERDICT_NOT_STARTABLE


async def test_pause_of_a_running_task_is_requested_and_can_be_withdrawn(ledger: Ledger) -> None:
    task_id, _ = await started(ledger)
    requested = await command(ledger, task_id, pb.COMMAND_KIND_PAUSE)
    assert (requested.place, requested.requested) == (PLACE_LEASED, REQUESTED_PAUSE)
    withdrawn = await command(ledger, task_id, pb.COMMAND_KIND_RESUME)
    assert (withdrawn.place, withdrawn.requested) == (PLACE_LEASED, REQUESTED_UNSPECIFIED)
    assert withdrawn.version == requested.version + 1


async def test_command_that_changes_nothing_answers_the_present_standing(ledger: Ledger) -> None:
    (task_id,) = await created(ledger)
    first = await command(ledger, task_id, pb.COMMAND_KIND_CANCEL)
    assert await command(ledger, task_id, pb.COMMAND_KIND_CANCEL) == first
    assert len((await ledger.reader.events(task_id))[0]) == 2


async def test_wrong_state_is_refused_with_the_state_and_changes_nothing(
    postgres_url: str, ledger: Ledger
) -> None:
    task_id, attempt_id = await started(ledger)
    await record(ledger, success(task_id, attempt_id))
    before = await row(postgres_url, task_id)
    for kind in (pb.COMMAND_KIND_PAUSE, pb.COMMAND_KIND_RESUME, pb.COMMAND_KIND_CANCEL):
        with pytest.raises(WrongState) as caught:
            await command(ledger, task_id, kind)
        assert caught.value.metadata["state"] == "completed"
    with pytest.raises(WrongState):
        await command(ledger, task_id, pb.COMMAND_KIND_UPDATE, priority=1)
    assert await row(postgres_url, task_id) == before


async def test_delayed_task_stays_timed_through_pause_and_resume(ledger: Ledger) -> None:
    (task_id,) = await created(ledger, delay_ms=60_000)
    await command(ledger, task_id, pb.COMMAND_KIND_PAUSE)
    assert (await command(ledger, task_id, pb.COMMAND_KIND_RESUME)).place == PLACE_TIMED


async def test_restart_of_a_delayed_task_keeps_its_start_time_unless_told(ledger: Ledger) -> None:
    (task_id,) = await created(ledger, delay_ms=60_000)
    due = (await get(ledger, task_id)).due_time
    for kind in (pb.COMMAND_KIND_RESTART, pb.COMMAND_KIND_RESTART_FROM_CHECKPOINT):
        await command(ledger, task_id, pb.COMMAND_KIND_CANCEL)
        assert (await command(ledger, task_id, kind)).place == PLACE_TIMED
        assert (await get(ledger, task_id)).due_time == due
    await command(ledger, task_id, pb.COMMAND_KIND_CANCEL)
    assert (await command(ledger, task_id, pb.COMMAND_KIND_RESTART, start_now=True)).place == PLACE_READY


async def test_restart_begins_anew_and_forgets_the_run_before(postgres_url: str, ledger: Ledger) -> None:
    task_id, attempt_id = await started(ledger)
    await append_items(ledger, task_id, attempt_id)
    await record(
        ledger,
        checkpoint(task_id, attempt_id, 1),
        finished(task_id, attempt_id, 2),
        failure(task_id, attempt_id, 3, retryable=False),
    )
    standing = await command(ledger, task_id, pb.COMMAND_KIND_RESTART, reason="again")
    assert standing.place == PLACE_READY
    task = await get(ledger, task_id)
    assert (task.run, task.stage, task.error_count, task.attempt_count) == (2, "", 0, 1)
    assert not task.HasField("end_time")
    assert not task.HasField("failure")
    assert not any(stage.checkpoint_json or stage.result_json for stage in task.stages)
    items, (summary,), _ = await manifest.read(
        ledger.reads, pb.ReadManifestRequest(task_id=task_id, after_position=-1, with_summary=True)
    )
    assert (items, list(summary.counts), summary.sealed) == ([], [], False)
    (answer,) = await start(ledger, (task_id, new_id()))
    assert (answer.result.assignment.run, answer.result.assignment.input_json) == (2, "")
    assert (await row(postgres_url, task_id))["result"] is None


async def append_items(ledger: Ledger, task_id: bytes, attempt_id: bytes) -> None:
    request = pb.AppendManifestRequest(
        task_id=task_id, attempt_id=attempt_id, chunk=1, manifest="m", seal=True
    )
    request.items.add(position=0, key=b"a", size=1, state=1)
    await manifest.append(ledger.hot, request)


async def test_restart_from_checkpoint_goes_on_where_it_was(ledger: Ledger) -> None:
    task_id, attempt_id = await started(ledger)
    await record(
        ledger,
        finished(task_id, attempt_id, 1, '"plan"'),
        checkpoint(task_id, attempt_id, 2, '{"file": 9}', stage="transfer"),
        failure(task_id, attempt_id, 3, retryable=False),
    )
    await command(ledger, task_id, pb.COMMAND_KIND_RESTART_FROM_CHECKPOINT)
    (answer,) = await start(ledger, (task_id, new_id()))
    assignment = answer.result.assignment
    assert (assignment.stage, assignment.checkpoint.json, assignment.input_json, assignment.run) == (
        "transfer",
        '{"file": 9}',
        '"plan"',
        2,
    )


async def test_deleted_task_is_hidden_and_watchers_are_told(ledger: Ledger) -> None:
    older, task_id = sorted(await created(ledger, 2, queue="hidden"))
    with pytest.raises(WrongState):
        await command(ledger, task_id, pb.COMMAND_KIND_DELETE)
    conditions = TaskConditions(queue="hidden")
    assert len((await ledger.lister.page(conditions, page_size=5)).tasks) == 2
    _, token, _ = await ledger.changes.page("")
    standing = await command(ledger, task_id, pb.COMMAND_KIND_FORCE_DELETE)
    assert (standing.place, standing.state) == (PLACE_NOWHERE, TASK_STATE_CANCELLED)
    assert await ledger.reader.get([task_id]) == []
    page = await ledger.lister.page(conditions, page_size=1)
    assert [task.task_id for task in page.tasks] == [id_text(older)], "it takes no place on a page"
    (hidden,) = await ledger.reader.get([task_id], include_deleted=True)
    assert hidden.deleted
    for kind in (pb.COMMAND_KIND_PAUSE, pb.COMMAND_KIND_RESTART, pb.COMMAND_KIND_DELETE):
        with pytest.raises(TaskNotFound):
            await command(ledger, task_id, kind)
    with pytest.raises(TaskNotFound):
        await ledger.reader.attempts(task_id)
    tasks, _, _ = await ledger.changes.page(token)
    assert [task.deleted for task in tasks if task.task_id == hidden.task_id] == [True]


async def test_running_task_deleted_with_force_is_hidden_once_it_has_stopped(ledger: Ledger) -> None:
    task_id, attempt_id = await started(ledger)
    standing = await command(ledger, task_id, pb.COMMAND_KIND_FORCE_DELETE)
    assert standing.place == PLACE_LEASED
    assert len(await ledger.reader.get([task_id])) == 1
    await end(ledger, task_id, attempt_id, AttemptResult.LOST)
    assert await ledger.reader.get([task_id]) == []


async def test_running_task_deleted_with_force_that_completes_first_is_hidden_too(ledger: Ledger) -> None:
    task_id, attempt_id = await started(ledger)
    await command(ledger, task_id, pb.COMMAND_KIND_FORCE_DELETE)
    await record(ledger, success(task_id, attempt_id))
    assert await ledger.reader.get([task_id]) == []


async def test_update_changes_priority_and_labels_and_nothing_else(ledger: Ledger) -> None:
    (task_id,) = await created(ledger, labels={"a": "1", "b": "2"})
    standing = await command(ledger, task_id, pb.COMMAND_KIND_UPDATE, priority=1)
    assert (standing.place, standing.priority) == (PLACE_READY, 1)
    assert dict((await get(ledger, task_id)).labels) == {"a": "1", "b": "2"}
    await command(ledger, task_id, pb.COMMAND_KIND_UPDATE, replace_labels=True, labels={"c": "3"})
    assert dict((await get(ledger, task_id)).labels) == {"c": "3"}
    await command(ledger, task_id, pb.COMMAND_KIND_UPDATE, replace_labels=True)
    task = await get(ledger, task_id)
    assert (dict(task.labels), task.priority, task.version) == ({}, 1, 4)
    with pytest.raises(RefusedByStore):
        await command(ledger, task_id, pb.COMMAND_KIND_UPDATE, priority=9)


async def test_events_say_what_was_done_by_whom_it_was_asked(ledger: Ledger) -> None:
    (task_id,) = await created(ledger)
    await command(ledger, task_id, pb.COMMAND_KIND_PAUSE, reason="lunch\x00")
    assert (await get(ledger, task_id)).command_reason == "lunch\\0"
    await command(ledger, task_id, pb.COMMAND_KIND_UPDATE, priority=1)
    await command(ledger, task_id, pb.COMMAND_KIND_RESUME)
    events, _ = await ledger.reader.events(task_id)
    assert [(event.kind, event.version) for event in events] == [
        ("created", 1),
        ("paused", 2),
        ("updated", 3),
        ("resumed", 4),
    ]
    assert json.loads(events[1].detail_json) == {"reason": "lunch\\0"}
    assert json.loads(events[2].detail_json) == {"priority": 1}


async def test_unknown_task_and_unknown_command_are_refused(ledger: Ledger) -> None:
    with pytest.raises(TaskNotFound):
        await command(ledger, new_id(), pb.COMMAND_KIND_PAUSE)
    (task_id,) = await created(ledger)
    with pytest.raises(InvalidInput):
        await command(ledger, task_id, pb.COMMAND_KIND_UNSPECIFIED)
