"""Processor time and memory of process trees, from /proc (Linux only)."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

TICKS_PER_S = os.sysconf("SC_CLK_TCK")
_PPID, _UTIME, _STIME, _CUTIME, _CSTIME = 1, 11, 12, 13, 14
"""Positions in /proc/PID/stat after the command's closing parenthesis."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Seconds of processor time that each part had used at one moment."""

    seconds: Mapping[str, float]

    def since(self, before: Usage) -> dict[str, float]:
        """Seconds that each part used since `before`; parts that did not exist then count from zero."""
        return {part: now - before.seconds.get(part, 0.0) for part, now in self.seconds.items()}


def usage(parts: Mapping[str, list[int]], *, alone: Mapping[str, int]) -> Usage:
    """Processor time of each part's process trees, including children that have ended.

    Args:
        alone: parts that are one process, counted without its children.
    """
    children, own, ended = _processes()
    ticks = {part: _tree(pids, children, own, ended) for part, pids in parts.items()}
    ticks |= {part: own.get(pid, 0) for part, pid in alone.items()}
    return Usage({part: count / TICKS_PER_S for part, count in ticks.items()})


def resident_mib(pid: int) -> float:
    """Resident memory of one process in MiB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _processes() -> tuple[dict[int, list[int]], dict[int, int], dict[int, int]]:
    """Children of each process, its own ticks, and the ticks of its children that have ended."""
    children: dict[int, list[int]] = defaultdict(list)
    own: dict[int, int] = {}
    ended: dict[int, int] = {}
    for entry in os.scandir("/proc"):
        if not entry.name.isdigit():
            continue
        try:
            fields = Path(entry.path, "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        pid = int(entry.name)
        children[int(fields[_PPID])].append(pid)
        own[pid] = int(fields[_UTIME]) + int(fields[_STIME])
        ended[pid] = int(fields[_CUTIME]) + int(fields[_CSTIME])
    return children, own, ended


def _tree(
    pids: list[int], children: Mapping[int, list[int]], own: Mapping[int, int], ended: Mapping[int, int]
) -> int:
    total, waiting = 0, list(pids)
    while waiting:
        pid = waiting.pop()
        total += own.get(pid, 0) + ended.get(pid, 0)
        waiting += children.get(pid, [])
    return total
