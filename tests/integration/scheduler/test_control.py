"""Pause, cancel, resume, restart, delete and update, and how they reach a running task."""

from __future__ import annotations

import time

from google.protobuf.field_mask_pb2 import FieldMask

from asynctask_core.errors import TaskNotFound, WrongState
from asynctask_core.ids import id_text, new_id
from asynctask_protos.scheduler.v1 import task_service_pb2 as pb
from asynctask_protos.task.v1.state_pb2 import AttemptResult, Requested, TaskState
from tests.integration.scheduler.cell import Cell, error_of
from tests.support.promptness import MEASURED, in_time

RUNNING, PAUSED, CANCELLED = (
    TaskState.TASK_STATE_RUNNING,
    TaskState.TASK_STATE_PAUSED,
    TaskState.TASK_STATE_CANCELLED,
)


async def test_cancel_of_a_running_task_reaches_its_executor_within_a_second(cell: Cell):
    executor = await cell.executor()

    async def took_s() -> float:
        task_id = await cell.submit()
        assignment = await executor.assignment()
        began = time.monotonic()
        task = (await cell.tasks.CancelTask(pb.CancelTaskRequest(task_id=task_id, reason="enough"))).task
        assert (task.task_status, task.requested) == (RUNNING, Requested.REQUESTED_CANCEL)
        control = await executor.control(assignment.attempt_id)
        took = time.monotonic() - began
        assert control.requested == Requested.REQUESTED_CANCEL
        await executor.finish(assignment, AttemptResult.ATTEMPT_RESULT_CANCELLED)
        task = await cell.get(task_id)
        assert (task.task_status, task.command_reason) == (CANCELLED, "enough")
        return took

    await in_time(1, took_s)


async def test_a_request_reaches_the_replica_that_holds_the_stream(start_cell):
    cell = await start_cell(schedulers=2)
    executor = await cell.executor(replica=1, slots=MEASURED)

    async def took_s() -> float:
        task_id = await cell.submit()
        assignment = await executor.assignment()
        began = time.monotonic()
        await cell.tasks.PauseTask(pb.PauseTaskRequest(task_id=task_id))
        control = await executor.control(assignment.attempt_id)
        assert control.requested == Requested.REQUESTED_PAUSE
        return time.monotonic() - began

    await in_time(1, took_s)


async def test_pause_and_resume_of_a_running_task_keep_its_checkpoint(cell: Cell):
    executor = await cell.executor()
    task_id = await cell.submit()
    assignment = await executor.assignment()
    await executor.checkpoint(assignment, "run", '{"at": 5}')
    await cell.tasks.PauseTask(pb.PauseTaskRequest(task_id=task_id))
    await executor.control(assignment.attempt_id)
    await executor.finish(assignment, AttemptResult.ATTEMPT_RESULT_PAUSED)
    assert (await cell.get(task_id)).task_status == PAUSED
    await cell.tasks.ResumeTask(pb.ResumeTaskRequest(task_id=task_id))
    again = await executor.assignment()
    assert again.attempt_id != assignment.attempt_id
    assert again.checkpoint.json == '{"at": 5}'
    assert again.epoch == assignment.epoch + 1
    await executor.finish(again)


async def test_a_withdrawn_pause_is_told_to_the_executor(cell: Cell):
    executor = await cell.executor()
    task_id = await cell.submit()
    assignment = await executor.assignment()
    await cell.tasks.PauseTask(pb.PauseTaskRequest(task_id=task_id))
    await executor.control(assignment.attempt_id)
    executor.controls.clear()
    await cell.tasks.ResumeTask(pb.ResumeTaskRequest(task_id=task_id))
    control = await executor.control(assignment.attempt_id)
    assert (control.requested, control.lost) == (Requested.REQUESTED_UNSPECIFIED, False)


async def test_renew_and_acknowledgements_carry_what_is_requested(cell: Cell):
    executor = await cell.executor()
    task_id = await cell.submit()
    assignment = await executor.assignment()
    await cell.tasks.PauseTask(pb.PauseTaskRequest(task_id=task_id))
    renewed = await executor.renew()
    assert [control.requested for control in renewed.controls] == [Requested.REQUESTED_PAUSE]
    ack = await executor.checkpoint(assignment, "run", "1")
    assert ack.requested == Requested.REQUESTED_PAUSE


