"""Who is next, and how many may run: over two replicas that know nothing of one another."""

from __future__ import annotations

import asyncio

from asynctask_core.ids import id_text
from asynctask_protos.scheduler.v1 import queue_service_pb2 as queues
from asynctask_protos.scheduler.v1 import task_service_pb2 as pb
from asynctask_protos.task.v1.state_pb2 import AttemptResult, TaskState
from tests.integration.scheduler.cell import error_of
from tests.integration.scheduler.raw_executor import SUCCESS, a_type
from tests.support.conditions import eventually

COMPLETED = TaskState.TASK_STATE_COMPLETED
RELEASED = AttemptResult.ATTEMPT_RESULT_RELEASED


async def test_the_most_urgent_task_is_next_at_whatever_replica(start_cell):
    """Law 5. Broken once on purpose: with the priority left out of the scores this fails."""
    cell = await start_cell(schedulers=2)
    await cell.register()
    task_ids = {priority: await cell.submit(priority=priority) for priority in (3, 5, 1, 4, 2)}
    started: list[str] = []
    executors = [await cell.executor(slots=1, replica=replica) for replica in (0, 1)]
    first = await asyncio.gather(*(executor.assignment() for executor in executors))
    assert {id_text(assignment.task_id) for assignment in first} == {task_ids[1], task_ids[2]}
    held = dict(zip(executors, first, strict=True))
    for turn in range(3):
        executor = executors[turn % 2]
        await executor.finish(held[executor])
        held[executor] = await executor.assignment()
        started.append(id_text(held[executor].task_id))
    assert started == [task_ids[3], task_ids[4], task_ids[5]]


async def test_equal_priorities_go_in_the_order_of_their_submits(start_cell):
    cell = await start_cell()
    await cell.register()
    task_ids = [await cell.submit() for _ in range(6)]
    executor = await cell.executor(slots=1)
    started: list[str] = []
    for _ in task_ids:
        assignment = await executor.assignment()
        started.append(id_text(assignment.task_id))
        await executor.finish(assignment)
    assert started == task_ids


async def test_no_more_of_a_type_run_than_its_limit_over_two_replicas(start_cell):
    """Law 6. Broken once on purpose: with a pop that does not ask what the type's limit leaves this fails."""
    cell = await start_cell(schedulers=2)
    limited = a_type(max_running=3)
    executors = [await cell.executor(limited, slots=10, replica=replica) for replica in (0, 1)]
    await cell.submit_many(12)
    await eventually(lambda: sum(executor.waiting for executor in executors) == 3)
    finished, most = 0, 0

    async def running() -> int:
        return sum(len(executor.held) for executor in executors)

    while finished < 12:
        most = max(most, await running())
        for executor in executors:
            while executor.waiting:
                assignment = await executor.assignment()
                most = max(most, await running())
                await executor.finish(assignment)
                finished += 1
        await asyncio.sleep(0.01)
    assert most == 3


async def test_what_a_limit_blocks_holds_up_nothing_else(start_cell):
    cell = await start_cell()
    executor = await cell.executor(a_type("limited", max_running=1), a_type("free"), slots=5)
    await cell.submit_many(3, "limited", priority=1)
    free = await cell.submit("free", priority=5)
    got = {id_text((await executor.assignment()).task_id) for _ in range(2)}
    assert free in got
    await asyncio.sleep(0.3)
    assert executor.waiting == 0


async def test_a_task_that_starts_as_it_is_created_and_should_have_waited_runs_once(start_cell):
    """What the store finds waiting only while it is being created is given back by the scheduler, and popped."""
    cell = await start_cell()
    limited, free = a_type("limited", max_running=1), a_type("free")
    busy = await cell.executor(limited)
    await cell.submit("limited")
    await busy.assignment()
    executor = await cell.executor(limited, free)
    for _ in range(3):  # nothing is in the way
        await cell.submit("free")
        await executor.finish(await executor.assignment())
    await cell.submit("limited")

    async def is_in_line() -> bool:
        answer = await cell.replicas[0].queues.ListQueues(queues.ListQueuesRequest())
        return sum(queue.depth for queue in answer.queues) == 1

    await eventually(is_in_line)
    for _ in range(3):
        task_id = await cell.submit("free")
        assignment = await executor.assignment()
        assert id_text(assignment.task_id) == task_id
        await executor.finish(assignment)
        task = await cell.until_state(task_id, COMPLETED)
        assert (task.error_count, task.lost_count) == (0, 0)
        answer = await cell.tasks.ListAttempts(pb.ListAttemptsRequest(task_id=task_id))
        *before, last = answer.attempts
        assert last.result == SUCCESS
        assert [one.result for one in before] in ([], [RELEASED])
    assert executor.waiting == 0


async def test_queues_are_listed_with_their_depth_and_limits(start_cell):
    cell = await start_cell()
    executor = await cell.executor(a_type(max_running=2), slots=1)
    await cell.submit_many(3)
    await cell.submit(queue="nightly")
    await cell.submit(delay_ms=60_000)
    await executor.assignment()
    answer = await cell.replicas[0].queues.ListQueues(queues.ListQueuesRequest())
    by_name = {queue.name: queue for queue in answer.queues}
    assert answer.timed == 1
    assert (by_name["default"].depth, by_name["default"].running) == (2, 1)
    assert by_name["default"].types[0].max_running == 2
    assert by_name["nightly"].depth == 1
    one = (await cell.replicas[0].queues.GetQueue(queues.GetQueueRequest(name="nightly"))).queue
    assert one.types[0].task_type == "noop"
    error = await error_of(cell.replicas[0].queues.GetQueue(queues.GetQueueRequest(name="nothing")))
    assert error.reason == "QUEUE_NOT_FOUND"
