"""Programs that the benchmark starts: each in its own process group, with a log file, and always stopped by its id."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STOPPED_WITHIN_S = 15


class ProgramFailed(Exception):
    """A program ended with an error or was not ready in time; the message has the end of its log."""


@asynccontextmanager
async def program(
    command: Sequence[str], log: Path, *, settings: Mapping[str, str] | None = None
) -> AsyncIterator[Process]:
    """Run `command` at the root of the checkout; its group is stopped at the end of the block.

    stdout is a pipe for the caller, stderr goes to `log`; stdin ends when this process dies.
    """
    with log.open("ab") as errors:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=PIPE,
            stdout=PIPE,
            stderr=errors,
            cwd=ROOT,
            env={**os.environ, **(settings or {})},
            start_new_session=True,
            limit=1 << 20,
        )
    try:
        yield process
    finally:
        await stop(process)


async def stop(process: Process) -> None:
    """End the process and everything in its group: first with SIGTERM, then with SIGKILL."""
    if process.returncode is None:
        _signal(process, signal.SIGTERM)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), STOPPED_WITHIN_S)
    # Also when it has ended: children of a killed parent would stay.
    _signal(process, signal.SIGKILL)
    await process.wait()


def kill(process: Process) -> None:
    """End the process's group at once, as a crash would."""
    _signal(process, signal.SIGKILL)


async def output(command: Sequence[str], log: Path, *, settings: Mapping[str, str], seconds: float) -> str:
    """Run a program that ends by itself; gives its stdout.

    Raises:
        ProgramFailed: it took longer than `seconds`, or its exit code was not 0.
    """
    async with program(command, log, settings=settings) as process:
        assert process.stdout
        try:
            async with asyncio.timeout(seconds):
                said = await process.stdout.read()
                await process.wait()
        except TimeoutError:
            raise ProgramFailed(
                f"{' '.join(command)}: not done within {seconds:.0f} s; {tail(log)}"
            ) from None
    if process.returncode:
        raise ProgramFailed(f"{' '.join(command)}: exit code {process.returncode}; {tail(log)}")
    return said.decode()


def python(module: str, *arguments: str) -> list[str]:
    """The command line of a module in this environment."""
    return [sys.executable, "-m", module, *arguments]


def tail(log: Path, lines: int = 12) -> str:
    """The end of a log, for a message."""
    kept = log.read_text("utf-8", "replace").splitlines()[-lines:] if log.exists() else []
    return f"the end of {log}:\n" + "\n".join(kept)


def _signal(process: Process, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)
