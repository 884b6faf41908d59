"""Progress on its way to watchers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from asynctask_core import limits
from asynctask_core.errors import AsyncTaskError, InvalidInput, StoreUnavailable
from asynctask_core.ids import new_id
from asynctask_protos.registry.v1.ledger_service_pb2 import StoredProgress
from asynctask_protos.scheduler.v1.executor_service_pb2 import (
    EventBatch,
    HeldAttempt,
    ProgressBatch,
    ProgressReport,
    WorkRequest,
)
from asynctask_protos.task.v1.task_pb2 import Progress
from asynctask_protos.task.v1.work_pb2 import CheckpointEvent, Event
from asynctask_scheduler.dispatch import progress
from asynctask_scheduler.dispatch.progress import ProgressDesk
from asynctask_scheduler.metrics import SchedulerMetrics
from asynctask_scheduler.queue.answers import ProgressNote
from tests.support.conditions import eventually
from tests.support.queue_model import ModelStore, QueueModel
from tests.unit.scheduler.doubles import leased
from tests.unit.scheduler.house import House, Stream


class Feed:
    """What watchers learn."""

    def __init__(self) -> None:
        self.batches: list[ProgressBatch] = []

    async def publish(self, channel: str, data: bytes) -> None:
        self.batches.append(ProgressBatch.FromString(data))


def a_report(task_id: bytes, attempt_id: bytes, done: float) -> ProgressReport:
    return ProgressReport(
        task_id=task_id, attempt_id=attempt_id, stage="run", progress=Progress(done=done, total=9)
    )


async def test_watchers_see_nothing_of_an_attempt_that_has_lost_its_lease():
    """Law 2. Broken once on purpose: published as it comes, the progress of a host that was frozen for longer than its
    lease shows instead of that of the attempt which runs, and this fails."""
    queue, feed, nothing = QueueModel(ModelStore()), Feed(), None
    hints: Any = feed
    registry: Any = nothing
    desk = ProgressDesk(queue, hints, registry, SchedulerMetrics(), interval_s=0.01)
    task_id, other_id, attempt_id = new_id(), new_id(), new_id()
    await queue.apply([leased(task_id, new_id(), "new"), leased(other_id, attempt_id, "x")])
    running = asyncio.create_task(desk.run())
    desk.report([a_report(task_id, new_id(), 8), a_report(other_id, attempt_id, 1)])
    await eventually(lambda: feed.batches)
    desk.report([a_report(task_id, new_id(), 9)])
    await eventually(lambda: not desk._live)
    desk.report([a_report(other_id, attempt_id, 2)])
    await eventually(lambda: len(feed.batches) > 1)
    running.cancel()
    await asyncio.wait([running])
    shown = [(report.task_id, report.progress.done) for batch in feed.batches for report in batch.reports]
    assert shown == [(other_id, 1), (other_id, 2)]


async def test_report_says_when_a_scheduler_saw_the_work_move_whatever_the_executor_says():
    queue, feed, nothing = QueueModel(ModelStore()), Feed(), None
    hints: Any = feed
    registry: Any = nothing
    desk = ProgressDesk(queue, hints, registry, SchedulerMetrics(), interval_s=0.01)
    task_id, attempt_id = new_id(), new_id()
    await queue.apply([leased(task_id, attempt_id, "x")])
    report = a_report(task_id, attempt_id, 1)
    report.received_ms = 1
    earliest = time.time_ns() // 1_000_000
    running = asyncio.create_task(desk.run())
    desk.report([report])
    await eventually(lambda: feed.batches)
    kept = ProgressReport.FromString((await queue.get_progress([task_id]))[task_id])
    assert earliest <= kept.received_ms <= time.time_ns() // 1_000_000
    moved = []
    for done in (1, 2):
        count = len(feed.batches)
        await eventually(lambda: time.time_ns() // 1_000_000 > kept.received_ms)
        desk.report([a_report(task_id, attempt_id, done)])
        await eventually(lambda count=count: len(feed.batches) > count)
        moved.append(feed.batches[-1].reports[0].received_ms > kept.received_ms)
    assert moved == [False, True], "a report that says the same as the one before is no progress"
    running.cancel()
    await asyncio.wait([running])


class StoredReports:
    """Stands for the registry, and notes what it is to store."""

    def __init__(self) -> None:
        self.stored: list[StoredProgress] = []

    async def record_progress(self, reports: Sequence[StoredProgress]) -> None:
        self.stored.extend(reports)


class AwayQueue(QueueModel):
    """Redis, which does not answer."""

    async def put_progress(self, notes: Sequence[ProgressNote]) -> set[bytes]:
        raise StoreUnavailable("Redis is away")


@pytest.mark.parametrize("redis", [QueueModel, AwayQueue])
async def test_progress_that_waits_to_be_stored_has_a_bound_and_the_latest_of_each_task_is_stored(
    monkeypatch: pytest.MonkeyPatch, redis: type[QueueModel]
):
    """Fails when what comes between two looks of the registry is kept without a bound: a registry that is slow, or
    that nobody asks for a while, filled the scheduler's memory."""
    monkeypatch.setattr(progress, "MOST_TASKS", 2)
    queue, feed, shelf = redis(ModelStore()), Feed(), StoredReports()
    hints: Any = feed
    registry: Any = shelf
    desk = ProgressDesk(queue, hints, registry, SchedulerMetrics(), interval_s=0)
    attempts = [(new_id(), new_id()) for _ in range(4)]
    await queue.apply([leased(task_id, attempt_id, "x") for task_id, attempt_id in attempts])
    desk.take_over(attempt_id for _, attempt_id in attempts)
    running = asyncio.create_task(desk.run())
    for done in (1, 2):
        for task_id, attempt_id in attempts:
            desk.report([a_report(task_id, attempt_id, done)])
            await eventually(lambda: not desk._filled.is_set())
    await eventually(lambda: not desk._live)
    running.cancel()
    await asyncio.wait([running])
    assert [len(table) for table in (desk._unstored, desk._meters, desk._taken_over)] == [2, 2, 2]
    await desk.store()
    assert [(one.task_id, one.progress.done) for one in shelf.stored] == [
        (task_id, 2) for task_id, _ in attempts[:2]
    ]


