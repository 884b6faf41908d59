"""Handing tasks out on the model of the queues: delivered, or given back when the stream is gone; and renewals."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest

from asynctask_chassis.supervision import StrayCancellation
from asynctask_core.errors import InternalError, SessionSuperseded, StoreUnavailable
from asynctask_core.ids import new_id
from asynctask_protos.registry.v1.ledger_service_pb2 import StartVerdict
from asynctask_protos.registry.v1.standing_pb2 import Place, Standing
from asynctask_protos.task.v1.state_pb2 import AttemptResult, Requested
from asynctask_scheduler.dispatch import dispatcher
from asynctask_scheduler.dispatch.dispatcher import Dispatcher
from asynctask_scheduler.dispatch.renewal_record import RenewalRecord
from asynctask_scheduler.dispatch.renewals import Renewals
from asynctask_scheduler.dispatch.session import ExecutorSession
from asynctask_scheduler.metrics import SchedulerMetrics
from asynctask_scheduler.pipeline import standing_applier
from asynctask_scheduler.pipeline.attempt_starter import AttemptStarter
from asynctask_scheduler.pipeline.lease_releaser import LeaseReleaser
from asynctask_scheduler.pipeline.standing_applier import StandingApplier
from asynctask_scheduler.queue.answers import Applied, Lane, Lease, Leased, Renewed, SessionInfo, TypeLimit
from tests.support.conditions import eventually
from tests.support.queue_model import ModelStore, QueueModel
from tests.unit.scheduler.doubles import RegistryDouble, leased, ready

LEASE_MS = 15_000
CANCEL, PAUSE = Requested.REQUESTED_CANCEL, Requested.REQUESTED_PAUSE
UNDELIVERED, RELEASED = AttemptResult.ATTEMPT_RESULT_UNDELIVERED, AttemptResult.ATTEMPT_RESULT_RELEASED


class GatedQueue(QueueModel):
    """A model whose pops answer only while `popping` is set."""

    def __init__(self) -> None:
        super().__init__(ModelStore())
        self.popping = asyncio.Event()
        self.popping.set()
        self.pops = 0
        self.unanswered = 0
        self.renewals = 0
        self.before_renewal: Callable[[], Awaitable[None]] | None = None
        self.is_deaf = False

    async def apply(self, standings: Sequence[Standing]) -> Applied:
        if self.is_deaf:
            raise StoreUnavailable("away")
        return await super().apply(standings)

    async def renew(self, executor_id: str, session: int, leases: Sequence[Lease]) -> Renewed:
        self.renewals += 1
        if self.before_renewal is not None:
            await self.before_renewal()
        return await super().renew(executor_id, session, leases)

    async def rebuild_token(self) -> str:
        if self.unanswered:
            self.unanswered -= 1
            raise StoreUnavailable("away")
        return await super().rebuild_token()

    async def lease(
        self, executor_id: str, session: int, slots: int, lanes: Sequence[Lane], attempt_ids: Sequence[bytes]
    ) -> Leased:
        self.pops += 1
        answer = await super().lease(executor_id, session, slots, lanes, attempt_ids)
        await self.popping.wait()
        return answer


class Floor:
    """A dispatcher over the model, and one session."""

    def __init__(self) -> None:
        self.registry = RegistryDouble()
        self.queue = GatedQueue()
        self.metrics = SchedulerMetrics()
        registry: Any = self.registry
        self.applier = StandingApplier(self.queue, self.metrics)
        self.attempt_starter = AttemptStarter(registry, self.applier, self.metrics, patience_s=1)
        self.lease_releaser = LeaseReleaser(registry, self.applier)
        self.dispatcher = Dispatcher(
            self.queue, self.attempt_starter, self.lease_releaser, self.metrics, lease_ms=LEASE_MS
        )
        self.renewals = Renewals(self.queue, registry, self.metrics, RenewalRecord(LEASE_MS))

    async def begin(self, slots: int = 4) -> ExecutorSession:
        rebuild = await self.queue.begin_rebuild()
        if rebuild is not None:
            assert await self.queue.finish_rebuild(rebuild)
        info = SessionInfo("x", "x", slots, ("noop",), (), "")
        number = (await self.queue.open_session(info)).number
        nothing: Any = None
        return ExecutorSession(
            info, number, [("default", "noop")], queue=self.queue, event_recorder=nothing, progress=nothing
        )

    async def put(self, count: int) -> list[bytes]:
        task_ids = [new_id() for _ in range(count)]
        await self.queue.apply([ready(task_id) for task_id in task_ids])
        return task_ids

    def serve(self, session: ExecutorSession) -> asyncio.Task[None]:
        session.slots.wake()
        return asyncio.create_task(self.dispatcher.serve(session, lambda kinds: None))

    async def leases(self) -> int:
        return (await self.queue.stats()).leases


@pytest.fixture
async def floor() -> Floor:
    return Floor()


async def stopped(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait([task])


async def test_tasks_for_free_slots_are_started_and_delivered_in_their_order(floor: Floor):
    session = await floor.begin(slots=3)
    task_ids = await floor.put(5)
    serving = floor.serve(session)
    delivered: list[Any] = []
    await eventually(lambda: delivered.extend(session.outbox.take_assignments()) or len(delivered) == 3)
    assert [one.task_id for one in delivered] == task_ids[:3]
    assert all(LEASE_MS // 3 < one.expires_in_ms <= LEASE_MS for one in delivered)
    assert session.slots.free == 0
    await stopped(serving)


async def test_what_was_started_for_a_stream_that_ended_is_given_back_as_undelivered(floor: Floor):
    session = await floor.begin()
    task_ids = await floor.put(2)
    floor.registry.gate.clear()
    serving = floor.serve(session)
    await eventually(lambda: floor.registry.in_flight)
    session.end()
    await stopped(serving)
    floor.registry.gate.set()
    await eventually(lambda: floor.registry.count("end") == 1)
    ends = next(items for call, items in floor.registry.calls if call == "end")
    assert [(end.task_id, end.result, end.executor_id) for end in ends] == [
        (task_id, UNDELIVERED, "x") for task_id in task_ids
    ]
    await floor.lease_releaser.drain()
    assert await floor.leases() == 0


async def test_what_the_registry_started_too_late_is_released_and_counts_against_no_budget(floor: Floor):
    """Fails when: it is given back as UNDELIVERED, as it once was; ten such delays of ours failed the task."""
    session = await floor.begin()
    (task_id,) = await floor.put(1)
    floor.dispatcher = Dispatcher(
        floor.queue, floor.attempt_starter, floor.lease_releaser, floor.metrics, lease_ms=30
    )
    floor.registry.gate.clear()
    serving = floor.serve(session)
    await eventually(lambda: floor.registry.in_flight)
    await asyncio.sleep(0.03)
    floor.registry.gate.set()
    await eventually(lambda: floor.registry.count("end"))
    await stopped(serving)
    (end,) = next(items for call, items in floor.registry.calls if call == "end")
    assert (end.task_id, end.result) == (task_id, RELEASED)


@pytest.mark.parametrize("stray", [asyncio.CancelledError(), StrayCancellation("a callee was cancelled")])
async def test_a_start_of_which_a_callee_was_cancelled_is_given_back_at_our_cost(
    floor: Floor, monkeypatch: pytest.MonkeyPatch, stray: BaseException
):
    """Fails when: it counts against the budget of the task, or ends the stream, and with it the starts of others."""

    async def start(_: object) -> None:
        raise stray

    monkeypatch.setattr(floor.attempt_starter, "start", start)
    session = await floor.begin()
    (task_id,) = await floor.put(1)
    serving = floor.serve(session)
    await eventually(lambda: floor.registry.count("end"))
    assert not serving.done()
    await stopped(serving)
    (end,) = next(items for call, items in floor.registry.calls if call == "end")
    assert (end.task_id, end.result) == (task_id, RELEASED)


async def test_a_lease_whose_end_could_not_be_applied_stays_for_the_reaper(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
):
    """Law 1. Fails when it is dropped all the same: then nothing in Redis leads to the task any more."""
    monkeypatch.setattr(standing_applier, "RETRY_DELAYS_S", ())
    session = await floor.begin()
    (task_id,) = await floor.put(1)
    given = await floor.queue.lease("x", session.number, 1, [("default", "noop")], [new_id()])
    floor.registry.standings = {task_id: ready(task_id, version=3)}
    floor.queue.is_deaf = True
    ended = floor.lease_releaser.end("x", given.leases, UNDELIVERED)
    assert ended is not None
    await ended
    assert await floor.leases() == 1


async def test_a_task_that_the_registry_cannot_start_keeps_nobody_from_starting(floor: Floor):
    """Law 10. Fails when it is given back at once: it is at the head of the line, and is popped again in the place of
    others."""
    session = await floor.begin(slots=3)
    task_ids = await floor.put(3)
    floor.registry.refusal, floor.registry.refused = InternalError("a fault of ours"), {task_ids[0]}
    serving = floor.serve(session)
    delivered: list[Any] = []
    await eventually(lambda: delivered.extend(session.outbox.take_assignments()) or len(delivered) == 2)
    assert [one.task_id for one in delivered] == task_ids[1:]
    await stopped(serving)
    assert (await floor.leases(), floor.registry.count("end")) == (3, 0)


async def test_an_end_that_the_registry_refuses_leaves_the_others_to_end(floor: Floor):
    """Law 10. Fails when a refused call is given up as a whole: its leases had to run out, with their slots."""
    session = await floor.begin(slots=3)
    task_ids = await floor.put(3)
    given = await floor.queue.lease(
        "x", session.number, 3, [("default", "noop")], [new_id() for _ in range(3)]
    )
    floor.registry.running = dict(given.leases)
    floor.registry.refusal, floor.registry.refused = InternalError("a fault of ours"), {task_ids[1]}
    ended = floor.lease_releaser.end("x", given.leases, UNDELIVERED)
    assert ended is not None
    await ended
    assert await floor.leases() == 1


async def test_what_the_registry_cannot_start_is_released_later(floor: Floor):
    session = await floor.begin()
    (task_id,) = await floor.put(1)
    floor.dispatcher = Dispatcher(
        floor.queue, floor.attempt_starter, floor.lease_releaser, floor.metrics, lease_ms=30
    )
    floor.registry.failures = [InternalError("a fault of ours")]
    serving = floor.serve(session)
    await eventually(lambda: floor.registry.count("end"))
    await stopped(serving)
    (end,) = next(items for call, items in floor.registry.calls if call == "end")
    assert (end.task_id, end.result) == (task_id, RELEASED)


async def test_delivery_waits_for_redis_to_say_that_it_still_counts_the_task(floor: Floor):
    session = await floor.begin()
    await floor.queue.set_type_limits([TypeLimit("noop", 4, version=1)])
    await floor.put(1)
    floor.queue.unanswered = 2
    serving = floor.serve(session)
    delivered: list[Any] = []
    await eventually(lambda: delivered.extend(session.outbox.take_assignments()) or delivered)
    assert floor.queue.unanswered == 0
    await stopped(serving)


async def test_a_slot_whose_start_was_refused_is_free_at_once_though_redis_is_still_asked(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
):
    """Fails when the news that its lease is gone comes while it is still believed to be held: nobody tells again."""
    monkeypatch.setattr(dispatcher, "LOOK_EVERY_S", 3600)
    session = await floor.begin(slots=1)
    floor.applier.listen(lambda applied: session.slots.note_freed() if applied.freed else None)
    await floor.queue.set_type_limits([TypeLimit("noop", 4, version=1)])
    (refused,) = await floor.put(1)
    floor.registry.verdicts[refused] = StartVerdict.START_VERDICT_NOT_STARTABLE
    floor.registry.standings[refused] = Standing(task_id=refused, version=2, place=Place.PLACE_NOWHERE)
    is_asked, may_answer = asyncio.Event(), asyncio.Event()
    token = floor.queue.rebuild_token

    async def slowly() -> str:
        is_asked.set()
        await may_answer.wait()
        return await token()

    monkeypatch.setattr(floor.queue, "rebuild_token", slowly)
    serving = floor.serve(session)
    await asyncio.wait_for(is_asked.wait(), 60)
    (waiting,) = await floor.put(1)
    await eventually(lambda: session.slots.freed_count)
    await eventually(lambda: session.slots.is_waiting)
    may_answer.set()
    delivered: list[Any] = []
    await eventually(lambda: delivered.extend(session.outbox.take_assignments()) or delivered)
    assert [one.task_id for one in delivered] == [waiting]
    await stopped(serving)


async def test_slots_whose_start_redis_has_forgotten_are_not_given_twice(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
):
    """Law 6. Broken once on purpose: asking Redis in spite of starts on their way gives a third task to two slots."""
    monkeypatch.setattr(dispatcher, "LOOK_EVERY_S", 0.001)
    session = await floor.begin(slots=2)
    await floor.put(2)
    floor.registry.gate.clear()
    serving = floor.serve(session)
    await eventually(lambda: floor.registry.in_flight)
    floor.queue.store.flush()
    rebuild = await floor.queue.begin_rebuild()
    assert rebuild is not None
    assert await floor.queue.finish_rebuild(rebuild)
    await floor.queue.open_session(session.info)
    await floor.put(2)
    pops, looks = floor.queue.pops, 0

    async def look(seconds: float, look: Callable[[float], Awaitable[bool]] = session.slots.look) -> bool:
        nonlocal looks
        looks += 1
        return await look(seconds)

    session.slots.look = look
    await eventually(lambda: looks > 10)
    assert floor.queue.pops == pops
    floor.registry.gate.set()
    await stopped(serving)


async def test_what_was_popped_for_a_stream_that_ended_is_given_back_too(floor: Floor):
    """Fails when the pop is cancelled with its stream: the tasks then wait for their leases to run out."""
    session = await floor.begin()
    await floor.put(2)
    floor.queue.popping.clear()
    serving = floor.serve(session)
    await eventually(lambda: floor.queue.pops == 1)
    await stopped(serving)
    assert await floor.leases() == 2
    floor.queue.popping.set()
    await floor.dispatcher.drain()
    await floor.lease_releaser.drain()
    assert await floor.leases() == 0
    assert floor.registry.count("start") == 0


async def test_a_superseded_session_ends_with_that_error(floor: Floor):
    session = await floor.begin()
    await floor.queue.open_session(session.info)
    serving = floor.serve(session)
    with pytest.raises(SessionSuperseded):
        await asyncio.wait_for(session.over(), 60)
    await stopped(serving)


async def test_a_session_that_redis_lost_is_written_back(floor: Floor):
    session = await floor.begin()
    floor.queue.store.flush()
    rebuild = await floor.queue.begin_rebuild()
    assert rebuild is not None
    assert await floor.queue.finish_rebuild(rebuild)
    await floor.put(1)
    serving = floor.serve(session)
    delivered: list[Any] = []
    await eventually(lambda: delivered.extend(session.outbox.take_assignments()) or delivered)
    assert session.is_open
    await stopped(serving)


async def test_one_that_lost_a_lease_gets_nothing_until_it_renews(floor: Floor):
    session = await floor.begin()
    floor.queue.store.advance(60_000)
    session.fall_silent()
    await floor.put(1)
    serving = floor.serve(session)
    await asyncio.sleep(0.05)
    assert floor.queue.pops == 0
    await floor.renewals.renew("x", session.number, [])
    session.slots.wake()
    await eventually(session.outbox.take_assignments)
    assert not session.is_silent
    await stopped(serving)


async def test_leases_that_redis_lost_are_confirmed_by_the_registry(floor: Floor):
    session = await floor.begin()
    alive, gone, elsewhere = [(new_id(), new_id()) for _ in range(3)]
    floor.registry.standings = {
        alive[0]: leased(*alive, "x", requested=CANCEL),
        gone[0]: ready(gone[0], version=3),
        elsewhere[0]: leased(elsewhere[0], new_id(), "y"),
    }
    answer = await floor.renewals.renew("x", session.number, [alive, gone, elsewhere])
    assert sorted(answer.lost) == sorted([gone[1], elsewhere[1]])
    assert [(one.attempt_id, one.requested) for one in answer.controls] == [(alive[1], CANCEL)]
    again = await floor.renewals.renew("x", session.number, [alive])
    assert again.lost == []
    assert floor.registry.count("confirm") == 1


async def test_attempt_that_the_registry_knows_of_another_executor_is_lost(floor: Floor):
    """Law 2."""
    session = await floor.begin()
    one = (new_id(), new_id())
    floor.registry.standings = {one[0]: leased(*one, "y")}
    assert (await floor.renewals.renew("x", session.number, [one])).lost == [one[1]]


async def test_while_redis_is_not_rebuilt_the_registry_answers_renewals(floor: Floor):
    session = await floor.begin()
    floor.queue.store.restart()
    alive, gone = (new_id(), new_id()), (new_id(), new_id())
    floor.registry.standings = {alive[0]: leased(*alive, "x", requested=PAUSE)}
    answer = await floor.renewals.renew("x", session.number, [alive, gone])
    assert answer.lost == [gone[1]]
    assert [(one.attempt_id, one.requested) for one in answer.controls] == [(alive[1], PAUSE)]


@pytest.mark.parametrize("is_marked", [True, False])
async def test_lease_that_is_gone_again_after_its_confirmation_is_lost_unless_redis_is(
    floor: Floor, is_marked: bool
):
    """Fails when: one that ended meanwhile is believed to be alive; or, with the marker gone as well, to be lost."""
    session = await floor.begin()
    one = (new_id(), new_id())
    floor.registry.standings = {one[0]: leased(*one, "x", requested=CANCEL)}

    async def meanwhile() -> None:
        if floor.queue.renewals == 2:
            if is_marked:
                await floor.queue.apply([ready(one[0], version=3)])
            else:
                floor.queue.store.flush()

    floor.queue.before_renewal = meanwhile
    answer = await floor.renewals.renew("x", session.number, [one])
    assert floor.queue.renewals == 2
    if is_marked:
        assert (answer.lost, answer.controls) == ([one[1]], [])
    else:
        assert (answer.lost, [control.requested for control in answer.controls]) == ([], [CANCEL])


async def test_nothing_is_called_lost_because_the_registry_is_away(floor: Floor):
    session = await floor.begin()
    floor.registry.failures = [StoreUnavailable("gone")]
    with pytest.raises(StoreUnavailable):
        await floor.renewals.renew("x", session.number, [(new_id(), new_id())])
