"""How an executor stops handlers over real gRPC: for a pause, a cancel, its own end, a timeout, a lost attempt."""

import asyncio
import threading

import pytest

from asynctask import Context, Executor, TaskType, ThreadContext
from asynctask_protos.task.v1 import state_pb2
from tests.integration.sdk.loopback import running_executor, running_loopback


@pytest.fixture
async def loopback():
    async with running_loopback() as (scheduler, address):
        yield scheduler, address


@pytest.mark.parametrize("requested", ["PAUSE", "CANCEL"])
@pytest.mark.parametrize("style", ["async", "thread"])
async def test_pause_and_cancel_stop_a_handler_at_its_next_checkpoint(loopback, requested, style):
    """Law 9. Fails when a checkpoint returns although a pause or a cancel was asked for before it."""
    scheduler, address = loopback
    kind = TaskType("long")
    started = threading.Event()
    unwound = threading.Event()

    if style == "async":

        @kind.stage
        async def work(ctx: Context[None]) -> None:
            started.set()
            try:
                for step in range(1_000_000):
                    await ctx.checkpoint(step)
                    await asyncio.sleep(0.001)
            finally:
                unwound.set()
    else:

        @kind.stage(name="work")
        def work_in_thread(ctx: ThreadContext[None]) -> None:
            started.set()
            try:
                for step in range(1_000_000):
                    ctx.checkpoint(step)
            finally:
                unwound.set()

    async with running_executor(Executor([kind], address=address)):
        await scheduler.connected()
        assignment = scheduler.assign(kind)
        await scheduler.until(lambda: len(scheduler.events) > 3)
        scheduler.request(assignment, getattr(state_pb2, f"REQUESTED_{requested}"))
        await scheduler.has_ended(assignment, f"{requested}D" if requested == "PAUSE" else "CANCELLED")
    assert unwound.is_set()


async def test_cancel_interrupts_an_async_handler_that_never_looks(loopback):
    """Law 9. Fails when a cancel waits for the handler's next call."""
    scheduler, address = loopback
    kind = TaskType("sleeper")

    @kind.stage
    async def work(ctx: Context[None]) -> None:
        ctx.progress(1, 2)
        await asyncio.sleep(3600)

    async with running_executor(Executor([kind], address=address)):
        await scheduler.connected()
        assignment = scheduler.assign(kind)
        await scheduler.until(lambda: len(scheduler.progress) == 1)
        scheduler.request(assignment, state_pb2.REQUESTED_CANCEL)
        await scheduler.has_ended(assignment, "CANCELLED")


async def test_pause_at_a_checkpoint_unwinds_child_tasks_too(loopback):
    scheduler, address = loopback
    kind = TaskType("group")
    ended: list[str] = []

    @kind.stage
    async def work(ctx: Context[None]) -> None:
        async def child(name: str) -> None:
            try:
                for step in range(1_000_000):
                    await ctx.checkpoint([name, step])
                    await asyncio.sleep(0.001)
            finally:
                ended.append(name)

        async with asyncio.TaskGroup() as group:
            group.create_task(child("a"))
            group.create_task(child("b"))

    async with running_executor(Executor([kind], address=address)):
        await scheduler.connected()
        assignment = scheduler.assign(kind)
        await scheduler.until(lambda: len(scheduler.events) > 4)
        scheduler.request(assignment, state_pb2.REQUESTED_PAUSE)
        await scheduler.has_ended(assignment, "PAUSED")
    assert sorted(ended) == ["a", "b"]


async def test_lost_attempt_is_stopped_and_nothing_more_of_it_is_sent(loopback):
    """Law 2. Fails when a handler goes on, or reports, after the scheduler said that the attempt is not ours."""
    scheduler, address = loopback
    kind = TaskType("sleeper")
    stopped = asyncio.Event()

    @kind.stage
    async def work(ctx: Context[None]) -> None:
        await ctx.checkpoint(1)
        try:
            await asyncio.sleep(3600)
        finally:
            stopped.set()

    async with running_executor(Executor([kind], address=address)):
        await scheduler.connected()
        assignment = scheduler.assign(kind)
        await scheduler.until(lambda: len(scheduler.events) == 1)
        scheduler.lose(assignment)
        async with asyncio.timeout(60):
            await stopped.wait()
    assert len(scheduler.events) == 1


async def test_drain_lets_handlers_reach_a_checkpoint_and_gives_their_tasks_back(loopback, caplog):
    """Law 3. Fails when an executor that ends cuts its handlers off instead of letting them store where they are."""
    caplog.set_level("INFO", "asynctask.executor")
    scheduler, address = loopback
    kind = TaskType("long")

    @kind.stage
    async def work(ctx: Context[None]) -> None:
        for step in range(1_000_000):
            await ctx.checkpoint(step)
            await asyncio.sleep(0.001)

    executor = Executor([kind], address=address)
    async with running_executor(executor) as task:
        await scheduler.connected()
        assignment = scheduler.assign(kind)
        await scheduler.until(lambda: len(scheduler.events) > 3)
        executor.stop()
        await scheduler.has_ended(assignment, "RELEASED")
        async with asyncio.timeout(60):
            await asyncio.shield(task)
    assert scheduler.slots == [0]
    # Whoever asked it to stop sees that it has.
    told = [line for line in caplog.messages if line.startswith("executor.")]
    assert told[0] == "executor.draining: asked to stop; no new task is taken; running: 1"
    assert told[-1].startswith("executor.stopped: ")


async def test_executor_that_stops_at_once_has_said_that_it_takes_nothing_more(loopback):
    """Fails when the scheduler cannot tell it from one that was killed, which has slots until its end."""
    scheduler, address = loopback
    kind = TaskType("idle")

    @kind.stage
    async def work(ctx: Context[None]) -> None: ...

    executor = Executor([kind], address=address)
    async with running_executor(executor) as task:
        await scheduler.connected()
        executor.stop()
        async with asyncio.timeout(60):
            await asyncio.shield(task)
    assert scheduler.slots == [0]


async def test_drain_does_not_wait_longer_than_its_grace(loopback):
    scheduler, address = loopback
    kind = TaskType("deaf")

    @kind.stage
    async def work(ctx: Context[None]) -> None:
        ctx.progress(1, 2)
        await asyncio.sleep(3600)

    executor = Executor([kind], address=address, grace="100ms")
    async with running_executor(executor) as task:
        await scheduler.connected()
        assignment = scheduler.assign(kind)
        await scheduler.until(lambda: len(scheduler.progress) == 1)
        executor.stop()
        await scheduler.has_ended(assignment, "RELEASED")
        async with asyncio.timeout(60):
            await asyncio.shield(task)


async def test_stage_timeout_fails_the_attempt_and_may_be_retried(loopback):
    scheduler, address = loopback
    kind = TaskType("slow")

    @kind.stage(timeout="50ms")
    async def work(ctx: Context[None]) -> None:
        assert ctx.deadline is not None
        await asyncio.sleep(3600)

    async with running_executor(Executor([kind], address=address)):
        await scheduler.connected()
        outcome = await scheduler.has_ended(scheduler.assign(kind), "FAILED")
    assert outcome.failure.reason == "STAGE_TIMEOUT"
    assert outcome.retryable
