"""Curves: what happened in each minute and hour, with percentiles, at a bounded cost."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from asynctask_core.states import AttemptResult
from asynctask_core.wire import from_timestamp
from asynctask_protos.registry.v1 import ledger_service_pb2 as pb
from asynctask_protos.task.v1.overview_pb2 import SeriesPoint
from asynctask_protos.task.v1.task_type_pb2 import TaskType
from asynctask_registry.counts.overview import OverviewReader
from asynctask_registry.ledger.housekeeping import Housekeeper
from asynctask_registry.ledger.ledger import Ledger
from asynctask_registry.store.pool import StoreConnection
from asynctask_registry.store.pool_share import WorkRunner
from tests.integration.registry.counted import fold
from tests.integration.registry.kit import (
    command,
    connected,
    created,
    end,
    failure,
    record,
    restarted,
    started,
    success,
)
from tests.support.stores import Stores

HOUR_OF_ENDS = """
    INSERT INTO task_series
    SELECT '', 3600, date_bin('1 hour', to_timestamp($1), 'epoch'), 'completed', -1, 5
"""
EVENTS = ("submitted", "started", "completed", "failed", "cancelled", "lost", "retried")


class WatchedRunner:
    """Runs work, and notes which statements it makes."""

    def __init__(self, runner: WorkRunner) -> None:
        self.names: list[str] = []
        self._runner = runner

    @property
    def deadline(self) -> timedelta:
        """That of the runner."""
        return self._runner.deadline

    async def run(self, work: Any, *, deadline: Any = None) -> Any:
        return await self._runner.run(lambda connection: work(WatchedConnection(connection, self.names)))


class WatchedConnection:
    def __init__(self, connection: StoreConnection, names: list[str]) -> None:
        self._connection = connection
        self._names = names

    async def fetch(self, name: str, **values: object) -> Any:
        self._names.append(name)
        return await self._connection.fetch(name, **values)


@pytest.fixture
def postgres_url(stores: Stores) -> Iterator[str]:
    """A database of the test's own: series are of all tasks."""
    with stores.database() as url:
        yield url


async def test_each_event_is_in_the_series_before_and_after_folding(ledger: Ledger) -> None:
    await ledger.registrar.register([TaskType(name="scan", queue="default")])
    plain = await started(ledger)
    await record(ledger, success(*plain))
    retried = await started(ledger)
    await record(ledger, failure(*retried))
    failed = await started(ledger, task_type="scan")
    await record(ledger, failure(*failed, retryable=False))
    lost = await started(ledger)
    await end(ledger, *lost, AttemptResult.LOST)
    again = await restarted(ledger, lost[0])
    await record(ledger, success(lost[0], again))
    expected = {"submitted": 4, "started": 5, "completed": 2, "failed": 1, "lost": 1, "retried": 1}
    for _ in range(2):
        assert await happened(ledger) == expected
        assert await happened(ledger, "scan") == {"submitted": 1, "started": 1, "failed": 1}
        assert await happened(ledger, "scan", step_ms=3_600_000) == {
            "submitted": 1,
            "started": 1,
            "failed": 1,
        }
        await fold(ledger)


async def test_waits_and_runs_have_percentiles(postgres_url: str, ledger: Ledger) -> None:
    """A wait is from ready to the first start of a run; a second start of the run is no wait."""
    (task_id,) = await created(ledger)
    await _later(postgres_url, task_id, ready_at="8 seconds")
    attempt_id = await restarted(ledger, task_id)
    await _later(postgres_url, task_id, start_time="64 seconds")
    await end(ledger, task_id, attempt_id, AttemptResult.LOST)
    await record(ledger, success(task_id, await restarted(ledger, task_id)))
    point = await only_point(postgres_url, ledger)
    assert point.started == 2
    assert point.wait_p50_ms == pytest.approx(8_000, rel=0.2)
    assert point.run_p95_ms == pytest.approx(64_000, rel=0.2)
    points, _ = await ledger.series_reader.points("unknown")
    assert not any(point.HasField("wait_p50_ms") for point in points)


async def test_completion_under_locks_has_the_same_duration_as_the_set_based_one(
    postgres_url: str, ledger: Ledger
) -> None:
    for hours, singly in ((1, False), (2, True)):
        task_id, attempt_id = await started(ledger)
        await _later(postgres_url, task_id, start_time=f"{hours} hours")
        event = success(task_id, attempt_id)
        if singly:
            event.warnings.add(code="SLOW", count=1)
        await record(ledger, event)
    point = await only_point(postgres_url, ledger)
    assert point.completed == 2
    assert point.run_p50_ms == pytest.approx(3_600_000, rel=0.2)
    assert point.run_p95_ms == pytest.approx(7_200_000, rel=0.2)


async def test_class_of_a_duration_holds_it(postgres_url: str) -> None:
    """Bucket b holds what is longer than 2^((b-1)/2) ms and at most 2^(b/2) ms."""
    async with connected(postgres_url) as connection:
        for ms in (0.0, 0.4, 1.0, 1.2, 2.0, 3.0, 1000.0, 86_400_000.0, 3e9, 1e12):
            bucket = await connection.fetchval(
                "SELECT duration_bucket($1::float8 * interval '1 millisecond')", ms
            )
            if ms > 1:
                assert 2 ** ((bucket - 1) / 2) < ms
            else:
                assert bucket == 0
            assert bucket == 62 or ms <= 2 ** (bucket / 2) * 1.0001
        assert await connection.fetchval("SELECT duration_bucket(interval '-1 second')") == 0


