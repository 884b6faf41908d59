"""Deletes rows that are no longer needed, in the background, one bounded batch at a time."""

from __future__ import annotations

from typing import Final

from asynctask_chassis.loop import LoopReport
from asynctask_core import limits
from asynctask_registry.counts.series import HOUR_S, MINUTE_S
from asynctask_registry.store.pool import Pool, StoreConnection

BATCH: Final = 5000


class Housekeeper:
    """Deletes items of old generations of manifests, expired request ids, old steps of series and empty counts."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def run_once(self) -> LoopReport:
        """Delete one batch of each; idempotent, at any number of replicas."""
        (swept,) = await self._pool.run(lambda connection: connection.fetch("manifest_sweep", limit=BATCH))
        keys = await self._pool.run(lambda connection: connection.fetch("key_forget", limit=BATCH))
        steps = await self._pool.run(_forget_steps)
        counts = await self._pool.run(lambda connection: connection.fetch("count_forget", limit=BATCH))
        return LoopReport(
            changed=swept["items"] + len(keys) + steps + len(counts),
            more=bool(swept["manifests"]) or len(keys) == BATCH or steps >= BATCH or len(counts) == BATCH,
            facts={"manifest_items": swept["items"], "request_ids": len(keys), "series_steps": steps},
        )


async def _forget_steps(connection: StoreConnection) -> int:
    """Delete minutes and hours that are no longer kept; returns how many rows that were."""
    minutes = await connection.fetch(
        "series_forget", step_s=MINUTE_S, kept_s=limits.MINUTES_KEPT_S, limit=BATCH
    )
    hours = await connection.fetch("series_forget", step_s=HOUR_S, kept_s=limits.HOURS_KEPT_S, limit=BATCH)
    return len(minutes) + len(hours)
