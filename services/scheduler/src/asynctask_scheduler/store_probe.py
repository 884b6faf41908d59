"""Finds out whether Redis takes writes, and how full its disk is, also while nobody writes."""

from __future__ import annotations

from asynctask_chassis.loop import LoopReport
from asynctask_chassis.store_watch import StoreWatch
from asynctask_core.errors import StoreUnavailable
from asynctask_scheduler.queue.port import Queue


class RedisProbe:
    """Tells a watch how Redis is."""

    def __init__(self, queue: Queue, watch: StoreWatch) -> None:
        self._queue = queue
        self.watch = watch

    async def run_once(self) -> LoopReport:
        """Look once: one command that changes nothing. A Redis that does not answer is told by `Health`."""
        self.watch.look()
        try:
            refusal = await self._queue.try_write()
        except StoreUnavailable:
            return LoopReport()
        if refusal:
            self.watch.refused(refusal)
        else:
            self.watch.accepted()
        return LoopReport()
