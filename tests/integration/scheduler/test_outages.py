"""The registry or Redis away, and answers that never arrive: nothing is lost, nothing runs twice."""

from __future__ import annotations

import asyncio

import pytest

from asynctask_core.errors import OutcomeUnknown, StoreUnavailable, TryAgain
from asynctask_core.ids import id_text, new_id
from asynctask_protos.scheduler.v1 import task_service_pb2 as pb
from asynctask_protos.task.v1.state_pb2 import AttemptResult, TaskState
from asynctask_protos.task.v1.work_pb2 import EventVerdict
from asynctask_standalone.stores.redis import EmbeddedRedis
from tests.integration.scheduler.cell import Cell, error_of
from tests.integration.scheduler.raw_executor import a_type
from tests.support.conditions import eventually
from tests.support.processes import Processes
from tests.support.replies import ReplyEater

COMPLETED = TaskState.TASK_STATE_COMPLETED
RELEASED = AttemptResult.ATTEMPT_RESULT_RELEASED


@pytest.mark.parametrize("call", ["CreateTasks", "StartAttempts", "RecordEvents"])
async def test_an_answer_of_the_registry_that_is_lost_costs_nothing(start_cell, call: str):
    cell = await start_cell(schedulers=0)
    async with ReplyEater(cell.registry.address) as eater:
        await cell.add_scheduler(REGISTRY_ADDRESS=eater.address)
        await cell.register()
        eater.eat(call)
        task_id = await cell.submit(request_id=id_text(new_id()))
        executor = await cell.executor()  # only now: what finds an idle one starts as it is created
        assignment = await executor.assignment()
        await executor.finish(assignment)
        task = await cell.until_state(task_id, COMPLETED)
        assert eater.eaten[call] == 1
        assert task.attempt_count == 1
        assert len((await cell.tasks.ListTasks(pb.ListTasksRequest())).tasks) == 1


async def test_an_answer_that_tells_of_a_creation_and_its_start_is_lost_and_costs_nothing(start_cell):
    cell = await start_cell(schedulers=0)
    async with ReplyEater(cell.registry.address) as eater:
        await cell.add_scheduler(REGISTRY_ADDRESS=eater.address)
        executor = await cell.executor()

        async def starts_as_it_is_created() -> bool:
            before = eater.calls["StartAttempts"]
            await cell.submit()
            await executor.finish(await executor.assignment())
            return eater.calls["StartAttempts"] == before

        await eventually(starts_as_it_is_created)  # once the first rebuild is over
        eater.eat("CreateTasks")
        task_id = await cell.submit(request_id=id_text(new_id()))
        await executor.finish(await executor.assignment())
        task = await cell.until_state(task_id, COMPLETED)
        assert eater.eaten["CreateTasks"] == 1
        assert task.attempt_count == 1


async def test_what_should_have_waited_and_whose_creation_had_no_answer_does_not_wait_for_a_lease_to_end(
    start_cell,
):
    """Law 1, as soon as may be: the creation is repeated and starts nothing, for the first one has."""
    cell = await start_cell(schedulers=0, LEASE="5m")
    async with ReplyEater(cell.registry.address) as eater:
        await cell.add_scheduler(REGISTRY_ADDRESS=eater.address)
        limited, free = a_type("limited", max_running=1), a_type("free")
        busy = await cell.executor(limited)
        await cell.submit("limited")
        await busy.assignment()
        executor = await cell.executor(limited, free)
        for _ in range(3):  # nothing is in the way
            await cell.submit("free")
            await executor.finish(await executor.assignment())
        await cell.submit("limited")
        eater.eat("CreateTasks")
        task_id = await cell.submit("free", request_id=id_text(new_id()))
        assignment = await executor.assignment()
        assert id_text(assignment.task_id) == task_id
        await executor.finish(assignment)
        task = await cell.until_state(task_id, COMPLETED)
        assert (eater.eaten["CreateTasks"], task.lost_count) == (1, 0)
        answer = await cell.tasks.ListAttempts(pb.ListAttemptsRequest(task_id=task_id))
        assert [one.result for one in answer.attempts][:-1] in ([], [RELEASED])


