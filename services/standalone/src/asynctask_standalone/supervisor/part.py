"""The interface of a part of the cluster that the supervisor keeps running."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Protocol


class StartFailed(Exception):
    """A part did not start; the message says which, why, and where its log is."""


class SupervisedPart(Protocol):
    """A store or a service: one process tree that can be started again after it ended."""

    @property
    def name(self) -> str:
        """`postgres`, `redis`, `registry` or `scheduler`."""
        ...

    @property
    def pid(self) -> int | None:
        """Its process, while it runs."""
        ...

    async def start(self) -> str:
        """Start it, wait until it answers, and give its address.

        Raises:
            StartFailed: it ended, or did not answer in time; no process of it is left running.
        """
        ...

    async def ended(self) -> str:
        """Wait until it ends by itself and say how, for people."""
        ...

    async def answers(self) -> bool:
        """Whether it answers within a few seconds."""
        ...

    async def stop(self) -> None:
        """Stop it cleanly, or by force if that takes too long; no effect if it does not run."""
        ...

    def kill(self) -> None:
        """Kill it at once, without waiting; its data stays recoverable."""
        ...


def start_failed(name: str, why: str, log: Path, tail: str) -> StartFailed:
    """The error for a failed start."""
    said = f"\n{tail}" if tail else ""
    return StartFailed(f"{name} did not start: {why}{said}\nIts whole log: {log}")


def how_it_ended(returncode: int) -> str:
    """The exit code in words."""
    if returncode >= 0:
        return f"exit code {returncode}"
    try:
        return f"killed by {signal.Signals(-returncode).name}"
    except ValueError:
        return f"killed by signal {-returncode}"
