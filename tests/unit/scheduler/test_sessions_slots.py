"""What a session believes of its slots, and whom news of work wakes."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any, cast

import pytest

from asynctask_core.ids import new_id
from asynctask_protos.scheduler.v1.executor_service_pb2 import WorkRequest, WorkResponse
from asynctask_protos.task.v1.task_type_pb2 import TaskType
from asynctask_protos.task.v1.work_pb2 import Ack, EventVerdict
from asynctask_scheduler.dispatch import dispatcher
from asynctask_scheduler.dispatch.session import ExecutorSession
from asynctask_scheduler.dispatch.sessions import Sessions
from asynctask_scheduler.dispatch.spare_ids import SpareIds
from asynctask_scheduler.metrics import SchedulerMetrics
from asynctask_scheduler.queue.answers import ANY_QUEUE, Lane, Leased, SessionInfo, SessionVerdict
from tests.support.conditions import eventually
from tests.support.queue_model import ModelStore, QueueModel
from tests.unit.scheduler.doubles import a_type

KIND = ("default", "noop")


class QuietCatalogue:
    """Tells of no change but those that a test makes."""

    def __init__(self) -> None:
        self.types: dict[str, TaskType] = {}
        self._listeners: list[Callable[[], None]] = []

    def listen(self, listener: Callable[[], None]) -> None:
        self._listeners.append(listener)

    def change(self, task_type: TaskType) -> None:
        self.types[task_type.name] = task_type
        for listener in self._listeners:
            listener()


def a_session(slots: int = 3, executor_id: str = "x") -> ExecutorSession:
    nothing: Any = None
    info = SessionInfo(executor_id, "x", slots, ("noop",), (), "")
    return ExecutorSession(info, 1, [KIND], queue=QueueModel(), event_recorder=nothing, progress=nothing)


async def test_a_slot_is_taken_by_a_lease_and_freed_by_the_acknowledged_end():
    session = a_session()
    attempts = [new_id() for _ in range(2)]
    session.slots.hold((new_id(), attempt) for attempt in attempts)
    assert session.slots.free == 1
    session.acknowledge([Ack(attempt_id=attempts[0], last_sequence=1)])
    assert session.slots.free == 1
    session.acknowledge([Ack(attempt_id=attempts[0], ended=True)])
    session.acknowledge([Ack(attempt_id=attempts[1], verdict=EventVerdict.EVENT_VERDICT_SUPERSEDED)])
    assert session.slots.free == 3


async def test_more_leases_than_slots_mean_that_the_oldest_ended_unheard_of():
    session = a_session(slots=2)
    old, new = [(new_id(), new_id()) for _ in range(2)], [(new_id(), new_id()) for _ in range(2)]
    session.slots.hold(old)
    session.slots.hold(new)
    assert session.slots.free == 0
    session.slots.drop(attempt for _, attempt in new)
    assert session.slots.free == 2


async def test_nothing_is_given_to_one_that_drains_or_is_silent():
    session = a_session()
    session.fall_silent()
    assert session.slots.free == 0
    session.heard()
    assert session.slots.free == 3
    session.drain("why")
    assert session.slots.free == 0


async def test_a_look_ends_at_once_when_there_may_be_work_and_says_whether_it_is_news():
    session = a_session(slots=1)
    session.slots.wake()
    assert await asyncio.wait_for(session.slots.look(60), 50)
    assert not session.slots.is_full
    session.slots.hold([(new_id(), new_id())])
    session.slots.wake()
    assert await asyncio.wait_for(session.slots.look(60), 50)  # news for others: it has no slot for it
    assert session.slots.is_full
    assert not await session.slots.look(0.01)
    session.slots.count = 2
    session.slots.wake()
    assert await asyncio.wait_for(session.slots.look(60), 50)


async def test_news_of_work_wakes_the_emptiest_session_that_waits_and_a_full_one_passes_it_on():
    sessions = a_house()
    busy, *idle = [a_session(slots, name) for name, slots in (("busy", 9), ("a", 1), ("b", 3), ("c", 2))]
    for session in (busy, *idle):
        sessions._add(session)
    looks = {session: asyncio.create_task(session.slots.look(60)) for session in idle}
    await eventually(lambda: all(session.slots.is_waiting for session in idle))

    def woken() -> list[str]:
        return [session.executor_id for session in idle if not session.slots.is_waiting]

    sessions.wake([KIND])
    assert woken() == ["b"]
    sessions._pass_on([KIND])
    assert woken() == ["a", "b", "c"]
    await asyncio.gather(*looks.values())
    sessions.wake([KIND])  # nobody waits: the emptiest looks once more
    await asyncio.wait_for(busy.slots.look(60), 30)


def a_house() -> Sessions:
    nothing: Any = None
    catalogue: Any = QuietCatalogue()
    return Sessions(
        queue=nothing,
        catalogue=catalogue,
        handshake=nothing,
        dispatcher=nothing,
        eager_starter=nothing,
        metrics=SchedulerMetrics(),
    )


async def test_room_under_the_limit_of_a_type_wakes_who_serves_it_in_whatever_queue():
    sessions, serving, other = a_house(), a_session(1, "serving"), a_session(1, "other")
    serving.lanes = [("q1", "noop"), ("q2", "noop")]
    other.lanes = [("q1", "another")]
    for session in (serving, other):
        sessions._add(session)
    sessions.wake([(ANY_QUEUE, "noop")])
    assert serving.slots._work.is_set()
    assert not other.slots._work.is_set()
    sessions.wake([(ANY_QUEUE, "nobody's")])


async def test_kinds_that_no_session_serves_any_more_are_forgotten():
    """Fails when: `_by_lane` keeps an entry for each queue and type that was ever served here."""
    sessions = a_house()
    for number in range(100):
        session = a_session(1, f"e{number}")
        session.lanes = [(f"queue-{number}", f"type-{number}")]
        sessions._add(session)
        sessions._remove(session)
    assert (sessions._by_lane, sessions._lanes_of_type, sessions._open) == ({}, {}, {})


async def test_a_freed_slot_is_news_only_for_a_session_that_ran_out_of_them():
    session = a_session(slots=1)
    session.slots.note_freed()
    assert not session.slots._work.is_set()
    lease = (new_id(), new_id())
    session.slots.hold([lease])
    session.slots.wake()
    await session.slots.look(0.01)  # finds none: every slot is taken
    session.slots.drop([lease[1]])
    session.slots.note_freed()
    await asyncio.wait_for(session.slots.look(60), 30)


class FullQueue(QueueModel):
    """A store that has no slot left for anybody, or nothing to hand out, and counts how often it is asked."""

    def __init__(self) -> None:
        super().__init__(ModelStore())
        self.pops: Counter[str] = Counter()
        self.is_empty = False

    async def lease(
        self, executor_id: str, session: int, slots: int, lanes: Sequence[Lane], attempt_ids: Sequence[bytes]
    ) -> Leased:
        self.pops[executor_id] += 1
        await asyncio.sleep(0)
        return Leased(SessionVerdict.OK, (), filled=not self.is_empty)


class Floor:
    """Sessions over a store that has no slot left for anybody; nobody looks there without being told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *slots: int) -> None:
        monkeypatch.setattr(dispatcher, "LOOK_EVERY_S", 3600)
        self.queue, nothing = FullQueue(), cast(Any, None)
        self.gate = asyncio.Event()
        self.gate.set()
        attempt_starter: Any = SimpleNamespace(gate=self.gate, most=100)
        self.giver = dispatcher.Dispatcher(
            self.queue, attempt_starter, nothing, SchedulerMetrics(), lease_ms=15_000
        )
        self.catalogue = QuietCatalogue()
        catalogue: Any = self.catalogue
        self.sessions = Sessions(
            queue=self.queue,
            catalogue=catalogue,
            handshake=nothing,
            dispatcher=self.giver,
            eager_starter=nothing,
            metrics=SchedulerMetrics(),
        )
        self.all = [a_session(count, f"e{number}") for number, count in enumerate(slots)]
        for session in self.all:
            self.sessions._add(session)

    @asynccontextmanager
    async def served(self) -> AsyncIterator[None]:
        serving = [
            asyncio.create_task(self.giver.serve(session, self.sessions._pass_on)) for session in self.all
        ]
        await eventually(lambda: all(session.slots.is_waiting for session in self.all))
        yield
        for task in serving:
            task.cancel()
        await asyncio.wait(serving)


