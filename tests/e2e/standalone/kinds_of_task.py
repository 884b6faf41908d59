"""Task types for the end-to-end tests, run by `asynctask executor kinds_of_task`."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from asynctask import Context, Retry, TaskType


@dataclass
class Count:
    """How far to count."""

    to: int = 3
    fails: bool = False
    skips: int = 0


count = TaskType("count", config=Count, retry=Retry(max_attempts=1), description="Counts.")


@count.stage
async def look(ctx: Context[Count], config: Count) -> int:
    ctx.log.info("going to count to %d", config.to)
    return config.to


@count.stage(weight=3)
async def run(ctx: Context[Count], to: int) -> dict[str, int]:
    for number in range(to):
        ctx.progress(number + 1, to, unit="steps")
    if ctx.config.skips:
        ctx.warn("SKIPPED", "every other number", ctx.config.skips)
    if ctx.config.fails:
        raise ValueError("cannot count any further")
    return {"counted": to}


@dataclass
class Wait:
    """The file whose appearance ends the wait."""

    until: str


wait = TaskType("wait", config=Wait)


@wait.stage
async def waiting(ctx: Context[Wait], config: Wait) -> str:
    rounds = ctx.last_checkpoint or 0
    while not Path(config.until).exists():
        await ctx.checkpoint(rounds)
        await asyncio.sleep(0.05)
        rounds += 1
    return "it appeared"


shelf = TaskType("shelf")


@shelf.stage
async def put(ctx: Context[None]) -> None:
    """Two items of a manifest; the name of one is no UTF-8."""
    await ctx.manifest.append("a book", size=3, data={"pages": 300})
    await ctx.manifest.append(b"ol\xe9")
    await ctx.manifest.seal()
    async for item in ctx.manifest.todo():
        item.done()
