"""What the supervisor keeps running: a part of the cluster, seen from outside."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Protocol


class StartFailed(Exception):
    """A part did not come up; the message says which, why, and where its log is."""


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
        """Start it and give the address where it answers, once it does.

        Raises:
            StartFailed: it ended, or did not answer in time; nothing of it is left running.
        """
        ...

    async def ended(self) -> str:
        """Wait until it ends by itself and say how, for people."""
        ...

    async def answers(self) -> bool:
        """Ask it for a sign of life; False when none comes within a few seconds."""
        ...

    async def stop(self) -> None:
        """Stop it in its own clean way, by force when that takes too long. Nothing happens when it is not running."""
        ...

    def kill(self) -> None:
        """End it at once, without waiting; it is recoverable all the same."""
        ...


def start_failed(name: str, why: str, log: Path, tail: str) -> StartFailed:
    """The one wording of a failed start."""
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
