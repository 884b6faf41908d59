"""A task as a client is given it."""

import copy
import pickle
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from asynctask._client.info import TaskInfoPage
from asynctask._client.info_wire import attempt_of, log_line_of, task_of, task_type_of
from asynctask_core.ids import parse_id
from asynctask_core.message_json.encode import to_json
from asynctask_protos.scheduler.v1.task_service_pb2 import ListTasksResponse
from asynctask_protos.task.v1 import state_pb2, task_pb2, task_type_pb2


def a_task(stage: str) -> task_pb2.Task:
    return task_pb2.Task(
        task_status=state_pb2.TASK_STATE_RUNNING,
        stage=stage,
        stages=[
            task_pb2.Stage(name="scan", progress=task_pb2.Progress(done=3, total=3)),
            task_pb2.Stage(name="copy", progress=task_pb2.Progress(done=1, total=4, unit="files")),
            task_pb2.Stage(name="verify"),
        ],
    )


def test_progress_of_a_task_is_that_of_the_stage_in_which_it_stands():
    progress = task_of(a_task("copy")).progress
    assert progress is not None
    assert (progress.done, progress.total, progress.unit) == (1, 4, "files")


def test_type_that_leaves_numbers_out_is_shown_with_those_that_hold():
    """Fails when it is said to have a budget of 0, while its tasks may lose three executors."""
    kind = task_type_of(task_type_pb2.TaskType(name="t"))
    assert kind.crash_budget == 3
    assert kind.retry.max_attempts == 3


def test_stage_that_has_not_reported_yet_has_no_progress():
    assert task_of(a_task("verify")).progress is None
    assert task_of(a_task("")).progress is None


@pytest.mark.parametrize("text", ["oops", "NaN", "[" * 100_000])
def test_what_is_no_json_keeps_nobody_from_reading_the_task(text: str) -> None:
    """Fails when an executor in another language breaks everybody's lists by the result of one task."""
    stage = task_pb2.Stage(name="scan", result_json=text, checkpoint_json=text)
    found = task_of(task_pb2.Task(task_config=text, result_json=text, stages=[stage]))
    assert (found.config, found.result) == (text, text)
    assert (found.stages[0].result, found.stages[0].checkpoint) == (text, text)
    assert (found.to_json()["result"], found.to_json()["stages"][0]["checkpoint"]) == (text, text)


def test_answer_is_written_as_it_came_and_only_what_came_is_written():
    """Fails when `to_json` of a value that a program changed gives what it was before."""
    task = task_of(a_task("copy"))
    assert task.to_json() == to_json(a_task("copy"))
    assert task.stages[0].to_json() == task.to_json()["stages"][0]
    assert "_message" not in repr(task)
    for other in (replace(task, percent=50), pickle.loads(pickle.dumps(task))):
        with pytest.raises(ValueError, match="needs a TaskInfo as a cluster answered it"):
            other.to_json()
    assert pickle.loads(pickle.dumps(task)) == replace(task, percent=task.percent) == task


def test_task_of_a_page_does_not_hold_the_page():
    """Fails when a program that keeps one task of each page keeps the memory of all pages."""
    page = ListTasksResponse(tasks=[a_task("copy")])
    task = task_of(page.tasks[0])
    page.tasks[0].stages[1].name = "changed later"
    assert task.to_json() == to_json(a_task("copy"))
    assert task.stages[1].to_json()["name"] == "copy"


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda page: pickle.loads(pickle.dumps(page))])
def test_page_can_be_copied_and_pickled(again: Callable[[TaskInfoPage], TaskInfoPage]):
    page = TaskInfoPage([task_of(a_task("copy"))], "next", datetime(2026, 1, 31, tzinfo=UTC))
    made = again(page)
    assert (made, made.looked_back_to) == (page, page.looked_back_to)
    assert type(made) is TaskInfoPage


def test_percent_has_no_more_digits_than_people_read():
    """Fails when a share of a weighted sum is given as 20.499999999999996."""
    assert (
        task_of(task_pb2.Task(task_status=state_pb2.TASK_STATE_RUNNING, percent=20.499999999999996)).percent
        == 20.5
    )


def test_log_line_and_attempt_spell_the_same_attempt_alike():
    """Fails when a line of `logs --json` cannot be joined with those of `attempts --json`."""
    attempt_id = "0199a5c2-7d1e-7c3a-9b1f-0123456789ab"
    line = log_line_of(task_pb2.LogLine(attempt_id=parse_id(attempt_id), message="hello"))
    assert line.attempt_id == attempt_of(task_pb2.Attempt(attempt_id=attempt_id)).attempt_id == attempt_id
    assert log_line_of(task_pb2.LogLine(message="hello")).attempt_id == ""
