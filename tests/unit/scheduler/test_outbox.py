"""What waits to go down an executor's stream."""

from __future__ import annotations

import asyncio

import pytest

from asynctask_protos.scheduler.v1.executor_service_pb2 import Control, WorkResponse
from asynctask_protos.task.v1.work_pb2 import Ack, Assignment
from asynctask_scheduler.dispatch.outbox import Outbox
from tests.support.conditions import eventually


async def test_the_outbox_gathers_what_comes_while_it_writes():
    outbox = Outbox()
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
    outbox = Outbox()
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
    outbox = Outbox()
    outbox.put_assignments([Assignment(epoch=1)])
    assert [one.epoch for one in outbox.take_assignments()] == [1]
    assert outbox.take_assignments() == []


async def test_assignments_whose_message_could_not_be_written_are_taken_back():
    outbox = Outbox()
    outbox.put_assignments([Assignment(epoch=1)])

    async def write(_message: WorkResponse) -> None:
        outbox.put_assignments([Assignment(epoch=2)])
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await outbox.pump(write)
    assert [one.epoch for one in outbox.take_assignments()] == [1, 2]
