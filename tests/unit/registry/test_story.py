"""A task's story: what is kept of it, put in order and into words."""

from __future__ import annotations

import json
import random
from typing import Any, cast

import pytest

from asynctask_core.states import TaskState
from asynctask_core.wire import from_timestamp, to_timestamp
from asynctask_protos.task.v1.task_pb2 import Stage, Task
from asynctask_registry.ledger import story
from asynctask_registry.store.pool import Row

ERROR = '{"reason": "HANDLER_ERROR", "error_type": "OSError", "message": "no disk", "stage": "copy"}'
GONE = '{"reason": "EXECUTOR_LOST", "message": "lost its executor 3 times"}'


class Kept:
    """What is kept of a task, in microseconds of its life."""

    def __init__(self) -> None:
        self.commands: list[dict[str, Any]] = []
        self.attempts: list[dict[str, Any]] = []
        self.stages: list[dict[str, Any]] = []

    def command(self, at: int, kind: str, **detail: Any) -> Kept:
        version = 2 + len(self.commands)
        self.commands.append(
            {"time": at, "kind": kind, "version": version, "detail": json.dumps(detail), "actor": ""}
        )
        return self

    def attempt(
        self, begin: int, end: int | None, result: str | None, failure: str | None = None, run: int = 1
    ) -> Kept:
        self.attempts.append(
            {
                "lease_epoch": 1 + len(self.attempts),
                "run": run,
                "executor_id": f"e{1 + len(self.attempts)}",
                "start_time": begin,
                "end_time": end,
                "execution_result": result,
                "failure": failure,
            }
        )
        return self

    def stage(self, name: str, end: int | None) -> Kept:
        self.stages.append({"stage": name, "end_time": end, "position": len(self.stages)})
        return self

    def tell(self, state: TaskState = TaskState.RUNNING, **task: Any) -> list[story.StoryEvent]:
        values: dict[str, Any] = {
            "task_type": "copy",
            "queue": "default",
            "submit_time": to_timestamp(1),
            "run": 1,
        }
        found = Task(task_status=cast("Any", state.number), **(values | task))
        rows = [cast("list[Row]", list(one)) for one in (self.commands, self.attempts, self.stages)]
        for part in rows:
            random.Random(7).shuffle(part)
        return story.tell(found, *rows)


def kinds(told: list[story.StoryEvent]) -> list[str]:
    return [one.event.kind for one in told]


def details(told: list[story.StoryEvent], kind: str) -> list[dict[str, Any]]:
    return [json.loads(one.event.detail_json) for one in told if one.event.kind == kind]


def test_whole_story_is_told_in_order():
    kept = (
        Kept()
        .attempt(10, 20, "lost")
        .attempt(30, 40, "failed", ERROR)
        .attempt(50, 70, "paused")
        .attempt(90, 110, "success")
        .stage("compare", 35)
        .stage("copy", 95)
        .stage("verify", None)
        .command(60, "pause_requested", reason="lunch")
        .command(80, "resumed")
    )
    told = kept.tell(TaskState.COMPLETED, warning_counts={"SKIPPED": 51})
    assert kinds(told) == [
        "created", "started", "lost", "continued", "stage_finished", "attempt_failed", "retried", "pause_requested",
        "paused", "resumed", "continued", "stage_finished", "completed",
    ]  # fmt: skip
    assert details(told, "created") == [{"task_type": "copy", "queue": "default"}]
    assert details(told, "started") == [{"attempt": 1, "executor": "e1"}]
    assert details(told, "lost") == [{"attempt": 1, "executor": "e1"}]
    assert details(told, "retried") == [
        {
            "attempt": 3,
            "executor": "e3",
            "after": "attempt_failed",
            "reason": "HANDLER_ERROR",
            "message": "no disk",
        }
    ]
    assert [one["after"] for one in details(told, "continued")] == ["lost", "paused"]
    assert details(told, "completed") == [{"attempt": 4, "executor": "e4", "warnings": {"SKIPPED": 51}}]
    assert [one.event.version for one in told if one.event.kind in ("pause_requested", "resumed")] == [2, 3]


def test_failed_attempt_is_told_from_a_failed_task():
    twice = Kept().attempt(10, 20, "failed", ERROR).attempt(30, 40, "failed", ERROR)
    waiting = twice.tell(TaskState.PENDING, due_time=to_timestamp(60_000_000))
    assert kinds(waiting)[1:] == ["started", "attempt_failed", "retried", "attempt_failed"]
    assert "retry_at" not in details(waiting, "attempt_failed")[0]
    assert details(waiting, "attempt_failed")[1]["retry_at"] == "1970-01-01T00:01:00+00:00"
    failed = twice.tell(TaskState.FAILED)
    assert kinds(failed)[1:] == ["started", "attempt_failed", "retried", "failed"]
    assert details(failed, "failed") == [
        {
            "attempt": 2,
            "executor": "e2",
            "stage": "copy",
            "reason": "HANDLER_ERROR",
            "error_type": "OSError",
            "message": "no disk",
        }
    ]