async def test_ends_of_the_last_day_are_counted_in_all_and_by_type(postgres_url: str, ledger: Ledger) -> None:
    """Before and after folding. Fails when a type has the ends of another one, or of the day before."""
    await ledger.registrar.register([TaskType(name="scan", queue="default")])
    assert not (await ledger.overview_reader.overview()).HasField("success_rate")
    for number, task_type in enumerate(("scan", "copy", "copy", "copy")):
        task = await started(ledger, task_type=task_type)
        await record(ledger, success(*task) if number else failure(*task, retryable=False))
    before = await ledger.overview_reader.overview()
    assert {one.task_type: (one.completed_last_day, one.failed_last_day) for one in before.types} == {
        "copy": (3, 0),
        "scan": (0, 1),
    }
    await fold(ledger)
    async with connected(postgres_url) as connection:
        await connection.execute(
            "INSERT INTO task_series SELECT name, 3600, date_bin('1 hour', now(), 'epoch') - interval '30 hours', "
            "'failed', -1, 100 FROM (VALUES (''), ('scan')) AS types (name)"
        )
    overview = await ledger.overview_reader.overview()
    assert (overview.completed_last_day, overview.failed_last_day) == (3, 1)
    assert overview.success_rate == 0.75
    assert overview == before


async def test_hours_that_are_over_are_read_twice_a_minute_and_the_rest_each_time(
    postgres_url: str, ledger: Ledger
) -> None:
    """Fails when an overview, which gateways read each second, reads a day of curves, or misses what has just ended."""
    watched = WatchedRunner(ledger.reads)
    now = time.time() // 3600 * 3600 + 1800
    reader = OverviewReader(watched, lambda: now)

    async def ends_after(seconds: float) -> int:
        nonlocal now
        now += seconds
        return (await reader.overview()).completed_last_day

    async with connected(postgres_url) as connection:
        await connection.execute(HOUR_OF_ENDS, now - 7200)
        assert [await ends_after(0), await ends_after(10), await ends_after(19)] == [5, 5, 5]
        assert watched.names.count("series_settled_ends") == 1
        assert watched.names.count("series_ends") == 3
        await connection.execute(HOUR_OF_ENDS, now)
        assert await ends_after(0.5) == 10
        assert watched.names.count("series_settled_ends") == 1
        await connection.execute(HOUR_OF_ENDS, now - 10_800)
        assert await ends_after(1) == 15, "what was folded late is there after half a minute"
    assert await ends_after(1800) == 15, "an hour that has just ended is not settled yet"
    assert await ends_after(900) == 15
    assert await ends_after(86_400) == 0


async def test_old_minutes_and_hours_are_forgotten(postgres_url: str, ledger: Ledger) -> None:
    async with connected(postgres_url) as connection:
        await connection.execute(
            "INSERT INTO task_series SELECT 'copy', step_s, now() - h * interval '1 hour', 'started', -1, 1 "
            "FROM (VALUES (60, 25), (60, 27), (3600, 27), (3600, 41 * 24)) AS old (step_s, h)"
        )
        await Housekeeper(ledger.hot).run_once()
        rows = await connection.fetch(
            "SELECT step_s, extract(epoch FROM now() - start_time)::integer / 3600 AS h FROM task_series ORDER BY 1"
        )
    assert [tuple(row) for row in rows] == [(60, 25), (3600, 27)]


async def test_a_cancelled_task_counts_once(ledger: Ledger) -> None:
    (task_id,) = await created(ledger)
    await command(ledger, task_id, pb.COMMAND_KIND_CANCEL)
    await command(ledger, task_id, pb.COMMAND_KIND_DELETE)
    assert await happened(ledger) == {"submitted": 1, "cancelled": 1}


async def happened(ledger: Ledger, task_type: str = "", *, step_ms: int = 60_000) -> dict[str, int]:
    """The sums of all points."""
    points, step = await ledger.series_reader.points(task_type, step_ms=step_ms)
    assert step == step_ms
    starts = [from_timestamp(point.start_time) // 1000 for point in points]
    assert starts == list(range(starts[0], starts[-1] + 1, step_ms))
    assert starts[-1] <= time.time() * 1000
    return {event: total for event in EVENTS if (total := sum(getattr(point, event) for point in points))}


async def only_point(url: str, ledger: Ledger) -> SeriesPoint:
    """All that happened, as one point: what is not folded yet is moved to one moment before."""
    async with connected(url) as connection:
        await connection.execute("UPDATE task_moves SET moved_at = now()")
    points, _ = await ledger.series_reader.points("")
    (point,) = [point for point in points if point.submitted]
    return point


async def _later(url: str, task_id: bytes, **intervals: str) -> None:
    """Move a time of the task back."""
    async with connected(url) as connection:
        for column, interval in intervals.items():
            await connection.execute(
                f"UPDATE tasks SET {column} = now() - $2::text::interval WHERE task_id = $1",
                task_id,
                interval,
            )
