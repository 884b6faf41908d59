"""Every executor that a queue shows."""

from __future__ import annotations

from collections.abc import Sequence

from asynctask_scheduler.queue.answers import ExecutorState
from tests.support.whole_queue import WholeQueue


async def seen_executors(queue: WholeQueue) -> Sequence[ExecutorState]:
    """Those with an open stream or seen in the last minute, by id; none that has stopped."""
    return await queue.describe_executors(list(await queue.seen_executors()))
