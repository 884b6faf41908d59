"""What comes up a stream is checked before it is mixed with what others say."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from typing import Any

import pytest

from asynctask_core import limits
from asynctask_core.errors import InvalidInput
from asynctask_core.ids import new_id
from asynctask_protos.scheduler.v1.executor_service_pb2 import (
    EventBatch,
    ProgressBatch,
    ProgressReport,
    WorkRequest,
)
from asynctask_protos.task.v1 import work_pb2 as work
from asynctask_protos.task.v1.state_pb2 import AttemptResult
from asynctask_protos.task.v1.task_pb2 import Failure, Progress
from asynctask_scheduler.dispatch.session import ExecutorSession
from asynctask_scheduler.pipeline.received_events import ReceivedEvents
from asynctask_scheduler.queue.answers import SessionInfo
from tests.support.queue_model import QueueModel

SUCCESS = AttemptResult.ATTEMPT_RESULT_SUCCESS


class Desk:
    """Notes the reports that it is given."""

    def __init__(self) -> None:
        self.reports: list[ProgressReport] = []

    def report(self, reports: Iterable[ProgressReport]) -> None:
        self.reports.extend(reports)


class Shelf:
    """Notes the events that it is given, in place of the buffer."""

    def __init__(self) -> None:
        self.events: list[work.Event] = []

    def add(self, executor_id: str, delivery: ReceivedEvents) -> None:
        self.events.extend(delivery.events)
        delivery.leave()


class Spoken:
    """A stream of an executor that holds one attempt, and what became of what it said."""

    def __init__(self) -> None:
        self.desk, self.shelf = Desk(), Shelf()
        desk: Any = self.desk
        shelf: Any = self.shelf
        info = SessionInfo("x", "x", 1, ("noop",), (), "")
        self.session = ExecutorSession(info, 1, [], queue=QueueModel(), event_recorder=shelf, progress=desk)
        self.ids: dict[str, Any] = {"task_id": new_id(), "attempt_id": new_id()}
        self.session.slots.hold([(self.ids["task_id"], self.ids["attempt_id"])])

    async def says(self, *requests: WorkRequest) -> None:
        async def coming() -> AsyncIterator[WorkRequest]:
            for request in requests:
                yield request

        await self.session.read(coming())

    async def reports(self, *reports: ProgressReport) -> None:
        await self.says(*(WorkRequest(progress=ProgressBatch(reports=[report])) for report in reports))

    async def events(self, *events: work.Event) -> None:
        await self.says(WorkRequest(events=EventBatch(events=events)))

    def report(self, **fields: Any) -> ProgressReport:
        values: dict[str, Any] = {"stage": "run", "progress": Progress(done=1, total=2)} | self.ids | fields
        return ProgressReport(**values)


@pytest.mark.parametrize("wrong", [{"task_id": b"short"}, {"attempt_id": b""}], ids=["task", "attempt"])
async def test_progress_with_a_wrong_id_ends_its_own_stream_and_spoils_nobody_elses(wrong: dict[str, Any]):
    """Law 10. The registry refuses reports that are stored together as a whole: others' would be lost with it."""
    spoken = Spoken()
    good, bad = spoken.report(), spoken.report(**wrong)
    with pytest.raises(InvalidInput, match="16 bytes"):
        await spoken.reports(good, bad)
    assert spoken.desk.reports == [good]


@pytest.mark.parametrize("field", ["done", "total"])
@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf"), -1.0, 1e16])
@pytest.mark.parametrize("way", ["report", "event"])
async def test_progress_that_readers_cannot_count_with_is_dropped_and_harms_no_other_task(
    way: str, number: float, field: str
):
    """Fails when it is let in: it is no JSON, and every reader of the task would fail with it. Fails as well when it
    ends the stream, over which all tasks of the executor are served."""
    spoken = Spoken()
    values: dict[str, Any] = {field: number}
    good = spoken.report()
    if way == "report":
        await spoken.reports(spoken.report(progress=Progress(**values)), good)
        assert spoken.desk.reports == [good]
    else:
        event = work.Event(
            sequence=1,
            checkpoint=work.CheckpointEvent(stage="run"),
            progress=Progress(**values),
            **spoken.ids,
        )
        await spoken.events(event)
        assert not spoken.desk.reports
        (kept,) = spoken.shelf.events
        assert kept.HasField("checkpoint")
        assert not kept.HasField("progress")
        assert not kept.refused


