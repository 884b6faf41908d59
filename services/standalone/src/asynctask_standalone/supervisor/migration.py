"""Brings the registry's tables up to date before the registry starts."""

from __future__ import annotations

import asyncio
import os
from asyncio.subprocess import DEVNULL, PIPE, STDOUT
from collections.abc import Mapping

from asynctask_standalone.supervisor.logfile import LogFile
from asynctask_standalone.supervisor.part import StartFailed, how_it_ended
from asynctask_standalone.supervisor.program import python

DONE_WITHIN_S = 300


async def migrate(settings: Mapping[str, str], log: LogFile) -> None:
    """Run `asynctask-registry migrate`; safe to repeat, and does nothing when there is nothing to do.

    Raises:
        StartFailed: it failed; the message has its output.
    """
    process = await asyncio.create_subprocess_exec(
        *python("asynctask_registry", "migrate"),
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=STDOUT,
        env={**os.environ, **settings},
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(DONE_WITHIN_S):
            output, _ = await process.communicate()
    except (TimeoutError, asyncio.CancelledError):
        # Each migration is one transaction: killing it half-way leaves the tables as they were.
        process.kill()
        await process.wait()
        raise
    for line in output.splitlines(keepends=True):
        log.write(line if line.endswith(b"\n") else line + b"\n")
    if process.returncode:
        said = output.decode("utf-8", "replace").strip()
        raise StartFailed(
            f"the registry's tables could not be brought up to date: {how_it_ended(process.returncode)}\n{said}"
        )
