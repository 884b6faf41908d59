"""An executor whose task does as many steps as a file allows: `python -m tests.browser.gated_executor FILE`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import asynctask
from asynctask import Context

STEPS = 20


def gated(allowed: Path) -> asynctask.TaskType:
    """A type of two stages; the second one counts to `STEPS`, and waits wherever the file's number ends."""
    kind = asynctask.TaskType("gated", description="Does as many steps as it may")

    @kind.stage(weight=1)
    async def prepare(ctx: Context[Any], config: Any) -> None:
        ctx.log.info("prepared <b>everything</b>")

    @kind.stage(weight=4)
    async def work(ctx: Context[Any], nothing: None) -> str:
        done = ctx.last_checkpoint or 0
        while done < STEPS:
            if done < int(allowed.read_text()):
                done += 1
                ctx.log.info("step %d", done)
                ctx.progress(done, STEPS, unit="files")
            else:
                await asyncio.sleep(0.05)
            await ctx.checkpoint(done)
        return "all done"

    return kind


if __name__ == "__main__":
    asynctask.Executor([gated(Path(sys.argv[1]))]).run()
