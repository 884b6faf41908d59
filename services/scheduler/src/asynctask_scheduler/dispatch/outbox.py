"""What waits to go down one stream. A message costs a hundred times what an item in it costs, so items are gathered:
whatever came while the last message was written leaves with the next.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from asynctask_core import limits
from asynctask_protos.scheduler.v1.executor_service_pb2 import (
    AckBatch,
    AssignmentBatch,
    Control,
    ControlBatch,
    Drain,
    WorkResponse,
)
from asynctask_protos.task.v1.work_pb2 import Ack, Assignment

Write = Callable[[WorkResponse], Awaitable[None]]


class Outbox:
    """Everything that is put in leaves in order of its kind: controls first, then acknowledgements, then tasks."""

    def __init__(self) -> None:
        self._controls: list[Control] = []
        self._acks: list[Ack] = []
        self._assignments: list[Assignment] = []
        self._leaving: list[Assignment] = []
        self._drain_reason: str | None = None
        self._filled = asyncio.Event()
        self._emptied = asyncio.Event()
        self._emptied.set()

    def put_controls(self, controls: Iterable[Control]) -> None:
        """Send requests about running attempts."""
        self._controls.extend(controls)
        self._fill()

    def put_acks(self, acks: Iterable[Ack]) -> None:
        """Send acknowledgements."""
        self._acks.extend(acks)
        self._fill()

    def put_assignments(self, assignments: Iterable[Assignment]) -> None:
        """Send tasks to run."""
        self._assignments.extend(assignments)
        self._fill()

    def put_drain(self, reason: str) -> None:
        """Ask the executor to end."""
        self._drain_reason = reason
        self._fill()

    def take_assignments(self) -> list[Assignment]:
        """Take back the tasks that have not left, or whose message could not be written."""
        taken = self._leaving + self._assignments
        self._leaving, self._assignments = [], []
        return taken

    async def empty(self) -> None:
        """Wait until everything has been handed to gRPC."""
        await self._emptied.wait()

    async def pump(self, write: Write) -> None:
        """Write until cancelled."""
        while True:
            await self._filled.wait()
            self._filled.clear()
            while message := self._next():
                await write(message)
                self._leaving = []
            if not self._filled.is_set():
                self._emptied.set()

    def _fill(self) -> None:
        self._filled.set()
        self._emptied.clear()

    def _next(self) -> WorkResponse | None:
        if self._drain_reason is not None:
            reason, self._drain_reason = self._drain_reason, None
            return WorkResponse(drain=Drain(reason=reason))
        if self._controls:
            controls, self._controls = self._controls, []
            return WorkResponse(controls=ControlBatch(controls=controls))
        if self._acks:
            acks, self._acks = self._acks, []
            return WorkResponse(acks=AckBatch(acks=acks))
        if self._assignments:
            self._leaving = self._cut()
            return WorkResponse(assignments=AssignmentBatch(assignments=self._leaving))
        return None

    def _cut(self) -> list[Assignment]:
        """Take assignments of about a batch's bytes: configs and checkpoints can be large."""
        nbytes = 0
        for position, assignment in enumerate(self._assignments):
            nbytes += assignment.ByteSize()
            if nbytes > limits.BATCH_BYTES and position:
                taken, self._assignments = self._assignments[:position], self._assignments[position:]
                return taken
        taken, self._assignments = self._assignments, []
        return taken
