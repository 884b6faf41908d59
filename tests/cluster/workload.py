"""The task types of the cluster tests, and their executor: `python -m tests.cluster.workload NAME [QUEUE]`.

Handlers write down what they do in one file that all executors append to (`ASYNCTASK_TEST_DIARY`), a line an act:
`task attempt act position`. What is written here happened, also if it was never acknowledged.
"""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import dataclass

from asynctask import Context, Executor, Fail, Retry, TaskType


@dataclass
class Work:
    """How much there is to do."""

    items: int = 6
    pause_s: float = 0.1
    message: str = ""


def note(ctx: Context[Work], act: str, position: int = 0) -> None:
    """Append one line; whole lines of O_APPEND writes never mix."""
    line = f"{ctx.task_id} {ctx.attempt} {act} {position}\n"
    diary = os.open(os.environ["ASYNCTASK_TEST_DIARY"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    try:
        os.write(diary, line.encode())
    finally:
        os.close(diary)


short = TaskType("short", config=Work, retry=Retry(max_attempts=3, initial_delay="50ms"), crash_budget=50)


@short.stage
async def blink(ctx: Context[Work], work: Work) -> int:
    """No more than the platform itself costs."""
    note(ctx, "blinked")
    return ctx.attempt


long = TaskType("long", config=Work, retry=Retry(max_attempts=3, initial_delay="50ms"), crash_budget=50)


@long.stage(weight=1)
async def collect(ctx: Context[Work], work: Work) -> int:
    """List the items, then finish: a stage that must not run again once it is acknowledged."""
    await ctx.manifest.reset()
    for position in range(work.items):
        await ctx.manifest.append(f"item {position}", size=1)
    await ctx.manifest.seal()
    note(ctx, "collected")
    return work.items


@long.stage(weight=9)
async def process(ctx: Context[Work], items: int) -> int:
    """Work the items off, each durable before the next."""
    note(ctx, "processing")
    async for item in ctx.manifest.todo(report=False):
        note(ctx, "begun", item.position)
        await asyncio.sleep(ctx.config.pause_s)
        item.done()
        await ctx.checkpoint({"after": item.position})
        note(ctx, "kept", item.position)
    return (await ctx.manifest.counts()).done.items


crooked = TaskType("crooked", config=Work, retry=Retry(max_attempts=2, initial_delay="50ms"))


@crooked.stage
async def trip(ctx: Context[Work], work: Work) -> str:
    """Fail, or answer, with text that Postgres refuses to keep as it is."""
    if work.message == "answer":
        return "a\x00b"
    raise Fail(f"a\x00b {work.message}")


if __name__ == "__main__":
    Executor([short, long, crooked], slots=20, name=sys.argv[1], queues=sys.argv[2:], grace="5s").run()
