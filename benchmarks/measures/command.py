"""The cost of one call of the command line: processor time of the whole process, from the first instruction on."""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
from collections.abc import Mapping, Sequence

from benchmarks.bench import Bench

CALLS = 11


async def command(bench: Bench) -> None:
    """Medians of `asynctask --version`, which loads the least, of `asynctask list`, which calls the cluster, and of a
    Python that only imports gRPC. They run in turns, since a machine's speed changes within a minute.
    """
    ours = ("-m", "asynctask_standalone")
    lines = {
        "command_version_s": (*ours, "--version"),
        "command_list_s": (*ours, "--address", bench.cluster.address, "list"),
        "command_grpc_s": ("-c", "import grpc"),
    }
    for key, spent_s in (await asyncio.to_thread(_cpu_by_turns, lines)).items():
        bench.note(key, statistics.median(spent_s))


def _cpu_by_turns(lines: Mapping[str, Sequence[str]]) -> dict[str, list[float]]:
    for line in lines.values():
        _cpu_s(*line)  # the first call writes the byte code of its modules
    spent_s: dict[str, list[float]] = {key: [] for key in lines}
    for _ in range(CALLS):
        for key, line in lines.items():
            spent_s[key].append(_cpu_s(*line))
    return spent_s


def _cpu_s(*arguments: str) -> float:
    line = [sys.executable, *arguments]
    silent = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_WRONLY, 0) for number in (1, 2)]
    process = os.posix_spawn(sys.executable, line, os.environ, file_actions=silent)
    _, status, usage = os.wait4(process, 0)
    if status:
        raise RuntimeError(f"{' '.join(line)} ended with status {status}")
    return usage.ru_utime + usage.ru_stime
