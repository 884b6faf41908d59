"""What people are told about a task that does not run: every reason, with its facts and its sentence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from asynctask_core import limits
from asynctask_core.errors import StoreUnavailable, TaskNotFound
from asynctask_core.ids import id_text, new_id
from asynctask_protos.registry.v1 import ledger_service_pb2 as registry_pb
from asynctask_protos.scheduler.v1.executor_service_pb2 import ProgressReport
from asynctask_protos.task.v1.explanation_pb2 import Explanation, ExplanationKind, ExplanationReason
from asynctask_protos.task.v1.state_pb2 import AttemptResult, Requested, TaskState, WaitingFor
from asynctask_protos.task.v1.task_pb2 import Attempt, Failure, Task, TaskEvent, TaskView
from asynctask_protos.task.v1.task_type_pb2 import TaskType
from asynctask_scheduler.api.explain.explainer import TaskExplainer
from asynctask_scheduler.api.reading import TaskReader
from asynctask_scheduler.dispatch.handshake import lanes_of, queues_served
from asynctask_scheduler.queue.answers import ProgressNote, SessionInfo, TypeLimit
from tests.contract.queue.lab import a_leased, a_ready, a_timed
from tests.support.queue_model import ModelStore, QueueModel
from tests.unit.scheduler.doubles import a_type

FAR = datetime(2099, 1, 31, 22, 5, tzinfo=UTC)
WORD = {value: name.removeprefix("EXPLANATION_KIND_").lower() for name, value in ExplanationKind.items()}


class TaskRegistry:
    """Knows tasks, their attempts and their events; one event a page."""

    def __init__(self) -> None:
        self.tasks: dict[bytes, Task] = {}
        self.attempts: list[Attempt] = []
        self.events: list[TaskEvent] = []

    async def get_tasks(
        self, task_ids: Sequence[bytes], view: TaskView.ValueType, *, include_deleted: bool = False
    ) -> list[Task]:
        return [self.tasks[task_id] for task_id in task_ids if task_id in self.tasks]

    async def list_attempts(self, task_id: bytes) -> Sequence[Attempt]:
        return self.attempts

    async def list_events(
        self, request: registry_pb.ListTaskEventsRequest
    ) -> registry_pb.ListTaskEventsResponse:
        at = int(request.cursor or 0)
        more = str(at + 1) if at + 1 < len(self.events) else ""
        return registry_pb.ListTaskEventsResponse(events=self.events[at : at + 1], cursor=more)


class Desk:
    """A cell over the model: tasks go in, explanations come out."""

    def __init__(self) -> None:
        self.queue = QueueModel(ModelStore())
        self.registry = TaskRegistry()
        self.types: dict[str, TaskType] = {"noop": a_type(), "other": a_type("other", queue="slow")}
        catalogue: Any = self
        registry: Any = self.registry
        reader = TaskReader(registry, self.queue)
        self.explainer = TaskExplainer(registry, reader, self.queue, catalogue)

    async def mark(self) -> None:
        rebuild = await self.queue.begin_rebuild()
        assert rebuild
        assert await self.queue.finish_rebuild(rebuild)

    async def executor(
        self,
        name: str = "e1",
        *,
        slots: int = 1,
        types: tuple[str, ...] = ("noop",),
        queues: tuple[str, ...] = (),
    ) -> int:
        return (await self.queue.open_session(SessionInfo(name, name, slots, types, queues, "1"))).number

    def know(self, task_id: bytes, state: str = "QUEUED", **fields: Any) -> None:
        values: dict[str, Any] = {"task_type": "noop", "queue": "default", "priority": 3} | fields
        self.registry.tasks[task_id] = Task(
            task_id=id_text(task_id), task_status=TaskState.Value(f"TASK_STATE_{state}"), **values
        )

    async def queued(self, **fields: Any) -> bytes:
        """A task that is ready, in Postgres and in Redis."""
        task_id = new_id()
        self.know(task_id, **fields)
        values = {
            "priority": fields.get("priority", 3),
            "ready_at_us": limits.AGEING_STEP_US + len(self.registry.tasks),
        }
        lane = (fields.get("queue", "default"), fields.get("task_type", "noop"))
        await self.queue.apply([a_ready(task_id, lane=lane, **values)])
        return task_id

    async def pop(self, session: int, *, slots: int = 1, executor_id: str = "e1") -> tuple[bytes, bytes]:
        leased = await self.queue.lease(executor_id, session, slots, [("default", "noop")], [new_id()])
        (lease,) = leased.leases
        return lease

    async def explain(self, task_id: bytes) -> Explanation:
        return await self.explainer.explain(task_id)

    async def only(self, task_id: bytes, word: str) -> ExplanationReason:
        """The only reason, which must be of this kind."""
        told = await self.explain(task_id)
        assert [WORD[reason.kind] for reason in told.reasons] == [word]
        assert told.summary == told.reasons[0].summary
        assert "\n" not in told.summary
        return told.reasons[0]


@pytest.fixture
async def desk() -> Desk:
    made = Desk()
    await made.mark()
    return made


def words(told: Explanation) -> list[str]:
    return [WORD[reason.kind] for reason in told.reasons]


def soon(**distance: float) -> Timestamp:
    return stamp(datetime.now(UTC) + timedelta(**distance))


def stamp(moment: datetime) -> Timestamp:
    found = Timestamp()
    found.FromDatetime(moment)
    return found


# --- times ------------------------------------------------------------------------------------------------------------


async def test_start_time_that_is_near_is_told_in_seconds_and_a_far_one_as_a_date(desk: Desk):
    near, far = new_id(), new_id()
    desk.know(near, "PENDING", due_time=soon(seconds=50), waiting_for=WaitingFor.WAITING_FOR_START_TIME)
    await desk.queue.apply([a_timed(near, 50_000)])
    desk.know(far, "PENDING", due_time=stamp(FAR), waiting_for=WaitingFor.WAITING_FOR_START_TIME)
    told = await desk.only(near, "start_time")
    assert told.summary in {f"Its start time has not come: it starts in {left} s." for left in (49, 50)}
    told = await desk.only(far, "start_time")
    assert told.summary == "Its start time has not come: it starts at 2099-01-31 22:05:00 UTC."
    assert told.due.due_time.ToDatetime(UTC) == FAR


@pytest.mark.parametrize(("result", "word"), [("FAILED", "retry"), ("RELEASED", "postponed")])
async def test_retry_is_told_with_what_failed_and_differs_from_a_postponed_task(
    desk: Desk, result: str, word: str
):
    task_id = new_id()
    failure = Failure(reason="HANDLER_ERROR", error_type="OSError", message="disk gone\nsince noon")
    desk.know(task_id, "PENDING", due_time=stamp(FAR), failure=failure, error_count=2)
    desk.registry.attempts = [
        Attempt(result=AttemptResult.ATTEMPT_RESULT_LOST),
        Attempt(result=AttemptResult.Value(f"ATTEMPT_RESULT_{result}")),
    ]
    told = await desk.only(task_id, word)
    assert told.due.failure == failure
    assert told.due.error_count == 2
    said = {
        "retry": "Its last attempt failed, and it is tried again {}: OSError: disk gone.",
        "postponed": "Its handler postponed it, and it goes on {}: disk gone.",
    }
    assert told.summary == said[word].format("at 2099-01-31 22:05:00 UTC")


async def test_due_task_waits_like_any_ready_one(desk: Desk):
    """Fails when a task is told to wait for its time after that time has come: it stays pending until it starts."""
    task_id = new_id()
    desk.know(task_id, "PENDING", due_time=soon(seconds=-5))
    await desk.queue.apply([a_timed(task_id, 0)])
    await desk.queue.promote(10)
    assert (await desk.only(task_id, "no_executor")).summary.startswith("No executor is connected")


# --- executors --------------------------------------------------------------------------------------------------------


async def test_types_that_connected_executors_run_are_named(desk: Desk):
    await desk.executor(types=("other",))
    told = await desk.only(await desk.queued(), "no_executor")
    assert (
        told.summary == "No connected executor runs tasks of type noop; those that are connected run other."
    )
    assert (told.executors.connected, told.executors.able) == (1, 0)
    assert list(told.executors.connected_types) == ["other"]


async def test_queues_in_which_its_type_is_run_are_named(desk: Desk):
    await desk.executor(queues=("quick", "night"))
    told = await desk.only(await desk.queued(), "no_executor")
    assert told.summary == (
        "No connected executor serves queue default for type noop; those that run the type serve night, quick."
    )
    assert list(told.executors.connected_queues) == ["night", "quick"]


async def test_executor_without_queues_serves_those_of_its_types_only(desk: Desk):
    await desk.executor(types=("noop", "other"))
    assert words(await desk.explain(await desk.queued(task_type="other", queue="slow"))) == ["next"]
    assert words(await desk.explain(await desk.queued(task_type="other", queue="quick"))) == ["no_executor"]


async def test_executors_that_are_about_to_end_are_told_apart(desk: Desk):
    await desk.executor()
    await desk.queue.set_draining("e1")
    told = await desk.only(await desk.queued(), "no_executor")
    assert (
        told.summary
        == "The only executor that runs type noop in queue default will end, and take no new task."
    )
    assert (told.executors.draining, told.executors.able) == (1, 0)


async def test_executor_whose_stream_has_ended_is_not_connected(desk: Desk):
    session = await desk.executor()
    await desk.queue.close_session("e1", session)
    told = await desk.only(await desk.queued(), "no_executor")
    assert told.executors.connected == 0


# --- room -------------------------------------------------------------------------------------------------------------


async def test_free_slot_means_that_it_is_next(desk: Desk):
    await desk.executor()
    told = await desk.only(await desk.queued(), "next")
    assert (told.executors.able, told.executors.slots, told.executors.running) == (1, 1, 0)


async def test_full_slots_are_told_before_the_tasks_that_go_first(desk: Desk):
    session = await desk.executor()
    await desk.executor("e2", slots=0)
    for _ in range(3):
        await desk.queued(priority=1)
    await desk.pop(session)
    task_id = await desk.queued()
    told = await desk.explain(task_id)
    assert words(told) == ["slots_full", "behind_others"]
    assert told.summary == "The only slot of the executor that runs type noop in queue default is taken."
    full, behind = told.reasons
    assert (full.executors.slots, full.executors.running, full.executors.draining) == (1, 1, 1)
    assert (behind.position.ahead, behind.position.first_priority, behind.position.priority) == (2, 1, 3)
    assert behind.summary == (
        "Others go before it: 2 tasks of its type and queue, the first with priority 1. It has priority 3."
    )


async def test_tasks_of_other_lanes_that_the_executor_takes_first_are_counted_apart(desk: Desk):
    await desk.executor(types=("noop", "other"))
    await desk.queued(task_type="other", queue="slow")
    told = await desk.only(await desk.queued(), "behind_others")
    assert (told.position.ahead, told.position.ahead_elsewhere) == (0, 1)
    assert told.summary == "Others go before it: 1 task of other types or queues. It has priority 3."


async def test_second_executor_may_take_it_where_the_first_takes_others(desk: Desk):
    """Fails when only the pop of the executor with most free slots is looked at."""
    await desk.executor("busy", slots=2, types=("noop", "other"))
    await desk.executor("free", slots=1)
    for _ in range(2):
        await desk.queued(task_type="other", queue="slow")
    await desk.only(await desk.queued(), "next")


async def test_limit_that_is_reached_is_told_first(desk: Desk):
    session = await desk.executor(slots=2)
    await desk.queue.set_type_limits([TypeLimit("noop", 1, 1)])
    await desk.queued()
    await desk.pop(session, slots=2)
    told = await desk.only(await desk.queued(), "limit_full")
    assert (told.limit.limit, told.limit.running) == (1, 1)
    assert told.summary == "The limit of its type is reached: tasks of type noop that run: 1 of at most 1."


# --- leases -----------------------------------------------------------------------------------------------------------


async def test_lease_that_the_registry_has_not_started_is_a_start(desk: Desk):
    session = await desk.executor()
    task_id = await desk.queued()
    await desk.pop(session)
    told = await desk.only(task_id, "starting")
    assert told.attempt.executor_id == "e1"


async def running(desk: Desk, **fields: Any) -> tuple[bytes, bytes]:
    session = await desk.executor()
    task_id = await desk.queued()
    _, attempt_id = await desk.pop(session)
    desk.know(task_id, "RUNNING", executor_id="e1", **fields)
    await desk.queue.apply([a_leased(task_id, attempt_id)])
    return task_id, attempt_id


async def test_running_task_is_told_with_its_last_sign_of_life_and_progress(desk: Desk):
    task_id, attempt_id = await running(desk)
    desk.queue.store.advance(7_000)
    told = await desk.only(task_id, "running")
    assert told.summary == "Executor e1 runs it, last sign of life 7 s ago."
    assert (told.attempt.executor_id, told.attempt.silent_ms) == ("e1", 7_000)
    assert not told.attempt.HasField("progress_time")
    at = datetime(2026, 1, 31, 8, 0, 0, 250_000, UTC)
    report = ProgressReport(received_ms=round(at.timestamp() * 1000))
    await desk.queue.put_progress([ProgressNote(task_id, attempt_id, report.SerializeToString())])
    told = await desk.only(task_id, "running")
    assert told.attempt.progress_time.ToDatetime(UTC) == at


async def test_request_that_its_handler_has_not_followed_is_told(desk: Desk):
    task_id, _ = await running(desk, requested=Requested.REQUESTED_PAUSE)
    told = await desk.only(task_id, "running")
    assert told.summary.endswith("; a pause was asked for, and takes effect when its handler stops.")
    assert told.attempt.requested == Requested.REQUESTED_PAUSE


async def test_executor_that_did_not_renew_in_time_is_lost(desk: Desk):
    task_id, _ = await running(desk)
    await desk.queue.expire_due(0)
    for _ in range(20):
        desk.queue.store.advance(2_000)
        desk.queue.clock_ms += 2_000
        await desk.queue.expire_due(10)
    told = await desk.only(task_id, "executor_lost")
    assert told.summary == (
        "Executor e1 has given no sign of life for 15 s or more: the task goes on elsewhere in a moment."
    )


async def test_running_task_whose_lease_redis_does_not_know_names_its_executor(desk: Desk):
    task_id = new_id()
    await desk.executor()
    desk.know(task_id, "RUNNING", executor_id="e1")
    told = await desk.only(task_id, "running")
    assert told.summary == "Executor e1 runs it."
    assert not told.attempt.HasField("silent_ms")


async def test_executor_of_a_running_task_that_has_no_stream_is_told(desk: Desk):
    task_id, _ = await running(desk)
    assert (await desk.only(task_id, "running")).attempt.connected
    (executor,) = await desk.queue.describe_executors(["e1"])
    await desk.queue.close_session("e1", executor.session)
    told = await desk.only(task_id, "running")
    assert not told.attempt.connected
    assert told.summary == (
        "Executor e1 is not connected: unless it comes back, the task is queued again once its lease ends, within"
        " seconds."
    )


# --- people and ends --------------------------------------------------------------------------------------------------


async def test_latest_pause_names_who_gave_it_and_why(desk: Desk):
    task_id = new_id()
    desk.know(task_id, "PAUSED", command_reason="the network is needed")
    desk.registry.events = [
        TaskEvent(kind="created"),
        TaskEvent(kind="paused", actor="bob@desk"),
        TaskEvent(kind="pause_requested", actor="ann@nas", time=stamp(datetime(2026, 1, 31, 8, tzinfo=UTC))),
        TaskEvent(kind="paused"),
        TaskEvent(kind="updated", actor="eve@desk"),
    ]
    told = await desk.only(task_id, "paused")
    assert told.summary == "ann@nas paused it at 2026-01-31 08:00:00 UTC: the network is needed. Resume it."
    assert (told.command.actor, told.command.reason) == ("ann@nas", "the network is needed")


async def test_pause_whose_event_is_gone_has_its_reason(desk: Desk):
    task_id = new_id()
    desk.know(task_id, "PAUSED", command_reason="lunch!")
    assert (await desk.only(task_id, "paused")).summary == "It was paused: lunch! Resume it."


async def test_cancelled_task_names_who_cancelled_it(desk: Desk):
    task_id = new_id()
    desk.know(task_id, "CANCELLED", end_time=soon(seconds=-9))
    desk.registry.events = [TaskEvent(kind="cancelled", actor="ann@nas", time=soon(seconds=-9))]
    told = await desk.only(task_id, "ended")
    assert told.summary in {f"ann@nas cancelled it {past} s ago." for past in (9, 10)}


async def test_failed_and_completed_tasks_have_ended(desk: Desk):
    failed, completed = new_id(), new_id()
    desk.know(failed, "FAILED", failure=Failure(reason="EXECUTOR_LOST", message="lost 3 times"))
    desk.know(completed, "COMPLETED")
    told = await desk.only(failed, "ended")
    assert told.summary == "It has failed: EXECUTOR_LOST: lost 3 times."
    assert told.end.failure.reason == "EXECUTOR_LOST"
    assert (await desk.only(completed, "ended")).summary == "It has ended: completed."


# --- stores -----------------------------------------------------------------------------------------------------------


async def test_task_that_redis_does_not_have_yet_is_about_to_be_queued(desk: Desk):
    task_id = new_id()
    desk.know(task_id)
    assert (await desk.only(task_id, "not_queued_yet")).summary.startswith("The scheduler is about to")


async def test_nothing_is_handed_out_while_redis_is_rebuilt(desk: Desk):
    await desk.executor()
    task_id = await desk.queued()
    desk.queue.store.restart()
    assert (await desk.only(task_id, "not_queued_yet")).summary.startswith(
        "The scheduler is filling Redis again"
    )


async def test_redis_that_does_not_answer_is_an_error_only_where_it_is_needed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    async def away(*_: Any, **__: Any) -> None:
        raise StoreUnavailable("Redis is away")

    monkeypatch.setattr(desk.queue, "explain", away)
    paused, queued = new_id(), new_id()
    desk.know(paused, "PAUSED")
    desk.know(queued)
    await desk.only(paused, "paused")
    with pytest.raises(StoreUnavailable):
        await desk.explain(queued)


async def test_unknown_task_is_not_found(desk: Desk):
    with pytest.raises(TaskNotFound):
        await desk.explain(new_id())


# --- which executors serve a lane -------------------------------------------------------------------------------------


@pytest.mark.parametrize("queues", [(), ("default",), ("slow", "night")])
@pytest.mark.parametrize("types", [("noop",), ("noop", "other"), ("unknown",)])
def test_queues_served_for_a_type_are_those_of_its_lanes(queues: tuple[str, ...], types: tuple[str, ...]):
    """Fails when an explanation takes other executors for able than those whose pops ask for the lane."""
    info = SessionInfo("e1", "e1", 1, types, queues, "1")
    known = {"noop": a_type(queues=["default", "slow"]), "other": a_type("other", queue="quick")}
    lanes = {(queue, name) for name in types for queue in queues_served(info, name, known)}
    assert lanes == set(lanes_of(info, known))
    assert not queues_served(info, "another", known)
