"""An executor is killed: how long until the last of its tasks runs elsewhere."""

from __future__ import annotations

import asyncio
import time
from collections import Counter

from benchmarks.bench import Bench
from benchmarks.measures.latency import hold
from benchmarks.processes import kill

HELD = 20
PATIENCE_S = 60


async def recovery(bench: Bench) -> None:
    """From SIGKILL to the first line of the last handler that starts again."""
    cluster, listener = bench.cluster, bench.cluster.listener
    await cluster.start_executors()
    held = await hold(cluster, HELD)
    runs_in = {probe.key: probe.pid for probe in listener.heard("started")}
    victim = Counter(runs_in.values()).most_common(1)[0][0]
    lost = {key for key, pid in runs_in.items() if pid == victim}

    killed = time.monotonic_ns()
    kill(next(process for process in cluster.executors if process.pid == victim))

    def again() -> dict[int, int]:
        starts = (probe for probe in listener.heard("started") if probe.at_ns > killed)
        return {probe.key: probe.at_ns for probe in starts if probe.key in lost}

    await listener.until(lambda: len(again()) == len(lost), PATIENCE_S)
    bench.note("recovery_s", (max(again().values()) - killed) / 1e9)
    await asyncio.gather(*[cluster.client.cancel(task_id) for task_id in held.values()])
    await cluster.empty()
