"""Why a task does not run, in a real cell: over its life, and whichever replica is asked."""

from __future__ import annotations

from typing import Any

from asynctask_core.errors import TaskNotFound
from asynctask_core.ids import parse_id
from asynctask_protos.scheduler.v1 import task_service_pb2 as pb
from asynctask_protos.task.v1.explanation_pb2 import Explanation, ExplanationKind
from tests.integration.scheduler.cell import error_of
from tests.integration.scheduler.raw_executor import a_type
from tests.support.conditions import eventually


def kinds(told: Explanation) -> list[str]:
    return [ExplanationKind.Name(reason.kind).removeprefix("EXPLANATION_KIND_") for reason in told.reasons]


async def explanation(cell: Any, task_id: str, *, replica: int = 0) -> Explanation:
    answer = await cell.replicas[replica].tasks.ExplainTask(pb.ExplainTaskRequest(task_id=task_id))
    return answer.explanation


async def until_told(cell: Any, task_id: str, *words: str, replica: int = 0) -> Explanation:
    """Wait until a task is explained by these reasons."""
    last: list[Explanation] = []

    async def is_told() -> bool:
        last[:] = [await explanation(cell, task_id, replica=replica)]
        return kinds(last[0]) == list(words)

    await eventually(is_told)
    return last[0]


async def test_a_task_is_explained_from_its_submit_to_its_end(start_cell):
    """At the replica without the executor: what an explanation needs is in the stores, not in one scheduler."""
    cell = await start_cell(schedulers=2)
    await cell.register()
    task_id = await cell.submit(priority=2)
    told = await until_told(cell, task_id, "NO_EXECUTOR", replica=1)
    assert told.summary == "No executor is connected; it needs one that runs type noop in queue default."
    executor = await cell.executor(slots=1)
    assignment = await executor.assignment()
    assert assignment.task_id == parse_id(task_id)
    told = await until_told(cell, task_id, "RUNNING", replica=1)
    assert told.reasons[0].attempt.executor_id == executor.executor_id
    assert told.reasons[0].attempt.silent_ms < 60_000
    await executor.progress(assignment, "run", 1, 2)
    await eventually(lambda: _has_progress(cell, task_id))

    waiting = await cell.submit(priority=4)
    urgent = await cell.submit(priority=1)
    told = await until_told(cell, waiting, "SLOTS_FULL", "BEHIND_OTHERS", replica=1)
    assert (told.reasons[0].executors.slots, told.reasons[0].executors.running) == (1, 1)
    assert (told.reasons[1].position.ahead, told.reasons[1].position.first_priority) == (1, 1)
    assert kinds(await explanation(cell, urgent)) == ["SLOTS_FULL"]
    await executor.finish(assignment)
    assert (await executor.assignment()).task_id == parse_id(urgent)
    told = await until_told(cell, task_id, "ENDED", replica=1)
    assert told.summary == "It has ended: completed."


async def _has_progress(cell: Any, task_id: str) -> bool:
    told = await explanation(cell, task_id, replica=1)
    return told.reasons[0].attempt.HasField("progress_time")


async def test_a_limit_a_time_and_a_pause_are_explained(start_cell):
    cell = await start_cell()
    executor = await cell.executor(a_type(max_running=1), slots=5)
    first = await cell.submit()
    await executor.assignment()
    second = await cell.submit()
    told = await until_told(cell, second, "LIMIT_FULL")
    assert (told.reasons[0].limit.limit, told.reasons[0].limit.running) == (1, 1)
    later = await cell.submit(delay_ms=3_600_000)
    told = await until_told(cell, later, "START_TIME")
    assert told.reasons[0].due.HasField("due_time")
    await cell.tasks.PauseTask(pb.PauseTaskRequest(task_id=second, reason="not now"))
    told = await until_told(cell, second, "PAUSED")
    assert told.reasons[0].command.reason == "not now"
    assert told.reasons[0].command.actor
    await until_told(cell, first, "RUNNING")


async def test_a_task_that_does_not_exist_is_not_explained(start_cell):
    cell = await start_cell()
    error = await error_of(explanation(cell, "0198c0de-0000-7000-8000-000000000001"))
    assert isinstance(error, TaskNotFound)
