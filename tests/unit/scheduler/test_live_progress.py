"""Progress on its way to watchers."""

from __future__ import annotations

import asyncio
from typing import Any

from asynctask_core.ids import new_id
from asynctask_protos.scheduler.v1.executor_service_pb2 import ProgressBatch, ProgressReport
from asynctask_protos.task.v1.task_pb2 import Progress
from asynctask_scheduler.dispatch.progress import ProgressDesk
from asynctask_scheduler.metrics import SchedulerMetrics
from tests.support.conditions import eventually
from tests.support.queue_model import ModelStore, QueueModel
from tests.unit.scheduler.doubles import leased


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
