"""Writes the terms that older releases have not written, in the background, a bounded number at a time.

Tasks that were there before there were terms get theirs newest first; `task_terms_filling` says how far this has come.
Lists use terms for newer tasks only until it is over. A registry of an older release, which runs beside newer ones for
a while, records errors without their fingerprints; those are written within `term_filling`'s interval.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

from asynctask_chassis.loop import LoopReport
from asynctask_core.error_fingerprint import error_fingerprint
from asynctask_registry.ledger.failures import read_failure
from asynctask_registry.ledger.terms import name_errors
from asynctask_registry.store.pool import StoreConnection
from asynctask_registry.store.pool_share import WorkRunner

STEP: Final = 1000
"""Tasks of one transaction."""
ERRORS: Final = 100
"""Errors that are read at once: a thousand of the largest would not fit into memory beside other work."""
FIRST_ID: Final = bytes(16)
LAST_ID: Final = b"\xff" * 16


class TermFiller:
    """Fills in terms; of several registries one at a time goes through the older tasks."""

    def __init__(
        self,
        runner: WorkRunner,
        *,
        step: int = STEP,
        rest: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._runner = runner
        self._step = step
        self._rest = rest

    async def run_once(self) -> LoopReport:
        """Write the fingerprints that are missing, and the terms of the next older tasks, if there are any left.

        Then it rests as long as it worked: there may be millions of older tasks, and others need the stores meanwhile.
        """
        started = time.monotonic()
        named = await self._runner.run(_name_some)
        filled = await self._runner.run(self._fill)
        more = filled or named == ERRORS
        if more:
            await self._rest(time.monotonic() - started)
        return LoopReport(changed=named, more=more)

    async def _fill(self, connection: StoreConnection) -> bool:
        """Fill the next older tasks; False when the filling is over, or another registry is at it."""
        async with connection.transaction():
            chosen = await connection.fetch("term_fill_choose")
            if not chosen:
                return False
            high = chosen[0]["filled_from"]
            found = await connection.fetch("term_fill_low", high=high, most=self._step)
            low = found[0]["task_id"] if found else FIRST_ID
            await connection.fetch("term_fill_tasks", low=low, high=high)
            while await _name_errors(connection, low, high):
                pass
            await connection.fetch("term_fill_note", filled_from=low)
        return True


async def _name_some(connection: StoreConnection) -> int:
    async with connection.transaction():
        return await _name_errors(connection, FIRST_ID, LAST_ID)


async def _name_errors(connection: StoreConnection, low: bytes, high: bytes) -> int:
    """Write the fingerprints of some errors of tasks between two ids; returns of how many."""
    unnamed = await connection.fetch("term_unnamed_errors", low=low, high=high, most=ERRORS)
    ids = [row["task_id"] for row in unnamed]
    if not ids:
        return 0
    rows = await connection.fetch("failure_read", task_ids=ids, low=ids[0], high=ids[-1])
    found = {row["task_id"]: _fingerprint(row["task_type"], row["failure"]) for row in rows}
    await name_errors(connection, {task_id: found.get(task_id) for task_id in ids})
    return len(ids)


def _fingerprint(task_type: str, stored: str | None) -> str | None:
    failure = read_failure(stored)
    return None if failure is None else error_fingerprint(task_type, failure)
