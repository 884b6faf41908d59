"""Events of executors: shared calls, one at a time for an attempt, acknowledged to whoever sent them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from asynctask_chassis.supervision import StrayCancellation
from asynctask_core.errors import AsyncTaskError, InternalError, InvalidInput, StoreUnavailable
from asynctask_core.ids import new_id
from asynctask_protos.registry.v1.ledger_service_pb2 import RecordEventsRequest, RecordEventsResponse
from asynctask_protos.scheduler.v1.executor_service_pb2 import EventBatch
from asynctask_protos.task.v1.work_pb2 import Ack, Event, OutcomeEvent
from asynctask_scheduler.metrics import SchedulerMetrics
from asynctask_scheduler.pipeline import quarantine
from asynctask_scheduler.pipeline.event_recorder import EventRecorder
from asynctask_scheduler.pipeline.received_events import ReceivedEvents
from asynctask_scheduler.pipeline.standing_applier import StandingApplier
from tests.support.conditions import eventually
from tests.support.queue_model import ModelStore, QueueModel
from tests.unit.scheduler.doubles import APPLIED, RegistryDouble


class Stream:
    """A sender that keeps what it is told."""

    def __init__(self) -> None:
        self.is_open = True
        self.acks: list[Ack] = []
        self.nbytes = 0

    def acknowledge(self, acks: Sequence[Ack]) -> None:
        self.acks.extend(acks)

    def recorded(self, nbytes: int) -> None:
        self.nbytes += nbytes


@pytest.fixture
async def registry() -> RegistryDouble:
    return RegistryDouble()


@pytest.fixture
async def recorder(registry: Any) -> AsyncIterator[EventRecorder]:
    metrics = SchedulerMetrics()
    recorder = EventRecorder(registry, StandingApplier(QueueModel(ModelStore()), metrics), metrics)
    running = asyncio.create_task(recorder.run())
    yield recorder
    running.cancel()
    await asyncio.wait([running])


def events(count: int, attempt_id: bytes | None = None, first: int = 1) -> list[Event]:
    return [
        Event(
            task_id=b"t" * 16,
            attempt_id=attempt_id or new_id(),
            sequence=first + (number if attempt_id else 0),
            outcome=OutcomeEvent(result_json="{}"),
        )
        for number in range(count)
    ]


async def test_every_event_is_acknowledged_to_its_own_stream(
    recorder: EventRecorder, registry: RegistryDouble
):
    registry.gate.clear()
    streams = [Stream() for _ in range(3)]
    sent = [events(5) for _ in streams]
    for stream, batch in zip(streams, sent, strict=True):
        recorder.add("one executor", ReceivedEvents(stream, batch, 10))
    registry.gate.set()
    await recorder.drain()
    for stream, batch in zip(streams, sent, strict=True):
        assert [ack.attempt_id for ack in stream.acks] == [event.attempt_id for event in batch]
        assert stream.nbytes == 10


async def test_messages_are_recorded_as_they_came_beside_single_events(
    recorder: EventRecorder, registry: RegistryDouble, monkeypatch: pytest.MonkeyPatch
):
    """Fails when a message of events is read otherwise by the registry than by an executor's stream."""
    requests: list[RecordEventsRequest] = []
    record = registry.record

    async def kept(request: RecordEventsRequest) -> RecordEventsResponse:
        requests.append(RecordEventsRequest.FromString(request.SerializeToString()))
        return await record(request)

    monkeypatch.setattr(registry, "record", kept)
    stream, batch, more = Stream(), EventBatch(events=events(3)), events(2)
    recorder.add("one executor", ReceivedEvents(stream, batch.events, 10, batch))
    recorder.add("one executor", ReceivedEvents(stream, more, 10))
    await recorder.drain()
    assert [event for request in requests for event in request.events] == [*batch.events, *more]
    assert len(stream.acks) == 5


async def test_verdict_of_a_newer_registry_is_passed_on_and_ends_nothing(
    recorder: EventRecorder, registry: RegistryDouble, monkeypatch: pytest.MonkeyPatch
):
    """Fails when counting it breaks the lane, and with it the scheduler, in the middle of a rolling upgrade."""
    newer: Any = 99

    async def record(request: RecordEventsRequest) -> RecordEventsResponse:
        return RecordEventsResponse(
            acks=[Ack(attempt_id=event.attempt_id, verdict=newer) for event in request.events]
        )

    monkeypatch.setattr(registry, "record", record)
    stream = Stream()
    for _ in range(2):
        recorder.add("one executor", ReceivedEvents(stream, events(1), 1))
        await asyncio.wait_for(recorder.drain(), 60)
    assert [ack.verdict for ack in stream.acks] == [newer, newer]


async def test_two_calls_never_carry_one_attempt_at_the_same_time(
    recorder: EventRecorder, registry: RegistryDouble
):
    attempt_id = new_id()
    stream = Stream()
    registry.gate.clear()
    for first in range(1, 6):
        recorder.add("one executor", ReceivedEvents(stream, events(1, attempt_id, first), 1))
        await asyncio.sleep(0)
        assert registry.in_flight <= 1
    registry.gate.set()
    await recorder.drain()
    recorded = [event.sequence for _, items in registry.calls for event in items]
    assert recorded == [1, 2, 3, 4, 5]


