"""One task from submit to its end, over a real registry, real stores and an executor that only speaks the wire."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

from asynctask_core.errors import RequestIdReused
from asynctask_core.ids import id_text, id_time_ms, new_id
from asynctask_protos.scheduler.v1 import task_service_pb2 as pb
from asynctask_protos.scheduler.v1.overview_service_pb2 import ListFailuresRequest
from asynctask_protos.scheduler.v1.overview_service_pb2_grpc import OverviewServiceStub
from asynctask_protos.task.v1.state_pb2 import AttemptResult, TaskState, WaitingFor
from asynctask_protos.task.v1.task_pb2 import Failure, TaskView
from asynctask_protos.task.v1.work_pb2 import EventVerdict
from tests.integration.scheduler.cell import LEASE_S, Cell, error_of, raw_id
from tests.integration.scheduler.raw_executor import RawExecutor, a_type

COMPLETED = TaskState.TASK_STATE_COMPLETED


async def test_a_submitted_task_is_assigned_and_completed(cell: Cell):
    executor = await cell.executor()
    task_id = await cell.submit(config='{"a": 1}')

    assignment = await executor.assignment()
    assert assignment.task_id == raw_id(task_id)
    assert json.loads(assignment.task_config) == {"a": 1}
    assert 0 < assignment.expires_in_ms <= LEASE_S * 1000
    assert (await cell.get(task_id)).task_status == TaskState.TASK_STATE_RUNNING

    ack = await executor.finish(assignment, result_json='{"b": 2}')
    assert (ack.verdict, ack.ended) == (EventVerdict.EVENT_VERDICT_APPLIED, True)
    task = await cell.get(task_id)
    assert task.task_status == COMPLETED
    assert json.loads(task.result_json) == {"b": 2}
    assert task.percent == 100


async def test_a_task_submitted_before_any_executor_came_waits_for_one(cell: Cell):
    await cell.register()
    task_id = await cell.submit()
    assert (await cell.get(task_id)).task_status == TaskState.TASK_STATE_QUEUED
    executor = await cell.executor()
    await executor.finish(await executor.assignment())
    await cell.until_state(task_id, COMPLETED)


async def test_stages_follow_one_another_under_one_lease(cell: Cell):
    executor = await cell.executor(a_type(stages=("compare", "transfer")))
    task_id = await cell.submit()
    assignment = await executor.assignment()
    await executor.checkpoint(assignment, "compare", '{"at": 7}')
    ack = await executor.finish_stage(assignment, "compare", "transfer", '{"found": 3}')
    assert ack.verdict == EventVerdict.EVENT_VERDICT_APPLIED
    task = await cell.get(task_id)
    assert task.stage == "transfer"
    assert task.percent == 50
    await executor.finish(assignment)
    assert (await cell.get(task_id)).task_status == COMPLETED


async def test_an_error_that_may_be_retried_makes_the_task_wait_and_then_run_again(cell: Cell):
    task_type = a_type()
    task_type.retry.max_attempts = 2
    task_type.retry.initial_delay_ms = 200
    executor = await cell.executor(task_type)
    task_id = await cell.submit()
    await executor.fail(await executor.assignment(), retryable=True)
    task = await cell.get(task_id)
    assert task.task_status in (
        TaskState.TASK_STATE_PENDING,
        TaskState.TASK_STATE_QUEUED,
        TaskState.TASK_STATE_RUNNING,
    )
    await executor.fail(await executor.assignment(), "again", retryable=True)
    task = await cell.until_state(task_id, TaskState.TASK_STATE_FAILED)
    assert task.failure.message == "again"
    assert task.attempt_count == 2


async def test_a_delayed_task_starts_when_it_is_due(cell: Cell):
    executor = await cell.executor()
    later = await cell.get(await cell.submit(delay_ms=3_600_000))
    assert later.task_status == TaskState.TASK_STATE_PENDING
    assert later.waiting_for == WaitingFor.WAITING_FOR_START_TIME
    began = time.monotonic()
    task_id = await cell.submit(delay_ms=600)
    assignment = await executor.assignment()
    assert time.monotonic() - began >= 0.6
    assert id_text(assignment.task_id) == task_id
    await executor.finish(assignment)
    await cell.until_state(task_id, COMPLETED)
    assert executor.waiting == 0


async def test_a_repeated_request_id_gives_the_same_task(cell: Cell):
    await cell.register()
    for request_id in (id_text(new_id()), "order-17"):
        first = await cell.submit(request_id=request_id)
        assert await cell.submit(request_id=request_id) == first
        request = pb.SubmitTaskRequest(task_type="noop", task_config='{"other": 1}', request_id=request_id)
        error = await error_of(cell.tasks.SubmitTask(request))
        assert isinstance(error, RequestIdReused)
    assert len((await cell.tasks.ListTasks(pb.ListTasksRequest())).tasks) == 2


async def test_a_recent_uuid7_request_id_becomes_the_task_id(cell: Cell):
    await cell.register()
    request_id = id_text(new_id())
    assert await cell.submit(request_id=request_id) == request_id


async def test_events_sent_twice_are_acknowledged_as_duplicates(cell: Cell):
    executor = await cell.executor(a_type(stages=("run",)))
    await cell.submit()
    assignment = await executor.assignment()
    first = await executor.checkpoint(assignment, "run", "1")
    assert first.verdict == EventVerdict.EVENT_VERDICT_APPLIED
    executor.acks.clear()
    await executor.send(executor.outcome(assignment, sequence=4))
    gap = await executor.ack(assignment.attempt_id, 1)
    assert gap.verdict == EventVerdict.EVENT_VERDICT_GAP
    assert gap.last_sequence == 1
    executor.acks.clear()
    await executor.send(executor.outcome(assignment, sequence=2))
    assert (await executor.ack(assignment.attempt_id, 2)).ended
    executor.acks.clear()
    await executor.send(executor.outcome(assignment, sequence=2))
    again = await executor.ack(assignment.attempt_id, 2)
    assert again.verdict in (EventVerdict.EVENT_VERDICT_DUPLICATE, EventVerdict.EVENT_VERDICT_SUPERSEDED)


async def test_many_tasks_each_run_exactly_once(cell: Cell):
    executors = [await cell.executor(slots=20) for _ in range(2)]
    task_ids = await cell.submit_many(200)
    seen: list[bytes] = []

    async def work(executor: RawExecutor) -> None:
        while True:
            assignment = await executor.assignment()
            seen.append(assignment.task_id)
            await executor.send(executor.outcome(assignment))

    working = [asyncio.create_task(work(executor)) for executor in executors]
    await cell.all_in_state(task_ids, COMPLETED)
    for task in working:
        task.cancel()
    assert sorted(seen) == sorted(raw_id(task_id) for task_id in task_ids)


async def test_listing_pages_newest_first_and_its_tokens_belong_to_their_filter(cell: Cell):
    await cell.register()
    task_ids = [await cell.submit(labels={"n": str(n)}) for n in range(5)]
    found: list[str] = []
    token = ""
    while True:
        page = await cell.tasks.ListTasks(
            pb.ListTasksRequest(filter=pb.TaskFilter(task_types=["noop"]), page_size=2, page_token=token)
        )
        found += [task.task_id for task in page.tasks]
        token = page.next_page_token or token
        if not page.next_page_token:
            break
    assert found == task_ids[::-1]
    error = await error_of(cell.tasks.ListTasks(pb.ListTasksRequest(page_size=2, page_token=token)))
    assert error.reason == "TOKEN_EXPIRED"
    only = await cell.tasks.ListTasks(
        pb.ListTasksRequest(filter=pb.TaskFilter(labels={"n": "3"}), view=TaskView.TASK_VIEW_FULL)
    )
    assert [task.task_id for task in only.tasks] == [task_ids[3]]
    assert only.tasks[0].task_config == "{}"


async def test_page_says_how_far_back_it_looked_unless_it_looked_at_all(cell: Cell):
    await cell.register()
    task_ids = [await cell.submit(labels={"team": "red"}) for _ in range(3)]
    some = pb.TaskFilter(text="team=RED")
    page = await cell.tasks.ListTasks(pb.ListTasksRequest(filter=some, page_size=2))
    assert [task.task_id for task in page.tasks] == task_ids[:0:-1]
    assert page.looked_back_to.ToMilliseconds() == id_time_ms(raw_id(task_ids[1]))
    rest = await cell.tasks.ListTasks(
        pb.ListTasksRequest(filter=some, page_size=2, page_token=page.next_page_token)
    )
    assert [task.task_id for task in rest.tasks] == task_ids[:1]
    assert not rest.HasField("looked_back_to")
    other = pb.TaskFilter(text="team=blue")
    request = pb.ListTasksRequest(filter=other, page_size=2, page_token=page.next_page_token)
    assert (await error_of(cell.tasks.ListTasks(request))).reason == "TOKEN_EXPIRED"


async def test_failed_tasks_are_found_by_the_kind_of_their_error(cell: Cell):
    executor = await cell.executor()
    task_ids = await cell.submit_many(2)
    for number in range(2):
        assignment = await executor.assignment()
        failure = Failure(reason="HANDLER_ERROR", error_type="OSError", message=f"disk {number} is full")
        await executor.send(
            executor.outcome(assignment, result=AttemptResult.ATTEMPT_RESULT_FAILED, failure=failure)
        )
    await cell.all_in_state(task_ids, TaskState.TASK_STATE_FAILED)
    overview: Any = OverviewServiceStub(cell.replicas[0].channel)
    (group,) = (await overview.ListFailures(ListFailuresRequest(task_type="noop"))).failures
    assert (group.count, group.error_type, group.last_task_id in task_ids) == (2, "OSError", True)
    found = await cell.tasks.ListTasks(
        pb.ListTasksRequest(filter=pb.TaskFilter(error_fingerprint=group.fingerprint))
    )
    assert [task.task_id for task in found.tasks] == sorted(task_ids, reverse=True)
    later = ListFailuresRequest()
    later.start_time.GetCurrentTime()
    assert not (await overview.ListFailures(later)).failures
