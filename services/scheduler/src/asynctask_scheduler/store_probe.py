"""Checks periodically whether Redis accepts writes, and how full its disk is."""

from __future__ import annotations

import time

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
        """Check once, with a command that changes nothing. `Readiness` logs it when Redis does not answer."""
        self.watch.look()
        began = time.monotonic()
        try:
            refusal = await self._queue.try_write()
        except StoreUnavailable as error:
            self.watch.unanswered(error.message)
            return LoopReport()
        self.watch.answered(time.monotonic() - began)
        if refusal:
            self.watch.refused(refusal)
        else:
            self.watch.accepted()
        return LoopReport()