async def test_a_paused_queued_task_is_not_given_to_anybody(cell: Cell):
    await cell.register()
    paused, other = await cell.submit(), await cell.submit()
    await cell.tasks.PauseTask(pb.PauseTaskRequest(task_id=paused))
    executor = await cell.executor()
    assert id_text((await executor.assignment()).task_id) == other
    assert executor.waiting == 0
    await cell.tasks.ResumeTask(pb.ResumeTaskRequest(task_id=paused))
    assert id_text((await executor.assignment()).task_id) == paused


async def test_a_task_that_was_cancelled_can_be_restarted_and_deleted(cell: Cell):
    executor = await cell.executor()
    task_id = await cell.submit(delay_ms=60_000)
    await cell.tasks.CancelTask(pb.CancelTaskRequest(task_id=task_id))
    assert (await cell.get(task_id)).task_status == CANCELLED
    restart = pb.RestartTaskRequest(task_id=task_id, start_now=True)
    task = (await cell.tasks.RestartTask(restart)).task
    assert task.run == 2
    await executor.finish(await executor.assignment())
    await cell.until_state(task_id, TaskState.TASK_STATE_COMPLETED)
    assert (await cell.tasks.DeleteTask(pb.DeleteTaskRequest(task_id=task_id))).deleted
    assert isinstance(await error_of(cell.tasks.GetTask(pb.GetTaskRequest(task_id=task_id))), TaskNotFound)


async def test_delete_of_a_running_task_needs_force_and_waits_for_its_end(cell: Cell):
    executor = await cell.executor()
    task_id = await cell.submit()
    assignment = await executor.assignment()
    assert isinstance(
        await error_of(cell.tasks.DeleteTask(pb.DeleteTaskRequest(task_id=task_id))), WrongState
    )
    assert not (await cell.tasks.DeleteTask(pb.DeleteTaskRequest(task_id=task_id, force=True))).deleted
    await executor.control(assignment.attempt_id)
    await executor.finish(assignment, AttemptResult.ATTEMPT_RESULT_CANCELLED)
    assert isinstance(await error_of(cell.tasks.GetTask(pb.GetTaskRequest(task_id=task_id))), TaskNotFound)


async def test_a_new_priority_changes_who_is_next(cell: Cell):
    await cell.register()
    first, second = await cell.submit(), await cell.submit()
    task = (
        await cell.tasks.UpdateTask(
            pb.UpdateTaskRequest(
                task_id=second,
                priority=1,
                labels={"why": "urgent"},
                update_mask=FieldMask(paths=["priority", "labels"]),
            )
        )
    ).task
    assert (task.priority, dict(task.labels)) == (1, {"why": "urgent"})
    executor = await cell.executor(slots=1)
    assert id_text((await executor.assignment()).task_id) == second
    assert first != second


async def test_commands_that_make_no_sense_say_so_and_change_nothing(cell: Cell):
    executor = await cell.executor()
    task_id = await cell.submit()
    await executor.finish(await executor.assignment())
    before = await cell.until_state(task_id, TaskState.TASK_STATE_COMPLETED)
    for call in (
        cell.tasks.PauseTask(pb.PauseTaskRequest(task_id=task_id)),
        cell.tasks.ResumeTask(pb.ResumeTaskRequest(task_id=task_id)),
        cell.tasks.CancelTask(pb.CancelTaskRequest(task_id=task_id)),
    ):
        error = await error_of(call)
        assert isinstance(error, WrongState)
        assert error.metadata["state"] == "completed"
    assert await cell.get(task_id) == before
    unknown = id_text(new_id())
    error = await error_of(cell.tasks.CancelTask(pb.CancelTaskRequest(task_id=unknown)))
    assert isinstance(error, TaskNotFound)
    error = await error_of(cell.tasks.CancelTask(pb.CancelTaskRequest(task_id="17")))
    assert error.violations[0].field == "task_id"
