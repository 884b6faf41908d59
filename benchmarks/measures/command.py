"""What one call of the command line costs: processor time of the whole process, from the first instruction on."""

from __future__ import annotations

import asyncio
import os
import statistics
import sys

from benchmarks.bench import Bench

CALLS = 11


async def command(bench: Bench) -> None:
    """Median of `asynctask --version`, which loads the least, and of `asynctask list`, which asks the cluster."""
    address = bench.cluster.address
    bench.note("command_version_s", await asyncio.to_thread(_median_cpu_s, "--version"))
    bench.note("command_list_s", await asyncio.to_thread(_median_cpu_s, "--address", address, "list"))


def _median_cpu_s(*arguments: str) -> float:
    _cpu_s(*arguments)  # writes the byte code of what it loads, once
    return statistics.median(_cpu_s(*arguments) for _ in range(CALLS))


def _cpu_s(*arguments: str) -> float:
    line = [sys.executable, "-m", "asynctask_standalone", *arguments]
    silent = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_WRONLY, 0) for number in (1, 2)]
    process = os.posix_spawn(sys.executable, line, os.environ, file_actions=silent)
    _, status, usage = os.wait4(process, 0)
    if status:
        raise RuntimeError(f"{' '.join(line)} ended with status {status}")
    return usage.ru_utime + usage.ru_stime
