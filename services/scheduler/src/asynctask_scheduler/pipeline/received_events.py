"""Events on their way from a stream to the registry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from asynctask_protos.scheduler.v1.executor_service_pb2 import EventBatch
from asynctask_protos.task.v1.work_pb2 import Ack, Event


class EventSource(Protocol):
    """The stream that events came from."""

    @property
    def is_open(self) -> bool:
        """Whether acknowledgements can still reach the executor through it."""
        ...

    def acknowledge(self, acks: Sequence[Ack]) -> None:
        """Send `acks` down the stream."""
        ...

    def recorded(self, nbytes: int) -> None:
        """Note that `nbytes` of its deliveries have left the buffer, recorded or dropped."""
        ...


@dataclass(frozen=True, slots=True)
class ReceivedEvents:
    """One message of events, in order per attempt; at most BATCH_ITEMS of them."""

    sender: EventSource
    events: Sequence[Event]
    nbytes: int
    batch: EventBatch | None = None
    """The message itself, if it has exactly these events: copying it whole costs half as much as event by event."""

    def leave(self) -> None:
        """Notify the sender that this delivery has left the buffer."""
        self.sender.recorded(self.nbytes)

    def singly(self) -> Iterator[ReceivedEvents]:
        """Yield its events, one per delivery; their bytes add up to those of this one."""
        left = self.nbytes
        last = len(self.events) - 1
        for position, event in enumerate(self.events):
            nbytes = left if position == last else min(left, event.ByteSize())
            left -= nbytes
            yield ReceivedEvents(self.sender, (event,), nbytes)
