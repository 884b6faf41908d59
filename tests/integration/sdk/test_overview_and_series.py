"""Counts and curves through a real cluster."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

import asynctask
from asynctask import Context, TaskState, TaskType
from tests.integration.sdk.loopback import running_executor
from tests.support.conditions import eventually

count_it = TaskType("count_it", config=bool)


@count_it.stage
async def only(ctx: Context[bool], fails: bool) -> int:
    if fails:
        raise asynctask.Fail("as asked")
    return 1


async def test_overview_and_series_show_what_executors_did(address: str) -> None:
    began = datetime.now(UTC)
    executor = asynctask.Executor([count_it], address=address)
    async with asynctask.Client(address) as client, running_executor(executor):
        await eventually(client.task_types)
        for fails in (False, True):
            await client.wait(await client.submit(count_it, fails))
        await client.submit(count_it, False, delay=3600)
        overview = await client.overview()
        series = await client.series("count_it", start=began, step=timedelta(minutes=1))
        whole = await client.series()
    (counts,) = overview.types
    assert counts.task_type == "count_it"
    assert counts.states == overview.states
    assert {state: tasks for state, tasks in counts.states.items() if tasks} == {
        TaskState.COMPLETED: 1,
        TaskState.FAILED: 1,
        TaskState.PENDING: 1,
    }
    assert (overview.completed_last_day, overview.failed_last_day, overview.success_rate) == (1, 1, 0.5)
    assert overview.oldest_waiting_time is None
    assert overview.uncounted_types == 0
    assert series.step_s == whole.step_s == 60
    for one in (series, whole):
        assert sum(point.submitted for point in one.points) == 3
        assert sum(point.completed for point in one.points) == 1
        assert any(point.run_p95_ms is not None for point in one.points)


async def test_failed_tasks_are_grouped_and_found_by_their_error_in_both_clients(address: str) -> None:
    executor = asynctask.Executor([count_it], address=address)
    async with asynctask.Client(address) as client, running_executor(executor):
        await eventually(client.task_types)
        submitted = [await client.submit(count_it, True, labels={"Team": "Red"}) for _ in range(2)]
        ended = [await client.wait(task_id) for task_id in submitted]
        await client.submit(count_it, False, delay=3600, labels={"Team": "Blue"})
        found = await client.failures(count_it, submitted_after=ended[0].submit_time)
        listed = [task async for task in client.list(error_fingerprint=found.failures[0].fingerprint)]
        page = await client.list_page(text="team=red", page_size=1)
    (group,) = found.failures
    assert (group.count, group.reason, found.looked_back_to) == (2, "HANDLER_ERROR", None)
    assert {task.failure.fingerprint for task in ended if task.failure} == {group.fingerprint}
    assert {task.task_id for task in listed} == {*submitted}
    tasks, token = page
    assert token
    assert page.looked_back_to == tasks[0].submit_time
    with asynctask.blocking.Client(address) as blocking:
        assert blocking.failures(count_it, submitted_after=ended[0].submit_time) == found
        assert [task.task_id for task in blocking.list(text="BLU")] != []
        with pytest.raises(
            asynctask.errors.InvalidInput, match=r"filter\.text: must be 2 to 128 characters; got 1"
        ):
            blocking.list_page(text="x")
        with pytest.raises(
            asynctask.errors.InvalidInput, match="limit: must be a whole number from 1 to 100"
        ):
            blocking.failures(limit=0)


async def test_a_wrong_span_names_the_field(address: str) -> None:
    async with asynctask.Client(address) as client:
        with pytest.raises(asynctask.errors.InvalidInput, match="must be within the last 40 days"):
            await client.series(start=datetime.now(UTC) - timedelta(days=41))
        with pytest.raises(asynctask.errors.InvalidInput, match="step_ms: must be a multiple of 60000"):
            await client.series(step=90)
        with pytest.raises(asynctask.errors.InvalidInput, match="start: must have a time zone"):
            await client.series(start=datetime(2026, 1, 1))  # noqa: DTZ001 - that is what is refused
