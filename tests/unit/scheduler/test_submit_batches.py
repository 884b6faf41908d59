"""SubmitCalls share calls; the intent stands from before the call until the standings are applied."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from asynctask_core.errors import (
    AsyncTaskError,
    FieldViolation,
    InternalError,
    InvalidInput,
    OutcomeUnknown,
    Overloaded,
    StoreUnavailable,
)
from asynctask_core.ids import id_text, new_id
from asynctask_core.status import to_status
from asynctask_protos.registry.v1.ledger_service_pb2 import AttemptStart, CreateTasksResponse, NewTask
from asynctask_scheduler.metrics import SchedulerMetrics
from asynctask_scheduler.pipeline.intents import Intents
from asynctask_scheduler.pipeline.standing_applier import StandingApplier
from asynctask_scheduler.pipeline.task_submitter import TaskSubmitter
from asynctask_scheduler.queue.answers import Applied, Intent
from asynctask_scheduler.registry.call_errors import AnswerLost
from tests.support.conditions import eventually
from tests.support.queue_model import ModelStore, QueueModel
from tests.unit.scheduler.doubles import RegistryDouble, ready


class ClockedRegistry(RegistryDouble):
    """Refuses some ids, or all of them, as out of time; nothing of what it refuses is made."""

    def __init__(self) -> None:
        super().__init__()
        self.out_of_time: set[bytes] = set()
        self.clock_is_wrong = False
        self.failure_of_repeat: AsyncTaskError | None = None
        self.refusals: list[AsyncTaskError] = []
        """What calls with a refused task fail with, one after the other."""

    async def create(
        self, tasks: Sequence[NewTask], starts: Sequence[AttemptStart] = ()
    ) -> CreateTasksResponse:
        if self.refusals and any(task.task_id in self.refused for task in tasks):
            raise self.refusals.pop(0)
        response = await super().create(tasks, starts)
        if self.failure_of_repeat is not None and self.count("create") > 1:
            raise self.failure_of_repeat
        del response.standings[:]
        for index, task in enumerate(tasks):
            if self.clock_is_wrong or task.task_id in self.out_of_time:
                error = InvalidInput([FieldViolation("task_id", "must be recent")])
                response.exceptions.add(index=index, error=to_status(error))
            else:
                response.standings.append(ready(task.task_id))
        return response


class NotingModel(QueueModel):
    """Keeps what was noted."""

    def __init__(self, store: ModelStore) -> None:
        super().__init__(store)
        self.noted: list[list[bytes]] = []

    async def note_intents(self, task_ids: Sequence[bytes]) -> Intent:
        self.noted.append(list(task_ids))
        return await super().note_intents(task_ids)


class Desk:
    """A submitter over a registry double and the model of the queues."""

    def __init__(self, queue: NotingModel | None = None) -> None:
        self.registry = ClockedRegistry()
        self.queue = queue or NotingModel(ModelStore())
        metrics = SchedulerMetrics()
        self.applier = StandingApplier(self.queue, metrics)
        self.applied: list[Applied] = []
        self.applier.listen(self.applied.append)
        registry: Any = self.registry
        self.intents = Intents(self.queue)
        self.submitter = TaskSubmitter(registry, self.intents, self.applier, metrics)

    async def drain(self) -> None:
        await self.submitter.drain()
        await self.intents.drain()

    async def noted(self) -> int:
        return (await self.queue.stats()).intents


@pytest.fixture
async def desk() -> Desk:
    return Desk()


def a_task() -> NewTask:
    return NewTask(task_id=new_id(), task_type="noop", queue="default", priority=3, task_config="{}")


async def test_an_accepted_task_is_ready_and_leaves_no_intent(desk: Desk):
    task = a_task()
    assert await desk.submitter.submit_one(task) == task.task_id
    await desk.drain()
    stats = await desk.queue.stats()
    assert (stats.lanes[0].ready, stats.intents) == (1, 0)
    assert desk.applied[0].changed == 1


async def test_the_intent_is_noted_before_the_registry_is_asked(desk: Desk):
    desk.registry.gate.clear()
    waiting = asyncio.ensure_future(desk.submitter.submit_one(a_task()))
    while not desk.registry.in_flight:
        await asyncio.sleep(0)
    assert await desk.noted() == 1
    desk.registry.gate.set()
    await waiting


class ForgetfulQueue(NotingModel):
    """A model that takes note of nothing while it is away."""

    is_away = False

    async def note_intents(self, task_ids: Sequence[bytes]) -> Intent:
        if self.is_away:
            raise StoreUnavailable("Redis is away")
        return await super().note_intents(task_ids)


async def test_without_redis_only_the_first_submit_reaches_the_registry_and_none_is_answered():
    queue = ForgetfulQueue(ModelStore())
    desk = Desk(queue)
    queue.is_away = True
    with pytest.raises(OutcomeUnknown, match="repeat with the same request_id"):
        await desk.submitter.submit_one(a_task())
    await eventually(lambda: desk.applied)  # what was made is put in line all the same
    for _ in range(2):
        with pytest.raises(StoreUnavailable, match="away"):
            await desk.submitter.submit_one(a_task())
    assert desk.registry.count("create") == 1
    queue.is_away = False
    task = a_task()
    assert await desk.submitter.submit_one(task) == task.task_id


async def test_submits_that_come_while_calls_are_in_flight_share_the_next_one(desk: Desk):
    desk.registry.gate.clear()
    futures = [asyncio.ensure_future(desk.submitter.submit_one(a_task())) for _ in range(100)]
    while not desk.registry.in_flight:
        await asyncio.sleep(0)
    desk.registry.gate.set()
    await asyncio.gather(*futures)
    assert desk.registry.count("create") < 5


@pytest.mark.parametrize("failure", [StoreUnavailable("gone"), AnswerLost("the connection broke")])
async def test_a_broken_connection_is_repeated_once_with_the_same_ids(desk: Desk, failure: AsyncTaskError):
    desk.registry.failures = [failure]
    task = a_task()
    assert await desk.submitter.submit_one(task) == task.task_id
    assert [tasks for _, tasks in desk.registry.calls] == [[task], [task]]


async def test_a_creation_of_which_no_try_reached_the_registry_is_known_not_to_be_done(desk: Desk):
    desk.registry.failures = [StoreUnavailable("gone"), StoreUnavailable("still gone")]
    with pytest.raises(StoreUnavailable, match="still"):
        await desk.submitter.submit_one(a_task())


@pytest.mark.parametrize(
    "second",
    [StoreUnavailable("gone"), Overloaded("full"), AnswerLost("broke again"), OutcomeUnknown("late")],
)
async def test_a_creation_whose_first_answer_was_lost_may_have_been_done_whatever_became_of_the_second(
    desk: Desk, second: AsyncTaskError
):
    """Law 1. Fails when only the second try counts: the caller hears that there is no task, and it runs later."""
    desk.registry.failures = [AnswerLost("the connection broke"), second]
    with pytest.raises(OutcomeUnknown):
        await desk.submitter.submit_one(a_task())
    assert desk.registry.count("create") == 2
    await desk.drain()
    assert await desk.noted() == 1


async def test_a_refusal_after_an_answer_that_was_lost_is_the_refusal(desk: Desk):
    """What exists is never refused, so the first try made nothing either."""
    task = a_task()
    desk.registry.failures = [AnswerLost("the connection broke"), InvalidInput("no")]
    assert isinstance(await desk.submitter.submit_one(task), InvalidInput)


async def test_an_unknown_outcome_keeps_its_intent(desk: Desk):
    desk.registry.failures = [OutcomeUnknown("no answer")]
    with pytest.raises(OutcomeUnknown):
        await desk.submitter.submit_one(a_task())
    await desk.drain()
    assert await desk.noted() == 1


async def test_a_task_that_makes_the_registry_refuse_a_whole_call_is_refused_alone(desk: Desk):
    tasks = [a_task() for _ in range(9)]
    desk.registry.refused = {tasks[4].task_id}
    desk.registry.refusal = InvalidInput("no")
    outcomes = await desk.submitter.submit(tasks)
    assert [isinstance(outcome, bytes) for outcome in outcomes] == [True] * 4 + [False] + [True] * 4
    await desk.drain()
    assert (await desk.queue.stats()).lanes[0].ready == 8


@pytest.mark.parametrize("failure", [StoreUnavailable("gone"), OutcomeUnknown("no answer")])
async def test_half_of_a_refused_call_that_fails_takes_no_outcome_from_the_other(
    desk: Desk, failure: AsyncTaskError
):
    """Fails when: tasks of the first half exist, their callers hear that nothing was made, and nobody queues them."""
    first, second = a_task(), a_task()
    desk.registry.refused = {second.task_id}
    desk.registry.refusals = [InvalidInput("no"), failure, failure]
    outcomes = await desk.submitter.submit([first, second])
    assert outcomes[0] == first.task_id
    assert outcomes[1] is failure
    await desk.drain()
    stats = await desk.queue.stats()
    assert (stats.lanes[0].ready, stats.intents) == (1, 1)


async def test_an_id_that_is_recent_by_our_clock_only_is_remembered_as_a_key(desk: Desk):
    """Law 1: the intent of the id under which the task is made in the end stands until it is applied. Broken once on
    purpose: with the registry's refusal of the id handed on, the submit of a good task fails."""
    late, fine = a_task(), a_task()
    desk.registry.out_of_time = {late.task_id}
    outcomes = await desk.submitter.submit([late, fine])
    (_, first), (_, second) = desk.registry.calls
    assert [task.task_id for task in first] == [late.task_id, fine.task_id]
    (renamed,) = second
    assert renamed.task_id not in {late.task_id, fine.task_id}
    assert renamed.request_id == id_text(late.task_id)
    assert outcomes == [renamed.task_id, fine.task_id]
    assert desk.queue.noted == [[late.task_id, fine.task_id], [renamed.task_id]]
    await desk.drain()
    stats = await desk.queue.stats()
    assert (stats.lanes[0].ready, stats.intents) == (2, 0)


