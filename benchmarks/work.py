"""The task types that the benchmark's executors run."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

import asynctask
from benchmarks.probes import say

PAYLOAD = "x" * 170
"""About the size of a real config; the peers get the same."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """Config of a no-op task."""

    payload: str = PAYLOAD


@dataclass(frozen=True, slots=True)
class Watched:
    """Config of a task that prints probes; `hold` keeps it running until it is stopped."""

    key: int
    hold: bool = False


@dataclass(frozen=True, slots=True)
class Lasting:
    """Config of a task that repeats one call for a while."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Counted:
    """How many calls it made."""

    calls: int


noop = asynctask.TaskType("bench_noop", config=Nothing)
watched = asynctask.TaskType("bench_watched", config=Watched)
progress = asynctask.TaskType("bench_progress", config=Lasting)
checkpoints = asynctask.TaskType("bench_checkpoints", config=Lasting)
paced = asynctask.TaskType("bench_paced", config=Lasting)

TYPES = [noop, watched, progress, checkpoints, paced]


@noop.stage()
async def nothing(ctx: asynctask.Context[Nothing], config: Nothing) -> None:
    """Do nothing, so that only the platform is measured."""


@watched.stage()
async def hold(ctx: asynctask.Context[Watched], config: Watched) -> None:
    """Print a probe when it starts, and when it notices that it should stop."""
    say("started", config.key)
    try:
        while config.hold and not ctx.should_stop:  # noqa: ASYNC110 - a flag, as a handler sees it
            await asyncio.sleep(0.01)
    finally:
        if config.hold:
            say("stopped", config.key)
    await ctx.safe_point()


@progress.stage()
async def report(ctx: asynctask.Context[Lasting], config: Lasting) -> Counted:
    """Report progress in a busy loop."""
    end = time.monotonic() + config.seconds
    calls = 0
    while time.monotonic() < end:
        for _ in range(20):
            calls += 1
            ctx.progress(calls, 1_000_000, unit="items")
        await asyncio.sleep(0)
    return Counted(calls)


@paced.stage()
async def report_each_second(ctx: asynctask.Context[Lasting], config: Lasting) -> None:
    """Report progress once a second."""
    for second in range(round(config.seconds)):
        ctx.progress(second, config.seconds, unit="items")
        await asyncio.sleep(1)
        await ctx.safe_point()


@checkpoints.stage()
async def advance(ctx: asynctask.Context[Lasting], config: Lasting) -> Counted:
    """Write one acknowledged checkpoint after the other."""
    end = time.monotonic() + config.seconds
    calls = 0
    while time.monotonic() < end:
        calls += 1
        await ctx.checkpoint({"position": calls})
    return Counted(calls)
