"""An executor that says much and reads nothing costs a bounded amount, and nobody else's time."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from asynctask_chassis import patience
from asynctask_chassis.patience import StreamUnread
from asynctask_core.ids import new_id
from asynctask_protos.scheduler.v1.executor_service_pb2 import EventBatch, WorkRequest, WorkResponse
from asynctask_protos.task.v1.work_pb2 import Ack, Event, EventVerdict, OutcomeEvent
from asynctask_scheduler.dispatch.dispatcher import Dispatcher
from asynctask_scheduler.dispatch.session import ExecutorSession
from asynctask_scheduler.dispatch.stream_outbox import MOST_ACKS
from asynctask_scheduler.pipeline.received_events import ReceivedEvents
from asynctask_scheduler.queue.answers import SessionInfo
from tests.support.conditions import eventually
from tests.unit.scheduler.house import House, Stream

BATCH = 500


class AnsweringHouse(House):
    """Answers every event at once, as those of attempts that are over."""

    answered = 0

    def add(self, executor_id: str, delivery: ReceivedEvents) -> None:
        self.answered += len(delivery.events)
        delivery.sender.acknowledge(
            [
                Ack(attempt_id=event.attempt_id, verdict=EventVerdict.EVENT_VERDICT_SUPERSEDED)
                for event in delivery.events
            ]
        )
        delivery.leave()


class DeafStream(Stream):
    """Reads its welcome, and nothing after it."""

    async def _take(self, message: WorkResponse) -> None:
        if self.got:
            await asyncio.Event().wait()
        await super()._take(message)


def events() -> WorkRequest:
    one = Event(task_id=new_id(), attempt_id=new_id(), sequence=1, outcome=OutcomeEvent())
    return WorkRequest(events=EventBatch(events=[one] * BATCH))


async def test_answers_that_an_executor_does_not_read_stop_the_reading_of_what_it_says() -> None:
    """Fails when: acknowledgements queue for a stream without bound."""
    house = AnsweringHouse()
    await house.mark()
    stream = DeafStream(house)
    for _ in range(4 * MOST_ACKS // BATCH):
        stream.says.put_nowait(events())
    await eventually(lambda: house.answered >= MOST_ACKS)
    left = stream.says.qsize()
    assert left > 0
    for _ in range(100):
        await asyncio.sleep(0)
    assert stream.says.qsize() == left
    assert house.answered <= MOST_ACKS + 2 * BATCH
    await stream.close()


async def test_stream_of_an_executor_that_does_not_read_is_ended_and_keeps_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(patience, "UNREAD_S", 0.2)
    house = AnsweringHouse()
    await house.mark()
    stream = DeafStream(house)
    stream.says.put_nowait(events())
    with pytest.raises(StreamUnread):
        await asyncio.wait_for(stream.serving, 60)
    assert not house.sessions.snapshot()


async def test_session_that_has_to_read_first_is_given_nothing_and_freezes_nobody() -> None:
    """Fails when: a session that is behind counts as free, so news of work goes from it to itself for ever."""
    nothing: Any = None
    info = SessionInfo("e", "", slots=4, task_types=("t",), queues=("q",), sdk_version="")
    session = ExecutorSession(info, 1, [("q", "t")], queue=nothing, event_recorder=nothing, progress=nothing)
    assert session.slots.free == 4
    session.outbox.put_acks([Ack()] * MOST_ACKS)
    assert session.is_behind
    assert session.slots.free == 0
    dispatcher: Any = object.__new__(Dispatcher)
    dispatcher._attempt_starter = SimpleNamespace(gate=asyncio.Event())
    dispatcher._attempt_starter.gate.set()
    passed_on = 0

    def pass_on(kinds: object) -> None:
        nonlocal passed_on
        passed_on += 1
        if passed_on > 1000:
            raise AssertionError("news goes round without end")
        session.slots.wake()

    serving = asyncio.create_task(dispatcher.serve(session, pass_on))
    session.slots.wake()
    for _ in range(20):
        await asyncio.sleep(0)
    assert not serving.done()
    assert not await dispatcher._may_pop(session), "the look of each second asks also without news"
    serving.cancel()
    await asyncio.wait([serving])
