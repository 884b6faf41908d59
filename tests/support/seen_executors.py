"""Every executor that a queue shows."""

from __future__ import annotations

from collections.abc import Sequence

from asynctask_scheduler.queue.answers import ExecutorState
from asynctask_scheduler.queue.port import Queue


async def seen_executors(queue: Queue) -> Sequence[ExecutorState]:
    """Those with an open stream or seen in the last minute, by id; none that has stopped."""
    return await queue.executors(list(await queue.seen_executors()))
