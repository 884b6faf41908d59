"""What comes for an attempt whose handler has ended already, while its last items are being stored."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from asynctask import Context, Executor, TaskType
from asynctask_protos.task.v1 import state_pb2
from tests.integration.sdk.loopback import LoopbackScheduler, running_executor, running_loopback


@pytest.fixture
async def loopback() -> AsyncIterator[tuple[LoopbackScheduler, str]]:
    async with running_loopback() as (scheduler, address):
        yield scheduler, address


def leaves_items_behind() -> TaskType:
    """Its handler returns while what it appended is still on its way."""
    kind = TaskType("leaves_items_behind")

    @kind.stage
    async def work(ctx: Context[None]) -> int:
        await ctx.manifest.reset()
        await ctx.manifest.append("a file")
        return 7

    return kind


def quick() -> TaskType:
    kind = TaskType("quick")

    @kind.stage
    async def work(ctx: Context[None]) -> None: ...

    return kind


async def everything_is_heard(scheduler: LoopbackScheduler) -> None:
    """The stream keeps its order: a task that was handed out after a message ends after that was acted on."""
    await scheduler.has_ended(scheduler.assign("quick"), "SUCCESS")


@pytest.mark.parametrize("requested", ["CANCEL", "PAUSE"])
async def test_request_that_comes_while_the_last_items_are_stored_does_not_swallow_the_outcome(
    loopback, requested
):
    """Law 1. Fails when a cancel still reaches the attempt's asyncio task after its handler has returned: the task is
    then held, renewed and never ended."""
    scheduler, address = loopback
    kind = leaves_items_behind()
    async with running_executor(Executor([kind, quick()], address=address)):
        await scheduler.connected()
        scheduler.manifests_answered.clear()
        assignment = scheduler.assign(kind)
        await scheduler.until(lambda: len(scheduler.chunks) > 0)
        scheduler.request(assignment, getattr(state_pb2, f"REQUESTED_{requested}"))
        await everything_is_heard(scheduler)
        scheduler.manifests_answered.set()
        outcome = await scheduler.has_ended(assignment, "SUCCESS")
    assert outcome.result_json == "7"


async def test_handler_that_cancels_its_own_task_and_returns_has_returned(loopback):
    """Law 1. Fails when a cancellation that is left over from the handler breaks the sending of its outcome."""
    scheduler, address = loopback
    kind = TaskType("cancels_itself")

    @kind.stage
    async def work(ctx: Context[None]) -> int:
        await ctx.manifest.reset()
        await ctx.manifest.append("a file")
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        return 7

    async with running_executor(Executor([kind, quick()], address=address)):
        await scheduler.connected()
        assert (await scheduler.has_ended(scheduler.assign(kind), "SUCCESS")).result_json == "7"


async def test_attempt_that_is_lost_while_its_last_items_are_stored_waits_for_nothing(loopback):
    """Fails when the executor goes on trying to store what nobody takes any more: its end would wait for that."""
    scheduler, address = loopback
    kind = leaves_items_behind()
    executor = Executor([kind, quick()], address=address, grace="1h")
    async with running_executor(executor) as serving:
        await scheduler.connected()
        scheduler.manifests_answered.clear()
        assignment = scheduler.assign(kind)
        await scheduler.until(lambda: len(scheduler.chunks) > 0)
        scheduler.lost.add(assignment.attempt_id)
        scheduler.lose(assignment)
        await everything_is_heard(scheduler)
        executor.stop()
        async with asyncio.timeout(60):  # its grace period would be longer
            await asyncio.shield(serving)
    assert all(event.attempt_id != assignment.attempt_id for event in scheduler.events)
