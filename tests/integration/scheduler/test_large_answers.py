"""A task whose stages hold more than a message carries: every call about it is answered all the same."""

from __future__ import annotations

import itertools
import json
from typing import Any

from asynctask_chassis.channel import open_channel
from asynctask_core import limits
from asynctask_protos.scheduler.v1 import task_service_pb2 as pb
from asynctask_protos.scheduler.v1.task_service_pb2_grpc import TaskServiceStub
from asynctask_protos.task.v1.state_pb2 import Requested, TaskState
from asynctask_protos.task.v1.task_pb2 import TaskView
from tests.integration.scheduler.cell import raw_id
from tests.integration.scheduler.raw_executor import a_type
from tests.integration.scheduler.test_watch import Watch

LARGE = json.dumps("x" * (limits.RESULT_BYTES - 2))
STAGES = [f"s{number}" for number in range(11)]
CALL_S = 60


async def test_commands_reads_lists_and_watches_of_a_very_large_task_are_answered(start_cell: Any):
    """Broken once on purpose: with full views that have no bound, no read is answered, and whoever waits for the task
    opens the watch again for ever."""
    cell = await start_cell(LEASE="60s")  # nobody renews while megabytes travel
    executor = await cell.executor(a_type(stages=STAGES))
    task_id = await cell.submit()
    assignment = await executor.assignment()
    for stage, next_stage in itertools.pairwise(STAGES):
        await executor.finish_stage(assignment, stage, next_stage, LARGE)
    channel = open_channel(cell.replicas[0].address, max_message_bytes=limits.MESSAGE_BYTES)
    tasks: Any = TaskServiceStub(channel)
    full = TaskView.TASK_VIEW_FULL
    try:
        paused = (await tasks.PauseTask(pb.PauseTaskRequest(task_id=task_id), timeout=CALL_S)).task
        assert paused.requested == Requested.REQUESTED_PAUSE
        control = await executor.control(assignment.attempt_id)
        assert control.requested == Requested.REQUESTED_PAUSE
        read = (await tasks.GetTask(pb.GetTaskRequest(task_id=task_id), timeout=CALL_S)).task
        listed = await tasks.ListTasks(pb.ListTasksRequest(view=full), timeout=CALL_S)
        for task in (read, listed.tasks[0]):
            left_out = [stage.left_out_bytes for stage in task.stages if stage.left_out_bytes]
            assert left_out == [len(LARGE)] * 6
            assert sum(bool(stage.result_json) for stage in task.stages) == 4
        watch = Watch(tasks, task_ids=[task_id], view=full)
        await watch.until(lambda w: w.caught_up, timeout=CALL_S)
        await executor.finish(assignment)
        await watch.until(
            lambda w: w.latest(task_id).task_status == TaskState.TASK_STATE_COMPLETED, timeout=CALL_S
        )
    finally:
        await channel.close()
    assert assignment.task_id == raw_id(task_id)
