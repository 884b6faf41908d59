"""Deletes rows that are no longer needed, in the background, one bounded batch at a time."""

from __future__ import annotations

from typing import Final

from asynctask_chassis.loop import LoopReport
from asynctask_registry.store.pool import Pool

BATCH: Final = 5000


class Housekeeper:
    """Deletes items of old generations of manifests, and expired request ids."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def run_once(self) -> LoopReport:
        """Delete one batch of each; idempotent, at any number of replicas."""
        (swept,) = await self._pool.run(lambda connection: connection.fetch("manifest_sweep", limit=BATCH))
        keys = await self._pool.run(lambda connection: connection.fetch("key_forget", limit=BATCH))
        changed = swept["items"] + len(keys)
        return LoopReport(
            changed=changed,
            more=bool(swept["manifests"]) or len(keys) == BATCH,
            facts={"manifest_items": swept["items"], "request_ids": len(keys)},
        )
