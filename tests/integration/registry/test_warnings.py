"""Warnings of handlers: counted exactly once with what carries them, shown in every view, and gone with their work."""

from __future__ import annotations

from typing import Any

import pytest

from asynctask_core import limits
from asynctask_core.ids import id_text
from asynctask_core.states import AttemptResult, ItemState, TaskState
from asynctask_protos.registry.v1 import ledger_service_pb2 as pb
from asynctask_protos.task.v1.manifest_pb2 import ManifestItem
from asynctask_protos.task.v1.task_pb2 import Task, TaskWarning
from asynctask_protos.task.v1.work_pb2 import (
    EVENT_VERDICT_APPLIED,
    EVENT_VERDICT_DUPLICATE,
    EVENT_VERDICT_REFUSED,
    Event,
    ItemResult,
)
from asynctask_registry.ledger import completion, manifest
from asynctask_registry.ledger.conditions import TaskConditions
from asynctask_registry.ledger.ledger import Ledger
from asynctask_registry.ledger.record import by_attempt
from tests.integration.registry.kit import (
    checkpoint,
    command,
    end,
    failure,
    finished,
    get,
    number,
    outcome,
    progress,
    record,
    restarted,
    row,
    started,
    success,
)


def warned(event: Event, *warnings: tuple[str, int], text: str = "", stage: str = "") -> Event:
    """The event with warnings."""
    for code, count in warnings:
        event.warnings.add(stage=stage, code=code, count=count, text=text)
    return event


def counts(task: Task) -> dict[str, int]:
    assert task.warning_count == sum(task.warning_counts.values())
    return dict(task.warning_counts)


def details(task: Task) -> list[tuple[str, str, int, str]]:
    return [(one.stage, one.code, one.count, one.text) for one in task.warnings]


async def test_warnings_come_with_events_and_show_in_every_view(ledger: Ledger) -> None:
    task, attempt = await started(ledger)
    before = (await get(ledger, task)).version
    await record(ledger, warned(checkpoint(task, attempt, 1), ("SKIPPED", 3), text="a"))
    running = await get(ledger, task, full=False)
    assert counts(running) == {"SKIPPED": 3}
    assert running.version == before + 1, "watchers must learn of it"
    assert not running.warnings
    await record(
        ledger,
        warned(finished(task, attempt, 2), ("SKIPPED", 2), ("CHANGED", 1), text="b"),
        warned(success(task, attempt, 3), ("SKIPPED", 1), text="c", stage="transfer"),
    )
    done = await get(ledger, task)
    assert TaskState.of(done.task_status) is TaskState.COMPLETED
    assert counts(done) == {"SKIPPED": 6, "CHANGED": 1}
    assert details(done) == [
        ("compare", "SKIPPED", 5, "b"),
        ("compare", "CHANGED", 1, "b"),
        ("transfer", "SKIPPED", 1, "c"),
    ]
    assert done.result_json == '"done"'
    assert [stage.result_json for stage in done.stages] == ['"plan"', '"done"']


async def test_event_that_is_sent_again_counts_once(ledger: Ledger) -> None:
    task, attempt = await started(ledger)
    for verdict in (EVENT_VERDICT_APPLIED, EVENT_VERDICT_DUPLICATE):
        (recorded,) = await record(ledger, warned(checkpoint(task, attempt, 1), ("SKIPPED", 3)))
        assert recorded.acks[0].verdict == verdict
    for verdict in (EVENT_VERDICT_APPLIED, EVENT_VERDICT_DUPLICATE):
        (recorded,) = await record(ledger, warned(success(task, attempt, 2), ("SKIPPED", 2)))
        assert recorded.acks[0].verdict == verdict
    assert counts(await get(ledger, task)) == {"SKIPPED": 5}


async def test_what_is_done_again_after_a_failure_counts_once(ledger: Ledger) -> None:
    """Fails when the warnings of a failed attempt are added to those of the one that does its work again."""
    task, attempt = await started(ledger)
    await record(
        ledger,
        warned(checkpoint(task, attempt, 1), ("SKIPPED", 10)),
        warned(failure(task, attempt, 2), ("SKIPPED", 5)),
    )
    assert counts(await get(ledger, task)) == {"SKIPPED": 15}, "until another attempt reports"
    await command(ledger, task, pb.COMMAND_KIND_CANCEL)
    await command(ledger, task, pb.COMMAND_KIND_RESTART_FROM_CHECKPOINT)
    attempt = await restarted(ledger, task)
    assert counts(await get(ledger, task)) == {"SKIPPED": 15}
    await record(ledger, warned(success(task, attempt, 1), ("SKIPPED", 6)))
    assert counts(await get(ledger, task)) == {"SKIPPED": 16}