async def test_a_clock_that_is_wrong_is_told_after_one_more_try(desk: Desk):
    desk.registry.clock_is_wrong = True
    task = a_task()
    assert isinstance(await desk.submitter.submit_one(task), InvalidInput)
    assert desk.registry.count("create") == 2
    await desk.drain()
    assert await desk.noted() == 0


async def test_an_outcome_that_is_unknown_for_the_renamed_is_known_for_the_others(desk: Desk):
    late, fine = a_task(), a_task()
    desk.registry.out_of_time = {late.task_id}
    desk.registry.failure_of_repeat = OutcomeUnknown("no answer")
    outcomes = await desk.submitter.submit([late, fine])
    assert isinstance(outcomes[0], OutcomeUnknown)
    assert outcomes[1] == fine.task_id
    await desk.drain()
    assert (await desk.queue.stats()).lanes[0].ready == 1
    assert await desk.noted() == 1


async def test_many_large_tasks_travel_in_calls_of_about_a_megabyte(desk: Desk):
    tasks = [a_task() for _ in range(12)]
    for task in tasks:
        task.task_config = '"' + "x" * 250_000 + '"'
    outcomes = await desk.submitter.submit(tasks)
    assert outcomes == [task.task_id for task in tasks]
    sizes = [
        sum(len(t.task_config) for t in items) for call, items in desk.registry.calls if call == "create"
    ]
    assert max(sizes) <= (1 << 20) + 250_002


