"""An executor whose handlers do what ends programs: their tasks fail, the executor and its other tasks go on."""

import asyncio
import sys
from typing import Any

from asynctask import Context, Executor, Retry, TaskType
from tests.integration.sdk.harmful_handlers import harmful
from tests.integration.sdk.loopback import running_executor, running_loopback

ONCE = Retry(max_attempts=1)


def on_loop() -> tuple[TaskType, TaskType, asyncio.Event]:
    kind, innocent, over = TaskType("loop", config=str, retry=ONCE), TaskType("innocent"), asyncio.Event()

    @kind.stage
    async def act(ctx: Context[str], place: str) -> None:
        async def leave() -> None:
            await asyncio.sleep(0)
            sys.exit(2)

        if place == "item":
            await ctx.manifest.append("a")
            async for item in ctx.manifest.todo():
                item.start(leave())
        if place == "group":
            async with asyncio.TaskGroup() as group:
                group.create_task(leave())
        asyncio.get_running_loop().call_soon(sys.exit, 2)
        await asyncio.sleep(60)

    @innocent.stage
    async def wait(ctx: Context[Any]) -> None:
        await over.wait()

    return kind, innocent, over


async def test_handlers_that_exit_fail_and_harm_no_other_task_of_the_executor():
    """Fails when the executor ends: the innocent task beside them was lost with it, and in the end failed of that."""
    kind, innocent, over = on_loop()
    deeds = {
        "exit": "SystemExit",
        "interrupt": "KeyboardInterrupt",
        "own": "Own",
        "unreadable": "Unreadable",
        "unpicklable": "ResultRefused",
        "deep": "ResultRefused",
        "bytes": "StrangeMessage",
        "call": "StrangeMessage",
    }
    async with running_loopback() as (scheduler, address):
        async with running_executor(Executor([kind, innocent, harmful], address=address)) as executor:
            await scheduler.connected()
            left_alone = scheduler.assign(innocent)
            for place in ("item", "group", "callback"):
                outcome = await scheduler.has_ended(scheduler.assign(kind, f'"{place}"'), "FAILED")
                assert (outcome.failure.error_type, outcome.failure.message) == ("SystemExit", "sys.exit(2)")
            given = {deed: scheduler.assign(harmful, f'"{deed}"') for deed in deeds}
            for deed, error_type in deeds.items():
                failure = (await scheduler.has_ended(given[deed], "FAILED")).failure
                assert failure.error_type.rpartition(".")[2] == error_type, failure
                assert failure.message
            texts = await scheduler.has_ended(scheduler.assign(harmful, '"texts"'), "SUCCESS")
            assert texts.result_json == '"fine"'
            assert not executor.done()
            over.set()
            await scheduler.has_ended(left_alone, "SUCCESS")
        assert len(scheduler.connections) == 1
