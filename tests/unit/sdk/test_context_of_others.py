"""A context belongs to one handler: its use by any other code raises an error that says so, and changes no task."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from asynctask import Context, Retry, TaskState, TaskType, ThreadContext
from asynctask.testing import TestRun, run

ONCE = Retry(max_attempts=1)


async def checkpoint(ctx: Context[Any]) -> None:
    await ctx.checkpoint(1)


async def progress(ctx: Context[Any]) -> None:
    ctx.progress(1)


async def warn(ctx: Context[Any]) -> None:
    ctx.warn("CODE")


async def append(ctx: Context[Any]) -> None:
    await ctx.manifest.append("a")


async def stop(ctx: Context[Any]) -> None:
    await ctx.safe_point()


USES = [checkpoint, progress, warn, append, stop]


async def keeping(kept: list[Any]) -> TestRun:
    kind = TaskType("keeps")

    @kind.stage
    async def keep(ctx: Context[Any]) -> None:
        kept.append(ctx)

    return await run(kind)


@pytest.mark.parametrize("use", USES)
async def test_context_of_a_task_that_has_ended_is_refused(use: Callable[[Any], Awaitable[None]]) -> None:
    """Fails when a handler waits for ever for the acknowledgement of a task that has ended, or ends with it."""
    kept: list[Any] = []
    before = await keeping(kept)
    kind = TaskType("uses", retry=ONCE)

    @kind.stage
    async def act(ctx: Context[Any]) -> None:
        await use(kept[0])

    result = await run(kind)
    assert result.failure is not None
    whose = f"the context of stage 'keep' of task {before.task_id} was used by the handler of another task"
    assert result.failure.message == f"{whose}: a context belongs to one handler"
    assert (result.checkpoints, result.warnings, before.checkpoints) == ([], [], [])


async def test_checkpoint_in_another_event_loop_is_refused() -> None:
    """Fails when it waits for ever: the executor's loop does not wake another one."""
    kind = TaskType("loops", retry=Retry(max_attempts=1))

    @kind.stage
    async def act(ctx: Context[Any]) -> None:
        await asyncio.to_thread(lambda: asyncio.run(ctx.checkpoint(1)))

    result = await run(kind)
    assert result.failure is not None
    assert result.failure.message.startswith(
        "await the context of an async handler only on the event loop that runs"
    )
    assert result.checkpoints == []


async def test_context_of_an_earlier_stage_is_refused() -> None:
    kind, kept = TaskType("two", retry=ONCE), list[Any]()

    @kind.stage
    async def first(ctx: Context[Any]) -> None:
        kept.append(ctx)

    @kind.stage
    async def second(ctx: Context[Any]) -> None:
        await kept[0].checkpoint(1)

    result = await run(kind)
    assert result.failure is not None
    assert result.failure.message.endswith("was used after its handler had ended")
    assert result.checkpoints == []


async def test_context_of_a_thread_is_refused_after_its_end() -> None:
    kind, kept = TaskType("threads", retry=ONCE), list[Any]()

    @kind.stage
    def first(ctx: ThreadContext[Any]) -> None:
        kept.append(ctx)

    @kind.stage
    def second(ctx: ThreadContext[Any]) -> None:
        for use in (lambda: kept[0].checkpoint(1), lambda: kept[0].progress(1), lambda: kept[0].warn("A")):
            with pytest.raises(RuntimeError, match="was used after its handler had ended"):
                use()

    assert (await run(kind)).state is TaskState.COMPLETED


async def test_manifest_of_a_task_that_has_ended_fails_its_user_and_loses_nobody() -> None:
    """Fails when a task counts as lost since its handler met the end of another one."""
    kept: list[Any] = []
    kind = TaskType("keeps")

    @kind.stage
    async def keep(ctx: Context[Any]) -> None:
        await ctx.manifest.append("a")
        kept.append(ctx.manifest)

    assert (await run(kind)).state is TaskState.COMPLETED
    uses = TaskType("uses", retry=ONCE)

    @uses.stage
    async def act(ctx: Context[Any]) -> None:
        await kept[0].append("b")

    async with asyncio.timeout(60):
        result = await run(uses)
    assert result.failure is not None
    assert result.failure.message == "the handler used an object of another task, which has ended"
