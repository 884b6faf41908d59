"""Executors that do not read what they are given get nothing more until their event loop shows that it runs."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from asynctask_protos.scheduler.v1.executor_service_pb2 import EventBatch, WorkRequest
from asynctask_protos.task.v1.work_pb2 import Event
from asynctask_scheduler.queue.answers import ExecutorState
from tests.support.conditions import eventually
from tests.support.queue_model import ModelStore, QueueModel
from tests.unit.scheduler.house import House, Stream


class Deaf(QueueModel):
    """A model that knows of no sign of life: time stands still in it, so each would look fresh for ever."""

    async def seen_executors(self) -> Mapping[str, int]:
        return {}

    async def describe_executors(self, executor_ids: Sequence[str]) -> Sequence[ExecutorState]:
        raise AssertionError(f"it was asked what {executor_ids} serve, which may be long")


@pytest.fixture
async def house() -> House:
    made = House(Deaf(ModelStore()))
    await made.mark()
    return made


async def test_stream_of_an_executor_that_did_not_read_what_it_was_given_is_ended(house: House) -> None:
    """A blocked event loop, whose renewal thread goes on. Fails when: renewals end its silence, as they once did; it
    was given tasks again and again, and each time that counted against their budget."""
    stream = Stream(house)
    await house.put()
    (given,) = await eventually(lambda: stream.messages("assignments"))
    house.sessions.heard_of("x")
    house.lose(given, unread=True)
    house.sessions.heard_of("x")
    await asyncio.wait_for(stream.serving, 60)
    assert [message.controls.controls[0].lost for message in stream.messages("controls")] == [True]


async def test_stream_of_one_that_has_said_something_of_the_task_stays_open(house: House) -> None:
    stream = Stream(house)
    await house.put()
    (given,) = await eventually(lambda: stream.messages("assignments"))
    assignment = given.assignments.assignments[0]
    event = Event(task_id=assignment.task_id, attempt_id=assignment.attempt_id, sequence=1)
    event.checkpoint.stage = "run"
    await stream.says.put(WorkRequest(events=EventBatch(events=[event])))
    await eventually(lambda: house.events)
    house.lose(given, unread=True)
    await eventually(lambda: stream.messages("controls"))
    assert not stream.serving.done()
    await stream.close()


async def test_new_stream_of_one_that_was_silent_is_served_once_it_renews(house: House) -> None:
    stream = Stream(house)
    await house.put()
    (given,) = await eventually(lambda: stream.messages("assignments"))
    house.lose(given, unread=True)
    await asyncio.wait_for(stream.serving, 60)
    again = Stream(house)
    await eventually(lambda: again.messages("welcome"))
    await eventually(house.is_idle)  # what it held was released by its Hello
    for _ in range(20):
        await house.put()
        await asyncio.sleep(0)
    assert await house.is_idle()
    house.sessions.heard_of("x")
    await eventually(lambda: again.messages("assignments"))
    await again.close()


async def test_stream_of_one_that_lost_a_task_which_it_had_renewed_stays_open(house: House) -> None:
    stream = Stream(house)
    await house.put()
    (given,) = await eventually(lambda: stream.messages("assignments"))
    house.lose(given, unread=False)
    await eventually(lambda: stream.messages("controls"))
    assert not stream.serving.done()
    await stream.close()


async def test_drain_that_was_missed_is_caught_up_with_without_a_look_at_what_executors_serve(
    house: House,
) -> None:
    """Fails when: each replica reads every ten seconds what all executors of the cluster serve."""
    stream = Stream(house)
    await eventually(lambda: stream.messages("welcome"))
    assert await house.queue.set_draining("x")  # its hint is lost
    await house.sessions.touch()
    await eventually(lambda: stream.messages("drain"))
    await stream.close()
