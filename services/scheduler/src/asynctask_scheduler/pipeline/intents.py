"""Intents: they ensure that an answered task is dispatched, even if the scheduler dies before it has queued the task.

An intent is noted before a call that may change tasks without holding their leases, and cleared once the standings of
its answer are applied. Clearing is not urgent: many intents are cleared together, a moment later.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from asynctask_chassis.logs import get_logger
from asynctask_chassis.supervision import supervised
from asynctask_core.errors import AsyncTaskError
from asynctask_scheduler.queue.answers import Intent
from asynctask_scheduler.queue.port import QueueUpkeep

log = get_logger(__name__)

CLEAR_AFTER_S = 0.05


class Intents:
    """Notes intents at once and clears them in the background."""

    def __init__(self, queue: QueueUpkeep) -> None:
        self._queue = queue
        self._settled: list[bytes] = []
        self._clearing: asyncio.Task[None] | None = None

    async def note(self, task_ids: Sequence[bytes]) -> Intent:
        """Record in Redis that a call is about to change these tasks. Raises StoreUnavailable."""
        return await self._queue.note_intents(task_ids)

    def clear(self, intent: Intent) -> None:
        """Clear an intent soon: its standings are applied, or its call certainly changed nothing."""
        self._settled.extend(intent.members)
        if self._clearing is None:
            self._clearing = supervised(asyncio.create_task(self._clear_soon()), "intents.clear")

    async def drain(self) -> None:
        """Return when everything that was to be cleared is cleared."""
        while self._clearing is not None:
            await asyncio.wait([self._clearing])

    async def _clear_soon(self) -> None:
        try:
            while self._settled:
                await asyncio.sleep(CLEAR_AFTER_S)
                members, self._settled = self._settled, []
                await self._clear(members)
        finally:
            self._clearing = None

    async def _clear(self, members: list[bytes]) -> None:
        try:
            await self._queue.clear_intents(Intent(members))
        except AsyncTaskError as error:
            # The intents stay: the reconciler of some replica asks the registry once more about their tasks.
            log.info("intents.kept", count=len(members), reason=str(error))
