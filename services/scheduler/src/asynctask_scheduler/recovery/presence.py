"""Replicas of a cell that were told different things would take leases from one another, and mix up the order of tasks.

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
from asynctask_chassis.loop import Report
from asynctask_chassis.quantities import format_duration
from asynctask_core.errors import StoreUnavailable
from asynctask_scheduler.queue.port import CellOptions, Queue

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

    async def join(self) -> None:
        """Become one of the cell's replicas.

        Raises:
            ReplicasDiffer: others that were told something else went on living for `PATIENCE_S`.
            StoreUnavailable: Redis did not answer.
        """
        loop = asyncio.get_running_loop()
        give_up_at = loop.time() + PATIENCE_S
        while other := await self._queue.announce(self._replica, joining=True):
            reason = self._difference(other)
            if loop.time() > give_up_at:
                raise ReplicasDiffer(f"{reason}: tell all the same, or stop the others first")
            self._warn(reason)
            await asyncio.sleep(LOOK_EVERY_S)
        self._differs = False

    async def run_once(self) -> Report:
        """Announce this replica again: one pass of a periodic loop."""
        other = await self._queue.announce(self._replica, joining=False)
        if other is None:
            self._differs = False
        else:
            # Both started while Redis was away, or it has forgotten one of them.
            self._warn(self._difference(other))
        return Report()

    async def leave(self) -> None:
        """This replica ends."""
        try:
            await self._queue.leave(self._replica)
        except StoreUnavailable as error:
            log.info("replica.end_not_noted", reason=str(error))

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