class DeafFeed(Feed):
    """Watchers that nothing reaches."""

    async def publish(self, channel: str, data: bytes) -> None:
        raise StoreUnavailable("Redis is away")


async def test_progress_that_cannot_be_told_is_stored_all_the_same(monkeypatch: pytest.MonkeyPatch):
    """Fails when only those of the batch before the failure are kept: the last report of a task is not repeated."""
    monkeypatch.setattr(limits, "BATCH_ITEMS", 1)
    queue, shelf = QueueModel(ModelStore()), StoredReports()
    hints: Any = DeafFeed()
    registry: Any = shelf
    desk = ProgressDesk(queue, hints, registry, SchedulerMetrics(), interval_s=0)
    attempts = [(new_id(), new_id()) for _ in range(3)]
    await queue.apply([leased(task_id, attempt_id, "x") for task_id, attempt_id in attempts])
    running = asyncio.create_task(desk.run())
    desk.report(a_report(task_id, attempt_id, 1) for task_id, attempt_id in attempts)
    await eventually(lambda: not desk._live and desk._unstored)
    running.cancel()
    await asyncio.wait([running])
    await desk.store()
    assert [one.task_id for one in shelf.stored] == [task_id for task_id, _ in attempts]


class StumblingReports(StoredReports):
    """A registry that fails once, at its second batch."""

    def __init__(self, error: AsyncTaskError) -> None:
        super().__init__()
        self._error: AsyncTaskError | None = error

    async def record_progress(self, reports: Sequence[StoredProgress]) -> None:
        if self.stored and self._error is not None:
            error, self._error = self._error, None
            raise error
        await super().record_progress(reports)


@pytest.mark.parametrize(("error", "lost"), [(StoreUnavailable("gone"), 0), (InvalidInput("odd"), 1)])
async def test_progress_that_cannot_be_stored_now_is_stored_by_the_next_pass(
    monkeypatch: pytest.MonkeyPatch, error: AsyncTaskError, lost: int
):
    """Fails when a pass that fails drops the rest: a handler that goes on without reports shows what was long ago."""
    monkeypatch.setattr(limits, "BATCH_ITEMS", 1)
    shelf: Any = StumblingReports(error)
    nothing: Any = None
    desk = ProgressDesk(nothing, nothing, shelf, SchedulerMetrics(), interval_s=0)
    attempts = [(new_id(), new_id()) for _ in range(4)]
    desk._store_later(a_report(task_id, attempt_id, 1) for task_id, attempt_id in attempts)
    with pytest.raises(type(error)):
        await desk.store()
    desk._store_later([a_report(*attempts[3], 2)])
    await desk.store()
    (first, *_), rest = attempts[0], attempts[1 + lost :]
    assert {one.task_id: one.progress.done for one in shelf.stored} == {
        first: 1,
        **{task_id: 1 for task_id, _ in rest},
        attempts[3][0]: 2,
    }


