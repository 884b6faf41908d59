"""Keeps one part running: starts it again when it ends or stops answering."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

from asynctask._supervision import supervised
from asynctask_standalone.supervisor.part import StartFailed, SupervisedPart

CHECK_EVERY_S = 5.0
SILENT_CHECKS = 6
"""Checks in a row without an answer before a running part is killed; on a busy machine single answers may be late."""
FIRST_DELAY_S = 0.2
LONGEST_DELAY_S = 10.0
WELL_AFTER_S = 30.0
"""After a part ran this long, its next restart waits only the first delay."""


class Witness(Protocol):
    """Reports to people what happens to the parts."""

    def starting(self, name: str) -> None: ...
    def started(self, name: str, address: str, seconds: float) -> None: ...
    def ended(self, name: str, how: str, again_in_s: float) -> None: ...
    def noticed(self, name: str, what: str, *, is_well: bool) -> None:
        """A service reports on its store, or says what its start waits for."""
        ...

    def stopping(self, name: str) -> None: ...


async def start(part: SupervisedPart, witness: Witness) -> str:
    """Start the part and report it; gives its address."""
    clock = asyncio.get_running_loop().time
    begun = clock()
    witness.starting(part.name)
    address = await part.start()
    witness.started(part.name, address, clock() - begun)
    return address


async def keep(
    part: SupervisedPart, witness: Witness, *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
) -> None:
    """Keep a started part running until this is cancelled.

    Each restart soon after another one waits twice as long, from 0.2 s to 10 s.
    """
    clock = asyncio.get_running_loop().time
    delay, started = FIRST_DELAY_S, clock()
    while True:
        how = await _ended_or_silent(part, sleep)
        if clock() - started > WELL_AFTER_S:
            delay = FIRST_DELAY_S
        while True:
            witness.ended(part.name, how, delay)
            await sleep(delay)
            delay = min(delay * 2, LONGEST_DELAY_S)
            started = clock()
            try:
                await start(part, witness)
            except StartFailed as error:
                how = str(error).splitlines()[0].removeprefix(f"{part.name} ")
                continue
            except OSError as error:  # such as a full disk or too many processes: try again
                how = f"did not start: {error.strerror or error}"
                continue
            break


async def _ended_or_silent(part: SupervisedPart, sleep: Callable[[float], Awaitable[None]]) -> str:
    ended = asyncio.ensure_future(part.ended())
    silent = supervised(asyncio.ensure_future(_silent(part, sleep)), "the watch of a silent part")
    try:
        await asyncio.wait([ended, silent], return_when=asyncio.FIRST_COMPLETED)
        if ended.done():
            return ended.result()
        part.kill()
        await ended
        return f"silent for {SILENT_CHECKS * CHECK_EVERY_S:.0f} s, killed"
    finally:
        ended.cancel()
        silent.cancel()


async def _silent(part: SupervisedPart, sleep: Callable[[float], Awaitable[None]]) -> None:
    """Return once the part has not answered several times in a row."""
    missed = 0
    while missed < SILENT_CHECKS:
        await sleep(CHECK_EVERY_S)
        missed = 0 if await part.answers() else missed + 1