async def test_a_task_that_was_created_while_this_replica_stops_is_answered_and_left_to_others(desk: Desk):
    """Fails when: standings that come too late fail the call whose commit they are from."""
    await desk.applier.drain()
    task = a_task()
    assert await desk.submitter.submit_one(task) == task.task_id
    await desk.drain()
    assert await desk.noted() == 1


async def test_draining_waits_for_intents_that_are_just_being_cleared():
    class SlowModel(NotingModel):
        clearing = asyncio.Event()
        gate = asyncio.Event()

        async def clear_intents(self, intent: Intent) -> None:
            self.clearing.set()
            await self.gate.wait()
            await super().clear_intents(intent)

    queue = SlowModel(ModelStore())
    intents = Intents(queue)
    intents.clear(await intents.note([new_id()]))
    await queue.clearing.wait()
    draining = asyncio.create_task(intents.drain())
    await asyncio.sleep(0)
    intents.clear(await intents.note([new_id()]))
    assert not draining.done()
    queue.gate.set()
    await draining
    assert (await queue.stats()).intents == 0


class FullModel(NotingModel):
    """Redis that is full: it takes no write until there is room."""

    def __init__(self, store: ModelStore) -> None:
        super().__init__(store)
        self.is_full = True
        self.refused_notes = 0

    async def note_intents(self, task_ids: Sequence[bytes]) -> Intent:
        if self.is_full:
            self.refused_notes += 1
            raise StoreUnavailable("OOM command not allowed")
        return await super().note_intents(task_ids)

    async def apply(self, standings: Sequence[Any]) -> Applied:
        if self.is_full:
            raise StoreUnavailable("OOM command not allowed")
        return await super().apply(standings)


@pytest.mark.parametrize(
    ("failures", "raised"),
    [
        ([], OutcomeUnknown),
        ([OutcomeUnknown("no answer from Postgres")], OutcomeUnknown),
        ([AnswerLost("the connection broke"), StoreUnavailable("nobody listens")], OutcomeUnknown),
        ([InternalError("the answer could not be written")], InternalError),
    ],
    ids=["answered", "late", "lost", "broken"],
)
async def test_task_whose_intent_a_full_redis_refused_is_noted_once_there_is_room(
    monkeypatch: pytest.MonkeyPatch, failures: list[AsyncTaskError], raised: type[AsyncTaskError]
):
    """Only the sweep found it, minutes later: neither an intent nor a standing was anywhere."""
    monkeypatch.setattr("asynctask_scheduler.pipeline.task_submitter.NOTE_AGAIN_S", 0.01)
    monkeypatch.setattr("asynctask_scheduler.pipeline.standing_applier.RETRY_DELAYS_S", (0.01,))
    queue = FullModel(ModelStore())
    desk = Desk(queue)
    desk.registry.failures = failures
    task = a_task()
    with pytest.raises(raised):
        await desk.submitter.submit_one(task)
    # The first was beside the creation; the second comes once the standings were given up.
    await eventually(lambda: queue.refused_notes >= 2 or not desk.submitter._settling)
    assert queue.refused_notes >= 2, "nobody tries any more"
    assert queue.noted == []
    queue.is_full = False
    await eventually(lambda: queue.noted == [[task.task_id]])
    assert await desk.noted() == 1
    await desk.drain()
