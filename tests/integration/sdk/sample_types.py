"""Task types of the tests with a real cluster; also run by executors in processes of their own: `python -m`."""

import asyncio
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from asynctask import Context, Executor, ItemState, Retry, TaskType, ThreadContext


@dataclass
class Steps:
    steps: int = 3
    folder: Path | None = None


@dataclass
class Half:
    total: int


two = TaskType("two", config=Steps, retry=Retry(max_attempts=3, initial_delay="10ms"))


@two.stage(weight=1)
async def first(ctx: Context[Steps], config: Steps) -> Half:
    ctx.progress(config.steps, config.steps, unit="steps")
    return Half(config.steps * 2)


@two.stage(weight=3)
async def second(ctx: Context[Steps], half: Half) -> int:
    return half.total + 1


slow = TaskType("slow", config=Steps)


@slow.stage
async def walk(ctx: Context[Steps], config: Steps) -> list[int]:
    """Notes each step durably, and beside it who made it: none may be made twice."""
    done = (ctx.last_checkpoint or {"done": 0})["done"]
    assert config.folder is not None
    (config.folder / f"begun-{ctx.attempt}").write_text(str(done))
    while done < config.steps:
        done += 1
        ctx.warn("STEP", f"step {done}")
        await ctx.checkpoint({"done": done})
        await asyncio.sleep(0.02)
    return [done, os.getpid()]


slow_thread = TaskType("slow_thread", config=Steps)


@slow_thread.stage
def walk_in_thread(ctx: ThreadContext[Steps], config: Steps) -> int:
    done = ctx.last_checkpoint or 0
    while done < config.steps:
        done += 1
        ctx.checkpoint(done)
        time.sleep(0.02)
    return done


slow_process = TaskType("slow_process", config=Steps)


@slow_process.stage(process=True)
def walk_in_process(ctx: ThreadContext[Steps], config: Steps) -> int:
    done = ctx.last_checkpoint or 0
    while done < config.steps:
        done += 1
        ctx.checkpoint(done)
        time.sleep(0.02)
    return done


reports_in_process = TaskType("reports_in_process", config=Steps)


@reports_in_process.stage(process=True)
def report_in_process(ctx: ThreadContext[Steps], config: Steps) -> None:
    """Asks for nothing, only says how far it is, and writes down that it went on."""
    assert config.folder is not None
    for step in range(config.steps):
        ctx.progress(step, config.steps)
        with (config.folder / "went-on").open("a") as diary:
            diary.write("x")
        time.sleep(0.01)


files = TaskType("files", config=Steps)


@files.stage
async def collect(ctx: Context[Steps], config: Steps) -> int:
    await ctx.manifest.reset()
    for number in range(config.steps):
        await ctx.manifest.append(f"file {number}", size=10)
    await ctx.manifest.seal()
    return config.steps


@files.stage
async def copy(ctx: Context[Steps], expected: int) -> int:
    async def one(number: int) -> None:
        await asyncio.sleep(0)
        if number % 10 == 3:
            raise OSError("broken")

    async for item in ctx.manifest.todo(concurrency=4):
        item.start(one(item.position))
    return (await ctx.manifest.counts()).done.items


lists_in_thread = TaskType("lists_in_thread", config=Steps)


@lists_in_thread.stage
def list_in_thread(ctx: ThreadContext[Steps], config: Steps) -> int:
    ctx.manifest.reset()
    for number in range(config.steps):
        ctx.manifest.append(f"file {number}", size=10)
    ctx.manifest.seal()
    return config.steps


marks = TaskType("marks", config=Steps)


@marks.stage
def list_all(ctx: ThreadContext[Steps], config: Steps) -> None:
    ctx.manifest.reset()
    ctx.manifest.extend(f"file {number}" for number in range(config.steps))
    ctx.manifest.seal()


@marks.stage
def mark_all(ctx: ThreadContext[Steps]) -> list[int]:
    """Answers what it marked. The first attempt leaves out each tenth item, and stops for good half-way."""
    assert ctx.config.folder is not None
    marked: list[int] = []
    for item in ctx.manifest.items(ItemState.TODO):
        if ctx.attempt == 1 and item.position >= ctx.config.steps // 2:
            ctx.manifest.flush()
            (ctx.config.folder / "marked").touch()
            time.sleep(3600)
        if ctx.attempt > 1 or item.position % 10:
            ctx.manifest.record(item, ItemState.DONE)
            marked.append(item.position)
    return marked


stubborn = TaskType("stubborn", config=Steps)


@stubborn.stage
def never_looks(ctx: ThreadContext[Steps], config: Steps) -> None:
    """A thread that works on and on without a call of its context."""
    assert config.folder is not None
    (config.folder / "begun").write_text("")
    while True:
        time.sleep(0.01)


talks = TaskType("talks", config=Steps)


@talks.stage
async def talk(ctx: Context[Steps], config: Steps) -> None:
    for number in range(config.steps):
        ctx.log.info("line %d", number)
        await asyncio.sleep(0.05)


TYPES = [
    two,
    slow,
    slow_thread,
    slow_process,
    reports_in_process,
    files,
    lists_in_thread,
    marks,
    stubborn,
    talks,
]

if __name__ == "__main__":
    Executor(TYPES, name=sys.argv[1] if len(sys.argv) > 1 else None, grace="5s").run()
