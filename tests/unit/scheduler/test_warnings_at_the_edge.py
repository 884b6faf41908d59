"""Warnings as executors send them are checked before anybody counts them; filters tell tasks that have some."""

from __future__ import annotations

from typing import Any

import pytest

from asynctask_core import limits
from asynctask_core.ids import id_text, new_id
from asynctask_protos.scheduler.v1.task_service_pb2 import TaskFilter
from asynctask_protos.task.v1.task_pb2 import Task, TaskWarning
from asynctask_protos.task.v1.work_pb2 import CheckpointEvent, Event
from asynctask_scheduler.api.filters import Matcher, list_request
from asynctask_scheduler.dispatch.event_intake import checked_events


def an_event(*warnings: TaskWarning) -> Event:
    return Event(
        task_id=new_id(),
        attempt_id=new_id(),
        sequence=1,
        checkpoint=CheckpointEvent(stage="copy"),
        warnings=warnings,
    )


def test_warning_within_its_limits_passes_and_its_text_is_made_storable():
    event = an_event(
        TaskWarning(stage="copy", code="A" * limits.WARNING_CODE_CHARS, count=limits.WARNING_COUNT),
        TaskWarning(code="S_1", count=1, text="\0" + "é" * limits.WARNING_TEXT_BYTES),
    )
    assert checked_events("x", [event], 0) == [event]
    assert event.warnings[1].text.startswith("\\0é")
    assert len(event.warnings[1].text.encode()) <= limits.WARNING_TEXT_BYTES


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("code", {"code": "", "count": 1}),
        ("code", {"code": "skipped", "count": 1}),
        ("code", {"code": "A" * (limits.WARNING_CODE_CHARS + 1), "count": 1}),
        ("code", {"code": "A\n", "count": 1}),
        ("count", {"code": "A", "count": 0}),
        ("count", {"code": "A", "count": -1}),
        ("count", {"code": "A", "count": limits.WARNING_COUNT + 1}),
        ("stage", {"code": "A", "count": 1, "stage": "s" * (limits.STAGE_CHARS + 1)}),
        ("stage", {"code": "A", "count": 1, "stage": "a\0b"}),
    ],
)
def test_warning_over_its_limits_is_refused_by_name(field: str, bad: dict[str, Any]):
    event = an_event(TaskWarning(code="FINE", count=1), TaskWarning(**bad))
    (refused,) = checked_events("x", [event], 0)
    assert refused.refused.startswith(f"warnings[1].{field}: ")
    assert not refused.warnings


def test_more_warnings_than_a_task_can_have_are_refused():
    most = [TaskWarning(code="A", count=1, stage=f"s{n}") for n in range(limits.EVENT_WARNINGS + 1)]
    fine, refused = checked_events("x", [an_event(*most[:-1]), an_event(*most)], 0)
    assert not fine.refused
    assert f"must have at most {limits.EVENT_WARNINGS} entries; got" in refused.refused


def test_filter_matches_tasks_with_warnings_those_without_or_both():
    plain, warned = Task(task_id=id_text(new_id())), Task(task_id=id_text(new_id()), warning_count=3)
    for given, expected in ((True, [False, True]), (False, [True, False]), (None, [True, True])):
        task_filter = TaskFilter(has_warnings=given)
        assert [Matcher(task_filter).matches(task) for task in (plain, warned)] == expected
        request = list_request(task_filter)
        assert (request.has_warnings if request.HasField("has_warnings") else None) is given
