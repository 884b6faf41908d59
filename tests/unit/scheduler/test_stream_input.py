"""What comes up a stream is checked before it is mixed with what others say."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from typing import Any

import pytest

from asynctask_core.errors import InvalidInput
from asynctask_core.ids import new_id
from asynctask_protos.scheduler.v1.executor_service_pb2 import (
    EventBatch,
    ProgressBatch,
    ProgressReport,
    WorkRequest,
)
from asynctask_protos.task.v1.task_pb2 import Progress
from asynctask_protos.task.v1.work_pb2 import CheckpointEvent, Event
from asynctask_scheduler.dispatch.session import Session
from asynctask_scheduler.queue.port import SessionInfo
from tests.support.queue_model import QueueModel


class Desk:
    """Notes the reports that it is given."""

    def __init__(self) -> None:
        self.reports: list[ProgressReport] = []

    def report(self, reports: Iterable[ProgressReport]) -> None:
        self.reports.extend(reports)


@pytest.mark.parametrize("wrong", [{"task_id": b"short"}, {"attempt_id": b""}], ids=["task", "attempt"])
async def test_progress_with_a_wrong_id_ends_its_own_stream_and_spoils_nobody_elses(wrong: dict[str, Any]):
    """Law 10. The registry refuses reports that are stored together as a whole: others' would be lost with it."""
    nothing: Any = None
    desk: Any = Desk()
    info = SessionInfo("x", "x", 1, ("noop",), (), "")
    session = Session(info, 1, [], queue=QueueModel(), buffer=nothing, progress=desk)
    good = ProgressReport(task_id=new_id(), attempt_id=new_id(), stage="run")
    fields: dict[str, Any] = {"task_id": new_id(), "attempt_id": new_id(), "stage": "run"} | wrong
    bad = ProgressReport(**fields)

    async def requests() -> AsyncIterator[WorkRequest]:
        for report in (good, bad):
            yield WorkRequest(progress=ProgressBatch(reports=[report]))

    with pytest.raises(InvalidInput, match="16 bytes"):
        await session.read(requests())
    assert desk.reports == [good]


@pytest.mark.parametrize("field", ["done", "total"])
@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize("way", ["report", "event"])
async def test_progress_that_is_no_finite_number_ends_its_own_stream_and_is_kept_by_nobody(
    way: str, number: float, field: str
):
    """Fails when it is let in: it is no JSON, and every reader of the task would fail with it."""
    nothing: Any = None
    desk: Any = Desk()
    info = SessionInfo("x", "x", 1, ("noop",), (), "")
    session = Session(info, 1, [], queue=QueueModel(), buffer=nothing, progress=desk)
    values: dict[str, Any] = {field: number}
    progress = Progress(**values)
    ids: dict[str, Any] = {"task_id": new_id(), "attempt_id": new_id()}
    if way == "report":
        request = WorkRequest(
            progress=ProgressBatch(reports=[ProgressReport(stage="run", progress=progress, **ids)])
        )
    else:
        event = Event(sequence=1, checkpoint=CheckpointEvent(stage="run"), progress=progress, **ids)
        request = WorkRequest(events=EventBatch(events=[event]))

    async def requests() -> AsyncIterator[WorkRequest]:
        yield request

    with pytest.raises(InvalidInput, match=f"progress.{field}: must be a finite number; got {number:g}"):
        await session.read(requests())
    assert desk.reports == []