@pytest.mark.parametrize("count", [1, 2, 20])
async def test_news_goes_once_round_sessions_that_the_store_calls_full(
    count: int, monkeypatch: pytest.MonkeyPatch
):
    """Fails when one that found itself full is woken by its own passing on: it pops without end."""
    floor = Floor(monkeypatch, *[3] * count)
    pops = floor.queue.pops
    async with floor.served():
        floor.sessions.wake([KIND])
        await eventually(lambda: len(pops) == count)
        for _ in range(1000):
            await asyncio.sleep(0)
        before = pops["e0"]
        assert max(pops.values()) <= 2  # again when news came during the pop
        floor.all[0].slots.note_freed()
        await eventually(lambda: pops["e0"] == before + 1)


def drain(session: ExecutorSession) -> None:
    session.drain("why")


def fall_silent(session: ExecutorSession) -> None:
    session.fall_silent()


def lose_its_slots(session: ExecutorSession) -> None:
    session.slots.count = 0


@pytest.mark.parametrize("close", [drain, fall_silent, lose_its_slots])
async def test_news_that_reaches_a_session_which_may_take_nothing_any_more_is_passed_on_at_once(
    close: Callable[[ExecutorSession], None], monkeypatch: pytest.MonkeyPatch
):
    """Broken once on purpose: a look that waits on, as for a session that is full, keeps the news for a second."""
    floor = Floor(monkeypatch, 9, 1)
    async with floor.served():
        floor.sessions.wake([KIND])
        assert not floor.all[0].slots.is_waiting
        close(floor.all[0])
        await eventually(lambda: floor.queue.pops)
        assert set(floor.queue.pops) == {"e1"}