async def test_progress_of_an_attempt_that_has_no_lease_is_not_stored():
    queue, feed, shelf = QueueModel(ModelStore()), Feed(), StoredReports()
    hints: Any = feed
    registry: Any = shelf
    desk = ProgressDesk(queue, hints, registry, SchedulerMetrics(), interval_s=0)
    task_id, attempt_id = new_id(), new_id()
    await queue.apply([leased(task_id, attempt_id, "x")])
    running = asyncio.create_task(desk.run())
    desk.report([a_report(new_id(), new_id(), 1), a_report(task_id, attempt_id, 1)])
    await eventually(lambda: feed.batches)
    running.cancel()
    await asyncio.wait([running])
    await desk.store()
    assert [one.task_id for one in shelf.stored] == [task_id]


class Replica:
    """A replica to which an executor comes, with a task that it holds or gets there; the clock is ours."""

    def __init__(self) -> None:
        self.now_s = 1000.0
        self.feed = Feed()
        hints: Any = self.feed
        nothing: Any = None
        queue = QueueModel(ModelStore())
        self.desk = ProgressDesk(
            queue, hints, nothing, SchedulerMetrics(), interval_s=0, clock=lambda: self.now_s
        )
        self.house = House(queue, self.desk)
        self.task_id, self.attempt_id = new_id(), new_id()

    @asynccontextmanager
    async def reached(self, *, holding: bool) -> AsyncIterator[Stream]:
        await self.house.mark()
        lease = leased(self.task_id, self.attempt_id, "x")
        held = [HeldAttempt(task_id=self.task_id, attempt_id=self.attempt_id)] if holding else []
        if holding:
            await self.house.queue.apply([lease])
        running = asyncio.create_task(self.desk.run())
        stream = Stream(self.house, held)
        await eventually(lambda: stream.messages("welcome"))
        if not holding:
            await self.house.queue.apply([lease])
            self.house.sessions._open["x"].slots.hold([(self.task_id, self.attempt_id)])
        try:
            yield stream
        finally:
            await stream.close()
            running.cancel()
            await asyncio.wait([running])

    async def rates(self, stream: Stream, said: Sequence[tuple[float, float]]) -> list[Progress]:
        """What watchers are shown of reports of (seconds, done); the first comes with a checkpoint sent again."""
        for number, (at_s, done) in enumerate(said, 1):
            self.now_s = 1000.0 + at_s
            report = ProgressReport(
                task_id=self.task_id,
                attempt_id=self.attempt_id,
                stage="run",
                progress=Progress(done=done, total=300),
            )
            if number == 1:
                event = Event(
                    task_id=report.task_id,
                    attempt_id=report.attempt_id,
                    sequence=1,
                    checkpoint=CheckpointEvent(stage="run"),
                    progress=report.progress,
                )
                stream.says.put_nowait(WorkRequest(events=EventBatch(events=[event])))
            else:
                stream.says.put_nowait(WorkRequest(progress=ProgressBatch(reports=[report])))
            await eventually(lambda number=number: len(self.feed.batches) == number)
        return [batch.reports[0].progress for batch in self.feed.batches]


async def test_what_was_done_before_a_replica_took_a_task_over_is_not_shown_as_speed():
    """Fails when the first report counts from when it arrives: made before an outage, in which its handler waited for a
    checkpoint while its threads went on, it made the 120 MiB of ten seconds those of a moment."""
    replica = Replica()
    async with replica.reached(holding=True) as stream:
        said = [(0, 100), (0.25, 100), (0.5, 220), (1.5, 232), (5.5, 280)]
        shown = await replica.rates(stream, said)
    assert [progress.rate for progress in shown] == [0, 0, 0, 12, pytest.approx(12)]
    assert [progress.HasField("remaining_s") for progress in shown] == [False, False, False, False, True]
    assert shown[4].remaining_s == pytest.approx(20 / 12)


async def test_task_that_a_replica_has_seen_from_its_start_has_a_rate_from_its_second_report():
    replica = Replica()
    async with replica.reached(holding=False) as stream:
        shown = await replica.rates(stream, [(0, 0), (1, 12), (2, 24)])
    assert [progress.rate for progress in shown] == [0, 12, pytest.approx(12)]