@pytest.mark.parametrize("how", [AttemptResult.PAUSED, AttemptResult.RELEASED, AttemptResult.SUCCESS])
async def test_next_attempt_without_warnings_drops_what_the_last_one_left_open(
    ledger: Ledger, how: AttemptResult
) -> None:
    """Fails when the set-based completion takes a task whose warnings are to be replaced."""
    task, attempt = await started(ledger)
    await record(ledger, warned(outcome(task, attempt, how), ("SKIPPED", 5)))
    if how is AttemptResult.SUCCESS:
        await command(ledger, task, pb.COMMAND_KIND_RESTART_FROM_CHECKPOINT)
    attempt = await restarted(ledger, task)
    assert counts(await get(ledger, task)) == {"SKIPPED": 5}
    await record(ledger, success(task, attempt, 1))
    done = await get(ledger, task)
    assert TaskState.of(done.task_status) is TaskState.COMPLETED
    assert counts(done) == {}
    assert not done.warnings


async def test_lost_attempt_keeps_what_came_with_its_checkpoints(ledger: Ledger) -> None:
    task, attempt = await started(ledger)
    await record(ledger, warned(checkpoint(task, attempt, 1), ("SKIPPED", 3)))
    await end(ledger, task, attempt)
    attempt = await restarted(ledger, task)
    await record(ledger, warned(success(task, attempt, 1), ("SKIPPED", 1)))
    assert counts(await get(ledger, task)) == {"SKIPPED": 4}


async def test_restart_from_the_start_begins_without_warnings(postgres_url: str, ledger: Ledger) -> None:
    task, attempt = await started(ledger)
    await record(ledger, warned(success(task, attempt, 1), ("SKIPPED", 3)))
    await command(ledger, task, pb.COMMAND_KIND_RESTART)
    fresh = await get(ledger, task)
    assert counts(fresh) == {}
    assert not fresh.warnings
    assert (await row(postgres_url, task))["warning_counts"] is None


async def test_set_based_completion_leaves_tasks_with_warnings_to_the_folding(ledger: Ledger) -> None:
    task, attempt = await started(ledger)
    await record(ledger, warned(checkpoint(task, attempt, 1), ("SKIPPED", 3)))
    (attempts,) = by_attempt([success(task, attempt, 2)])
    assert completion.is_plain(attempts)
    assert await ledger.hot.run(lambda session: completion.complete(session, [attempts], {})) == [None]
    (with_warnings,) = by_attempt([warned(success(task, attempt, 2), ("SKIPPED", 1))])
    assert not completion.is_plain(with_warnings)


async def test_task_without_warnings_has_nothing_of_them(postgres_url: str, ledger: Ledger) -> None:
    task, attempt = await started(ledger)
    await record(ledger, checkpoint(task, attempt, 1, progress=progress(1)))
    await record(ledger, success(task, attempt, 2))
    found = await row(postgres_url, task)
    assert found["warning_counts"] is None


async def test_warnings_come_with_manifest_chunks_once(ledger: Ledger) -> None:
    """What is said of an item is kept with its state: after a loss the item is not worked on again."""
    task, attempt = await started(ledger)
    version = (await get(ledger, task)).version
    chunk = pb.AppendManifestRequest(
        task_id=task,
        attempt_id=attempt,
        chunk=1,
        manifest="items",
        warnings=[TaskWarning(code="SKIPPED", count=2, text="a.jpg", stage="compare")],
    )
    assert await manifest.append(ledger.hot, chunk) == (1, EVENT_VERDICT_APPLIED)
    assert await manifest.append(ledger.hot, chunk) == (1, EVENT_VERDICT_DUPLICATE)
    await end(ledger, task, attempt)
    attempt = await restarted(ledger, task)
    assert counts(await get(ledger, task)) == {"SKIPPED": 2}
    await record(ledger, success(task, attempt, 1))
    done = await get(ledger, task)
    assert details(done) == [("compare", "SKIPPED", 2, "a.jpg")]
    assert done.version > version


def incomplete(task: bytes, attempt: bytes, chunk: int = 1, **fields: Any) -> pb.AppendManifestRequest:
    """A chunk with one item that is done, one that failed and two that are skipped."""
    states = (ItemState.DONE, ItemState.FAILED, ItemState.SKIPPED, ItemState.SKIPPED)
    return pb.AppendManifestRequest(
        task_id=task,
        attempt_id=attempt,
        chunk=chunk,
        manifest="items",
        items=[ManifestItem(position=n, key=b"f%d" % n, state=number(s)) for n, s in enumerate(states)],
        **fields,
    )


async def listed(ledger: Ledger, queue: str, *, has_warnings: bool) -> list[str]:
    page = await ledger.lister.page(TaskConditions(queue=queue, has_warnings=has_warnings), page_size=10)
    return [task.task_id for task in page.tasks]