async def test_an_answer_to_a_renewal_that_is_lost_costs_nothing(start_cell):
    cell = await start_cell()
    async with ReplyEater(cell.replicas[0].address) as eater:
        executor = await cell.executor()
        await cell.submit()
        assignment = await executor.assignment()
        through = await cell.executor(executor_id=executor.executor_id, opened=False, address=eater.address)
        eater.eat("Renew", times=1)
        error = await error_of(through.renew(assignment, session=executor.session))
        assert isinstance(error, StoreUnavailable)
        assert not (await through.renew(assignment, session=executor.session)).lost_attempt_ids
        assert (await executor.finish(assignment)).ended


async def test_without_a_registry_submits_fail_at_once_and_work_goes_on_when_it_is_back(start_cell):
    cell = await start_cell()
    executor = await cell.executor()
    task_id = await cell.submit()
    assignment = await executor.assignment()
    await cell.registry.kill()
    error = await error_of(cell.tasks.SubmitTask(pb.SubmitTaskRequest(task_type="noop")))
    assert isinstance(error, StoreUnavailable | OutcomeUnknown)
    assert error.retry_after_ms

    outcome = executor.outcome(assignment)
    await executor.send(outcome)
    await asyncio.sleep(0.3)
    assert not executor.acks
    await cell.registry.start()
    ack = await executor.ack(assignment.attempt_id, 1)
    assert ack.verdict == EventVerdict.EVENT_VERDICT_APPLIED
    await cell.until_state(task_id, COMPLETED)
    after = await cell.submit()
    await executor.finish(await executor.assignment())
    await cell.until_state(after, COMPLETED)


async def test_tasks_queued_while_the_registry_is_away_are_not_lost_to_their_budgets(cell: Cell):
    await cell.register()
    task_ids = await cell.submit_many(5)
    await cell.registry.kill()
    executor = await cell.executor(slots=2, opened=False)
    opening = asyncio.create_task(_open_until_it_works(executor))
    await asyncio.sleep(1)
    await cell.registry.start()
    await opening
    for _ in task_ids:
        await executor.finish(await executor.assignment())
    await cell.all_in_state(task_ids, COMPLETED)
    for task_id in task_ids:
        task = await cell.get(task_id)
        assert (task.attempt_count, task.lost_count) == (1, 0)


async def _open_until_it_works(executor) -> None:
    async def opened() -> bool:
        try:
            await executor.open()
        except Exception:  # noqa: BLE001 - whatever it is, it is tried again
            return False
        return True

    await eventually(opened, interval=0.2)


async def test_redis_flushed_and_killed_loses_no_lease_and_no_task(
    postgres_url: str, own_redis: EmbeddedRedis, processes: Processes
):
    cell = Cell(postgres_url, own_redis.url, processes, name="outage", settings={"LEASE": "30s"})
    await cell.start(1)
    try:
        executor = await cell.executor(slots=1)
        task_ids = await cell.submit_many(3)
        assignment = await executor.assignment()
        await own_redis.kill()
        error = await error_of(cell.tasks.SubmitTask(pb.SubmitTaskRequest(task_type="noop")))
        assert isinstance(error, TryAgain)
        await own_redis.start()

        async def renewed() -> bool:
            try:
                return not (await executor.renew(assignment)).lost_attempt_ids
            except Exception:  # noqa: BLE001 - Redis is starting
                return False

        await eventually(renewed)
        await executor.finish(assignment)
        for _ in range(2):
            await executor.finish(await executor.assignment())
        await cell.all_in_state(task_ids, COMPLETED)
        assert [(await cell.get(task_id)).attempt_count for task_id in task_ids] == [1, 1, 1]
    finally:
        await cell.close()
