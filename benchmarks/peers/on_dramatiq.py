"""Dramatiq on Redis: `dramatiq benchmarks.peers.on_dramatiq`, results in Redis, its default middleware."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence

import dramatiq
import redis
from dramatiq.brokers.redis import RedisBroker
from dramatiq.results import Results
from dramatiq.results.backends import RedisBackend

from benchmarks.peers.client import PAYLOAD, main

URL = os.environ["BENCH_REDIS_URL"]

results = RedisBackend(url=URL)
broker = RedisBroker(url=URL)
broker.add_middleware(Results(backend=results, store_results=True))
dramatiq.set_broker(broker)


@dramatiq.actor(actor_name="noop")
def noop(payload: str, submitted_ns: int = 0) -> int:
    """Do nothing; return how long ago it was submitted, if a time is given."""
    return time.monotonic_ns() - submitted_ns if submitted_ns else 0


class DramatiqPeer:
    """One message per call: Dramatiq has no batch."""

    def __init__(self) -> None:
        self._redis = redis.Redis.from_url(URL)

    async def submit(self, count: int) -> None:
        for _ in range(count):
            noop.send(PAYLOAD)

    async def submit_timed(self) -> object:
        return noop.send(PAYLOAD, time.monotonic_ns())

    async def queued(self) -> int:
        return int(self._redis.llen("dramatiq:default"))

    async def finished(self) -> int:
        return int(self._redis.dbsize())

    async def answers(self, handles: Sequence[object]) -> Sequence[int]:
        return [int(handle.get_result(backend=results, block=True)) for handle in handles]


if __name__ == "__main__":
    main(DramatiqPeer())
