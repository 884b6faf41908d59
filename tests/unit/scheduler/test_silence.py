"""Executors that do not read what they are given get nothing more until their event loop shows that it runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from asynctask_core.ids import new_id
from asynctask_protos.scheduler.v1.executor_service_pb2 import EventBatch, Hello, WorkRequest, WorkResponse
from asynctask_protos.task.v1.work_pb2 import Event
from asynctask_scheduler.dispatch.dispatcher import Dispatcher
from asynctask_scheduler.dispatch.greeter import Greeter
from asynctask_scheduler.dispatch.renewals import Renewals
from asynctask_scheduler.dispatch.sessions import Sessions
from asynctask_scheduler.ledger.applier import Applier
from asynctask_scheduler.ledger.catalogue import Catalogue
from asynctask_scheduler.ledger.delivery import Delivery
from asynctask_scheduler.ledger.ender import Ender
from asynctask_scheduler.ledger.starter import Starter
from asynctask_scheduler.metrics import SchedulerMetrics
from asynctask_scheduler.queue.hints import ControlHint
from asynctask_scheduler.queue.port import ExecutorState
from tests.support.conditions import eventually
from tests.support.queue_model import ModelStore, QueueModel
from tests.unit.scheduler.doubles import RegistryDouble, a_type, ready

LEASE_MS = 15_000


class Deaf(QueueModel):
    """A model that knows of no sign of life: time stands still in it, so each would look fresh for ever."""

    async def executors(self) -> Sequence[ExecutorState]:
        return []


class House:
    """The sessions of one replica over the model."""

    def __init__(self) -> None:
        self.queue = Deaf(ModelStore())
        self.events: list[Delivery] = []
        registry: Any = RegistryDouble()
        nothing: Any = None
        metrics = SchedulerMetrics()
        applier = Applier(self.queue, metrics)
        ender = Ender(registry, applier)
        self.renewals = Renewals(self.queue, registry, metrics)
        catalogue = Catalogue(registry, self.queue)
        greeter = Greeter(
            queue=self.queue,
            catalogue=catalogue,
            ender=ender,
            renewals=self.renewals,
            buffer=self,  # pyright: ignore[reportArgumentType]
            progress=nothing,
            lease_ms=LEASE_MS,
        )
        starter = Starter(registry, applier, metrics, patience_s=1)
        dispatcher = Dispatcher(self.queue, starter, ender, metrics, lease_ms=LEASE_MS)
        self.sessions = Sessions(
            queue=self.queue, catalogue=catalogue, greeter=greeter, dispatcher=dispatcher, metrics=metrics
        )

    def add(self, executor_id: str, delivery: Delivery) -> None:
        """Stand in for the buffer of events."""
        self.events.append(delivery)
        delivery.leave()

    async def mark(self) -> None:
        rebuild = await self.queue.begin_rebuild()
        assert rebuild is not None
        assert await self.queue.finish_rebuild(rebuild)

    async def put(self) -> None:
        await self.queue.apply([ready(new_id())])
        self.sessions.wake_all()

    async def is_idle(self) -> bool:
        return (await self.queue.stats()).leases == 0

    def lose(self, message: WorkResponse, *, unread: bool) -> None:
        """Say of the first assignment in `message` what the reaper says when its lease ran out."""
        assignment = message.assignments.assignments[0]
        self.sessions.control(
            ControlHint("x", assignment.task_id, assignment.attempt_id, 0, lost=True, unread=unread)
        )


class Stream:
    """An executor's end of a stream; it says what is put into `says`."""

    def __init__(self, house: House) -> None:
        self.got: list[WorkResponse] = []
        self.says: asyncio.Queue[WorkRequest] = asyncio.Queue()
        hello = Hello(executor_id="x", display_name="x", slots=1, task_types=[a_type()])
        self.serving = asyncio.create_task(house.sessions.serve(hello, self._say(), self._take))

    async def _say(self) -> AsyncIterator[WorkRequest]:
        while True:
            yield await self.says.get()

    async def _take(self, message: WorkResponse) -> None:
        self.got.append(message)

    def messages(self, kind: str) -> list[WorkResponse]:
        return [message for message in self.got if message.WhichOneof("message") == kind]

    async def close(self) -> None:
        self.serving.cancel()
        await asyncio.wait([self.serving])


@pytest.fixture
async def house() -> House:
    made = House()
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
