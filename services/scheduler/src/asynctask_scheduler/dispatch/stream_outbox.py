"""Items that wait to be sent down one stream. A message costs a hundred times as much as an item in it, so items are
gathered: those that come while one message is written are sent with the next.

The outbox is bounded. While it is full, the executor is given no tasks and its stream is not read. If the executor
reads nothing at all, its stream is ended (`PatientWriter`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Final

from asynctask_chassis.patience import PatientWriter
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

MOST_ACKS: Final = 10_000
"""How many acknowledgements may wait for one executor before the outbox is full."""
MOST_BYTES: Final = 8 * limits.MIB
"""How many bytes of assignments may wait for one executor before the outbox is full."""


class StreamOutbox:
    """Sends the items that are put in: a drain first, then controls, then acknowledgements, then tasks."""

    def __init__(self, *, on_room: Callable[[], None] = lambda: None) -> None:
        """`on_room` is called when the outbox is no longer full."""
        self._on_room = on_room
        # By attempt: only the latest request matters, and the loss of a lease takes precedence over every request.
        self._controls: dict[bytes, Control] = {}
        self._acks: list[Ack] = []
        self._assignments: list[Assignment] = []
        self._sizes: list[int] = []
        self._waiting_bytes = 0
        self._leaving: list[Assignment] = []
        self._drain_reason: str | None = None
        self._filled = asyncio.Event()
        self._emptied = asyncio.Event()
        self._emptied.set()

    @property
    def is_full(self) -> bool:
        """Whether the executor must read before more is produced for it."""
        return len(self._acks) >= MOST_ACKS or self._waiting_bytes >= MOST_BYTES

    def put_controls(self, controls: Iterable[Control]) -> None:
        """Send requests about running attempts."""
        for control in controls:
            known = self._controls.get(control.attempt_id)
            if known is None or not known.lost:
                self._controls[control.attempt_id] = control
        self._fill()

    def put_acks(self, acks: Iterable[Ack]) -> None:
        """Send acknowledgements."""
        self._acks.extend(acks)
        self._fill()

    def put_assignments(self, assignments: Iterable[Assignment]) -> None:
        """Send tasks to run."""
        for assignment in assignments:
            size = assignment.ByteSize()
            self._assignments.append(assignment)
            self._sizes.append(size)
            self._waiting_bytes += size
        self._fill()

    def put_drain(self, reason: str) -> None:
        """Ask the executor to end."""
        self._drain_reason = reason
        self._fill()

    def take_assignments(self) -> list[Assignment]:
        """Take back the tasks that were not sent, or whose message could not be written."""
        taken = self._leaving + self._assignments
        self._leaving, self._assignments, self._sizes, self._waiting_bytes = [], [], [], 0
        return taken

    async def empty(self) -> None:
        """Wait until everything has been handed to gRPC."""
        await self._emptied.wait()

    async def pump(self, write: Write) -> None:
        """Write until cancelled.

        Raises:
            NotReady: the executor does not read.
        """
        async with PatientWriter(write) as writer:
            while True:
                await self._filled.wait()
                self._filled.clear()
                was_full = self.is_full
                while message := self._next():
                    await writer.write(message)
                    self._leaving = []
                    if was_full and not self.is_full:
                        self._on_room()
                    was_full = self.is_full
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
            controls, self._controls = self._controls, {}
            return WorkResponse(controls=ControlBatch(controls=controls.values()))
        if self._acks:
            acks, self._acks = self._acks, []
            return WorkResponse(acks=AckBatch(acks=acks))
        if self._assignments:
            self._leaving = self._cut()
            return WorkResponse(assignments=AssignmentBatch(assignments=self._leaving))
        return None

    def _cut(self) -> list[Assignment]:
        """Take assignments of at most a batch's bytes (at least one): configs and checkpoints can be large."""
        nbytes = count = 0
        for size in self._sizes:
            if count and nbytes + size > limits.BATCH_BYTES:
                break
            nbytes += size
            count += 1
        taken, self._assignments = self._assignments[:count], self._assignments[count:]
        self._sizes = self._sizes[count:]
        self._waiting_bytes -= nbytes
        return taken
