"""Live progress: sends each task's latest report with its rate to Redis and the feed a few times a second, and to
Postgres less often.

Reports are neither acknowledged nor repeated: the next one replaces a lost one, and every durable event carries the
latest.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from asynctask_chassis.logs import get_logger
from asynctask_chassis.loop import LoopReport
from asynctask_core import limits
from asynctask_core.errors import AsyncTaskError
from asynctask_core.progress import RateMeter
from asynctask_core.remaining import RemainingMeter
from asynctask_protos.registry.v1.ledger_service_pb2 import StoredProgress
from asynctask_protos.scheduler.v1.executor_service_pb2 import ProgressBatch, ProgressReport
from asynctask_scheduler.feed.hints import PROGRESS, Hints
from asynctask_scheduler.metrics import SchedulerMetrics
from asynctask_scheduler.queue.answers import ProgressNote
from asynctask_scheduler.queue.port import ExecutorSessions
from asynctask_scheduler.registry.client import RegistryClient

log = get_logger(__name__)

MOST_TASKS = 100_000
"""Most tasks or attempts in each table of this module; progress of others is not shown, rated or stored meanwhile."""
METER_KEPT_S = 60.0
"""How long an unused rate meter is kept, and the note that an attempt was taken over. An executor sends reports that
were delayed right after it has connected, so the note is not needed for longer."""


@dataclass(slots=True)
class StageMeter:
    """What one attempt's latest stage is measured by."""

    stage: str
    rate: RateMeter
    remaining: RemainingMeter = field(default_factory=RemainingMeter)
    used_at: float = 0.0
    counts: tuple[float, float] | None = None
    """How much was done, and of how much."""
    moved_ms: int = 0
    """When these changed last."""


class ProgressDesk:
    """Takes reports from every stream of this replica."""

    def __init__(
        self,
        queue: ExecutorSessions,
        hints: Hints,
        registry: RegistryClient,
        metrics: SchedulerMetrics,
        *,
        interval_s: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Send live progress of a task at most every `interval_s`."""
        self._queue = queue
        self._hints = hints
        self._registry = registry
        self._interval_s = interval_s
        self._clock = clock
        self._live: dict[bytes, ProgressReport] = {}
        self._unstored: dict[bytes, ProgressReport] = {}
        # One per attempt, for its latest stage only: an executor may name any number of stages.
        self._meters: dict[bytes, StageMeter] = {}
        self._taken_over: dict[bytes, float] = {}
        self._filled = asyncio.Event()
        self._received = metrics.progress.labels("received")
        self._sent = metrics.progress.labels("feed")
        self._kept = metrics.progress.labels("registry")

    def take_over(self, attempt_ids: Iterable[bytes]) -> None:
        """Note attempts that ran before their executor opened its stream.

        Their first report may be as old as the outage before it. A rate from that report to the next one would count
        all work of the outage as done in a moment.
        """
        now = self._clock()
        for attempt_id in attempt_ids:
            if _has_room(self._taken_over, attempt_id):
                self._taken_over[attempt_id] = now

    def report(self, reports: Iterable[ProgressReport]) -> None:
        """Take reports; the latest of each task wins."""
        count = 0
        for report in reports:
            count += 1
            task_id = report.task_id
            if _has_room(self._live, task_id):
                self._live[task_id] = report
        if count:
            self._received.inc(count)
            self._filled.set()

    async def run(self) -> None:
        """Send live progress until cancelled."""
        while True:
            await self._filled.wait()
            self._filled.clear()
            reports, self._live = self._live, {}
            self._rate(reports.values())
            try:
                await self._send(list(reports.values()))
            except AsyncTaskError as error:
                log.info("progress.not_sent", count=len(reports), reason=str(error))
            await asyncio.sleep(self._interval_s)

    async def store(self) -> LoopReport:
        """Store in Postgres the reports that came since the last pass: one pass of a periodic loop.

        Reports that cannot be stored now are stored by the next pass, unless there is a later one of the task by then.

        Raises:
            AsyncTaskError: the registry did not store a batch.
        """
        self._forget_old_meters()
        unstored, self._unstored = self._unstored, {}
        reports = list(unstored.values())
        for start in range(0, len(reports), limits.BATCH_ITEMS):
            part = reports[start : start + limits.BATCH_ITEMS]
            try:
                await self._store(part)
            except BaseException as error:
                is_refused = isinstance(error, AsyncTaskError) and not error.retryable
                self._keep(reports[start + len(part) if is_refused else start :])
                raise
        return LoopReport(changed=len(reports))

    async def _store(self, reports: Sequence[ProgressReport]) -> None:
        await self._registry.record_progress(
            [
                StoredProgress(
                    task_id=report.task_id,
                    attempt_id=report.attempt_id,
                    stage=report.stage,
                    progress=report.progress,
                )
                for report in reports
            ]
        )
        self._kept.inc(len(reports))

    def _keep(self, reports: Iterable[ProgressReport]) -> None:
        """Keep `reports` for the next pass, except for tasks that have a later report by now."""
        self._store_later(report for report in reports if report.task_id not in self._unstored)

    def _rate(self, reports: Iterable[ProgressReport]) -> None:
        now, now_ms = self._clock(), time.time_ns() // 1_000_000
        for report in reports:
            meter = self._meters.get(report.attempt_id)
            if meter is None or meter.stage != report.stage:
                meter = StageMeter(report.stage, RateMeter(begins_late=report.attempt_id in self._taken_over))
            meter.used_at = now
            if _has_room(self._meters, report.attempt_id):
                self._meters[report.attempt_id] = meter
            progress = report.progress
            if meter.counts != (counts := (progress.done, progress.total)):
                meter.counts, meter.moved_ms = counts, now_ms
            report.received_ms = meter.moved_ms
            progress.rate = meter.rate.add(now, progress.done)
            progress.ClearField("remaining_s")
            progress.ClearField("remaining_most_s")
            if left := meter.remaining.add(now, progress.done, progress.total):
                progress.remaining_s, most = left
                if most > progress.remaining_s:
                    progress.remaining_most_s = most

    async def _send(self, reports: list[ProgressReport]) -> None:
        for start in range(0, len(reports), limits.BATCH_ITEMS):
            part = reports[start : start + limits.BATCH_ITEMS]
            notes = [
                ProgressNote(report.task_id, report.attempt_id, report.SerializeToString()) for report in part
            ]
            try:
                kept = await self._queue.put_progress(notes)
                # Publish no progress of attempts that lost their lease.
                news = [report for report in part if report.task_id in kept]
                if news:
                    await self._hints.publish(PROGRESS, ProgressBatch(reports=news).SerializeToString())
            except AsyncTaskError:
                # Redis could not check the attempts; the registry checks them when it stores the reports.
                self._store_later(reports[start:])
                raise
            self._store_later(news)
            self._sent.inc(len(news))

    def _store_later(self, reports: Iterable[ProgressReport]) -> None:
        for report in reports:
            if _has_room(self._unstored, report.task_id):
                self._unstored[report.task_id] = report

    def _forget_old_meters(self) -> None:
        oldest = self._clock() - METER_KEPT_S
        for key in [key for key, meter in self._meters.items() if meter.used_at < oldest]:
            del self._meters[key]
        for attempt_id in [one for one, at in self._taken_over.items() if at < oldest]:
            del self._taken_over[attempt_id]


def _has_room(table: Mapping[bytes, object], key: bytes) -> bool:
    """Whether `table` may take `key`: always if it holds the key already, otherwise if it is not full."""
    return key in table or len(table) < MOST_TASKS
