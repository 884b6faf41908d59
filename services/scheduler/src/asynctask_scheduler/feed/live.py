"""Puts live progress into a task that was read from the registry."""

from __future__ import annotations

from asynctask_core.progress import StageShare, percent
from asynctask_core.states import StageState
from asynctask_protos.scheduler.v1.executor_service_pb2 import ProgressReport
from asynctask_protos.task.v1.state_pb2 import TaskState
from asynctask_protos.task.v1.task_pb2 import Task

_STATES = {state.number: state for state in StageState}


def lay_over(task: Task, report: ProgressReport) -> bool:
    """Put the report into its stage, and update the percentage; False if the task is no longer in that stage."""
    if task.task_status != TaskState.TASK_STATE_RUNNING or (task.stage and task.stage != report.stage):
        return False
    stage = next((stage for stage in task.stages if stage.name == report.stage), None)
    if stage is None:
        return False
    stage.progress.CopyFrom(report.progress)
    stage.state = StageState.RUNNING.number  # pyright: ignore[reportAttributeAccessIssue] - the enum's number
    task.percent = percent(
        [
            StageShare(
                stage.weight,
                _STATES.get(stage.state, StageState.WAITING),
                stage.progress.done,
                stage.progress.total,
            )
            for stage in task.stages
        ]
    )
    return True
