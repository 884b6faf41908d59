"""Probes: lines of JSON that handlers print on the executor's stdout, with the machine's monotonic clock."""

from __future__ import annotations

import asyncio
import json
import os
import time
from asyncio.subprocess import Process
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Probe:
    """Something happened to the task `key` in the executor process `pid` at `at_ns` (CLOCK_MONOTONIC)."""

    event: str
    key: int
    pid: int
    at_ns: int


def say(event: str, key: int) -> None:
    """Print a probe; handlers call it. It reads the clock first."""
    now = time.monotonic_ns()
    print(json.dumps({"event": event, "key": key, "pid": os.getpid(), "at_ns": now}), flush=True)


class Listener:
    """Collects the probes of all executors."""

    def __init__(self) -> None:
        self._heard: list[Probe] = []
        self._changed = asyncio.Condition()

    async def listen(self, process: Process) -> None:
        """Read until the executor ends."""
        assert process.stdout
        async for line in process.stdout:
            if line.startswith(b'{"event"'):
                async with self._changed:
                    self._heard.append(Probe(**json.loads(line)))
                    self._changed.notify_all()

    def forget(self) -> None:
        """Drop the probes so far."""
        self._heard.clear()

    def heard(self, event: str) -> list[Probe]:
        """All probes of one kind since `forget`."""
        return [probe for probe in self._heard if probe.event == event]

    async def until(self, condition: Callable[[], bool], seconds: float) -> None:
        """Wait for a condition about the probes.

        Raises:
            TimeoutError: it did not become true within `seconds`.
        """
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(condition)
