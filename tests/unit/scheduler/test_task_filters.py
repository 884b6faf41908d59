"""Which tasks a filter matches: what a watch sends, and what a list keeps of a registry that knows fewer conditions."""

from __future__ import annotations

from typing import Any

import pytest

from asynctask_core.error_fingerprint import error_fingerprint
from asynctask_protos.scheduler.v1.task_service_pb2 import TaskFilter
from asynctask_protos.task.v1.state_pb2 import TaskState
from asynctask_protos.task.v1.task_pb2 import Failure, Task
from asynctask_scheduler.api.filters import Matcher

ID = "0192f0c1-7abc-7def-8123-00aa11bb22cc"
ERROR = Failure(reason="HANDLER_ERROR", error_type="OSError", message="disk 7 is full")
PRINT = error_fingerprint("copy", ERROR)


def a_task(**fields: Any) -> Task:
    state = fields.pop("state", TaskState.TASK_STATE_QUEUED)
    return Task(task_id=ID, task_type="copy", queue="default", task_status=state, **fields)


def test_error_counts_while_its_task_stands_at_failed() -> None:
    """The fingerprint is made here: a registry of an older release gives none."""
    matcher = Matcher(TaskFilter(error_fingerprint=PRINT))
    failed = a_task(state=TaskState.TASK_STATE_FAILED, failure=ERROR)
    assert matcher.matches(failed)
    waits = a_task(state=TaskState.TASK_STATE_PENDING, failure=ERROR)
    assert not matcher.matches(waits)
    assert matcher.may_have_matched(waits), "a watch must send a task that is failed no more"
    failed.failure.message = "disk 7 is gone"
    assert not matcher.matches(failed)
    assert not matcher.matches(a_task(state=TaskState.TASK_STATE_FAILED))


@pytest.mark.parametrize(
    ("text", "labels", "matches"),
    [
        ("OP", {}, True),
        ("copying", {}, False),
        ("RED", {"team": "a Red one"}, True),
        ("team", {"team": "red"}, False),
        ("Team=RED", {"team": "red"}, True),
        ("team=re", {"team": "red"}, False),
        ("a=b=c", {"a=b": "c"}, True),
        ("a=b=c", {"a": "b=c"}, True),
        ("a=b=c", {"x": "a=b=c"}, False),
        (ID, {}, True),
        (ID.upper().replace("-", ""), {}, True),
        (ID[:-1] + "d", {"parent": ID[:-1] + "D"}, True),
        (ID[:-1] + "d", {"note": f"child of {ID[:-1]}d"}, False),
        ("Ü", {"note": "ü"}, False),
        ("%", {"note": "abc"}, False),
    ],
)
def test_text_is_found_in_type_labels_and_id(text: str, labels: dict[str, str], matches: bool) -> None:
    matcher = Matcher(TaskFilter(text=text))
    task = a_task(labels=labels)
    assert matcher.matches(task) is matches
    assert matcher.may_have_matched(task), "labels change"
