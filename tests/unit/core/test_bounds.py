"""Every field of every request has a bound, and the checks keep to it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from google.protobuf.descriptor import Descriptor

from asynctask_core import limits
from asynctask_core.bounds import chunk as chunks
from asynctask_core.bounds import hot, kinds
from asynctask_core.bounds.checker import check_fields, check_message, plan_of
from asynctask_core.bounds.table import HOT, SIZES, TABLE
from asynctask_core.errors import InvalidInput, TooLarge
from asynctask_core.ids import new_id
from asynctask_core.progress import StageShare, percent
from asynctask_core.states import StageState
from asynctask_core.validate import Violations
from asynctask_protos.registry.v1 import ledger_service_pb2
from asynctask_protos.registry.v1.ledger_service_pb2 import NewTask
from asynctask_protos.scheduler.v1 import executor_service_pb2, task_service_pb2, task_type_service_pb2
from asynctask_protos.task.v1 import task_type_pb2
from asynctask_protos.task.v1.state_pb2 import AttemptResult
from asynctask_protos.task.v1.task_pb2 import LogLine, Progress, TaskWarning
from asynctask_protos.task.v1.work_pb2 import Event
from tests.support import requests

REACHED: dict[str, Descriptor] = {}
for _method in requests.methods():
    requests.reached(_method.input_type, REACHED)
MODULES = {
    "asynctask.task.v1": "task.py",
    "asynctask.scheduler.v1": "scheduler.py",
    "asynctask.registry.v1": "registry.py",
}


def test_every_field_that_a_request_can_hold_has_a_bound() -> None:
    """A request reaches a message if it is a method's input, or the type of a field of one that a request reaches."""
    missing = [
        f"{field.full_name} comes with requests and has no bound: give it a row in "
        f"libs/core/src/asynctask_core/bounds/{MODULES.get(message.file.package, 'task.py')}, then run ./dev docs"
        for message in REACHED.values()
        for field in message.fields
        if field.name not in TABLE.get(message.full_name, {})
    ]
    assert not missing, "\n" + "\n".join(missing)


def test_the_table_has_no_row_for_what_no_request_holds() -> None:
    stale = [name for name in TABLE if name not in REACHED]
    stale += [
        f"{name}.{field}"
        for name, rows in TABLE.items()
        for field in rows
        if name in REACHED and field not in REACHED[name].fields_by_name
    ]
    assert not stale, f"rows of libs/core/src/asynctask_core/bounds that bound nothing: {stale}"


def test_hot_calls_and_whole_sizes_name_what_exists() -> None:
    calls = {requests.call_of(method): method for method in requests.methods()}
    assert not set(HOT) - set(calls)
    assert not set(SIZES) - set(REACHED)
    # Streams of requests are decoded by their handlers: the interceptor never sees one of their messages.
    assert {call for call, method in calls.items() if method.client_streaming} <= set(HOT)


@pytest.mark.parametrize("name", sorted(REACHED))
def test_values_at_every_bound_of_a_message_are_taken_and_those_over_it_are_refused(name: str) -> None:
    descriptor = REACHED[name]
    for number, (field_name, bound) in plan_of(descriptor).fields.items():
        field = descriptor.fields_by_number[number]
        if isinstance(bound, kinds.OutputOnly):
            continue
        message = requests.valid(descriptor)
        requests.clear_siblings(message, field)
        message.ClearField(field_name)
        requests.put(message, field, requests.at(bound, field))
        assert found(message) == [], field.full_name
        for value in requests.over(bound, field):
            message.ClearField(field_name)
            requests.put(message, field, value)
            wrong = found(message)
            assert wrong, (field.full_name, str(value)[:60])
            assert all(path.startswith(field_name) for path, _ in wrong), wrong
            assert all(len(text) < 500 for _, text in wrong)
        if bound.required:
            message.ClearField(field_name)
            assert found(message) == [(field_name, "is required")]


def found(message: Any) -> list[tuple[str, str]]:
    violations = Violations()
    check_fields(message, violations)
    return [(one.field, one.description) for one in violations.found]


# --- the checks of hot messages keep to the same table ----------------------------------------------------------------


def an_event(kind: str) -> Event:
    event = Event(task_id=new_id(), attempt_id=new_id(), sequence=1)
    getattr(event, kind).SetInParent()
    if kind == "outcome":
        event.outcome.result = AttemptResult.ATTEMPT_RESULT_SUCCESS
    return event


