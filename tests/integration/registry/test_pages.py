"""Answers are bounded: by bytes, and by the tasks looked at; whoever reads them on misses nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from asynctask_core import limits
from asynctask_core.ids import id_text, new_id
from asynctask_core.states import AttemptResult, ItemState, TaskState
from asynctask_protos.registry.v1 import ledger_service_pb2 as pb
from asynctask_protos.task.v1.manifest_pb2 import ManifestItem
from asynctask_protos.task.v1.task_pb2 import LogLine
from asynctask_protos.task.v1.work_pb2 import Event, StageFinishedEvent
from asynctask_registry.ledger import logs, manifest, reads
from asynctask_registry.ledger.conditions import TaskConditions
from asynctask_registry.ledger.ledger import Ledger
from asynctask_registry.ledger.listing import TaskLister
from asynctask_registry.store.pool import StoreConnection
from tests.integration.registry.kit import (
    checkpoint,
    command,
    created,
    end,
    failure,
    finished,
    get,
    number,
    record,
    restarted,
    started,
    success,
)

LARGE = json.dumps("x" * (limits.RESULT_BYTES - 2))


def stage_finished(task: bytes, attempt: bytes, sequence: int, stage: str, result: str) -> Event:
    event = StageFinishedEvent(stage=stage, result_json=result, next_stage=stage)
    return Event(task_id=task, attempt_id=attempt, sequence=sequence, stage_finished=event)


async def everything(lister: TaskLister, conditions: TaskConditions, **options: Any) -> tuple[list[str], int]:
    """Ids on all pages, and how many pages there were."""
    seen: list[str] = []
    before, pages = b"", 0
    while True:
        page = await lister.page(conditions, before=before, **options)
        seen += [task.task_id for task in page.tasks]
        before, pages = page.before, pages + 1
        if not before:
            return seen, pages


async def test_largest_results_are_left_out_of_a_full_view_and_their_size_is_told(ledger: Ledger) -> None:
    """Broken once on purpose: with everything in it the view is larger than any message, and no command, watch or
    wait of the task is ever answered."""
    task_id, attempt_id = await started(ledger)
    for sequence in range(1, 10):
        await record(ledger, stage_finished(task_id, attempt_id, sequence, f"s{sequence}", LARGE))
    await record(ledger, checkpoint(task_id, attempt_id, 10, '"small"'))
    task = await get(ledger, task_id)
    assert task.ByteSize() < limits.MESSAGE_BYTES - limits.MIB
    stages = {stage.name: stage for stage in task.stages}
    assert (stages["compare"].checkpoint_json, stages["compare"].left_out_bytes) == ('"small"', 0)
    large = [stage for name, stage in stages.items() if name.startswith("s")]
    assert sorted((bool(stage.result_json), stage.left_out_bytes) for stage in large) == (
        [(False, len(LARGE))] * 6 + [(True, 0)] * 3
    )
    basic = await get(ledger, task_id, full=False)
    assert not any(stage.left_out_bytes for stage in basic.stages)


async def test_pages_close_before_they_are_too_large_for_a_message(ledger: Ledger) -> None:
    queue = "large"
    config = json.dumps("x" * (limits.CONFIG_BYTES - 2))
    ids = await created(ledger, 40, queue=queue, task_config=config)
    newest_first = [id_text(task_id) for task_id in sorted(ids, reverse=True)]
    conditions = TaskConditions(queue=queue)
    page = await ledger.lister.page(conditions, page_size=1000, full=True)
    assert 10 < len(page.tasks) < 17
    assert sum(task.ByteSize() for task in page.tasks) <= limits.PAGE_BYTES
    assert (await everything(ledger.lister, conditions, page_size=1000, full=True))[0] == newest_first
    assert await everything(ledger.lister, conditions, page_size=1000) == (newest_first, 1)
    tasks, left = await ledger.reader.page(sorted(ids))
    assert [task.task_id for task in tasks] == newest_first[: -len(tasks) - 1 : -1]
    assert left == sorted(ids)[len(tasks) :]
    assert len(await ledger.reader.get(ids)) == 40


async def test_changes_close_before_they_are_too_large_and_go_on_where_they_closed(ledger: Ledger) -> None:
    _, token, _ = await ledger.changes.page("")
    config = json.dumps("x" * (limits.CONFIG_BYTES - 2))
    ids = await created(ledger, 40, task_config=config)
    seen: list[str] = []
    more, pages = True, 0
    while more:
        tasks, token, more = await ledger.changes.page(token, full=True)
        assert sum(task.ByteSize() for task in tasks) <= limits.PAGE_BYTES
        seen += [task.task_id for task in tasks]
        pages += 1
    assert pages > 2
    assert sorted(seen) == sorted(map(id_text, ids))


async def test_log_lines_and_items_close_their_pages_before_these_are_too_large(ledger: Ledger) -> None:
    task_id, attempt_id = await started(ledger)
    text = "x" * limits.LOG_LINE_BYTES
    lines = [LogLine(sequence=sequence, message=text) for sequence in range(1, 601)]
    await logs.append(ledger.hot, task_id, attempt_id, lines)
    sequences: list[int] = []
    cursor, more = "", True
    while more:
        request = pb.ListTaskLogsRequest(task_id=task_id, page_size=limits.ITEM_PAGE, cursor=cursor)
        found = await logs.page(ledger.reads, request)
        cursor, more = found.cursor, found.more
        assert sum(line.ByteSize() for line in found.lines) <= limits.PAGE_BYTES
        sequences += [line.sequence for line in found.lines]
    assert sequences == list(range(1, 601))

    todo = number(ItemState.TODO)
    data = json.dumps("x" * (limits.ITEM_DATA_BYTES - 2))
    items = [ManifestItem(position=at, key=b"k", state=todo, data_json=data) for at in range(600)]
    chunk = pb.AppendManifestRequest(
        task_id=task_id, attempt_id=attempt_id, chunk=1, manifest="items", items=items
    )
    await manifest.append(ledger.hot, chunk)
    positions: list[int] = []
    more = True
    while more:
        after = positions[-1] if positions else -1
        request = pb.ReadManifestRequest(task_id=task_id, after_position=after, page_size=limits.ITEM_PAGE)
        page = await manifest.read(ledger.reads, request)
        more = page.more
        assert sum(item.ByteSize() for item in page.items) <= limits.PAGE_BYTES
        positions += [item.position for item in page.items]
    assert positions == list(range(600))


async def test_oldest_attempts_are_left_out_of_an_answer_that_would_be_too_large(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    (task_id,) = await created(ledger)
    attempts: list[bytes] = []
    for _ in range(3):
        attempts.append(await restarted(ledger, task_id))
        await end(ledger, task_id, attempts[-1], AttemptResult.RELEASED)
    monkeypatch.setattr(limits, "PAGE_BYTES", 300)
    found = await ledger.reader.attempts(task_id)
    assert [attempt.attempt_id for attempt in found] == [id_text(one) for one in attempts][-len(found) :]
    assert 1 <= len(found) < 3


async def test_full_page_of_large_tasks_reads_few_more_than_it_holds(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when fifty of the largest tasks are read for a page that holds a few of them."""
    ids = await created(ledger, 60, task_config=json.dumps("x" * 10_000))
    monkeypatch.setattr(limits, "PAGE_BYTES", 120_000)
    read: list[int] = []
    fetch = StoreConnection.fetch

    async def noted(session: StoreConnection, name: str, /, **values: Any) -> list[Any]:
        rows = await fetch(session, name, **values)
        if name == "task_read":
            read.append(len(rows))
        return rows

    monkeypatch.setattr(StoreConnection, "fetch", noted)
    tasks, left_out = await ledger.reader.page(ids)
    assert [task.task_id for task in tasks] == [id_text(task_id) for task_id in ids[: len(tasks)]]
    assert (len(tasks), list(left_out)) == (11, ids[11:])
    assert sum(read) <= 13, read

    # A first task that is larger than a page, and others that are not there, so that a statement brings it alone.
    monkeypatch.setattr(limits, "PAGE_BYTES", 5_000)
    tasks, left_out = await ledger.reader.page([ids[0], *(new_id() for _ in range(20)), *ids[1:]])
    assert (len(tasks), list(left_out)) == (1, ids[1:])


