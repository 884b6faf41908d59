"""Wrong input: a clear error that names every field, and nothing changes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.timestamp_pb2 import Timestamp

from asynctask_core import errors
from asynctask_core.ids import id_text, new_id
from asynctask_protos.scheduler.v1 import task_service_pb2 as pb
from asynctask_protos.scheduler.v1.task_type_service_pb2 import GetTaskTypeRequest, RegisterTaskTypeRequest
from asynctask_protos.task.v1.state_pb2 import TaskState
from tests.integration.scheduler.cell import Cell, error_of
from tests.integration.scheduler.raw_executor import a_type

SCHEMA = {
    "type": "object",
    "properties": {"path": {"type": "string"}, "sizes": {"type": "array", "items": {"type": "integer"}}},
    "required": ["path"],
    "additionalProperties": False,
}


@pytest.fixture
async def typed(cell: Cell) -> Cell:
    await cell.register(a_type("backup", config_schema_json=json.dumps(SCHEMA)), a_type())
    return cell


async def test_every_wrong_submit_is_refused_with_its_reason_and_fields(typed: Cell):
    """One cell for the whole table: nothing in it may change anything."""
    good = '{"path": "/x"}'
    table: list[tuple[dict[str, Any], type[errors.AsyncTaskError], set[str], str]] = [
        ({"task_type": "nothing"}, errors.UnknownTaskType, {"task_type"}, "backup, noop"),
        ({"task_config": "{"}, errors.InvalidInput, {"task_config"}, "must be JSON"),
        ({"task_config": '{"path": NaN}'}, errors.InvalidInput, {"task_config.path"}, "NaN"),
        ({"task_config": "\x00"}, errors.InvalidInput, {"task_config"}, "must be JSON"),
        (
            {"task_config": '{"sizes": [1, "x"], "more": 1}'},
            errors.ConfigInvalid,
            {"task_config", "task_config.path", "task_config.sizes[1]"},
            "required",
        ),
        ({"task_config": json.dumps({"path": "x" * 300_000})}, errors.TooLarge, {"task_config"}, "262144"),
        ({"priority": 0}, errors.InvalidInput, {"priority"}, "from 1 (first) to 5 (last); got 0"),
        ({"priority": 9}, errors.InvalidInput, {"priority"}, "got 9"),
        ({"queue": "a b"}, errors.InvalidInput, {"queue"}, "letters"),
        ({"request_id": "x" * 129}, errors.InvalidInput, {"request_id"}, "128"),
        ({"delay_ms": -1}, errors.InvalidInput, {"delay_ms"}, "got -1"),
        (
            {"delay_ms": 1, "start_time": Timestamp(seconds=1)},
            errors.InvalidInput,
            {"start_time"},
            "excludes",
        ),
        ({"labels": {"": "x"}}, errors.InvalidInput, {"labels['']"}, "keys"),
        (
            {"priority": 7, "queue": "-", "task_config": "{}"},
            errors.InvalidInput,
            {"priority", "queue", "task_config.path"},
            "required",
        ),
    ]
    for fields, kind, paths, text in table:
        all_fields: dict[str, Any] = {"task_type": "backup", "task_config": good} | fields
        request = pb.SubmitTaskRequest(**all_fields)
        error = await error_of(typed.tasks.SubmitTask(request))
        assert type(error) is kind, (fields, error)
        assert {violation.field for violation in error.violations} == paths
        assert text in error.message
        batch = await typed.tasks.BatchSubmitTasks(pb.BatchSubmitTasksRequest(tasks=[request]))
        assert batch.results[0].error.message == error.message
    assert not (await typed.tasks.ListTasks(pb.ListTasksRequest())).tasks


async def test_bad_items_of_a_batch_leave_the_others_alone(typed: Cell):
    requests = [
        pb.SubmitTaskRequest(task_type="noop"),
        pb.SubmitTaskRequest(task_type="nothing"),
        pb.SubmitTaskRequest(task_type="noop", priority=9),
        pb.SubmitTaskRequest(task_type="noop"),
    ]
    results = (await typed.tasks.BatchSubmitTasks(pb.BatchSubmitTasksRequest(tasks=requests))).results
    assert [bool(result.task_id) for result in results] == [True, False, False, True]
    assert len((await typed.tasks.ListTasks(pb.ListTasksRequest())).tasks) == 2
    error = await error_of(typed.tasks.BatchSubmitTasks(pb.BatchSubmitTasksRequest()))
    assert error.violations[0].field == "tasks"


async def test_unknown_and_malformed_ids_are_told_apart(typed: Cell):
    unknown = id_text(new_id())
    for call, request in (
        (typed.tasks.GetTask, pb.GetTaskRequest),
        (typed.tasks.PauseTask, pb.PauseTaskRequest),
        (typed.tasks.ListAttempts, pb.ListAttemptsRequest),
        (typed.tasks.ListTaskEvents, pb.ListTaskEventsRequest),
        (typed.tasks.ListTaskLogs, pb.ListTaskLogsRequest),
        (typed.tasks.ListManifestItems, pb.ListManifestItemsRequest),
    ):
        error = await error_of(call(request(task_id=unknown)))
        assert isinstance(error, errors.TaskNotFound), (call, error)
        assert unknown in error.message
        error = await error_of(call(request(task_id="seventeen")))
        assert isinstance(error, errors.InvalidInput)
        assert error.violations[0].field == "task_id"
    error = await error_of(typed.replicas[0].types.GetTaskType(GetTaskTypeRequest(name="nothing")))
    assert isinstance(error, errors.TaskTypeNotFound)


async def test_updates_and_pages_say_what_is_allowed(typed: Cell):
    task_id = await typed.submit()
    for request, field in (
        (pb.UpdateTaskRequest(task_id=task_id), "update_mask"),
        (pb.UpdateTaskRequest(task_id=task_id, update_mask=FieldMask(paths=["queue"])), "update_mask"),
        (pb.UpdateTaskRequest(task_id=task_id, update_mask=FieldMask(paths=["priority"])), "priority"),
    ):
        error = await error_of(typed.tasks.UpdateTask(request))
        assert [violation.field for violation in error.violations] == [field]
    error = await error_of(typed.tasks.ListTasks(pb.ListTasksRequest(page_size=2000)))
    assert [violation.field for violation in error.violations] == ["page_size"]
    states = pb.TaskFilter(task_states=[TaskState.TASK_STATE_UNSPECIFIED])
    error = await error_of(typed.tasks.ListTasks(pb.ListTasksRequest(filter=states)))
    assert [violation.field for violation in error.violations] == ["filter.task_states[0]"]
    for text in ("x", "x" * 129, "a\0b"):
        error = await error_of(typed.tasks.ListTasks(pb.ListTasksRequest(filter=pb.TaskFilter(text=text))))
        assert [violation.field for violation in error.violations] == ["filter.text"]
    wrong = pb.TaskFilter(error_fingerprint="0" * 17)
    error = await error_of(typed.tasks.ListTasks(pb.ListTasksRequest(filter=wrong)))
    assert [violation.field for violation in error.violations] == ["filter.error_fingerprint"]
    error = await error_of(typed.tasks.PauseTask(pb.PauseTaskRequest(task_id=task_id, reason="x" * 2000)))
    assert [violation.field for violation in error.violations] == ["reason"]


async def test_types_with_a_wrong_schema_are_refused(typed: Cell):
    for schema in ("{", '{"type": "nonsense"}', '{"$ref": "https://example.com/schema"}'):
        task_type = a_type("bad", config_schema_json=schema)
        error = await error_of(
            typed.replicas[0].types.RegisterTaskType(RegisterTaskTypeRequest(task_type=task_type))
        )
        assert isinstance(error, errors.InvalidInput), schema
        assert "config_schema_json" in error.violations[0].field
