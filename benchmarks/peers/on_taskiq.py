"""taskiq on Redis streams: `taskiq worker benchmarks.peers.on_taskiq:broker`, results in Redis.

Its stream broker acknowledges messages; with the list broker a killed worker loses its tasks.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Sequence

import redis.asyncio
from taskiq import AsyncTaskiqTask
from taskiq_redis import RedisAsyncResultBackend, RedisStreamBroker

from benchmarks.peers.client import PAYLOAD, main

URL = os.environ["BENCH_REDIS_URL"]
CONNECTIONS = 64

broker = RedisStreamBroker(
    URL, consumer_id="0", xread_count=500, max_connection_pool_size=CONNECTIONS
).with_result_backend(RedisAsyncResultBackend(URL, max_connection_pool_size=CONNECTIONS))


@broker.task(task_name="noop")
async def noop(payload: str, submitted_ns: int = 0) -> int:
    """Do nothing; return how long ago it was submitted, if a time is given."""
    return time.monotonic_ns() - submitted_ns if submitted_ns else 0


class TaskiqPeer:
    """Many calls at once over a pool of connections: taskiq has no batch."""

    def __init__(self) -> None:
        self._redis = redis.asyncio.Redis.from_url(URL)
        self._started = False

    async def _start(self) -> None:
        if not self._started:
            self._started = True
            await broker.startup()

    async def submit(self, count: int) -> None:
        await self._start()
        await asyncio.gather(*[noop.kiq(PAYLOAD) for _ in range(count)])

    async def submit_timed(self) -> object:
        await self._start()
        return await noop.kiq(PAYLOAD, time.monotonic_ns())

    async def queued(self) -> int:
        groups = await self._redis.xinfo_groups("taskiq")
        return int(groups[0]["lag"] or 0) if groups else 0

    async def finished(self) -> int:
        return int(await self._redis.dbsize())

    async def answers(self, handles: Sequence[object]) -> Sequence[int]:
        answers: list[int] = []
        for handle in handles:
            assert isinstance(handle, AsyncTaskiqTask)
            answers.append(int((await handle.wait_result(timeout=10)).return_value))
        return answers


if __name__ == "__main__":
    main(TaskiqPeer())
