"""What waits to go down an executor's stream."""

from __future__ import annotations

import asyncio

import pytest

from asynctask_chassis import patience
from asynctask_chassis.patience import StreamUnread
from asynctask_protos.scheduler.v1.executor_service_pb2 import Control, WorkResponse
from asynctask_protos.task.v1.work_pb2 import Ack, Assignment
from asynctask_scheduler.dispatch.stream_outbox import MOST_ACKS, MOST_BYTES, StreamOutbox
from tests.support.conditions import eventually


async def test_the_outbox_gathers_what_comes_while_it_writes():
    outbox = StreamOutbox()
    written: list[WorkResponse] = []
    gate = asyncio.Event()

    async def write(message: WorkResponse) -> None:
        written.append(message)
        await gate.wait()

    pumping = asyncio.create_task(outbox.pump(write))
    for number in range(10):
        outbox.put_acks([Ack(last_sequence=number)])
        await asyncio.sleep(0)
    outbox.put_assignments([Assignment(epoch=1)])
    outbox.put_controls([Control(lost=True)])
    gate.set()
    await asyncio.wait_for(outbox.empty(), 60)
    pumping.cancel()
    kinds = [message.WhichOneof("message") for message in written]
    assert kinds == ["acks", "controls", "acks", "assignments"]
    assert [len(message.acks.acks) for message in written] == [1, 0, 9, 0]


async def test_large_assignments_leave_in_messages_of_about_a_megabyte():
    outbox = StreamOutbox()
    written: list[WorkResponse] = []

    async def write(message: WorkResponse) -> None:
        written.append(message)

    outbox.put_assignments([Assignment(task_config="x" * 400_000, epoch=n) for n in range(5)])
    pumping = asyncio.create_task(outbox.pump(write))
    await eventually(lambda: sum(len(one.assignments.assignments) for one in written) == 5)
    pumping.cancel()
    assert max(one.ByteSize() for one in written) < 1_100_000
    assert [a.epoch for one in written for a in one.assignments.assignments] == [0, 1, 2, 3, 4]


async def test_what_has_not_left_can_be_taken_back():
    outbox = StreamOutbox()
    outbox.put_assignments([Assignment(epoch=1)])
    assert [one.epoch for one in outbox.take_assignments()] == [1]
    assert outbox.take_assignments() == []


async def test_assignments_whose_message_could_not_be_written_are_taken_back():
    outbox = StreamOutbox()
    outbox.put_assignments([Assignment(epoch=1)])

    async def write(_message: WorkResponse) -> None:
        outbox.put_assignments([Assignment(epoch=2)])
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await outbox.pump(write)
    assert [one.epoch for one in outbox.take_assignments()] == [1, 2]


async def test_requests_that_wait_are_one_an_attempt_and_that_it_was_lost_stays():
    """Fails when: an executor that does not read gathers every request that was ever made."""
    outbox, written = StreamOutbox(), list[WorkResponse]()

    async def write(message: WorkResponse) -> None:
        written.append(message)

    for number in range(1000):
        outbox.put_controls([Control(attempt_id=b"a", requested=number % 2), Control(attempt_id=b"b")])  # pyright: ignore[reportArgumentType]
    outbox.put_controls([Control(attempt_id=b"b", lost=True)])
    outbox.put_controls([Control(attempt_id=b"b", requested=1)])  # pyright: ignore[reportArgumentType]
    pumping = asyncio.create_task(outbox.pump(write))
    await asyncio.wait_for(outbox.empty(), 60)
    pumping.cancel()
    assert [(one.attempt_id, one.requested, one.lost) for one in written[0].controls.controls] == [
        (b"a", 1, False),
        (b"b", 0, True),
    ]


async def test_executor_that_does_not_read_fills_its_outbox_and_its_stream_is_ended(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(patience, "UNREAD_S", 0.1)
    outbox = StreamOutbox()
    outbox.put_acks([Ack()] * MOST_ACKS)
    assert outbox.is_full

    async def write(_message: WorkResponse) -> None:
        await asyncio.Event().wait()

    with pytest.raises(StreamUnread, match="was not read for"):
        await asyncio.wait_for(outbox.pump(write), 60)


async def test_outbox_says_when_it_has_room_again():
    room = asyncio.Event()
    outbox = StreamOutbox(on_room=room.set)
    outbox.put_assignments([Assignment(task_config="x" * (MOST_BYTES // 4)) for _ in range(5)])
    assert outbox.is_full
    gate = asyncio.Event()

    async def write(_message: WorkResponse) -> None:
        await gate.wait()

    pumping = asyncio.create_task(outbox.pump(write))
    await asyncio.sleep(0)
    gate.set()
    await asyncio.wait_for(room.wait(), 60)
    await asyncio.wait_for(outbox.empty(), 60)
    assert not outbox.is_full
    pumping.cancel()
