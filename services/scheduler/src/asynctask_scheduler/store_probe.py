"""Checks periodically whether Redis accepts writes, and how full its disk is."""

from __future__ import annotations

from asynctask_chassis.loop import LoopReport
from asynctask_chassis.store_watch import StoreWatch
from asynctask_core.errors import StoreUnavailable
from asynctask_scheduler.queue.port import StoreRepair


class RedisProbe:
    """Reports the state of Redis to a `StoreWatch`."""

    def __init__(self, queue: StoreRepair, watch: StoreWatch) -> None:
        self._queue = queue
        self.watch = watch

    async def run_once(self) -> LoopReport:
        """Check once, with a command that changes nothing. `Health` reports a Redis that does not answer."""
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
