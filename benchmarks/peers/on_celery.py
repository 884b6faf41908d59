"""Celery on Redis: `celery -A benchmarks.peers.on_celery worker`, results in Redis.

The client's application has no result back-end: with one, each submit would also subscribe to its result, which a
producer that ignores results does not need.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence

import redis
from celery import Celery

from benchmarks.peers.client import PAYLOAD, main

URL = os.environ["BENCH_REDIS_URL"]

app = Celery("peers", broker=URL, backend=URL)
app.conf.update(
    # A task of a killed worker comes back (after the visibility time-out); acknowledged early it would be lost.
    task_acks_late=True,
    worker_prefetch_multiplier=64,
    worker_send_task_events=False,
    worker_hijack_root_logger=False,
)


@app.task(name="noop")
def noop(payload: str, submitted_ns: int = 0) -> int:
    """Do nothing; return how long ago it was submitted, if a time is given."""
    return time.monotonic_ns() - submitted_ns if submitted_ns else 0


class CeleryPeer:
    """One connection, one message per call: Celery has no batch."""

    def __init__(self) -> None:
        self._redis = redis.Redis.from_url(URL)
        self._client = Celery("client", broker=URL)
        self._producer = self._client.producer_pool.acquire()

    async def submit(self, count: int) -> None:
        for _ in range(count):
            self._client.send_task("noop", (PAYLOAD,), producer=self._producer)

    async def submit_timed(self) -> object:
        return self._client.send_task("noop", (PAYLOAD, time.monotonic_ns()), producer=self._producer).id

    async def queued(self) -> int:
        return int(self._redis.llen("celery"))

    async def finished(self) -> int:
        return int(self._redis.dbsize())

    async def answers(self, handles: Sequence[object]) -> Sequence[int]:
        return [int(app.AsyncResult(str(handle)).get(timeout=10)) for handle in handles]


if __name__ == "__main__":
    main(CeleryPeer())
