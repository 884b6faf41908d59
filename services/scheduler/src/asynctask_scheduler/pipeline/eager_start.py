"""The port of eager starts: the write pipeline asks it for leases before it creates tasks; `dispatch` implements it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from asynctask_protos.registry.v1.ledger_service_pb2 import AttemptStart, CreateTasksResponse, NewTask
from asynctask_scheduler.queue.answers import Leased


@dataclass(frozen=True, slots=True)
class EagerStart:
    """Tasks that are being leased and are not created yet: what the creation starts, and where its answer goes."""

    starts: Sequence[AttemptStart]
    leased_at: float
    """`time.monotonic()` of when the store was asked."""
    leasing: asyncio.Task[Leased]
    """All of them or none; it may go wrong as any call of the store."""
    created: asyncio.Future[CreateTasksResponse | None]
    """The answer of the creation; None when there was none, so that the tasks may exist or not."""


class EagerStartPort(Protocol):
    """Leases tasks to an idle executor before they are created."""

    async def eager_start(self, tasks: Sequence[NewTask], *, is_busy: bool) -> EagerStart | None:
        """Lease `tasks`, which are about to be created; None where no executor waits for them. Raises nothing.

        Args:
            is_busy: standings that are not applied yet may put other tasks into the lane.
        """
        ...
