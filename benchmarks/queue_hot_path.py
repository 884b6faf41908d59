"""Measures what a task costs Redis and the queue's Python over its life, and whether a long queue costs more.

    python -m benchmarks.queue_hot_path [--tasks 40000] [--batch 200] [--queued 1000000] [--program redis-server]

A life is apply(ready), lease, apply(leased), apply(nowhere), in batches. Redis' time is its own count for the scripts;
the time of its process (which includes parsing, sockets and the append-only file) is shown beside it.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable
from pathlib import Path
from typing import Any, TypeVar

import redis

from asynctask_core.ids import new_id
from asynctask_protos.registry.v1.standing_pb2 import Place, Standing
from asynctask_protos.task.v1.state_pb2 import TaskState
from asynctask_scheduler.queue.answers import Lease, SessionInfo
from asynctask_scheduler.queue.redis_queue import RedisQueue
from asynctask_standalone.stores.redis import EmbeddedRedis
from benchmarks.usage import usage

T = TypeVar("T")

KIND = ("default", "noop")
EXECUTOR = SessionInfo("bench-host-1234-5678abcd", "bench", 10_000, ("noop",), ("default",), "bench")
STEPS = ("apply ready", "lease", "apply leased", "apply nowhere")


class HotPath:
    """Takes tasks through their lives, and adds up the cost of each step."""

    def __init__(self, queue: RedisQueue, server: EmbeddedRedis, batch: int) -> None:
        self.queue = queue
        self._redis: Any = redis.Redis.from_url(server.url)  # pyright: ignore[reportUnknownMemberType]
        self.python_s: dict[str, float] = defaultdict(float)
        self.script_us: dict[str, float] = defaultdict(float)
        self._redis_pid = server.pid
        self._batch = batch
        self._session = 0

    async def open(self) -> None:
        """Make the store ready to hand out tasks."""
        rebuild = await self.queue.repair.begin_rebuild()
        assert rebuild
        assert await self.queue.repair.finish_rebuild(rebuild)
        self._session = (await self.queue.executors.open_session(EXECUTOR)).number

    async def fill(self, tasks: int) -> None:
        """Queue that many tasks."""
        base_us = time.time_ns() // 1000
        for start in range(0, tasks, self._batch):
            standings = [_ready(new_id(), base_us + start) for _ in range(min(self._batch, tasks - start))]
            await self._step("apply ready", self.queue.tasks.apply(standings))

    async def drain(self, tasks: int) -> float:
        """Start and finish that many tasks; gives the seconds that took."""
        began = time.perf_counter()
        for _ in range(0, tasks, self._batch):
            attempts = [new_id() for _ in range(self._batch)]
            leased = await self._step(
                "lease", self.queue.tasks.lease(EXECUTOR.executor_id, self._session, 10_000, [KIND], attempts)
            )
            assert len(leased.leases) == self._batch
            await self._step(
                "apply leased", self.queue.tasks.apply([_leased(lease) for lease in leased.leases])
            )
            await self._step(
                "apply nowhere", self.queue.tasks.apply([_nowhere(task) for task, _ in leased.leases])
            )
        return time.perf_counter() - began

    async def _step(self, name: str, work: Awaitable[T]) -> T:
        script = self._script_us()
        python = time.process_time()
        answer = await work
        self.python_s[name] += time.process_time() - python
        self.script_us[name] += self._script_us() - script
        return answer

    def _script_us(self) -> float:
        stats = self._redis.info("commandstats")
        return float(stats.get("cmdstat_evalsha", {}).get("usec", 0))

    def redis_cpu_s(self) -> float:
        """Processor time of the server, including the calls that read it."""
        return usage({}, alone={"redis": self._redis_pid}).seconds["redis"]

    def redis_mib(self) -> float:
        """Memory that Redis' data takes."""
        return self._redis.info("memory")["used_memory"] / 2**20


def _ready(task_id: bytes, at_us: int) -> Standing:
    return Standing(
        task_id=task_id,
        version=1,
        place=Place.PLACE_READY,
        state=TaskState.TASK_STATE_QUEUED,
        queue=KIND[0],
        task_type=KIND[1],
        priority=3,
        ready_at_us=at_us,
    )


def _leased(lease: Lease) -> Standing:
    return Standing(
        task_id=lease[0],
        version=2,
        place=Place.PLACE_LEASED,
        state=TaskState.TASK_STATE_RUNNING,
        queue=KIND[0],
        task_type=KIND[1],
        priority=3,
        attempt_id=lease[1],
        executor_id=EXECUTOR.executor_id,
    )


def _nowhere(task_id: bytes) -> Standing:
    return Standing(
        task_id=task_id, version=3, place=Place.PLACE_NOWHERE, state=TaskState.TASK_STATE_COMPLETED
    )


async def run(folder: Path, *, tasks: int, batch: int, queued: int, program: Path | None) -> None:
    """Measure and print."""
    server = EmbeddedRedis(folder, program=program)
    queue = RedisQueue.connect(await server.start())
    try:
        path = HotPath(queue, server, batch)
        await path.open()
        cpu = path.redis_cpu_s()
        await path.fill(tasks)
        short_s = await path.drain(tasks)
        cpu = path.redis_cpu_s() - cpu
        print(f"{'microseconds a task':<22}{'script':>9}{'Python':>9}")
        for step in STEPS:
            print(f"{step:<22}{path.script_us[step] / tasks:>9.2f}{path.python_s[step] / tasks * 1e6:>9.2f}")
        script, python = sum(path.script_us.values()), sum(path.python_s.values())
        print(f"{'whole life':<22}{script / tasks:>9.2f}{python / tasks * 1e6:>9.2f}")
        print(f"Redis, the whole process: {cpu / tasks * 1e6:.1f} microseconds a task")
        if queued:
            empty_mib = path.redis_mib()
            await path.fill(queued)
            memory_mib = path.redis_mib() - empty_mib
            long_s = await path.drain(tasks)
            print(
                f"drain with {tasks:,} queued: {tasks / short_s:,.0f}/s; with {queued:,}: {tasks / long_s:,.0f}/s"
            )
            print(f"memory: {memory_mib / queued * 100_000:.1f} MiB for 100,000 queued")
        print(f"memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")
    finally:
        await queue.close()
        await server.stop()


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tasks", type=int, default=40_000, help="tasks that live their whole life")
    parser.add_argument("--batch", type=int, default=200, help="tasks in one call")
    parser.add_argument(
        "--queued", type=int, default=0, help="then drain as many again out of so many queued"
    )
    parser.add_argument(
        "--program", type=Path, help="a redis-server or valkey-server; default: the packaged one"
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(
            run(
                Path(folder) / "redis",
                tasks=given.tasks,
                batch=given.batch,
                queued=given.queued,
                program=given.program,
            )
        )


if __name__ == "__main__":
    main()
