"""Logs from their end, and searches in logs and manifests, over a real cluster."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

import grpc
import pytest

from asynctask_core import limits
from asynctask_core.errors import TokenExpired
from asynctask_core.ids import id_text
from asynctask_core.status import from_rpc_error
from asynctask_protos.scheduler.v1 import task_service_pb2 as pb
from asynctask_protos.scheduler.v1.executor_service_pb2 import AppendLogsRequest, AppendManifestRequest
from asynctask_protos.task.v1.manifest_pb2 import ITEM_STATE_FAILED as FAILED
from asynctask_protos.task.v1.manifest_pb2 import ITEM_STATE_TODO as TODO
from asynctask_protos.task.v1.manifest_pb2 import ManifestItem
from asynctask_protos.task.v1.task_pb2 import LogLevel, LogLine
from asynctask_scheduler.api.tokens import fingerprint, make_token
from tests.integration.scheduler.cell import Cell, error_of


async def logged(
    cell: Cell, messages: Sequence[str], level: Any = LogLevel.LOG_LEVEL_INFO
) -> tuple[str, bytes]:
    """A task that runs, and has logged; its id and that of its attempt."""
    executor = await cell.executor()
    task_id = await cell.submit()
    given = await executor.assignment()
    for start in range(0, len(messages), limits.BATCH_ITEMS):
        part = messages[start : start + limits.BATCH_ITEMS]
        lines = [
            LogLine(stage="run", message=text, sequence=at, attempt_id=given.attempt_id, level=level)
            for at, text in enumerate(part, start + 1)
        ]
        await executor.stub.AppendLogs(
            AppendLogsRequest(task_id=given.task_id, attempt_id=given.attempt_id, lines=lines)
        )
    return task_id, given.attempt_id


async def test_log_is_read_from_its_end_and_followed_from_there(cell: Cell):
    """Fails when a reader who begins at the end misses a line between the page and the tail, or gets one twice."""
    task_id, _ = await logged(cell, [f"line {at}" for at in range(1, 11)])
    page = await cell.tasks.ListTaskLogs(
        pb.ListTaskLogsRequest(task_id=task_id, newest_first=True, page_size=3)
    )
    assert [line.message for line in page.lines] == ["line 10", "line 9", "line 8"]
    older = await cell.tasks.ListTaskLogs(
        pb.ListTaskLogsRequest(
            task_id=task_id, newest_first=True, page_size=3, page_token=page.next_page_token
        )
    )
    assert [line.message for line in older.lines] == ["line 7", "line 6", "line 5"]
    for token, first in ((page.resume_token, []), (older.resume_token, ["line 8", "line 9", "line 10"])):
        tail = cell.tasks.TailTaskLogs(pb.TailTaskLogsRequest(task_id=task_id, resume_token=token))
        assert [line.message for line in (await tail.read()).lines] == first
        tail.cancel()


async def test_page_begins_at_a_line_in_both_directions(cell: Cell):
    task_id, attempt_id = await logged(cell, [f"line {at}" for at in range(1, 11)])
    for newest_first, expected in ((False, ["line 5", "line 6"]), (True, ["line 5", "line 4"])):
        page = await cell.tasks.ListTaskLogs(
            pb.ListTaskLogsRequest(
                task_id=task_id,
                from_attempt=id_text(attempt_id),
                from_sequence=5,
                newest_first=newest_first,
                page_size=2,
            )
        )
        assert [line.message for line in page.lines] == expected


async def test_token_of_one_direction_or_text_is_refused_for_another(cell: Cell):
    task_id, _ = await logged(cell, [f"line {at}" for at in range(1, 11)])
    page = await cell.tasks.ListTaskLogs(pb.ListTaskLogsRequest(task_id=task_id, page_size=3))
    others: tuple[dict[str, Any], ...] = ({"newest_first": True}, {"text": "line"})
    for fields in others:
        request = pb.ListTaskLogsRequest(task_id=task_id, page_token=page.next_page_token, **fields)
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await cell.tasks.ListTaskLogs(request)
        assert isinstance(from_rpc_error(refused.value), TokenExpired)


async def test_tail_begins_with_the_last_lines(cell: Cell):
    task_id, _ = await logged(cell, [f"line {at}" for at in range(1, 11)])
    tail = cell.tasks.TailTaskLogs(pb.TailTaskLogsRequest(task_id=task_id, last_lines=2))
    first = await tail.read()
    assert [line.message for line in first.lines] == ["line 9", "line 10"]
    tail.cancel()
    none = cell.tasks.TailTaskLogs(
        pb.TailTaskLogsRequest(task_id=task_id, last_lines=2, min_level=LogLevel.LOG_LEVEL_ERROR)
    )
    first = await none.read()
    assert (len(first.lines), bool(first.resume_token)) == (0, True)
    none.cancel()


async def test_log_without_lines_is_followed_from_its_first_line(cell: Cell):
    """Fails when the page from the end of an empty log leads a tail behind lines that come later."""
    executor = await cell.executor()
    task_id = await cell.submit()
    given = await executor.assignment()
    page = await cell.tasks.ListTaskLogs(pb.ListTaskLogsRequest(task_id=task_id, newest_first=True))
    assert (len(page.lines), page.next_page_token) == (0, "")
    assert page.resume_token
    lines = [LogLine(stage="run", message=f"line {at}", sequence=at) for at in (1, 2)]
    await executor.stub.AppendLogs(
        AppendLogsRequest(task_id=given.task_id, attempt_id=given.attempt_id, lines=lines)
    )
    tail = cell.tasks.TailTaskLogs(pb.TailTaskLogsRequest(task_id=task_id, resume_token=page.resume_token))
    assert [line.message for line in (await tail.read()).lines] == ["line 1", "line 2"]
    tail.cancel()


async def test_token_with_a_place_that_cannot_be_is_refused_by_its_field(cell: Cell):
    """Fails when such a token leads to a fault of the server, or to another place."""
    task_id, _ = await logged(cell, ["one"])
    log, items = fingerprint(task_id, "", 0), fingerprint(task_id, "")
    search = fingerprint(task_id, "", 0, "x")
    pages: tuple[tuple[Any, Any, dict[str, Any], str, bytes], ...] = (
        (cell.tasks.ListTasks, pb.ListTasksRequest, {}, "l", fingerprint(pb.TaskFilter())),
        (cell.tasks.ListTaskLogs, pb.ListTaskLogsRequest, {"task_id": task_id}, "o", log),
        (cell.tasks.ListManifestItems, pb.ListManifestItemsRequest, {"task_id": task_id}, "m", items),
        (
            cell.tasks.ListTaskEvents,
            pb.ListTaskEventsRequest,
            {"task_id": task_id},
            "e",
            fingerprint(task_id),
        ),
    )
    streams: tuple[tuple[Any, Any, dict[str, Any], str, bytes], ...] = (
        (cell.tasks.TailTaskLogs, pb.TailTaskLogsRequest, {"task_id": task_id}, "o", log),
        (cell.tasks.SearchTaskLogs, pb.SearchTaskLogsRequest, {"task_id": task_id, "text": "x"}, "s", search),
        (cell.tasks.SearchManifestItems, pb.SearchManifestItemsRequest, {"task_id": task_id}, "i", items),
    )
    places = (
        "x",
        "-1",
        "1.5",
        "99999999999999999999",
        "x/1/2",
        "-1/1/2",
        "1/x/2",
        "1/-1/2",
        "1/2",
        "1/2/3/4",
    )
    for call, request, fields, kind, bound_to in pages:
        for token in ("nonsense", *(make_token(kind, bound_to, place) for place in places)):
            refused = await error_of(call(request(page_token=token, **fields)))
            assert isinstance(refused, TokenExpired), (request, token, refused)
            assert [violation.field for violation in refused.violations] == ["page_token"]
    for call, request, fields, kind, bound_to in streams:
        for token in ("nonsense", *(make_token(kind, bound_to, place) for place in places)):
            refused = await error_of(call(request(resume_token=token, **fields)).read())
            assert isinstance(refused, TokenExpired), (request, token, refused)
            assert [violation.field for violation in refused.violations] == ["resume_token"]


async def found(call: AsyncIterator[Any]) -> tuple[list[int], list[int], bool]:
    """Numbers of the hits, how far each step had come, and whether there is more."""
    numbers: list[int] = []
    looked: list[int] = []
    has_more = False
    async for step in call:
        numbers += [hit.number for hit in step.hits]
        looked.append(step.looked_through)
        has_more = step.has_more
    return numbers, looked, has_more


async def test_search_in_a_log_shows_its_progress_and_goes_on_by_its_token(cell: Cell):
    """More lines than one step looks through."""
    lines = [f"line {at}{' NEEDLE' * (at % 5_000 == 0)}" for at in range(1, 25_001)]
    task_id, _ = await logged(cell, lines)
    request = pb.SearchTaskLogsRequest(task_id=task_id, text="needle")
    numbers, looked, has_more = await found(cell.tasks.SearchTaskLogs(request))
    assert numbers == [1, 2, 3, 4, 5]
    assert looked == [10_000, 20_000, 25_000]
    assert not has_more
    first = await cell.tasks.SearchTaskLogs(request).read()
    assert [hit.line.sequence for hit in first.hits] == [5_000, 10_000]
    request.resume_token = first.resume_token
    assert await found(cell.tasks.SearchTaskLogs(request)) == ([3, 4, 5], [20_000, 25_000], False)

    # A tail that finds nothing says how far it has come, so that one that is cut off does not begin anew.
    tail = cell.tasks.TailTaskLogs(
        pb.TailTaskLogsRequest(task_id=task_id, min_level=LogLevel.LOG_LEVEL_ERROR)
    )
    answers = [await tail.read(), await tail.read()]
    tail.cancel()
    assert not any(answer.lines for answer in answers)
    assert len({answer.resume_token for answer in answers}) == 2


async def test_search_without_a_text_is_refused(cell: Cell):
    task_id, _ = await logged(cell, [])
    for text in ("", "x" * 257):
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await cell.tasks.SearchTaskLogs(pb.SearchTaskLogsRequest(task_id=task_id, text=text)).read()
        assert refused.value.code() == grpc.StatusCode.INVALID_ARGUMENT
        assert "text" in str(refused.value.details())


async def test_items_are_searched_and_listed_by_key_and_state(cell: Cell):
    executor = await cell.executor()
    task_id = await cell.submit()
    given = await executor.assignment()
    for chunk in (1, 2, 3):
        items = [
            ManifestItem(
                position=at,
                key=f"photos/{at:06}.jpg".encode(),
                size=1,
                state=FAILED if at % 6_000 == 0 else TODO,
                error="broken" if at % 6_000 == 0 else "",
            )
            for at in range((chunk - 1) * 5_000, chunk * 5_000)
        ]
        await executor.stub.AppendManifest(
            AppendManifestRequest(
                task_id=given.task_id, attempt_id=given.attempt_id, chunk=chunk, manifest="files", items=items
            )
        )
    by_state = cell.tasks.SearchManifestItems(pb.SearchManifestItemsRequest(task_id=task_id, states=[FAILED]))
    assert await found(by_state) == ([1, 2, 3], [10_000, 15_000], False)
    everything = cell.tasks.SearchManifestItems(pb.SearchManifestItemsRequest(task_id=task_id, text="photos"))
    numbers, looked, has_more = await found(everything)
    assert (len(numbers), looked[-1], has_more) == (limits.SEARCH_HITS, limits.SEARCH_HITS, True)

    keys: list[bytes] = []
    request = pb.ListManifestItemsRequest(task_id=task_id, text="2000.JPG")
    while True:
        page = await cell.tasks.ListManifestItems(request)
        keys += [item.key for item in page.items]
        if not page.next_page_token:
            break
        request.page_token = page.next_page_token
    assert keys == [b"photos/002000.jpg", b"photos/012000.jpg"]
