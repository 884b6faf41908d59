"""Finds out whether Postgres takes writes, also while nobody writes: `asynctask doctor` and operators ask for it."""

from __future__ import annotations

import asyncpg

from asynctask_chassis.loop import LoopReport
from asynctask_chassis.store_watch import StoreWatch
from asynctask_core.errors import OutcomeUnknown, StoreUnavailable
from asynctask_registry.store import faults
from asynctask_registry.store.pool import Pool, StoreConnection

STANDBY = "it is a standby, which follows another server"
READ_ONLY = "it is read-only (default_transaction_read_only)"


class StoreProbe:
    """Tells a watch how Postgres is. Refusals that commands meet are told to the watch by the pool."""

    def __init__(self, pool: Pool, watch: StoreWatch) -> None:
        self._pool = pool
        self.watch = watch

    async def run_once(self) -> LoopReport:
        """Look once; one read of settings while all is well."""
        self.watch.look()
        try:
            await self._pool.run(self._try)
        except (StoreUnavailable, OutcomeUnknown):
            return LoopReport()  # what it refused was told; a Postgres that is away is told by the pool
        except (faults.ContentRefused, faults.StoreFault) as fault:
            if not isinstance(fault.__cause__, asyncpg.InsufficientPrivilegeError):
                raise
            return LoopReport()  # our role may make no temporary table: the next command will tell
        self.watch.accepted()
        return LoopReport()

    async def _try(self, connection: StoreConnection) -> None:
        (mode,) = await connection.fetch("store_mode")
        if mode["is_standby"] or mode["is_read_only"]:
            cause = STANDBY if mode["is_standby"] else READ_ONLY
            self.watch.refused(cause)
            connection.give_up()  # after a fail-over the next connection leads to the server that writes
            raise StoreUnavailable(f"Postgres refuses writes: {cause}")
        if self.watch.refusal or self.watch.is_full:
            async with connection.transaction():
                await connection.fetch("store_try")
