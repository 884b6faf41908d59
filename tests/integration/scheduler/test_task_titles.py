"""Titles of tasks on real stores: filled in by every way of submitting, found by their text, changed as every label."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest
from google.protobuf.field_mask_pb2 import FieldMask

from asynctask_core import errors
from asynctask_core.ids import id_text, new_id
from asynctask_protos.scheduler.v1 import task_service_pb2 as pb
from tests.integration.scheduler.cell import Cell, error_of
from tests.integration.scheduler.raw_executor import a_type

SCHEMA = {
    "x-asynctask-title": "{source} → {target}",
    "properties": {"source": {"type": "string"}, "target": {"type": "string", "default": "/backup"}},
}
PHOTOS = '{"source": "/mnt/photos"}'


@pytest.fixture
async def copying(cell: Cell) -> Cell:
    await cell.register(a_type("copy", config_schema_json=json.dumps(SCHEMA)), a_type())
    return cell


async def title_of(cell: Cell, task_id: str) -> str | None:
    return (await cell.get(task_id)).labels.get("title")


async def test_every_way_of_submitting_fills_the_title_in(copying: Cell):
    request = pb.SubmitTaskRequest(task_type="copy", task_config=PHOTOS)
    many = pb.BatchSubmitTasksRequest(tasks=[request, pb.SubmitTaskRequest(task_type="noop")])

    async def messages() -> AsyncIterator[pb.StreamSubmitsRequest]:
        yield pb.StreamSubmitsRequest(number=1, submit=many)

    batch = await copying.tasks.BatchSubmitTasks(many)
    streamed = [answer async for answer in copying.tasks.StreamSubmits(messages())]
    titles = [
        await title_of(copying, one.task_id) for one in (*batch.results, *streamed[0].submitted.results)
    ]
    assert titles == ["/mnt/photos → /backup", None] * 2
    one = await copying.submit("copy", PHOTOS, labels={"album": "summer"})
    assert dict((await copying.get(one)).labels) == {"album": "summer", "title": "/mnt/photos → /backup"}


async def test_the_same_request_id_is_the_same_task_also_with_another_template(copying: Cell):
    """Fails when a repeat after a new definition of the type is refused, or makes a second task."""
    for request_id in (id_text(new_id()), "nightly 17"):
        first = await copying.submit("copy", PHOTOS, request_id=request_id)
        assert await copying.submit("copy", PHOTOS, request_id=request_id) == first
        await copying.register(
            a_type("copy", config_schema_json=json.dumps({"x-asynctask-title": f"{request_id} {{source}}"}))
        )
        assert await copying.submit("copy", PHOTOS, request_id=request_id) == first
        assert (await title_of(copying, first) or "").endswith("/backup") == (request_id != "nightly 17")


async def test_a_task_is_found_by_its_title_and_by_a_new_one(copying: Cell):
    task_id = await copying.submit("copy", PHOTOS)
    await copying.submit("copy", '{"source": "/mnt/music"}')

    async def found(text: str) -> list[str]:
        page = await copying.tasks.ListTasks(pb.ListTasksRequest(filter=pb.TaskFilter(text=text)))
        return [task.task_id for task in page.tasks]

    assert await found("PHOTOS") == await found("title=/mnt/photos → /backup") == [task_id]
    change = pb.UpdateTaskRequest(
        task_id=task_id, labels={"title": "Holiday"}, update_mask=FieldMask(paths=["labels"])
    )
    await copying.tasks.UpdateTask(change)
    assert (await found("photos"), await found("holiday")) == ([], [task_id])


async def test_a_template_that_is_none_is_refused_where_it_is_declared(copying: Cell):
    wrong = a_type("copy", config_schema_json=json.dumps(SCHEMA | {"x-asynctask-title": "{origin}"}))
    error = await error_of(copying.register(wrong))
    assert isinstance(error, errors.InvalidInput)
    (violation,) = error.violations
    assert violation.field == "task_types[copy].config_schema_json.x-asynctask-title"
    assert violation.description == "must name fields of the config: source, target; got {origin}"
