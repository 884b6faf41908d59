"""Ensures that only compatible schedulers work in a cell at the same time.

Schedulers of an older release whose keys in Redis have another layout would end the attempts that schedulers of this
release have leased, and vice versa. So a scheduler waits until the last of those has stopped; until then it is not
ready. Schedulers of the older release refuse to start while one of this release runs.

Replicas of a cell with different settings would take leases from one another, and mix up the order of tasks.

So each replica notes its settings in Redis while it is live. A replica that starts with other settings waits a moment,
since the others may be stopping, and then refuses to start. To change such a setting, all schedulers of the cell must
be stopped first. Meanwhile executors continue for the length of a lease, and nothing is lost.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Final

from asynctask_chassis.logs import get_logger
from asynctask_chassis.loop import LoopReport
from asynctask_chassis.quantities import format_duration
from asynctask_chassis.waiting import WaitNotice
from asynctask_core.errors import StoreUnavailable
from asynctask_scheduler.queue.answers import CellOptions
from asynctask_scheduler.queue.port import QueueUpkeep

log = get_logger(__name__)

INTERVAL: Final = timedelta(seconds=3)
PATIENCE_S: Final = 15.0
"""Longer than a killed replica counts as live."""
LOOK_EVERY_S: Final = 0.5


class ReplicasDiffer(Exception):
    """Another live scheduler of this cell has other settings; the message names them. Raised only at start."""


class Presence:
    """Announces this replica, and compares its settings with those of the others."""

    def __init__(self, queue: QueueUpkeep, options: CellOptions, replica: str) -> None:
        self._queue = queue
        self._options = options
        self._replica = replica
        self._differs = False
        self._former = ""
        self._waiting = WaitNotice()

    @property
    def hindrance(self) -> str:
        """Why this replica must not work now; empty when it may."""
        return self._former

    async def join(self) -> None:
        """Become one of the cell's replicas, once no scheduler of an older release works in it.

        Raises:
            ReplicasDiffer: a replica with other settings was still live after `PATIENCE_S`.
            StoreUnavailable: Redis did not answer.
        """
        loop = asyncio.get_running_loop()
        await self._wait_for_former()
        give_up_at = loop.time() + PATIENCE_S
        while other := await self._queue.announce(self._replica, joining=True):
            reason = self._difference(other)
            if loop.time() > give_up_at:
                raise ReplicasDiffer(f"{reason}: give all the same settings, or stop the others first")
            self._warn(reason)
            await asyncio.sleep(LOOK_EVERY_S)
            await self._wait_for_former()
        self._differs = False

    async def run_once(self) -> LoopReport:
        """Announce this replica again: one pass of a periodic loop."""
        # Such a scheduler may have started while Redis was unavailable, or after Redis had lost the note of this one.
        if (former := await self._look_for_former()) and not self._former:
            log.error("replicas.differ", reason=former)
        self._former = former
        other = await self._queue.announce(self._replica, joining=False)
        if other is None:
            self._differs = False
        else:
            # Both started while Redis was unavailable, or Redis has lost the note of one of them.
            self._warn(self._difference(other))
        return LoopReport()

    async def leave(self) -> None:
        """Note in Redis that this replica stops."""
        try:
            await self._queue.leave(self._replica)
        except StoreUnavailable as error:
            log.info("replica.end_not_noted", reason=str(error))

    async def _wait_for_former(self) -> None:
        while former := await self._look_for_former():
            self._waiting.tell("the end of all schedulers of an older release", former)
            await asyncio.sleep(LOOK_EVERY_S)
        self._waiting.over()

    async def _look_for_former(self) -> str:
        if name := await self._queue.shut_out_former(self._replica):
            return (
                f"{name} works in this cell, and its release keeps leases under other keys of Redis: "
                "stop all schedulers of that release"
            )
        return ""

    def _warn(self, reason: str) -> None:
        if not self._differs:
            log.error("replicas.differ", reason=reason)
        self._differs = True

    def _difference(self, other: CellOptions) -> str:
        mine = self._options
        pairs = [
            ("lease", timedelta(milliseconds=mine.lease_ms), timedelta(milliseconds=other.lease_ms)),
            (
                "ageing_step",
                timedelta(microseconds=mine.ageing_step_us),
                timedelta(microseconds=other.ageing_step_us),
            ),
        ]
        parts = [
            f"{name} is {format_duration(its)} there and {format_duration(my)} here"
            for name, my, its in pairs
            if my != its
        ]
        return f"another live scheduler of this cell has other settings ({', '.join(parts)})"