def test_task_that_failed_for_want_of_executors_says_both():
    told = Kept().attempt(10, 20, "lost").attempt(30, 40, "lost", GONE).tell(TaskState.FAILED)
    assert kinds(told)[1:] == ["started", "lost", "continued", "lost", "failed"]
    assert details(told, "failed")[0]["reason"] == "EXECUTOR_LOST"


@pytest.mark.parametrize(("result", "extra"), [("cancelled", []), ("lost", ["lost"]), ("released", [])])
def test_end_after_a_cancel_was_asked_for_is_the_cancel(result: str, extra: list[str]):
    told = Kept().attempt(10, 30, result).command(20, "cancel_requested").tell(TaskState.CANCELLED)
    assert kinds(told)[1:] == ["started", "cancel_requested", *extra, "cancelled"]


def test_pause_that_was_withdrawn_is_a_task_given_back():
    kept = Kept().attempt(10, 40, "paused").command(20, "pause_requested").command(30, "resumed")
    assert kinds(kept.tell(TaskState.QUEUED))[1:] == ["started", "pause_requested", "resumed", "released"]


def test_runs_before_a_restart_keep_their_ends():
    kept = (
        Kept()
        .attempt(10, 20, "failed", ERROR)
        .command(30, "restarted", reason="new disk")
        .attempt(40, 50, "failed", ERROR, run=2)
        .command(55, "updated", priority=1)
        .command(60, "cancelled")
        .command(70, "restarted")
        .attempt(80, None, None, run=3)
    )
    told = kept.tell(run=3)
    assert kinds(told)[1:] == [
        "started", "failed", "restarted", "started", "attempt_failed", "updated", "cancelled", "restarted", "started",
    ]  # fmt: skip
    assert [one.get("run") for one in details(told, "started")] == [None, 2, 3]


def test_handler_that_postpones_its_task_is_told_from_an_executor_that_gives_it_back():
    told = (
        Kept().attempt(10, 20, "released", ERROR).attempt(30, 40, "released").attempt(50, None, None).tell()
    )
    assert kinds(told)[1:] == ["started", "postponed", "retried", "released", "continued"]


def test_events_of_one_moment_have_one_order_however_they_are_read():
    kept = (
        Kept()
        .command(10, "paused")
        .command(10, "resumed")
        .attempt(10, 10, "success")
        .stage("compare", 10)
        .stage("copy", 10)
    )
    told = kept.tell(TaskState.COMPLETED)
    assert kinds(told) == [
        "created", "paused", "resumed", "started", "stage_finished", "stage_finished", "completed"
    ]  # fmt: skip
    assert [one["stage"] for one in details(told, "stage_finished")] == ["compare", "copy"]
    places = [one.place for one in told]
    assert places == sorted(set(places))


def test_last_stage_finishes_like_those_before_it():
    """Fails when only stages that another one follows are told of: the last one has no row of its own."""
    kept = Kept().attempt(10, 20, "success").attempt(30, 50, "success", run=2).stage("compare", 40)
    stages = [Stage(name="compare"), Stage(name="copy")]
    told = kept.tell(TaskState.COMPLETED, run=2, stage="copy", stages=stages)
    assert kinds(told) == [
        "created", "started", "completed", "started", "stage_finished", "stage_finished", "completed"
    ]  # fmt: skip
    assert [one["stage"] for one in details(told, "stage_finished")] == ["compare", "copy"]
    places = [one.place for one in told]
    assert places == sorted(set(places))
    assert [one.event.kind for one in story.after(told, told[-2].cursor)] == ["completed"]


def test_creation_is_first_whatever_the_submitters_clock_says():
    told = Kept().attempt(10, 20, "success").tell(TaskState.COMPLETED, submit_time=to_timestamp(5_000_000))
    assert kinds(told) == ["created", "started", "completed"]
    assert from_timestamp(told[0].event.time) == 5_000_000
    assert [one.event.kind for one in story.after(told, told[0].cursor)] == ["started", "completed"]


def test_cursor_goes_on_after_its_event_also_when_more_has_happened():
    kept = Kept().attempt(10, 20, "lost").attempt(30, None, None)
    told = kept.tell()
    assert story.after(told, "") == told
    cursor = told[2].cursor
    kept.attempts[1] |= {"end_time": 40, "execution_result": "success"}
    rest = story.after(kept.tell(TaskState.COMPLETED), cursor)
    assert kinds(list(rest)) == ["continued", "completed"]


def test_long_messages_are_cut_and_every_kind_is_documented():
    long = json.dumps({"reason": "HANDLER_ERROR", "message": "é" * 9000})
    told = Kept().attempt(10, 20, "failed", long).attempt(30, None, None).tell()
    assert len(details(told, "attempt_failed")[0]["message"].encode()) <= 1024
    assert set(kinds(told)) <= set(story.KINDS)