@pytest.mark.parametrize("path", ["", "checkpoint", "checkpoint.checkpoint", "stage_finished", "outcome"])
def test_events_are_refused_for_every_bound_of_the_table(path: str) -> None:
    """Broken once on purpose: with a field left out of `event_fault`, this names it."""
    kind = path.partition(".")[0] or "checkpoint"
    for field, bound, value in over_bounds(an_event(kind), path):
        event = an_event(kind)
        requests.put(part_of(event, path), field, value)
        refused = not hot.is_addressed(event) or hot.event_fault(event) is not None
        assert refused, (field.full_name, bound, str(value)[:60])
    for field, bound in bounds_of(an_event(kind), path):
        event = an_event(kind)
        if isinstance(bound, kinds.MessageBound | kinds.OutputOnly):
            continue
        requests.put(part_of(event, path), field, requests.at(bound, field))
        assert hot.is_addressed(event)
        assert hot.event_fault(event) is None, field.full_name


def is_plain(event: Event) -> bool:
    return hot.is_plain_success(event) or hot.is_plain_checkpoint(event)


@pytest.mark.parametrize("path", ["", "checkpoint", "checkpoint.checkpoint", "stage_finished", "outcome"])
def test_small_event_over_a_bound_is_never_plain(path: str) -> None:
    """Plain ones are looked at no further. Fails with a field left out of one of the two functions."""
    for kind in [path.partition(".")[0]] if path else ["checkpoint", "outcome"]:
        for field, bound, value in over_bounds(an_event(kind), path):
            event = an_event(kind)
            requests.put(part_of(event, path), field, value)
            # Payloads of small events are small, and of a result the registry looks whether it can be stored.
            if hot.is_addressed(event) and event.ByteSize() < 32 * limits.KIB and field.name != "result_json":
                assert not is_plain(event), (field.full_name, bound, str(value)[:60])


@pytest.mark.parametrize("kind", ["checkpoint", "outcome"])
def test_event_with_anything_that_is_to_be_cut_or_dropped_is_not_plain(kind: str) -> None:
    assert is_plain(an_event(kind))
    for extra in (Event(refused="no"), Event(warnings=[TaskWarning(code="A", count=1)])):
        event = an_event(kind)
        event.MergeFrom(extra)
        assert not is_plain(event), extra
    event = an_event(kind)
    event.progress.SetInParent()
    assert not is_plain(event)


def test_progress_is_refused_for_every_bound_of_the_table() -> None:
    for field, bound, value in over_bounds(Progress(), ""):
        progress = Progress()
        requests.put(progress, field, value)
        assert hot.progress_fault(progress), (field.full_name, bound, value)


def test_new_tasks_are_refused_for_every_bound_of_the_table() -> None:
    good = NewTask(task_id=new_id(), task_type="t", queue="q", priority=3)
    assert hot.new_task_faults(good) is None
    for field, bound, value in over_bounds(good, ""):
        if field.name == "task_id":
            continue  # looked at first: without it nothing can be answered
        task = NewTask()
        task.CopyFrom(good)
        task.ClearField(field.name)
        requests.put(task, field, value)
        assert hot.new_task_faults(task), (field.full_name, bound, str(value)[:60])
    for field, bound in bounds_of(good, ""):
        if field.name == "task_id":
            continue
        task = NewTask()
        task.CopyFrom(good)
        task.ClearField(field.name)
        requests.put(task, field, requests.at(bound, field))
        assert hot.new_task_faults(task) is None, field.full_name


@pytest.mark.parametrize("kind", [executor_service_pb2, ledger_service_pb2], ids=["scheduler", "registry"])
@pytest.mark.parametrize("path", ["", "items", "results"])
def test_chunks_that_are_over_a_bound_of_the_table_are_not_plain(kind: Any, path: str) -> None:
    """Broken once on purpose: with a field left out of `is_plain_chunk`, this names it."""

    def chunk() -> tuple[Any, Any]:
        request: Any = requests.valid(kind.AppendManifestRequest.DESCRIPTOR)
        request.items.add(position=1, state=1)
        request.results.add(position=1, state=1)
        return request, request if not path else getattr(request, path)[0]

    request, part = chunk()
    assert chunks.is_plain_chunk(request)
    check_message(request)
    for field, bound in bounds_of(part, ""):
        for value in requests.over(bound, field):
            request, part = chunk()
            part.ClearField(field.name)
            requests.put(part, field, value)
            assert not chunks.is_plain_chunk(request), (field.full_name, str(value)[:60])
        if bound.required:
            request, part = chunk()
            part.ClearField(field.name)
            assert not chunks.is_plain_chunk(request), field.full_name
        if not isinstance(bound, kinds.MessageBound | kinds.CutText) and field.name not in {
            "warnings",
            "last_position",
        }:
            request, part = chunk()
            part.ClearField(field.name)
            requests.put(part, field, requests.at(bound, field))
            assert chunks.is_plain_chunk(request), field.full_name


