"""A measured period of time: processor time of each part, and the tasks that ended in it according to Postgres."""

from __future__ import annotations

import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from benchmarks.cluster import Cluster
from benchmarks.sampling import sampling
from benchmarks.waiting import until

ENDED = """
SELECT count(*) FROM task_execution_history
WHERE execution_result = 'success' AND end_time >= $1 AND end_time < $2
"""


@dataclass(slots=True)
class Span:
    """The length and the processor time of a window."""

    seconds: float = 0.0
    cpu: dict[str, float] = field(default_factory=dict[str, float])

    def micros(self, tasks: float) -> dict[str, float]:
        """Microseconds of processor time per task, by part."""
        return {part: seconds / tasks * 1e6 for part, seconds in self.cpu.items()} if tasks else {}


@dataclass(frozen=True, slots=True)
class Rate:
    """How many per second, and the cost of each."""

    per_s: float
    micros: dict[str, float]


@asynccontextmanager
async def window(cluster: Cluster, title: str) -> AsyncIterator[Span]:
    """Measure the block; the span is filled in at its end."""
    span = Span()
    async with AsyncExitStack() as stack:
        parts = cluster.parts() | {"client": [os.getpid()]}
        for pid in parts.get(cluster.profile, [])[:1]:
            await stack.enter_async_context(sampling(pid, f"{title}: {cluster.profile}", cluster.folder))
        before, started = cluster.usage(), time.perf_counter()
        yield span
        span.seconds = time.perf_counter() - started
        span.cpu = cluster.usage().since(before)


async def finished(
    cluster: Cluster, title: str, seconds: float, *, goes_on: Callable[[], Awaitable[bool]] | None = None
) -> Rate:
    """Tasks per second that ended within the next `seconds`, or until `goes_on` is false.

    Counted after the window, by the database's own times of commits: so counting does not load the window, and only
    durable ends count.
    """
    start = await cluster.database.fetchval("SELECT clock_timestamp()")
    async with window(cluster, title) as span:
        end = time.perf_counter() + seconds

        async def over() -> bool:
            return time.perf_counter() >= end or not (goes_on is None or await goes_on())

        await until(over, every=min(0.2, seconds), seconds=seconds + 60)
        stop = await cluster.database.fetchval("SELECT clock_timestamp()")
    tasks = await cluster.database.fetchval(ENDED, start, stop)
    return Rate(tasks / span.seconds, span.micros(tasks))
