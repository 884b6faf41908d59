"""What comes up a stream is checked before it is mixed with what others say."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from typing import Any

import pytest

from asynctask_core.errors import InvalidInput
from asynctask_core.ids import new_id
from asynctask_protos.scheduler.v1.executor_service_pb2 import ProgressBatch, ProgressReport, WorkRequest
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