async def test_progress_of_attempts_that_the_executor_was_never_given_is_dropped():
    """Fails when it is kept: made-up ids filled the memory of the scheduler."""
    spoken = Spoken()
    await spoken.reports(*(spoken.report(task_id=new_id(), attempt_id=new_id()) for _ in range(100)))
    await spoken.reports(*(spoken.report(task_id=new_id()) for _ in range(100)))  # one attempt, many tasks
    event = work.Event(
        task_id=new_id(),
        attempt_id=new_id(),
        sequence=1,
        checkpoint=work.CheckpointEvent(stage="run"),
        progress=Progress(done=1),
    )
    await spoken.events(event)
    assert not spoken.desk.reports


async def test_attempt_beyond_the_slots_still_reports_progress():
    spoken = Spoken()
    spoken.session.slots.hold([(new_id(), new_id())])
    await spoken.reports(spoken.report())
    assert len(spoken.desk.reports) == 1


async def test_texts_of_progress_are_cut_to_their_limits_before_anything_keeps_them():
    """Fails when they are kept: five messages of 4 MiB made every list of tasks too large to be sent."""
    spoken = Spoken()
    progress = Progress(done=1, message="ä\x00" * (4 << 20), unit="u" * 100_000, rate=5, remaining_s=7)
    progress.remaining_most_s = 9
    report = spoken.report(progress=progress)
    report.progress.MergeFromString(b"\x9a\x06\xa0\x8d\x06" + b"x" * 100_000)  # a field that nobody knows
    await spoken.reports(report)
    (kept,) = spoken.desk.reports
    assert kept.ByteSize() < 2 * limits.PROGRESS_MESSAGE_BYTES
    assert kept.progress.message.endswith("[cut]")
    assert (kept.progress.rate, kept.progress.HasField("remaining_s")) == (0, False)
    assert not kept.progress.HasField("remaining_most_s")


async def test_event_over_a_bound_goes_on_without_its_content_and_its_neighbours_as_they_are():
    """Law 10. The registry records it as refused; a stage name of 18 KB poisoned every batch that it was in."""
    spoken = Spoken()
    stage, unknown = "s" * 18_000, AttemptResult.ValueType(99)
    bad = [
        work.Event(sequence=2, checkpoint=work.CheckpointEvent(stage=stage), **spoken.ids),
        work.Event(
            sequence=3,
            stage_finished=work.StageFinishedEvent(stage="run", result_json="x" * (2 << 20)),
            **spoken.ids,
        ),
        work.Event(sequence=4, outcome=work.OutcomeEvent(result=unknown), **spoken.ids),
    ]
    first = work.Event(sequence=1, checkpoint=work.CheckpointEvent(stage="run"), **spoken.ids)
    last = work.Event(sequence=5, outcome=work.OutcomeEvent(result=SUCCESS), refused="mine", **spoken.ids)
    await spoken.events(first, *bad, last)
    kept = spoken.shelf.events
    assert [event.sequence for event in kept] == [1, 2, 3, 4, 5]
    assert [event.WhichOneof("event") for event in kept] == [
        "checkpoint",
        "checkpoint",
        "stage_finished",
        "outcome",
        "outcome",
    ]
    reasons = [event.refused for event in kept]
    assert (reasons[0], reasons[4]) == ("", "")  # whose event it is does not say that it is refused
    assert reasons[1].startswith("checkpoint.stage: must be up to 64")
    assert reasons[2].startswith("stage_finished.result_json: must be at most 1048576 bytes; got 2097152")
    assert reasons[3].startswith("outcome.result: must be one of")
    assert all(event.ByteSize() < 2000 for event in kept)


async def test_texts_of_a_failure_are_cut_and_a_delay_of_centuries_is_ten_years():
    spoken = Spoken()
    failure = Failure(
        reason="r" * 5000, error_type="e" * 5000, message="m" * 500_000, traceback="t" * 500_000
    )
    outcome = work.OutcomeEvent(
        result=AttemptResult.ATTEMPT_RESULT_FAILED, failure=failure, retry_after_ms=2**62
    )
    await spoken.events(work.Event(sequence=1, outcome=outcome, **spoken.ids))
    (kept,) = spoken.shelf.events
    assert not kept.refused
    assert kept.ByteSize() < limits.FAILURE_MESSAGE_BYTES + limits.TRACEBACK_BYTES + 1000
    assert kept.outcome.retry_after_ms == limits.DELAY_MS
