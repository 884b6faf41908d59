"""Executors' streams: superseded, cut, lost, drained; what was delivered and what was not."""

from __future__ import annotations

import asyncio
import time

import grpc
import pytest

from asynctask_chassis.server import MAX_MESSAGE_BYTES
from asynctask_core.errors import ExecutorNotFound, InvalidInput, SessionSuperseded
from asynctask_core.ids import id_text
from asynctask_core.limits import CONFIG_BYTES
from asynctask_core.status import from_rpc_error
from asynctask_protos.scheduler.v1 import executor_service_pb2 as ex
from asynctask_protos.scheduler.v1 import task_service_pb2 as pb
from asynctask_protos.scheduler.v1.queue_service_pb2 import ListQueuesRequest
from asynctask_protos.task.v1.state_pb2 import AttemptResult, TaskState
from asynctask_protos.task.v1.task_type_pb2 import StageSpec, TaskType
from asynctask_protos.task.v1.work_pb2 import EventVerdict
from tests.integration.scheduler.cell import Cell, error_of, raw_id
from tests.integration.scheduler.raw_executor import RawExecutor, a_type
from tests.support.conditions import eventually

COMPLETED = TaskState.TASK_STATE_COMPLETED


async def test_a_newer_stream_ends_the_older_one(cell: Cell):
    first = await cell.executor(executor_id="one")
    second = await cell.executor(executor_id="one")
    await asyncio.wait_for(first.ended.wait(), 60)
    assert first.error is not None
    assert isinstance(from_rpc_error(first.error), SessionSuperseded)
    assert second.session > first.session


async def test_a_newer_stream_at_another_replica_ends_the_older_one(start_cell):
    cell = await start_cell(schedulers=2)
    first = await cell.executor(executor_id="one")
    await cell.executor(executor_id="one", replica=1)
    await asyncio.wait_for(first.ended.wait(), 60)
    assert first.error is not None
    assert isinstance(from_rpc_error(first.error), SessionSuperseded)


async def test_what_a_newer_session_does_not_hold_is_released_at_once(cell: Cell):
    executor = await cell.executor(executor_id="one", slots=2)
    task_ids = await cell.submit_many(2)
    kept, forgotten = await executor.assignments(2)
    executor.cut()
    welcome = await executor.open(held=[kept])
    assert not welcome.lost_attempt_ids
    again = await executor.assignment()
    assert again.task_id == forgotten.task_id
    assert again.attempt_id != forgotten.attempt_id
    attempts = (
        await cell.tasks.ListAttempts(pb.ListAttemptsRequest(task_id=id_text(forgotten.task_id)))
    ).attempts
    assert attempts[0].result == AttemptResult.ATTEMPT_RESULT_RELEASED
    for assignment in (kept, again):
        await executor.finish(assignment)
    await cell.all_in_state(task_ids, COMPLETED)


async def test_events_are_taken_after_a_reconnect_to_another_replica(start_cell):
    cell = await start_cell(schedulers=2)
    task_id_of = {}
    executor = await cell.executor(executor_id="one")
    task_id = await cell.submit()
    assignment = await executor.assignment()
    task_id_of[assignment.attempt_id] = task_id
    await executor.checkpoint(assignment, "run", "1")
    executor.cut()
    elsewhere = await cell.executor(executor_id="one", replica=1, opened=False)
    await elsewhere.open(held=[assignment])
    again = elsewhere.event(
        assignment, sequence=1, checkpoint=executor.event(assignment, sequence=1).checkpoint
    )
    await elsewhere.send(again, elsewhere.outcome(assignment, sequence=2))
    assert (await elsewhere.ack(assignment.attempt_id, 2)).ended
    await cell.until_state(task_id, COMPLETED)