@pytest.mark.parametrize(
    ("results", "field"),
    [
        ([(5, 4, "")], r"results\[0\]\.last_position: must be 0 or from 5"),
        ([(0, 0, ""), (5, 6, "no")], r"results\[1\]\.error: must be empty with last_position"),
        (
            [(0, 4_999, ""), (7, 5_007, "")],
            "results: must be about at most 10000 positions in all; got 10001",
        ),
        ([(1, limits.LARGEST_NUMBER, "")], "results: must be about at most 10000 positions in all"),
    ],
)
def test_ranges_of_a_chunk_have_a_bound_together(results: list[tuple[int, int, str]], field: str) -> None:
    """Law 10. Fails when a message of a few bytes changes a million items."""
    request = executor_service_pb2.AppendManifestRequest(
        task_id=new_id(), attempt_id=new_id(), chunk=1, manifest="items"
    )
    for first, last, error in results:
        request.results.add(position=first, last_position=last, error=error, state=2)
    with pytest.raises(InvalidInput, match=field):
        check_message(request)
    request.results[0].ClearField("last_position")
    request.results[-1].ClearField("error")
    if len(results) > 1:
        check_message(request)


def bounds_of(message: Any, path: str) -> list[tuple[Any, kinds.Bound]]:
    descriptor = part_of(message, path).DESCRIPTOR
    fields = plan_of(descriptor).fields
    return [(descriptor.fields_by_number[number], bound) for number, (_, bound) in fields.items()]


def over_bounds(message: Any, path: str) -> list[tuple[Any, kinds.Bound, Any]]:
    pairs = bounds_of(message, path)
    return [(field, bound, value) for field, bound in pairs for value in requests.over(bound, field)]


def part_of(message: Any, path: str) -> Any:
    for name in path.split(".") if path else ():
        message = getattr(message, name)
    return message


# --- the checker ------------------------------------------------------------------------------------------------------


def test_fields_of_a_newer_peer_and_what_only_the_service_says_are_dropped() -> None:
    request = task_service_pb2.GetTaskRequest(task_id="x")
    request.MergeFromString(b"\x9a\x06\xa0\x8d\x06" + b"x" * 100_000)
    check_message(request)
    assert request.ByteSize() < 10
    progress = executor_service_pb2.ProgressReport(task_id=new_id(), attempt_id=new_id())
    progress.progress.rate = 7
    check_message(progress)
    assert progress.progress.rate == 0


def test_field_of_a_message_within_a_message_is_named_by_its_path() -> None:
    stages = [task_type_pb2.StageSpec(name="a", weight=1), task_type_pb2.StageSpec(name="b c", weight=1)]
    task_type = task_type_pb2.TaskType(name="x", stages=stages)
    with pytest.raises(InvalidInput, match=r"^task_type\.stages\[1\]\.name: must be up to"):
        check_message(task_type_service_pb2.RegisterTaskTypeRequest(task_type=task_type))


def test_too_many_are_refused_with_what_is_counted() -> None:
    """Fails when a message says "at most 16", and not of what."""
    violations = Violations()
    plan = plan_of(task_service_pb2.TaskFilter.DESCRIPTOR)
    fields = dict(plan.fields.values())
    fields["task_types"].check("task_types", ["a"] * 101, violations)
    fields["labels"].check("labels", {str(number): "" for number in range(17)}, violations)
    assert [one.description for one in violations.found] == [
        "must have at most 100 entries; got 101",
        "must have at most 16 entries; got 17",
    ]
    counted = [bound.words for row in TABLE.values() for bound in row.values() if hasattr(bound, "most")]
    assert counted
    assert all(re.match("at most [0-9,]+ entries", words) for words in counted)


def test_request_with_thousands_of_wrong_fields_names_a_few() -> None:
    request = task_service_pb2.WatchTasksRequest(task_ids=["\x00"] * limits.WATCHED_TASKS)
    with pytest.raises(InvalidInput) as caught:
        check_message(request)
    assert len(caught.value.violations) == kinds.MOST_VIOLATIONS


def test_message_whose_texts_are_cut_is_bounded_as_a_whole() -> None:
    line = LogLine(message="x" * (3 << 20))
    request = executor_service_pb2.AppendLogsRequest(task_id=new_id(), attempt_id=new_id(), lines=[line])
    with pytest.raises(TooLarge, match=f"lines: must be at most {limits.APPEND_BYTES} bytes"):
        check_message(request)


def test_weights_that_were_stored_before_they_had_a_bound_give_a_percentage_all_the_same() -> None:
    share = StageShare(weight=1e308, state=StageState.COMPLETED)
    assert percent([share, share]) == 0.0
