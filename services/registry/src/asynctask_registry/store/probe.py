"""Finds out whether Postgres accepts writes, also while there are none, for `asynctask doctor` and operators."""

from __future__ import annotations

import time

import asyncpg

from asynctask_chassis.loop import LoopReport
from asynctask_chassis.store_watch import StoreWatch
from asynctask_core.errors import OutcomeUnknown, StoreUnavailable
from asynctask_registry.store import faults
from asynctask_registry.store.pool import Pool, StoreConnection

STANDBY = "it is a standby, which follows another server"
READ_ONLY = "it is read-only (default_transaction_read_only)"


class StoreProbe:
    """Reports the state of Postgres to a watch. The pool reports the refusals of commands to the same watch."""

    def __init__(self, pool: Pool, watch: StoreWatch) -> None:
        self._pool = pool
        self.watch = watch

    async def run_once(self) -> LoopReport:
        """Check once; that is one read of settings while Postgres accepts writes."""
        self.watch.look()
        began, refusals = time.monotonic(), self.watch.refusals
        try:
            await self._pool.run(self._try)
        except (StoreUnavailable, OutcomeUnknown) as error:
            if self.watch.refusals == refusals:  # otherwise `_try` or the pool has reported that it refused
                self.watch.unanswered(error.message)
            return LoopReport()
        except (faults.ContentRefused, faults.StoreFault) as fault:
            if isinstance(fault.__cause__, asyncpg.PostgresError):
                self.watch.answered(time.monotonic() - began)
            if not isinstance(fault.__cause__, asyncpg.InsufficientPrivilegeError):
                raise
            return LoopReport()  # our role may not make temporary tables: the next command finds out
        self.watch.answered(time.monotonic() - began)
        self.watch.accepted()
        return LoopReport()

    async def _try(self, connection: StoreConnection) -> None:
        (mode,) = await connection.fetch("store_mode")
        if mode["is_standby"] or mode["is_read_only"]:
            cause = STANDBY if mode["is_standby"] else READ_ONLY
            self.watch.refused(cause)
            connection.give_up()  # after a fail-over the next connection reaches the server that accepts writes
            raise StoreUnavailable(f"Postgres refuses writes: {cause}")
        if self.watch.refusal or self.watch.is_full:
            async with connection.transaction():
                await connection.fetch("store_try")