async def test_items_that_end_failed_or_skipped_make_a_completed_task_no_plain_success(
    ledger: Ledger,
) -> None:
    """Fails when only what handlers warn of is told: a task with failed items looked like a plain success."""
    task, attempt = await started(ledger, queue="incomplete")
    await manifest.append(ledger.hot, incomplete(task, attempt))
    assert counts(await get(ledger, task)) == {}
    assert await listed(ledger, "incomplete", has_warnings=False) == [id_text(task)], "it may still be done"
    await end(ledger, task, attempt)
    attempt = await restarted(ledger, task)
    await record(ledger, finished(task, attempt, 1), success(task, attempt, 2))
    done = await get(ledger, task)
    see = f"see asynctask items {id_text(task)} --status"
    assert counts(done) == {"ITEMS_FAILED": 1, "ITEMS_SKIPPED": 2}
    assert details(done) == [
        ("transfer", "ITEMS_FAILED", 1, f"{see} failed"),
        ("transfer", "ITEMS_SKIPPED", 2, f"{see} skipped"),
    ]
    assert await listed(ledger, "incomplete", has_warnings=True) == [id_text(task)]
    await command(ledger, task, pb.COMMAND_KIND_RESTART_FROM_CHECKPOINT)
    attempt = await restarted(ledger, task)
    results = [ItemResult(position=1, last_position=3, state=number(ItemState.DONE))]
    chunk = pb.AppendManifestRequest(
        task_id=task, attempt_id=attempt, chunk=1, manifest="items", results=results
    )
    await manifest.append(ledger.hot, chunk)
    await record(ledger, success(task, attempt, 1))
    assert counts(await get(ledger, task)) == {}, "every item is done after all"
    assert await listed(ledger, "incomplete", has_warnings=False) == [id_text(task)]


async def test_items_that_a_handler_warned_of_are_counted_once(ledger: Ledger) -> None:
    """Fails when a backup, which warns of what it skipped, is told that once more."""
    by_item, first = await started(ledger)
    locked = TaskWarning(code="LOCKED", count=3, text="a.jpg", stage="compare")
    await manifest.append(ledger.hot, incomplete(by_item, first, warnings=[locked]))
    await end(ledger, by_item, first)
    at_the_end, second = await started(ledger)
    await manifest.append(ledger.hot, incomplete(at_the_end, second))
    await record(
        ledger,
        success(by_item, await restarted(ledger, by_item), 1),
        warned(success(at_the_end, second, 1), ("SKIPPED", 2), ("FAILED", 1)),
    )
    assert counts(await get(ledger, by_item)) == {"LOCKED": 3}
    assert counts(await get(ledger, at_the_end)) == {"SKIPPED": 2, "FAILED": 1}


async def test_lists_tell_tasks_with_warnings_from_those_without(ledger: Ledger) -> None:
    with_some, attempt = await started(ledger, queue="warned")
    await record(ledger, warned(success(with_some, attempt, 1), ("SKIPPED", 3)))
    without, attempt = await started(ledger, queue="warned")
    await record(ledger, success(without, attempt, 1))
    running, _ = await started(ledger, queue="warned")
    for states, has_warnings, expected in (
        ((), True, [with_some]),
        ((), False, [running, without]),
        ((TaskState.COMPLETED,), True, [with_some]),
        ((TaskState.RUNNING,), True, []),
        ((), None, [running, without, with_some]),
    ):
        conditions = TaskConditions(states=states, queue="warned", has_warnings=has_warnings)
        found = (await ledger.lister.page(conditions, page_size=10)).tasks
        ids = [bytes.fromhex(task.task_id.replace("-", "")) for task in found]
        assert ids == expected, (states, has_warnings)


@pytest.mark.parametrize(
    "bad",
    [
        {"code": "skipped", "count": 1},
        {"code": "", "count": 1},
        {"code": "A" * (limits.WARNING_CODE_CHARS + 1), "count": 1},
        {"code": "SKIPPED", "count": 0},
        {"code": "SKIPPED", "count": -1},
        {"code": "SKIPPED", "count": limits.WARNING_COUNT + 1},
        {"code": "SKIPPED", "count": 1, "stage": "s" * (limits.STAGE_CHARS + 1)},
    ],
)
async def test_warning_that_cannot_be_counted_spoils_nobody_elses_event(
    ledger: Ledger, bad: dict[str, Any]
) -> None:
    task, attempt = await started(ledger)
    other, others = await started(ledger)
    event = checkpoint(task, attempt, 1)
    event.warnings.add(**bad)
    refused, fine = await record(ledger, event, warned(success(other, others, 1), ("SKIPPED", 1)))
    assert refused.acks[0].verdict == EVENT_VERDICT_REFUSED
    assert fine.acks[0].verdict == EVENT_VERDICT_APPLIED
    assert counts(await get(ledger, task)) == {}
    assert counts(await get(ledger, other)) == {"SKIPPED": 1}


async def test_number_and_size_of_a_tasks_warnings_are_bounded(ledger: Ledger) -> None:
    task, attempt = await started(ledger)
    for sequence in range(1, 4):
        event = checkpoint(task, attempt, sequence)
        for code in range(40):
            event.warnings.add(code=f"CODE_{sequence}_{code}", count=limits.WARNING_COUNT, text="é\0" * 5000)
        await record(ledger, event)
    found = await get(ledger, task)
    assert len(found.warnings) == limits.WARNINGS + 1
    assert found.warning_count == limits.WARNING_COUNT
    assert all(len(one.text.encode()) <= limits.WARNING_TEXT_BYTES for one in found.warnings)
