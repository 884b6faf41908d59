"""Completes calls whose process died: handles the intents that they left.

A call that may make tasks ready notes an intent before it goes to the registry, and clears it once the standings are
applied. If its process dies in between, any replica fetches and applies the current standings of these tasks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from asynctask_chassis.logs import get_logger
from asynctask_chassis.loop import LoopReport
from asynctask_core.limits import BATCH_ITEMS, INTENT_AGE_MS, INTENT_KEPT_MS
from asynctask_protos.registry.v1.standing_pb2 import Standing
from asynctask_scheduler.maintenance.ports import RegistryPort
from asynctask_scheduler.queue.port import Queue

log = get_logger(__name__)

INTERVAL: Final = timedelta(seconds=5)
INTENTS_PER_RUN: Final = 100


class Reconciler:
    """Applies the current standings of the tasks that old intents name."""

    def __init__(self, queue: Queue, registry: RegistryPort) -> None:
        self._queue = queue
        self._registry = registry

    async def run_once(self) -> LoopReport:
        """Reconcile the oldest intents.

        A task that the registry does not know may still be being created: its intent is kept, and checked again until
        it is ten minutes old.
        """
        intents = await self._queue.upkeep.old_intents(INTENT_AGE_MS, INTENTS_PER_RUN)
        if not intents:
            return LoopReport()
        found = await self._reconcile({task_id for intent in intents for task_id in intent.task_ids})
        left: dict[bytes, Sequence[bytes]] = {}
        for intent in intents:
            is_kept = intent.age_ms < INTENT_KEPT_MS
            left[intent.member] = [task_id for task_id in intent.task_ids if is_kept and task_id not in found]
        await self._queue.upkeep.settle_intents(left)
        settled = sum(not rest for rest in left.values())
        log.info("intents.reconciled", count=settled, kept=len(left) - settled)
        return LoopReport(changed=settled, more=len(intents) == INTENTS_PER_RUN)

    async def _reconcile(self, task_ids: set[bytes]) -> Mapping[bytes, Standing]:
        found: dict[bytes, Standing] = {}
        ids = sorted(task_ids)
        for start in range(0, len(ids), BATCH_ITEMS):
            standings = await self._registry.reconcile(ids[start : start + BATCH_ITEMS])
            await self._queue.tasks.apply(standings)
            found |= {standing.task_id: standing for standing in standings}
        return found