async def test_news_is_not_left_with_a_session_whose_stream_is_ending(monkeypatch: pytest.MonkeyPatch):
    """Fails when it is still told of news while it waits for its last answers: for five seconds, or for ever."""
    floor = Floor(monkeypatch, 9, 1)
    ending, staying = floor.all
    says_no_more = asyncio.Event()

    async def requests() -> AsyncIterator[WorkRequest]:
        await says_no_more.wait()
        return
        yield

    async def write(_message: WorkResponse) -> None: ...

    floor.queue.is_empty = True
    ending._unrecorded_bytes = 1
    serving = asyncio.create_task(floor.sessions._serve(ending, requests(), write))
    await eventually(lambda: ending.slots.is_waiting)
    floor.gate.clear()  # it takes note of the news, and comes no further
    floor.sessions.wake([KIND])
    await eventually(lambda: not (ending.slots.is_waiting or ending.slots._work.is_set()))
    says_no_more.set()
    assert await asyncio.wait_for(staying.slots.look(3600), 30)
    floor.catalogue.change(a_type(queue="other"))
    assert await asyncio.wait_for(staying.slots.look(3600), 30)
    floor.sessions.wake([("other", "noop")])
    assert await asyncio.wait_for(staying.slots.look(3600), 30), (
        "a change of types makes it no one to be told again"
    )
    assert not serving.done()
    ending._unrecorded_bytes = 0
    ending.recorded(0)
    await serving


@pytest.mark.parametrize(
    "ack",
    [
        {"verdict": EventVerdict.EVENT_VERDICT_DUPLICATE, "ended": True},
        {"verdict": EventVerdict.EVENT_VERDICT_SUPERSEDED},
    ],
)
async def test_a_slot_that_another_replica_freed_is_news_once_the_registry_says_so_here(ack: dict[str, Any]):
    """An executor that comes from another replica sends again what that one had recorded, and freed in Redis.

    Broken once on purpose: told by its own applies only, the session looks at the store up to a second later.
    """
    session, attempt_id = a_session(slots=1), new_id()
    session.slots.hold([(new_id(), attempt_id)])
    session.slots.wake()
    await session.slots.look(0.01)  # finds none: every slot is taken
    session.acknowledge([Ack(attempt_id=attempt_id, last_sequence=1, **ack)])
    assert await asyncio.wait_for(session.slots.look(3600), 30)
    session.acknowledge([Ack(attempt_id=attempt_id, last_sequence=1, **ack)])
    assert not session.slots._work.is_set()


async def test_a_slot_that_is_freed_during_a_pop_makes_another():
    session = a_session()
    freed = session.slots.freed_count
    session.slots.note_freed()
    session.slots.note_popped(ran_out=True, freed_before=freed)
    assert not session.slots.is_full
    assert await asyncio.wait_for(session.slots.look(60), 30)


def test_spare_attempt_ids_are_used_while_they_are_fresh():
    spare = SpareIds()
    first = spare.take(4, now=10.0)
    spare.keep(first[1:])
    assert spare.take(5, now=10.5)[:3] == first[1:]
    spare.keep(first[1:])
    assert not set(spare.take(3, now=12.0)) & set(first)
