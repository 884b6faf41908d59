"""Numbering, keeping and sending again of durable events; coalescing of progress."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from asynctask._attempt.attempt import Attempt, Holdings
from asynctask._attempt.clock import ClockReading
from asynctask._attempt.pending_warnings import A_MARKED_ITEM, THE_STAGE
from asynctask._attempt.stop import AttemptStopped, Stop
from asynctask._executor.outbox import EventOutbox
from asynctask._executor.progress import ProgressGatherer
from asynctask.errors import RefusedByStore
from asynctask_core import limits
from asynctask_core.ids import new_id
from asynctask_core.status import to_status
from asynctask_protos.task.v1 import state_pb2, work_pb2


class Bench:
    def __init__(self) -> None:
        self.holdings = Holdings()
        self.woken = 0
        self.lost: list[Attempt] = []
        self.outbox = EventOutbox(self.holdings, self._wake, self._lose)

    def _wake(self) -> None:
        self.woken += 1

    def _lose(self, attempt: Attempt) -> None:
        self.lost.append(attempt)
        self.holdings.remove(attempt)
        attempt.drop_events(AttemptStopped(Stop.LOST))

    def hold(self) -> Attempt:
        attempt = Attempt(work_pb2.Assignment(task_id=new_id(), attempt_id=new_id()), ClockReading(0, 0))
        self.holdings.add(attempt)
        return attempt

    def checkpoint(self, attempt: Attempt, value: str = "1") -> "asyncio.Future[None]":
        event = attempt.new_event()
        event.checkpoint.checkpoint.json = value
        waiter = asyncio.get_running_loop().create_future()
        self.outbox.put(attempt, event, waiter)
        return waiter

    def end(self, attempt: Attempt) -> None:
        event = attempt.new_event()
        event.outcome.result = state_pb2.ATTEMPT_RESULT_SUCCESS
        self.outbox.put(attempt, event)

    def ack(self, attempt: Attempt, last: int, verdict: str = "APPLIED", **facts) -> None:
        number = work_pb2.EventVerdict.Value(f"EVENT_VERDICT_{verdict}")
        self.outbox.settle(
            work_pb2.Ack(attempt_id=attempt.attempt_id, last_sequence=last, verdict=number, **facts)
        )


@pytest.fixture
def bench() -> Bench:
    return Bench()


async def test_events_are_numbered_per_attempt_and_kept_in_order(bench):
    one, other = bench.hold(), bench.hold()
    bench.checkpoint(one)
    bench.checkpoint(other)
    bench.checkpoint(one)
    events = bench.outbox.take()
    assert [(event.attempt_id, event.sequence) for event in events] == [
        (one.attempt_id, 1),
        (other.attempt_id, 1),
        (one.attempt_id, 2),
    ]
    assert bench.outbox.take() == []


async def test_acknowledgement_settles_everything_up_to_its_number(bench):
    attempt = bench.hold()
    first, second, third = (bench.checkpoint(attempt) for _ in range(3))
    bench.ack(attempt, 2)
    assert first.done()
    assert second.done()
    assert not third.done()
    assert [pending.event.sequence for pending in attempt.unacked] == [3]


async def test_rewind_sends_exactly_what_is_unacknowledged(bench):
    """Law 3. Fails when a checkpoint or an outcome is forgotten with its stream, or sent twice for nothing."""
    attempt = bench.hold()
    for _ in range(3):
        bench.checkpoint(attempt)
    bench.outbox.take()
    bench.ack(attempt, 1, "DUPLICATE")
    bench.outbox.rewind()
    assert [event.sequence for event in bench.outbox.take()] == [2, 3]


async def test_acknowledged_while_it_waits_to_be_sent_again_is_not_sent(bench):
    attempt = bench.hold()
    for _ in range(3):
        bench.checkpoint(attempt)
    bench.outbox.rewind()
    bench.ack(attempt, 2)
    assert [event.sequence for event in bench.outbox.take()] == [3]


async def test_gap_sends_again_once_however_many_gaps_are_answered(bench):
    """Law 3. Fails when the registry waits for an event that nobody sends again."""
    attempt = bench.hold()
    for _ in range(3):
        bench.checkpoint(attempt)
    bench.outbox.take()
    bench.ack(attempt, 1, "GAP")
    bench.ack(attempt, 1, "GAP")
    assert [event.sequence for event in bench.outbox.take()] == [2, 3]


async def test_refused_checkpoint_raises_for_its_waiter_and_counts_as_acknowledged(bench):
    """Laws 3 and 10. Fails when a refused checkpoint returns as if it were durable, or blocks those after it."""
    attempt = bench.hold()
    first, second = bench.checkpoint(attempt), bench.checkpoint(attempt)
    error = to_status(RefusedByStore("no"))
    bench.ack(attempt, 1, "REFUSED", error=error)
    with pytest.raises(RefusedByStore):
        first.result()
    assert not second.done()
    assert len(attempt.unacked) == 1


@pytest.mark.parametrize("waits", [True, False])
async def test_warnings_of_a_refused_checkpoint_go_with_the_next_event(bench, waits):
    """Fails when they are lost with it: it changed nothing, so it did not count them either."""
    attempt = bench.hold()
    attempt.warn("copy", "SKIPPED", "", 3)
    waiter = bench.checkpoint(attempt)
    if not waits:
        waiter.cancel()
    bench.ack(attempt, 1, "REFUSED", error=to_status(RefusedByStore("no")))
    bench.checkpoint(attempt)
    sent = attempt.unacked[-1].event
    assert [(one.code, one.count) for one in sent.warnings] == [("SKIPPED", 3)]


async def test_superseded_attempt_is_lost_and_its_waiters_are_unwound(bench):
    """Law 2. Fails when an attempt that is not the current one goes on."""
    attempt = bench.hold()
    waiter = bench.checkpoint(attempt)
    bench.ack(attempt, 0, "SUPERSEDED")
    assert bench.lost == [attempt]
    with pytest.raises(AttemptStopped):
        waiter.result()
    assert bench.outbox.take() == []


async def test_acknowledged_outcome_lets_go_of_the_attempt(bench):
    attempt = bench.hold()
    bench.end(attempt)
    bench.ack(attempt, 1, ended=True)
    assert len(bench.holdings) == 0
    bench.ack(attempt, 1, "DUPLICATE", ended=True)


async def test_every_acknowledgement_carries_what_is_requested(bench):
    """Law 9. Fails when a pause or cancel whose push was lost is not taken from the next acknowledgement."""
    attempt = bench.hold()
    bench.checkpoint(attempt)
    bench.ack(attempt, 1, requested=state_pb2.REQUESTED_PAUSE)
    assert attempt.soft_stop is Stop.PAUSE
    bench.checkpoint(attempt)
    bench.ack(attempt, 2)
    assert attempt.soft_stop is None  # withdrawn
    bench.ack(attempt, 2, "DUPLICATE", requested=state_pb2.REQUESTED_CANCEL)
    assert attempt.stop is Stop.CANCEL


async def test_acknowledgement_of_an_older_event_withdraws_no_pause_that_came_after_it(bench):
    """Law 9. Fails when every acknowledgement overrides what was pushed: an older one knows nothing of it yet."""
    attempt = bench.hold()
    bench.checkpoint(attempt)
    attempt.request(state_pb2.REQUESTED_PAUSE)  # pushed, while the event was on its way
    bench.ack(attempt, 1)
    assert attempt.soft_stop is Stop.PAUSE


async def test_batches_close_on_count_and_on_bytes(bench):
    attempt = bench.hold()
    for _ in range(limits.BATCH_ITEMS + 1):
        bench.checkpoint(attempt)
    assert len(bench.outbox.take()) == limits.BATCH_ITEMS
    assert len(bench.outbox.take()) == 1
    big = bench.hold()
    for _ in range(3):
        bench.checkpoint(big, '"' + "x" * (600 * 1024) + '"')
    assert [len(bench.outbox.take()) for _ in range(3)] == [1, 1, 1]


async def test_progress_is_coalesced_and_the_latest_always_goes_out():
    rung = asyncio.Event()
    gatherer = ProgressGatherer(asyncio.get_running_loop(), rung.set)
    attempt = Attempt(work_pb2.Assignment(task_id=new_id(), attempt_id=new_id()), ClockReading(0, 0))
    attempt.alive = True

    def report(done: float) -> None:
        attempt.progress = (done, 100_000, "steps", "")
        gatherer.report(attempt)

    await asyncio.to_thread(lambda: [report(number) for number in range(100_000)])
    await rung.wait()
    batch = gatherer.take()
    assert batch is not None
    assert [item.progress.done for item in batch.reports] == [99_999]
    assert gatherer.take() is None
    rung.clear()
    report(100_000)
    await asyncio.wait_for(rung.wait(), 60)  # spaced out, but it comes
    batch = gatherer.take()
    assert batch is not None
    assert batch.reports[0].progress.done == 100_000


async def test_progress_that_went_with_a_durable_event_is_not_sent_again():
    """Fails when who watches a task that checkpoints every step is told each step twice."""
    gatherer = ProgressGatherer(asyncio.get_running_loop(), lambda: None)
    attempt = Attempt(work_pb2.Assignment(task_id=new_id(), attempt_id=new_id()), ClockReading(0, 0))
    attempt.alive = True

    def report(done: float) -> None:
        attempt.progress = (done, 10, "steps", "")
        gatherer.report(attempt)

    report(1)
    assert attempt.new_event().progress.done == 1
    assert gatherer.take() is None
    report(2)
    batch = gatherer.take()
    assert batch is not None
    assert batch.reports[0].progress.done == 2
    # An event always has the latest, for it is durable; a report of the same once more is the handler's own.
    assert attempt.new_event().progress.done == 2
    report(2)
    assert gatherer.take() is not None


def test_checkpoint_takes_no_warning_of_an_item_whose_mark_is_on_its_way():
    """Fails when it does: the checkpoint is kept, a kill loses the mark, and the item is warned of once more."""
    attempt = Bench().hold()
    chunks: Any = SimpleNamespace(last_chunk=1, added=2, durable=1)
    attempt.chunks = chunks
    attempt.warn("run", "LATE", "after its mark", 1, A_MARKED_ITEM)
    for about in (A_MARKED_ITEM, THE_STAGE, ("list", 3)):
        attempt.warn("run", "PLAIN", "in general", 1)
        event = attempt.new_event(checkpoint=work_pb2.CheckpointEvent(stage="run"), about=about)
        assert [one.code for one in event.warnings] == ["PLAIN"]
    chunks.durable = 2
    event = attempt.new_event(checkpoint=work_pb2.CheckpointEvent(stage="run"))
    assert [one.code for one in event.warnings] == ["LATE"]
