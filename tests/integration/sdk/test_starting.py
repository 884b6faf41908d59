"""When an assignment may start: under a lease that is known to live."""

import asyncio
import threading

from asynctask import Context, Executor, TaskType
from tests.integration.sdk.loopback import running_executor, running_loopback
from tests.support.conditions import eventually


def noting(name: str, started: list[str]) -> TaskType:
    kind = TaskType(name)

    @kind.stage
    async def work(ctx: Context[None]) -> None:
        started.append(name)

    return kind


def holds_one(executor: Executor) -> bool:
    running = executor._running
    return running is not None and len(running._holdings) == 1


async def test_assignment_waits_for_a_renewal_that_names_it():
    """Law 2. Fails when any acknowledged renewal starts what waits: one that was sent before the assignment came says
    nothing about its lease."""
    started: list[str] = []
    kind = noting("quick", started)
    async with running_loopback(lease_ms=600_000) as (scheduler, address):
        executor = Executor([kind], address=address)
        scheduler.renewal_permits = asyncio.Semaphore(0)
        async with running_executor(executor):
            await scheduler.until(lambda: len(scheduler.renewals) == 1)
            assignment = scheduler.assign(kind)
            await eventually(lambda: holds_one(executor))
            scheduler.renewal_permits.release()
            await scheduler.until(lambda: len(scheduler.renewals) == 2)
            assert scheduler.was_renewed(assignment)
            assert started == []
            scheduler.renewal_permits.release()
            await scheduler.has_ended(assignment, "SUCCESS")
            scheduler.renewal_permits = None


async def test_what_its_last_executor_may_have_died_of_waits_for_a_renewal_that_names_it():
    """Fails when it starts at once, as others do under a lease that is known to live: the end of the process would not
    count as the loss of an executor, and the task would end ten of them."""
    started: list[str] = []
    kind, deadly = noting("quick", started), noting("deadly", started)
    async with running_loopback(lease_ms=600_000) as (scheduler, address):
        executor = Executor([kind, deadly], address=address)
        async with running_executor(executor):
            await scheduler.connected()
            await scheduler.has_ended(scheduler.assign(kind), "SUCCESS")
            permits = scheduler.renewal_permits = asyncio.Semaphore(0)
            assignment = scheduler.assign(deadly, undelivered_count=1)
            await scheduler.has_ended(scheduler.assign(kind), "SUCCESS")
            assert started == ["quick", "quick"]
            scheduler.renewal_permits = None
            permits.release()
            await scheduler.has_ended(assignment, "SUCCESS")
            assert scheduler.was_renewed(assignment)


async def test_assignment_that_came_while_the_loop_was_blocked_for_a_lease_waits_for_a_renewal():
    """Law 2. Fails when the age of an assignment counts from when the loop got round to read it: its task runs
    elsewhere by then, and renewals of others went on all the time."""
    started: list[str] = []
    second = noting("second", started)
    first, goes_on = TaskType("first"), threading.Event()

    @first.stage
    async def work(ctx: Context[None]) -> None:
        started.append("first")
        goes_on.wait()  # blocks the loop

    async with running_loopback(lease_ms=10_000) as (scheduler, address):
        executor = Executor([first, second], address=address)
        running = asyncio.get_running_loop().run_in_executor(None, lambda: asyncio.run(executor.serve()))
        try:
            await scheduler.connected()
            blocker = scheduler.assign(first)
            await eventually(lambda: started == ["first"])
            late = scheduler.assign(second)
            await asyncio.sleep(11)  # longer than its lease: nothing else can be waited for
            scheduler.lost.add(late.attempt_id)
            scheduler.tasks[late.task_id].begin(b"the next attempt")
            goes_on.set()
            await scheduler.until(lambda: scheduler.was_renewed(late) or len(started) > 1)
            await scheduler.outcome(blocker)
            # It is held no more, and others start.
            after = scheduler.assign(second)
            await scheduler.has_ended(after, "SUCCESS")
            assert started == ["first", "second"]
        finally:
            goes_on.set()
            scheduler.send_drain()
            await running