async def test_a_silent_executor_loses_its_task_to_another_one(start_cell):
    cell = await start_cell(LEASE="5s")
    silent = await cell.executor(slots=1)
    task_id = await cell.submit()
    lost = await silent.assignment()
    await silent.checkpoint(lost, "run", '"half"')
    other = await cell.executor(slots=1)
    taken = await other.assignment()
    assert taken.task_id == lost.task_id
    assert taken.checkpoint.json == '"half"'

    assert (await silent.renew(lost)).lost_attempt_ids == [lost.attempt_id]
    late = silent.outcome(lost)
    await silent.send(late)
    ack = await silent.ack(lost.attempt_id, late.sequence)
    assert ack.verdict == EventVerdict.EVENT_VERDICT_SUPERSEDED
    await other.finish(taken)
    task = await cell.until_state(task_id, COMPLETED)
    assert (task.attempt_count, task.error_count) == (2, 0)


async def test_an_executor_that_does_not_read_what_it_is_given_gets_nothing_until_it_opens_another_stream(
    start_cell,
):
    """A blocked event loop beside a renewal thread. Fails when: renewals alone show that an executor can be given
    tasks; ten times over, that failed a task as UNDELIVERED."""
    cell = await start_cell(LEASE="3s")
    blocked = await cell.executor(slots=1)
    task_id = await cell.submit()
    unread = await blocked.assignment()

    async def renew_what_it_has_read() -> bool:
        blocked.held.clear()
        await blocked.renew()
        return blocked.ended.is_set()

    await eventually(renew_what_it_has_read, interval=0.3)
    assert blocked.waiting == 0
    await blocked.open()
    await blocked.renew()
    again = await blocked.assignment()
    assert again.task_id == unread.task_id == raw_id(task_id)
    assert again.epoch > unread.epoch


async def test_renewed_leases_outlive_their_length(start_cell):
    cell = await start_cell(LEASE="6s")
    executor = await cell.executor(slots=1)
    other = await cell.executor(slots=1)
    await cell.submit()
    holder = executor if await _first(executor, other) is executor else other
    assignment = await holder.assignment()
    until = time.monotonic() + 9
    while time.monotonic() < until:
        assert not (await holder.renew(assignment)).lost_attempt_ids
        await asyncio.sleep(0.5)
    assert executor.waiting == other.waiting == 0
    assert (await holder.finish(assignment)).ended


async def _first(*executors: RawExecutor) -> RawExecutor:
    await eventually(lambda: any(one.waiting for one in executors))
    return next(one for one in executors if one.waiting)


async def test_a_stream_may_end_while_its_task_goes_on(start_cell):
    cell = await start_cell(LEASE="6s")
    executor = await cell.executor()
    task_id = await cell.submit()
    assignment = await executor.assignment()
    executor.cut()
    for _ in range(16):
        assert not (await executor.renew(assignment)).lost_attempt_ids
        await asyncio.sleep(0.5)
    await executor.open(held=[assignment])
    await executor.finish(assignment)
    await cell.until_state(task_id, COMPLETED)


async def test_held_attempts_that_are_lost_are_told_at_once(start_cell):
    cell = await start_cell(LEASE="3s")
    executor = await cell.executor(slots=1)
    await cell.submit()
    lost = await executor.assignment()
    executor.cut()
    other = await cell.executor(slots=1)
    await other.assignment()
    welcome = await executor.open(held=[lost])
    assert welcome.lost_attempt_ids == [lost.attempt_id]


async def test_slots_bound_what_an_executor_holds(cell: Cell):
    executor = await cell.executor(slots=2)
    await cell.submit_many(5)
    first, second = await executor.assignments(2)
    await asyncio.sleep(0.3)
    assert executor.waiting == 0
    await executor.set_slots(0)
    await executor.finish(first)
    await executor.finish(second)
    await asyncio.sleep(1.3)
    assert executor.waiting == 0
    await executor.set_slots(3)
    await executor.assignments(3)


async def test_tasks_whose_configs_exceed_a_message_together_are_all_handed_out(cell: Cell):
    """Fails when: the answer to their start is not asked for in parts; they were started and given back for ever."""
    await cell.register()
    config = f'{{"text": "{"x" * (CONFIG_BYTES - 12)}"}}'
    # Pops grow to 8, 16, 32 and 64 tasks: the configs of the last alone leave no room for anything else in a message.
    assert 64 * len(config) == MAX_MESSAGE_BYTES
    task_ids = await asyncio.gather(*(cell.submit(config=config) for _ in range(8 + 16 + 32 + 64)))

    async def are_in_line() -> bool:
        found = (await cell.replicas[0].queues.ListQueues(ListQueuesRequest())).queues
        return sum(queue.depth for queue in found) == len(task_ids)

    await eventually(are_in_line)
    executor = await cell.executor(slots=len(task_ids))
    assignments = await executor.assignments(len(task_ids))
    assert {id_text(one.task_id) for one in assignments} == set(task_ids)
    assert all(one.task_config == config for one in assignments)
    assert "starts.made_smaller" in cell.replicas[0].process.log.read_text()


