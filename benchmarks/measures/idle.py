"""Processor time and memory of an idle cluster with two executors."""

from __future__ import annotations

import asyncio

from benchmarks.bench import Bench
from benchmarks.usage import resident_mib
from benchmarks.window import window

SETTLE_S = 5
TRANSACTIONS = "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()"


async def idle(bench: Bench) -> None:
    """Processor time of everything, transactions of Postgres, resident memory."""
    cluster = bench.cluster
    await cluster.start_executors()
    await asyncio.sleep(SETTLE_S)
    parts = cluster.parts()
    bench.note("rss_registry_mib", resident_mib(parts["registry"][0]))
    bench.note("rss_scheduler_mib", resident_mib(parts["scheduler"][0]))
    bench.note("rss_executor_mib", max(resident_mib(pid) for pid in parts["executors"]))

    before = await cluster.database.fetchval(TRANSACTIONS)
    async with window(cluster, "idle") as span:
        await asyncio.sleep(bench.seconds(30, 10))
    after = await cluster.database.fetchval(TRANSACTIONS)
    cpu = {part: seconds for part, seconds in span.cpu.items() if part != "client"}
    bench.note("idle_cpu_percent", sum(cpu.values()) / span.seconds * 100)
    # One of them is our own first query.
    bench.note("idle_statements_per_s", max(0, after - before - 1) / span.seconds)
    bench.micros["idle_cpu_percent"] = {part: seconds / span.seconds * 1e6 for part, seconds in cpu.items()}
