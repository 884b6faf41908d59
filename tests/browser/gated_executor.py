"""An executor whose task does as many steps as a file allows: `python -m tests.browser.gated_executor FILE`."""

from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path
from typing import Any

import asynctask
from asynctask import Context, ItemState, NewItem

STEPS = 20
WORDS = 3_000
"""Lines and items of the type `wordy`: more than a page of each."""


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


def wordy(allowed: Path) -> asynctask.TaskType:
    """A type with a long log and a long list; it ends once the file allows a step."""
    kind = asynctask.TaskType("wordy", description="Writes much")

    @kind.stage
    async def write(ctx: Context[Any], config: Any) -> None:
        items = ctx.manifest
        await items.extend(NewItem(f"folder/file-{at:04}.txt", at) for at in range(WORDS))
        await items.seal()
        async for item in items.items():
            if item.position % 1_000 == 0:
                items.record(item, ItemState.FAILED, f"no permission for {item.key.decode()}")
        for at in range(1, WORDS + 1):
            ctx.log.log(
                logging.ERROR if at == 7 else logging.INFO, "word %d%s", at, " needle" * (at % 1_000 == 0)
            )
            if at % 500 == 0:
                await asyncio.sleep(0.05)
        while not int(allowed.read_text()):
            await asyncio.sleep(0.05)
        ctx.log.info("the last word")

    return kind


if __name__ == "__main__":
    allowed = Path(sys.argv[1])
    asynctask.Executor([gated(allowed), wordy(allowed)], slots=2).run()
