"""Handlers that run in processes of their own: a spawned process imports them from here."""

import logging
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from asynctask import Context, Fail, NewItem, TaskType, ThreadContext


@dataclass
class Place:
    path: Path


quick = TaskType("quick", config=Place)


@quick.stage(process=True)
def count(ctx: ThreadContext[Place], place: Place) -> int:
    done = ctx.last_checkpoint or 0
    while done < 3:
        done += 1
        ctx.progress(done, 3, unit="steps")
        ctx.checkpoint(done)
    ctx.log.info("counted in %s", "a process")
    logging.getLogger("lib").warning("from a library")
    return os.getpid()


@quick.stage(process=True)
def add(ctx: ThreadContext[Place], pid: int) -> int:
    assert pid != os.getpid()
    for name in ("a", "b", "c"):
        ctx.manifest.append(name, size=2)
    for item in ctx.manifest.todo():
        if item.name == "b":
            ctx.warn("SKIPPED", item.name)
            item.skipped("not today")
    return ctx.manifest.counts().done.size


endless = TaskType("endless", config=Place)


@endless.stage(process=True)
def work(ctx: ThreadContext[Place], place: Place) -> None:
    place.path.write_text(str(os.getpid()))
    step = 0
    while True:
        step += 1
        ctx.checkpoint(step)


deaf = TaskType("deaf", config=Place)


@deaf.stage(process=True)
def sleep(ctx: ThreadContext[Place], place: Place) -> None:
    try:
        place.path.write_text(str(os.getpid()))
        time.sleep(3600)
    finally:
        place.path.with_suffix(".cleaned").write_text("yes")


refusing = TaskType("refusing", config=Place)


@refusing.stage(process=True)
def refuse_to_end(ctx: ThreadContext[Place], place: Place) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    place.path.write_text(str(os.getpid()))
    time.sleep(3600)


raises = TaskType("raises", config=Place)


@raises.stage(process=True)
def fail(ctx: ThreadContext[Place], place: Place) -> None:
    raise Fail("no use")


terminated = TaskType("terminated", config=Place)


@terminated.stage(process=True)
def be_terminated(ctx: ThreadContext[Place], place: Place) -> None:
    """As if SIGTERM came before we take it: while the process imports the handler's module."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGTERM)


@dataclass
class Items:
    count: int
    data_chars: int


def append_and_read(ctx: ThreadContext[Items], given: Items) -> dict[str, list[int]]:
    ctx.manifest.extend(NewItem(str(number), data="x" * given.data_chars) for number in range(given.count))
    return {
        "listed": [item.position for item in ctx.manifest.items()],
        "worked_on": [item.position for item in ctx.manifest.todo()],
    }


reads_in_thread = TaskType("reads_in_thread", config=Items)
reads_in_process = TaskType("reads_in_process", config=Items)


@reads_in_thread.stage
def read_in_thread(ctx: ThreadContext[Items], given: Items) -> dict[str, list[int]]:
    return append_and_read(ctx, given)


@reads_in_process.stage(process=True)
def read_in_process(ctx: ThreadContext[Items], given: Items) -> dict[str, list[int]]:
    return append_and_read(ctx, given)


reads_on_loop = TaskType("reads_on_loop", config=Items)


@reads_on_loop.stage
async def read_on_loop(ctx: Context[Items], given: Items) -> dict[str, list[int]]:
    new = (NewItem(str(number), data="x" * given.data_chars) for number in range(given.count))
    await ctx.manifest.extend(new)
    return {
        "listed": [item.position async for item in ctx.manifest.items()],
        "worked_on": [item.position async for item in ctx.manifest.todo()],
    }
