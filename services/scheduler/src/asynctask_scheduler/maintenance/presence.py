"""Which schedulers may work in a cell side by side.

Schedulers of an older release whose keys in Redis have another layout would end the attempts that schedulers of this
one have leased, and the other way round. So a scheduler waits until the last of those has ended; its health is not
ready meanwhile. Schedulers of the older release in turn refuse to start beside those of this one.

Replicas of a cell that were told different things would take leases from one another, and mix up the order of tasks.

So each notes in Redis that it lives and what it was told. One that starts with something else waits a moment, for the
others may be stopping, and then refuses to start. Changing such a setting therefore means to stop all schedulers of
the cell first; meanwhile executors go on for a lease, and nothing is lost.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
from datetime import timedelta
from typing import Final

from asynctask_chassis.logs import get_logger
from asynctask_chassis.loop import LoopReport
from asynctask_chassis.quantities import format_duration
from asynctask_chassis.waiting import WaitNotice
from asynctask_core.errors import StoreUnavailable
from asynctask_scheduler.queue.answers import CellOptions
from asynctask_scheduler.queue.port import Queue

log = get_logger(__name__)

INTERVAL: Final = timedelta(seconds=3)
PATIENCE_S: Final = 15.0
"""Longer than a replica that was killed counts as alive."""
LOOK_EVERY_S: Final = 0.5


def replica_name() -> str:
    """Make up a name for this process that none had before."""
    return f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"


class ReplicasDiffer(Exception):
    """Another live scheduler of this cell was told something else; the message says what. Only at start."""


class Presence:
    """Announces this replica, and looks at what the others were told."""

    def __init__(self, queue: Queue, options: CellOptions, replica: str) -> None:
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
            ReplicasDiffer: others that were told something else went on living for `PATIENCE_S`.
            StoreUnavailable: Redis did not answer.
        """
        loop = asyncio.get_running_loop()
        await self._wait_for_former()
        give_up_at = loop.time() + PATIENCE_S
        while other := await self._queue.announce(self._replica, joining=True):
            reason = self._difference(other)
            if loop.time() > give_up_at:
                raise ReplicasDiffer(f"{reason}: tell all the same, or stop the others first")
            self._warn(reason)
            await asyncio.sleep(LOOK_EVERY_S)
            await self._wait_for_former()
        self._differs = False

    async def run_once(self) -> LoopReport:
        """Announce this replica again: one pass of a periodic loop."""
        # One that started while Redis was away, or after it had forgotten this replica.
        if (former := await self._look_for_former()) and not self._former:
            log.error("replicas.differ", reason=former)
        self._former = former
        other = await self._queue.announce(self._replica, joining=False)
        if other is None:
            self._differs = False
        else:
            # Both started while Redis was away, or it has forgotten one of them.
            self._warn(self._difference(other))
        return LoopReport()

    async def leave(self) -> None:
        """This replica ends."""
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