async def test_an_executor_that_shall_drain_is_told_by_whoever_holds_its_stream(start_cell):
    cell = await start_cell(schedulers=2)
    executor = await cell.executor(replica=1)
    request = ex.DrainExecutorRequest(executor_id=executor.executor_id, reason="upgrade")
    await cell.replicas[0].executors.DrainExecutor(request)
    await executor.until(lambda: executor.drains)
    await cell.submit()
    await asyncio.sleep(1.3)
    assert executor.waiting == 0
    listed = (await cell.replicas[0].executors.ListExecutors(ex.ListExecutorsRequest())).executors
    assert [(one.executor_id, one.connected, one.draining) for one in listed] == [
        (executor.executor_id, True, True)
    ]
    unknown = ex.DrainExecutorRequest(executor_id="nobody")
    error = await error_of(cell.replicas[0].executors.DrainExecutor(unknown))
    assert isinstance(error, ExecutorNotFound)


async def test_a_wrong_hello_names_every_field(cell: Cell):
    executor = await cell.executor(
        TaskType(name="bad name", stages=[StageSpec(name="x", weight=0)]), slots=0, opened=False
    )
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await executor.open()
    wrong = from_rpc_error(caught.value)
    assert isinstance(wrong, InvalidInput)
    assert {violation.field for violation in wrong.violations} >= {
        "slots",
        "task_types[0].name",
        "task_types[0].stages[0].weight",
    }


async def test_a_scheduler_that_stops_sends_its_executors_on_and_loses_nothing(start_cell):
    cell = await start_cell(schedulers=2)
    executor = await cell.executor(executor_id="one", replica=1, slots=2)
    task_ids = await cell.submit_many(4)
    held = await executor.assignments(2)
    stopping = cell.replicas[1].process
    stop = asyncio.create_task(stopping.stop())
    await asyncio.wait_for(executor.ended.wait(), 60)
    assert await stop == 0
    elsewhere = await cell.executor(executor_id="one", opened=False, slots=2)
    welcome = await elsewhere.open(held=held)
    assert not welcome.lost_attempt_ids
    for assignment in held:
        await elsewhere.finish(assignment)
    for assignment in await elsewhere.assignments(2):
        await elsewhere.finish(assignment)
    await cell.all_in_state(task_ids, COMPLETED)


async def test_tasks_assigned_to_a_stream_that_broke_run_elsewhere_without_counting_as_errors(cell: Cell):
    gone = await cell.executor(slots=5)
    gone.cut()
    task_ids = await cell.submit_many(5)
    other = await cell.executor(slots=5)
    for assignment in await other.assignments(5):
        await other.finish(assignment)
    for task_id in task_ids:
        task = await cell.get(task_id)
        assert (task.task_status, task.error_count, task.lost_count) == (COMPLETED, 0, 0)
        assert raw_id(task_id)


async def test_tasks_in_the_former_queue_of_a_type_are_run_by_those_who_name_none(cell: Cell):
    """Law 1. Fails when: an executor without queues of its own serves only the present queue of each type."""
    first = await cell.executor(a_type(queue="first"), slots=1)
    await cell.submit()
    await first.assignment()
    waiting = await cell.submit()
    second = await cell.executor(a_type(queue="second"), slots=1)
    assert (await second.assignment()).task_id == raw_id(waiting)


async def test_a_type_with_another_queue_is_served_by_those_who_name_it(cell: Cell):
    plain = await cell.executor(a_type())
    nightly = await cell.executor(a_type(), queues=["nightly"])
    await cell.submit(queue="nightly")
    await nightly.assignment()
    await cell.submit()
    await plain.assignment()
    assert plain.waiting == nightly.waiting == 0
