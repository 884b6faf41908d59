"""Stores the latest progress of running stages: a copy for when the live one in Redis is gone."""

from __future__ import annotations

from collections.abc import Sequence

from asynctask_core import limits
from asynctask_protos.registry.v1.ledger_service_pb2 import StoredProgress
from asynctask_registry.ledger.bisect import bisect
from asynctask_registry.ledger.stages import progress_columns
from asynctask_registry.store.faults import ContentRefused
from asynctask_registry.store.pool import Pool


class ProgressWriter:
    """Stores progress."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def keep(self, reports: Sequence[StoredProgress]) -> None:
        """Store the latest report of each stage whose attempt is the current one; others change nothing."""
        latest = {(report.task_id, report.stage): report for report in reports if report.stage}
        await bisect([latest[key] for key in sorted(latest)], self._keep, self._drop)

    async def _keep(self, reports: Sequence[StoredProgress]) -> Sequence[None]:
        await self._pool.run(
            lambda connection: connection.fetch(
                "progress_write",
                task_ids=[report.task_id for report in reports],
                attempt_ids=[report.attempt_id for report in reports],
                stages=[report.stage for report in reports],
                low=reports[0].task_id,
                high=reports[-1].task_id,
                most=limits.TASK_STAGES,
                **progress_columns([report.progress for report in reports]),
            )
        )
        return [None] * len(reports)

    async def _drop(self, report: StoredProgress, refused: ContentRefused) -> None:
        """Drop progress that cannot be stored: the next report replaces it."""