async def test_an_outage_is_sat_out_while_the_stream_waits(recorder: EventRecorder, registry: RegistryDouble):
    registry.failures = [StoreUnavailable("gone"), StoreUnavailable("gone")]
    stream = Stream()
    recorder.add("x", ReceivedEvents(stream, events(2), 1))
    await recorder.drain()
    assert [ack.verdict for ack in stream.acks] == [APPLIED, APPLIED]
    assert registry.count("record") == 3


async def test_what_nobody_waits_for_any_more_is_dropped(recorder: EventRecorder, registry: RegistryDouble):
    registry.failures = [StoreUnavailable("gone")] * 100
    stream = Stream()
    recorder.add("x", ReceivedEvents(stream, events(2), 7))
    await eventually(lambda: registry.count("record") > 0)
    stream.is_open = False
    await recorder.drain()
    assert (stream.acks, stream.nbytes) == ([], 7)


@pytest.mark.parametrize("fault", [InternalError("a fault of ours"), InvalidInput("no such stage")])
async def test_an_event_that_the_registry_fails_at_is_acknowledged_only_once_it_is_recorded(
    recorder: EventRecorder, registry: RegistryDouble, monkeypatch: pytest.MonkeyPatch, fault: AsyncTaskError
):
    """Fails when: the culprit is acknowledged as REFUSED, as it once was; its executor forgot what was not durable."""
    monkeypatch.setattr(quarantine, "FIRST_DELAY_S", 0.01)
    batch = events(7)
    bad = batch[3]
    bad.task_id = b"b" * 16
    registry.refused, registry.refusal = {bad.task_id}, fault
    stream = Stream()
    recorder.add("x", ReceivedEvents(stream, batch, 1000))
    await recorder.drain()
    assert {ack.attempt_id for ack in stream.acks} == {event.attempt_id for event in batch} - {bad.attempt_id}
    assert {ack.verdict for ack in stream.acks} == {APPLIED}
    assert stream.nbytes < 1000
    registry.refusal = None
    await eventually(lambda: len(stream.acks) == 7)
    assert (stream.acks[-1].attempt_id, stream.acks[-1].verdict) == (bad.attempt_id, APPLIED)
    await eventually(lambda: stream.nbytes == 1000)


async def test_what_follows_a_stuck_event_waits_behind_it_and_other_attempts_go_on(
    recorder: EventRecorder, registry: RegistryDouble, monkeypatch: pytest.MonkeyPatch
):
    """Fails when: the later events of the attempt are recorded, and answered with one GAP after the other."""
    monkeypatch.setattr(quarantine, "FIRST_DELAY_S", 0.01)
    attempt_id = new_id()
    registry.refused, registry.refusal = {b"t" * 16}, InternalError("a fault of ours")
    stream = Stream()
    recorder.add("x", ReceivedEvents(stream, events(1, attempt_id, 1), 1))
    await recorder.drain()
    other = events(1)
    other[0].task_id = b"o" * 16
    recorder.add("x", ReceivedEvents(stream, [*events(2, attempt_id, 2), *other], 3))
    await recorder.drain()
    assert [ack.attempt_id for ack in stream.acks] == [other[0].attempt_id]
    registry.refusal = None
    await eventually(lambda: len(stream.acks) == 4)
    assert [ack.last_sequence for ack in stream.acks[1:]] == [1, 2, 3]
    await eventually(lambda: stream.nbytes == 4)


async def test_a_stuck_event_whose_stream_ended_comes_again_over_the_next_one(
    recorder: EventRecorder, registry: RegistryDouble, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(quarantine, "FIRST_DELAY_S", 0.01)
    attempt_id = new_id()
    registry.refused, registry.refusal = {b"t" * 16}, InternalError("a fault of ours")
    old, new = Stream(), Stream()
    recorder.add("x", ReceivedEvents(old, events(1, attempt_id), 1))
    await recorder.drain()
    old.is_open = False
    recorder.add("x", ReceivedEvents(new, events(1, attempt_id), 1))
    registry.refusal = None
    await eventually(lambda: len(new.acks) == 1)
    await eventually(lambda: (old.nbytes, new.nbytes) == (1, 1))
    assert old.acks == []


async def test_calls_stay_below_the_limit_of_items(recorder: EventRecorder, registry: RegistryDouble):
    registry.gate.clear()
    stream = Stream()
    for _ in range(5):
        recorder.add("x", ReceivedEvents(stream, events(400), 1))
    registry.gate.set()
    await recorder.drain()
    assert max(len(items) for _, items in registry.calls) <= 1000
    assert len(stream.acks) == 2000


async def test_a_lane_that_a_callee_cancels_ends_the_recording_with_an_error():
    """Fails when: events of a quarter of the executors are recorded no more, and nobody learns of it."""

    class ClosedRegistry:
        async def record(self, request: RecordEventsRequest) -> RecordEventsResponse:
            raise asyncio.CancelledError

    metrics = SchedulerMetrics()
    recorder = EventRecorder(ClosedRegistry(), StandingApplier(QueueModel(ModelStore()), metrics), metrics)  # pyright: ignore[reportArgumentType]
    recorder.add("e", ReceivedEvents(Stream(), events(1), 10))
    running = asyncio.create_task(recorder.run())
    await eventually(running.done, timeout=10)
    with pytest.raises(ExceptionGroup) as raised:
        await running
    assert [type(one) for one in raised.value.exceptions] == [StrayCancellation]
