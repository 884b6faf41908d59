"""The port of eager starts: it leases tasks before the pipeline creates them; `dispatch/sessions` implements it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from asynctask_protos.registry.v1.ledger_service_pb2 import AttemptStart, CreateTasksResponse, NewTask
from asynctask_scheduler.queue.answers import Leased


@dataclass(frozen=True, slots=True)
class EagerStart:
    """Tasks that are being leased and are not created yet: their starts, and the future of the creation's answer."""

    starts: Sequence[AttemptStart]
    leased_at: float
    """`time.monotonic()` when Redis was asked for the leases."""
    leasing: asyncio.Task[Leased]
    """Leases all of them or none; fails as any call of Redis may."""
    created: asyncio.Future[CreateTasksResponse | None]
    """The answer of the creation; None when there was none: then it is unknown whether the tasks exist."""


class EagerStartPort(Protocol):
    """Leases tasks to an idle executor before they are created."""

    async def eager_start(self, tasks: Sequence[NewTask], *, is_busy: bool) -> EagerStart | None:
        """Lease `tasks`, which are about to be created; None if no idle executor can take them. Raises nothing.

        Args:
            is_busy: there are standings not applied yet, which may put other tasks into the lane.
        """
        ...
