"""What a session believes of its slots, and what waits to go down its stream."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, cast

import pytest

from asynctask_core.ids import new_id
from asynctask_protos.scheduler.v1.executor_service_pb2 import Control, WorkResponse
from asynctask_protos.task.v1.work_pb2 import Ack, Assignment, EventVerdict
from asynctask_scheduler.dispatch import dispatcher
from asynctask_scheduler.dispatch.dispatcher import SpareIds
from asynctask_scheduler.dispatch.outbox import Outbox
from asynctask_scheduler.dispatch.session import Session
from asynctask_scheduler.dispatch.sessions import Sessions
from asynctask_scheduler.metrics import SchedulerMetrics
from asynctask_scheduler.queue.port import Kind, Leased, SessionInfo, Verdict
from tests.support.conditions import eventually
from tests.support.queue_model import ModelStore, QueueModel

KIND = ("default", "noop")


class QuietCatalogue:
    """Never tells of a change."""

    def listen(self, listener: Any) -> None: ...


def a_session(slots: int = 3, executor_id: str = "x") -> Session:
    nothing: Any = None
    info = SessionInfo(executor_id, "x", slots, ("noop",), (), "")
    return Session(info, 1, [KIND], queue=QueueModel(), buffer=nothing, progress=nothing)


async def test_a_slot_is_taken_by_a_lease_and_freed_by_the_acknowledged_end():
    session = a_session()
    attempts = [new_id() for _ in range(2)]
    session.hold((new_id(), attempt) for attempt in attempts)
    assert session.free == 1
    session.acknowledge([Ack(attempt_id=attempts[0], last_sequence=1)])
    assert session.free == 1
    session.acknowledge([Ack(attempt_id=attempts[0], ended=True)])
    session.acknowledge([Ack(attempt_id=attempts[1], verdict=EventVerdict.EVENT_VERDICT_SUPERSEDED)])
    assert session.free == 3


async def test_more_leases_than_slots_mean_that_the_oldest_ended_unheard_of():
    session = a_session(slots=2)
    old, new = [(new_id(), new_id()) for _ in range(2)], [(new_id(), new_id()) for _ in range(2)]
    session.hold(old)
    session.hold(new)
    assert session.free == 0
    session.drop(attempt for _, attempt in new)
    assert session.free == 2


async def test_nothing_is_given_to_one_that_drains_or_is_silent():
    session = a_session()
    session.fall_silent()
    assert session.free == 0
    session.heard()
    assert session.free == 3
    session.drain("why")
    assert session.free == 0


async def test_a_look_ends_at_once_when_there_may_be_work_for_a_free_slot():
    session = a_session(slots=1)
    session.wake()
    await asyncio.wait_for(session.look(60), 50)
    session.hold([(new_id(), new_id())])
    session.wake()
    looking = asyncio.create_task(session.look(60))
    await asyncio.sleep(0.01)
    assert not looking.done()
    session.slots = 2
    session.wake()
    await asyncio.wait_for(looking, 60)
    await session.look(0.01)


async def test_news_of_work_wakes_the_emptiest_session_that_waits_and_a_full_one_passes_it_on():
    nothing: Any = None
    catalogue: Any = QuietCatalogue()
    sessions = Sessions(
        queue=nothing, catalogue=catalogue, greeter=nothing, dispatcher=nothing, metrics=SchedulerMetrics()
    )
    busy, *idle = [a_session(slots, name) for name, slots in (("busy", 9), ("a", 1), ("b", 3), ("c", 2))]
    for session in (busy, *idle):
        sessions._add(session)
    looks = {session: asyncio.create_task(session.look(60)) for session in idle}
    await eventually(lambda: all(session.is_waiting for session in idle))

    def woken() -> list[str]:
        return [session.executor_id for session in idle if not session.is_waiting]

    sessions.wake([KIND])
    assert woken() == ["b"]
    sessions._pass_on([KIND])
    assert woken() == ["a", "b", "c"]
    await asyncio.gather(*looks.values())
    sessions.wake([KIND])  # nobody waits: the emptiest looks once more
    await asyncio.wait_for(busy.look(60), 30)


async def test_a_freed_slot_is_news_only_for_a_session_that_ran_out_of_them():
    session = a_session(slots=1)
    session.slot_freed()
    assert not session._work.is_set()
    lease = (new_id(), new_id())
    session.hold([lease])
    session.wake()
    await session.look(0.01)  # in vain: every slot is taken
    session.drop([lease[1]])
    session.slot_freed()
    await asyncio.wait_for(session.look(60), 30)


class FullQueue(QueueModel):
    """A store that has no slot left for anybody, and counts how often it is asked."""

    def __init__(self) -> None:
        super().__init__(ModelStore())
        self.pops: Counter[str] = Counter()

    async def lease(
        self, executor_id: str, session: int, slots: int, kinds: Sequence[Kind], attempt_ids: Sequence[bytes]
    ) -> Leased:
        self.pops[executor_id] += 1
        await asyncio.sleep(0)
        return Leased(Verdict.OK, (), filled=True)


@pytest.mark.parametrize("count", [1, 2, 20])
async def test_news_goes_once_round_sessions_that_the_store_calls_full(
    count: int, monkeypatch: pytest.MonkeyPatch
):
    """Fails when one that found itself full is woken by its own passing on: it pops without end."""
    monkeypatch.setattr(dispatcher, "LOOK_EVERY_S", 3600)
    queue, nothing = FullQueue(), cast(Any, None)
    starter: Any = SimpleNamespace(gate=asyncio.Event(), most=100)
    starter.gate.set()
    giver = dispatcher.Dispatcher(queue, starter, nothing, SchedulerMetrics(), lease_ms=15_000)
    catalogue: Any = QuietCatalogue()
    sessions = Sessions(
        queue=queue, catalogue=catalogue, greeter=nothing, dispatcher=giver, metrics=SchedulerMetrics()
    )
    all_of_them = [a_session(executor_id=f"e{number}") for number in range(count)]
    for session in all_of_them:
        sessions._add(session)
    serving = [asyncio.create_task(giver.serve(session, sessions._pass_on)) for session in all_of_them]
    await eventually(lambda: all(session.is_waiting for session in all_of_them))
    sessions.wake([KIND])
    await eventually(lambda: len(queue.pops) == count)
    for _ in range(1000):
        await asyncio.sleep(0)
    before = queue.pops["e0"]
    assert max(queue.pops.values()) <= 2  # again when news came during the pop
    all_of_them[0].slot_freed()
    await eventually(lambda: queue.pops["e0"] == before + 1)
    for task in serving:
        task.cancel()
    await asyncio.wait(serving)


async def test_a_slot_that_is_freed_during_a_pop_makes_another():
    session = a_session()
    freed = session.freed
    session.slot_freed()
    session.popped(ran_out=True, freed_before=freed)
    assert not session.is_full
    assert await asyncio.wait_for(session.look(60), 30)


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


def test_spare_attempt_ids_are_used_while_they_are_fresh():
    spare = SpareIds()
    first = spare.take(4, now=10.0)
    spare.keep(first[1:])
    assert spare.take(5, now=10.5)[:3] == first[1:]
    spare.keep(first[1:])
    assert not set(spare.take(3, now=12.0)) & set(first)