async def test_errors_of_old_attempts_are_not_even_read_once_newer_ones_are_large(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when a thousand attempts with the largest errors are read for an answer that holds few of them."""
    monkeypatch.setattr(reads, "_HISTORY_BYTES", 150)
    (task_id,) = await created(ledger)
    for _ in range(4):
        attempt_id = await restarted(ledger, task_id)
        await record(ledger, failure(task_id, attempt_id, retryable=False))
        await command(ledger, task_id, pb.COMMAND_KIND_RESTART)
    assert [attempt.epoch for attempt in await ledger.reader.attempts(task_id)] == [3, 4]
    events, _ = await ledger.reader.events(task_id)
    assert [event.kind for event in events].count("failed") == 2


@pytest.mark.parametrize(
    "rare",
    [
        {"labels": {"rare": "yes"}},
        {"queue": "rare"},
        {"states": [TaskState.COMPLETED]},
        {"states": [TaskState.COMPLETED], "task_types": ["copy"]},
        {"states": [TaskState.CANCELLED, TaskState.FAILED]},
        {"states": [TaskState.QUEUED], "labels": {"rare": "yes"}},
        {"task_types": ["copy"], "queue": "rare"},
        {"task_types": ["copy", "other"], "queue": "rare"},
    ],
    ids=str,
)
async def test_list_of_something_rare_looks_at_a_bounded_number_of_tasks_and_goes_on(
    ledger: Ledger, rare: dict[str, Any]
) -> None:
    first = await created(ledger, 1, queue="rare", labels={"rare": "yes"})
    completed, attempt_id = await started(ledger)
    await record(ledger, finished(completed, attempt_id, 1), success(completed, attempt_id, 2))
    (cancelled,) = await created(ledger)
    await command(ledger, cancelled, pb.COMMAND_KIND_CANCEL)
    others = await created(ledger, 25)
    start_ms = int.from_bytes(first[0][:6], "big")
    conditions = TaskConditions(submit_start_ms=start_ms, **rare)
    lister = TaskLister(ledger.reads, ledger.types, most_rows=10)
    expected = (
        {TaskState.COMPLETED: completed, TaskState.CANCELLED: cancelled}.get(rare["states"][0], first[0])
        if "states" in rare
        else first[0]
    )
    seen, pages = await everything(lister, conditions, page_size=5)
    assert seen == [id_text(expected)]
    # Only completed tasks have no index.
    assert pages >= 3 if rare.get("states") == [TaskState.COMPLETED] else pages == 1
    assert (await everything(lister, TaskConditions(submit_start_ms=start_ms), page_size=5))[0] == [
        id_text(task_id) for task_id in sorted([*first, completed, cancelled, *others], reverse=True)
    ]
    everything_at_once = await everything(ledger.lister, conditions, page_size=5)
    assert everything_at_once == (seen, 1)


@pytest.mark.parametrize("page_size", [1, 2, 3])
async def test_list_passes_many_deleted_tasks_with_few_statements(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, page_size: int
) -> None:
    """Fails when a statement looks only at as many tasks as the page still wants: one by one through the deleted."""
    (oldest,) = await created(ledger)
    for task_id in await created(ledger, 150):
        await command(ledger, task_id, pb.COMMAND_KIND_CANCEL)
        await command(ledger, task_id, pb.COMMAND_KIND_DELETE)
    newest = await created(ledger, 5)
    statements: list[str] = []
    fetch = StoreConnection.fetch

    async def counted(session: StoreConnection, name: str, /, **values: object) -> list[Any]:
        statements.append(name)
        return await fetch(session, name, **values)

    monkeypatch.setattr(StoreConnection, "fetch", counted)
    conditions = TaskConditions(submit_start_ms=int.from_bytes(oldest[:6], "big"))
    seen, pages = await everything(ledger.lister, conditions, page_size=page_size)
    assert seen == [id_text(task_id) for task_id in [*sorted(newest, reverse=True), oldest]]
    # Two to pass the deleted ones, and perhaps a last page that finds nothing.
    assert statements.count("task_walk") <= pages + 2


async def test_states_are_merged_in_the_order_of_ids(ledger: Ledger) -> None:
    ids = await created(ledger, 12, queue="merged")
    for task_id in ids[::3]:
        await command(ledger, task_id, pb.COMMAND_KIND_CANCEL)
    for task_id in ids[1::3]:
        await command(ledger, task_id, pb.COMMAND_KIND_PAUSE)
    conditions = TaskConditions(queue="merged", states=[TaskState.CANCELLED, TaskState.PAUSED])
    seen, _ = await everything(TaskLister(ledger.reads, ledger.types, most_rows=3), conditions, page_size=3)
    assert seen == [id_text(task_id) for task_id in sorted({*ids[::3], *ids[1::3]}, reverse=True)]
