"""Handlers whose threads never end, in an executor of its own: `python -m`."""

import asyncio
import threading
import time
from typing import Any

from asynctask import Context, Executor, TaskType, ThreadContext


def sleep_for_ever() -> None:
    while True:
        time.sleep(3600)


leaves = TaskType("leaves", config=str)


@leaves.stage
async def leave(ctx: Context[str], way: str) -> None:
    if way == "thread":
        threading.Thread(target=sleep_for_ever, name="left").start()
        ctx.progress(1)
        return
    ctx.progress(1)
    await asyncio.to_thread(sleep_for_ever)


waits = TaskType("waits")


@waits.stage
def wait(ctx: ThreadContext[Any]) -> None:
    ctx.progress(1)
    sleep_for_ever()


if __name__ == "__main__":
    Executor([leaves, waits], grace="100ms").run()
    print("the program goes on", flush=True)
