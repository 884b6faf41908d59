"""Executors whose tasks run until the tool ends."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import asynctask
from benchmarks.large.kinds import task_types
from benchmarks.large.waiting import submit
from benchmarks.processes import program, python
from benchmarks.waiting import until

EXECUTORS = 4
BUSY = 500
"""Tasks that report each second; the others do so rarely, as in a real cluster."""
PATIENCE_S = 600


@asynccontextmanager
async def running_tasks(
    client: asynctask.Client, address: str, count: int, log: Path
) -> AsyncIterator[list[str]]:
    """Let `count` tasks run until the end of the block; gives the ids of those that report each second."""
    slots = -(-count // EXECUTORS)
    async with AsyncExitStack() as stack:
        for _ in range(EXECUTORS if count else 0):
            command = python("benchmarks.large.executor", str(slots))
            await stack.enter_async_context(program(command, log, settings={"ASYNCTASK_ADDRESS": address}))
        types = task_types(served=True)
        busy = await submit(client, types, min(count, BUSY), report_every_s=1)
        others = await submit(client, types, count - len(busy))

        async def all_run() -> bool:
            return sum(queue.running for queue in await client.queues()) >= len(busy) + len(others)

        await until(all_run, every=0.5, seconds=PATIENCE_S)
        yield busy
