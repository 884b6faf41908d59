"""The two executors of the demo: processes like any other executor."""

from __future__ import annotations

import asyncio
import os
import signal
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from asynctask_standalone.supervisor.program import python

TASK_TYPE = "asynctask_nas:backup_file"


@dataclass(frozen=True, slots=True)
class ExecutorProcess:
    """One executor, with its name, process and log."""

    name: str
    process: Process
    log: Path

    def kill(self) -> None:
        """Kill it with SIGKILL, like a power cut: without any clean-up. No effect once it has ended."""
        with suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGKILL)

    def tail(self) -> str:
        """The end of its log."""
        return self.log.read_text("utf-8", "replace")[-2000:].rstrip()


@asynccontextmanager
async def executor_process(name: str, address: str, logs: Path) -> AsyncIterator[ExecutorProcess]:
    """An executor with one slot, killed at the end if it is still there."""
    log = logs / f"{name}.log"
    options = ["--name", name, "--slots", "1", "--address", address, "--grace", "2s"]
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            *python("asynctask_standalone", "executor", TASK_TYPE, *options),
            stdin=DEVNULL,
            stdout=output,
            stderr=output,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            start_new_session=True,
        )
    try:
        yield ExecutorProcess(name, process, log)
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), 5)
        except TimeoutError:
            process.kill()
            await process.wait()
