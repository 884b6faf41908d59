"""What `explain` prints, and what `get` adds to a task that is held up."""

import json
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from asynctask import ExplanationInfo
from asynctask._client.info_wire import explanation_of, task_of
from asynctask.errors import StoreUnavailable
from asynctask_protos.task.v1 import explanation_pb2 as pb
from asynctask_protos.task.v1 import state_pb2, task_pb2
from asynctask_standalone.cli import explain, tasks
from asynctask_standalone.cli.app import app

SLOTS = pb.ExplanationReason(
    kind=pb.EXPLANATION_KIND_SLOTS_FULL,
    summary="All 2 slots are taken.",
    executors=pb.ExecutorFacts(able=1, slots=2, running=2, connected=1),
)
BEHIND = pb.ExplanationReason(
    kind=pb.EXPLANATION_KIND_BEHIND_OTHERS,
    summary="Others go before it.",
    position=pb.PositionFacts(ahead=3, first_priority=1, priority=3),
)
NOBODY = pb.ExplanationReason(
    kind=pb.EXPLANATION_KIND_NO_EXECUTOR,
    summary="No connected executor serves it.",
    executors=pb.ExecutorFacts(connected=1, connected_queues=["night"]),
)


def running(*, connected: bool) -> pb.ExplanationReason:
    return pb.ExplanationReason(
        kind=pb.EXPLANATION_KIND_RUNNING,
        summary="Executor one has it.",
        attempt=pb.AttemptFacts(executor_id="one", connected=connected),
    )


def told(*reasons: pb.ExplanationReason, state: str = "QUEUED") -> ExplanationInfo:
    number = state_pb2.TaskState.Value(f"TASK_STATE_{state}")
    return explanation_of(
        pb.Explanation(task_id="t", task_status=number, summary=reasons[0].summary, reasons=reasons)
    )


class TaskCluster:
    """Knows one task, and counts how often it explains it."""

    def __init__(self, explanation: ExplanationInfo | Exception, state: str = "QUEUED") -> None:
        self.asked = 0
        self._explanation = explanation
        self._task = task_pb2.Task(
            task_id="t",
            task_type="count",
            queue="default",
            task_status=state_pb2.TaskState.Value(f"TASK_STATE_{state}"),
        )

    def get(self, _: str) -> Any:
        return task_of(self._task)

    def explain(self, _: str) -> ExplanationInfo:
        self.asked += 1
        if isinstance(self._explanation, Exception):
            raise self._explanation
        return self._explanation


def ran(monkeypatch: pytest.MonkeyPatch, cluster: TaskCluster, *line: str) -> str:
    for module in (tasks, explain):
        monkeypatch.setattr(module, "client", lambda *_, **__: nullcontext(cluster))
    return CliRunner().invoke(app, line, catch_exceptions=False).output


def test_reasons_are_listed_with_the_one_to_act_on_first(monkeypatch: pytest.MonkeyPatch):
    output = ran(monkeypatch, TaskCluster(told(SLOTS, BEHIND)), "explain", "t")
    assert output == "◌ queued\n→ All 2 slots are taken.\n· Others go before it.\n"


def test_missing_executor_comes_with_the_command_that_starts_one(monkeypatch: pytest.MonkeyPatch):
    output = ran(monkeypatch, TaskCluster(told(NOBODY)), "explain", "t")
    assert output.splitlines()[1] == "→ No connected executor serves it."
    assert output.splitlines()[2].startswith("! To run it, start one with ")
    assert "`--queue default`" in output


def test_json_has_the_names_of_rest(monkeypatch: pytest.MonkeyPatch):
    output = ran(monkeypatch, TaskCluster(told(BEHIND)), "explain", "t", "--json")
    assert json.loads(output) == {
        "task_id": "t",
        "task_status": "queued",
        "summary": "Others go before it.",
        "reasons": [
            {
                "kind": "behind_others",
                "summary": "Others go before it.",
                "position": {"ahead": 3, "first_priority": 1, "priority": 3, "ahead_elsewhere": 0},
            }
        ],
    }


def test_reason_of_a_later_version_is_shown_by_its_sentence(monkeypatch: pytest.MonkeyPatch):
    """Fails when a client breaks at a kind that it does not know."""
    later: Any = 999
    reason = pb.ExplanationReason(kind=later, summary="Its time window is closed.")
    assert ran(monkeypatch, TaskCluster(told(reason)), "explain", "t").endswith(
        "→ Its time window is closed.\n"
    )
    assert told(reason).reasons[0].kind == "999"


def test_get_says_what_holds_a_task_up(monkeypatch: pytest.MonkeyPatch):
    output = ran(monkeypatch, TaskCluster(told(SLOTS, BEHIND)), "get", "t")
    assert output.endswith("! All 2 slots are taken.\n! Others go before it.\n")
    assert "no executor" not in output


def test_get_marks_a_task_that_no_executor_runs(monkeypatch: pytest.MonkeyPatch):
    output = ran(monkeypatch, TaskCluster(told(NOBODY)), "get", "t")
    assert "◌ queued (no executor)" in output
    assert "! No connected executor serves it. To run it, start one with " in output


@pytest.mark.parametrize("connected", [True, False])
def test_get_says_when_the_executor_of_a_running_task_is_gone(
    monkeypatch: pytest.MonkeyPatch, connected: bool
):
    output = ran(monkeypatch, TaskCluster(told(running(connected=connected)), "RUNNING"), "get", "t")
    assert ("! Executor one has it." in output) is not connected


@pytest.mark.parametrize("state", ["COMPLETED", "PAUSED", "PENDING"])
def test_get_asks_only_about_tasks_that_could_run(monkeypatch: pytest.MonkeyPatch, state: str):
    cluster = TaskCluster(told(BEHIND), state)
    assert "!" not in ran(monkeypatch, cluster, "get", "t")
    assert cluster.asked == 0


def test_get_shows_the_task_where_nothing_explains_it(monkeypatch: pytest.MonkeyPatch):
    output = ran(monkeypatch, TaskCluster(StoreUnavailable("Redis is away")), "get", "t")
    assert "◌ queued" in output
    assert "!" not in output


def test_error_of_an_explanation_is_told(monkeypatch: pytest.MonkeyPatch):
    cluster: Any = SimpleNamespace(explain=TaskCluster(StoreUnavailable("Redis is away")).explain)
    with pytest.raises(StoreUnavailable):
        ran(monkeypatch, cluster, "explain", "t")
