"""Log lines are kept once and read in pages; progress of the current attempt only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from asynctask_core import limits
from asynctask_core.errors import AttemptSuperseded, RefusedByStore, TokenExpired
from asynctask_core.ids import new_id
from asynctask_core.states import AttemptResult
from asynctask_core.wire import to_timestamp
from asynctask_protos.registry.v1 import ledger_service_pb2 as pb
from asynctask_protos.task.v1.task_pb2 import LogLine
from asynctask_registry.ledger import logs
from asynctask_registry.ledger.ledger import Ledger
from tests.integration.registry.kit import (
    checkpoint,
    created,
    end,
    failure,
    finished,
    get,
    progress,
    record,
    restarted,
    row,
    started,
    success,
)


def line(sequence: int, message: str = "", **fields: Any) -> LogLine:
    values: dict[str, Any] = {
        "time": to_timestamp(1_700_000_000_000_000 + sequence),
        "level": 20,
        "stage": "compare",
    } | fields
    return LogLine(sequence=sequence, message=message or f"line {sequence}", **values)


async def page(ledger: Ledger, task_id: bytes, **fields: Any) -> tuple[Sequence[LogLine], str, bool]:
    found = await logs.page(ledger.reads, pb.ListTaskLogsRequest(task_id=task_id, **fields))
    return found.lines, found.cursor, found.more


async def test_lines_are_kept_once_and_read_in_order_over_attempts(ledger: Ledger) -> None:
    task_id, first = await started(ledger)
    await logs.append(ledger.hot, task_id, first, [line(2), line(1)])
    await logs.append(ledger.hot, task_id, first, [line(2, "other"), line(3)])
    await end(ledger, task_id, first)
    second = await restarted(ledger, task_id)
    await logs.append(ledger.hot, task_id, second, [line(1, "again")])
    lines, cursor, more = await page(ledger, task_id)
    assert [one.message for one in lines] == ["line 1", "line 2", "line 3", "again"]
    assert not more
    assert lines[0].time.ToMicroseconds() == 1_700_000_000_000_001
    assert await page(ledger, task_id, cursor=cursor) == ([], cursor, False)
    await logs.append(ledger.hot, task_id, second, [line(2, "tail")])
    lines, _, _ = await page(ledger, task_id, cursor=cursor)
    assert [one.message for one in lines] == ["tail"]


async def test_pages_and_filters(ledger: Ledger) -> None:
    task_id, attempt_id = await started(ledger)
    lines = [
        line(n, level=40 if n % 5 == 0 else 10, stage="compare" if n < 15 else "transfer")
        for n in range(1, 31)
    ]
    await logs.append(ledger.hot, task_id, attempt_id, lines)
    seen: list[int] = []
    cursor, more = "", True
    while more:
        found, cursor, more = await page(ledger, task_id, page_size=7, cursor=cursor)
        seen += [one.sequence for one in found]
    assert seen == list(range(1, 31))
    found, _, _ = await page(ledger, task_id, min_level=40, stage="transfer")
    assert [one.sequence for one in found] == [15, 20, 25, 30]


async def test_last_words_after_the_outcome_are_kept(ledger: Ledger) -> None:
    task_id, attempt_id = await started(ledger)
    await record(ledger, success(task_id, attempt_id))
    await logs.append(ledger.hot, task_id, attempt_id, [line(1)])
    assert len((await page(ledger, task_id))[0]) == 1


async def test_lines_of_an_attempt_that_never_was_are_refused(ledger: Ledger) -> None:
    task_id, _ = await started(ledger)
    other, other_attempt = await started(ledger)
    for attempt_id in (new_id(), other_attempt):
        with pytest.raises(AttemptSuperseded):
            await logs.append(ledger.hot, task_id, attempt_id, [line(1)])
    assert (await page(ledger, task_id))[0] == []
    await logs.append(ledger.hot, other, other_attempt, [])


async def test_lines_of_an_attempt_that_was_ended_before_it_began_are_refused(ledger: Ledger) -> None:
    (task_id,) = await created(ledger)
    unheard = new_id()
    await end(ledger, task_id, unheard, AttemptResult.UNDELIVERED)
    with pytest.raises(AttemptSuperseded):
        await logs.append(ledger.hot, task_id, unheard, [line(1)])


async def test_nul_is_made_visible_and_long_lines_are_cut(ledger: Ledger) -> None:
    task_id, attempt_id = await started(ledger)
    await logs.append(ledger.hot, task_id, attempt_id, [line(1, "a\x00b"), line(2, "x" * 40_000)])
    (first, second), _, _ = await page(ledger, task_id)
    assert first.message == "a\\0b"
    assert len(second.message.encode()) <= limits.LOG_LINE_BYTES
    assert second.message.endswith("[cut]")


async def test_line_that_cannot_be_kept_is_refused(ledger: Ledger) -> None:
    task_id, attempt_id = await started(ledger)
    with pytest.raises(RefusedByStore):
        await logs.append(ledger.hot, task_id, attempt_id, [line(1, level=100_000)])


async def test_cursor_of_something_else_is_refused(ledger: Ledger) -> None:
    task_id, _ = await started(ledger)
    for cursor in ("x", "00.1", "1"):
        with pytest.raises(TokenExpired):
            await page(ledger, task_id, cursor=cursor)


async def keep(
    ledger: Ledger, task_id: bytes, attempt_id: bytes, stage: str, done: float, **fields: Any
) -> None:
    report = pb.StoredProgress(
        task_id=task_id, attempt_id=attempt_id, stage=stage, progress=progress(done, **fields)
    )
    await ledger.progress.keep([report])


async def test_latest_progress_of_the_current_attempt_is_kept(postgres_url: str, ledger: Ledger) -> None:
    task_id, old = await started(ledger)
    before = await row(postgres_url, task_id)
    await keep(ledger, task_id, old, "compare", 2, unit="files\x00")
    await keep(ledger, task_id, old, "compare", 5, unit="files")
    task = await get(ledger, task_id)
    assert (task.stages[0].progress.done, task.stages[0].progress.unit, task.percent) == (5, "files", 12.5)
    assert await row(postgres_url, task_id) == before
    await end(ledger, task_id, old)
    await restarted(ledger, task_id)
    await keep(ledger, task_id, old, "compare", 9)
    assert not (await get(ledger, task_id)).stages[0].HasField("progress")


async def test_progress_of_an_attempt_that_has_ended_changes_nothing(ledger: Ledger) -> None:
    """A task that waits still names its last attempt. Fails when the statement does not ask for a running task."""
    task_id, attempt_id = await started(ledger)
    await keep(ledger, task_id, attempt_id, "compare", 5)
    await end(ledger, task_id, attempt_id)
    await keep(ledger, task_id, attempt_id, "compare", 9)
    assert not (await get(ledger, task_id)).stages[0].HasField("progress")


async def test_progress_that_the_next_attempt_repeats_is_not_shown_as_done(ledger: Ledger) -> None:
    task_id, attempt_id = await started(ledger)
    await keep(ledger, task_id, attempt_id, "compare", 5)
    assert (await get(ledger, task_id)).percent == 12.5
    await end(ledger, task_id, attempt_id)
    task = await get(ledger, task_id)
    assert (task.percent, task.stages[0].HasField("progress"), task.stages[0].is_saved) == (0, False, False)
    again = await restarted(ledger, task_id)
    assert not (await get(ledger, task_id)).stages[0].HasField("progress")
    await record(ledger, checkpoint(task_id, again, 1, progress=progress(3)))
    await end(ledger, task_id, again)
    task = await get(ledger, task_id)
    assert (task.stages[0].progress.done, task.stages[0].is_saved) == (3, True)


async def test_progress_of_a_failed_task_stays_to_say_how_far_it_came(ledger: Ledger) -> None:
    task_id, attempt_id = await started(ledger)
    await keep(ledger, task_id, attempt_id, "compare", 5)
    await record(ledger, failure(task_id, attempt_id, retryable=False))
    assert (await get(ledger, task_id)).stages[0].progress.done == 5


async def test_progress_takes_nothing_from_a_checkpoint(ledger: Ledger) -> None:
    task_id, attempt_id = await started(ledger)
    await record(ledger, checkpoint(task_id, attempt_id, 1, '{"at": 3}', progress=progress(3)))
    await keep(ledger, task_id, attempt_id, "compare", 4)
    stage = (await get(ledger, task_id)).stages[0]
    assert (stage.checkpoint_json, stage.progress.done) == ('{"at": 3}', 4)
    await record(ledger, checkpoint(task_id, attempt_id, 2, '{"at": 4}'))
    stage = (await get(ledger, task_id)).stages[0]
    assert (stage.checkpoint_json, stage.progress.done) == ('{"at": 4}', 4)


async def test_progress_that_comes_after_its_stage_has_finished_changes_nothing(ledger: Ledger) -> None:
    """It was on its way from this or another replica; nothing later would put the finished stage's progress right."""
    task_id, attempt_id = await started(ledger)
    await record(ledger, finished(task_id, attempt_id, 1, progress=progress(100)))
    await keep(ledger, task_id, attempt_id, "compare", 3)
    await keep(ledger, task_id, attempt_id, "transfer", 1)
    compare, transfer = (await get(ledger, task_id)).stages
    assert (compare.progress.done, transfer.progress.done) == (100, 1)
