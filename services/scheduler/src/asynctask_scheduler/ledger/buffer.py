"""Executors' events share `RecordEvents`: in order, acknowledged to the stream that sent them, repeated until durable.

Events are dealt to lanes by executor; a lane has one call in flight, so two calls never carry events of one attempt at
the same time. While the registry is away the lanes keep what they hold as long as a stream still waits for it: streams
stop being read at a few MiB, and the SDK keeps and sends again whatever was not acknowledged.
"""

from __future__ import annotations

import asyncio
import zlib
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from asynctask_chassis.logs import get_logger
from asynctask_core import limits
from asynctask_core.errors import AsyncTaskError
from asynctask_core.status import to_status
from asynctask_protos.registry.v1.ledger_service_pb2 import RecordEventsRequest
from asynctask_protos.task.v1.work_pb2 import Ack, Event, EventVerdict
from asynctask_scheduler.ledger.applier import Applier
from asynctask_scheduler.ledger.client import Ledger
from asynctask_scheduler.metrics import SchedulerMetrics

log = get_logger(__name__)

LANES = 4
FIRST_DELAY_S = 0.05
LONGEST_DELAY_S = 1.0


class Sender(Protocol):
    """The stream that events came from."""

    @property
    def is_open(self) -> bool:
        """Whether acknowledgements can still reach the executor through it."""
        ...

    def acknowledge(self, acks: Sequence[Ack]) -> None:
        """Send `acks` down the stream."""
        ...

    def recorded(self, nbytes: int) -> None:
        """Learn that a delivery of `nbytes` has left the buffer, recorded or dropped."""
        ...


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message of events, in order per attempt; at most BATCH_ITEMS of them."""

    sender: Sender
    events: Sequence[Event]
    nbytes: int


class EventBuffer:
    """Takes events from streams and brings back acknowledgements."""

    def __init__(self, ledger: Ledger, applier: Applier, metrics: SchedulerMetrics) -> None:
        self._lanes = [_Lane(ledger, applier, metrics) for _ in range(LANES)]

    def add(self, executor_id: str, delivery: Delivery) -> None:
        """Queue `delivery` behind all earlier ones of this executor."""
        self._lanes[zlib.crc32(executor_id.encode()) % LANES].add(delivery)

    async def run(self) -> None:
        """Record until cancelled."""
        async with asyncio.TaskGroup() as group:
            for lane in self._lanes:
                group.create_task(lane.run())

    async def drain(self) -> None:
        """Return when everything that was queued is recorded or dropped."""
        for lane in self._lanes:
            await lane.idle.wait()


class _Lane:
    def __init__(self, ledger: Ledger, applier: Applier, metrics: SchedulerMetrics) -> None:
        self._ledger = ledger
        self._applier = applier
        self._waiting: deque[Delivery] = deque()
        self._filled = asyncio.Event()
        self.idle = asyncio.Event()
        self.idle.set()
        self._batch_items = metrics.batch_items.labels("record")
        self._verdicts = {
            number: metrics.events.labels(name.removeprefix("EVENT_VERDICT_").lower())
            for name, number in EventVerdict.items()
        }

    def add(self, delivery: Delivery) -> None:
        self._waiting.append(delivery)
        self._filled.set()
        self.idle.clear()

    async def run(self) -> None:
        while True:
            if not self._waiting:
                self.idle.set()
                self._filled.clear()
                await self._filled.wait()
            deliveries = self._take()
            try:
                await self._record_until_durable(deliveries)
            finally:
                for delivery in deliveries:
                    delivery.sender.recorded(delivery.nbytes)

    def _take(self) -> list[Delivery]:
        taken: list[Delivery] = []
        items = nbytes = 0
        waiting = self._waiting
        while waiting:
            delivery = waiting[0]
            items += len(delivery.events)
            nbytes += delivery.nbytes
            if taken and (items > limits.BATCH_ITEMS or nbytes > limits.BATCH_BYTES):
                break
            taken.append(waiting.popleft())
        return taken

    async def _record_until_durable(self, deliveries: list[Delivery]) -> None:
        delay = FIRST_DELAY_S
        while True:
            # What nobody waits for any more comes again over the executor's next stream.
            deliveries = [delivery for delivery in deliveries if delivery.sender.is_open]
            if not deliveries:
                return
            try:
                await self._record(deliveries)
            except AsyncTaskError as error:
                if not error.retryable:
                    await self._record_one_by_one(deliveries, error)
                    return
                log.info("events.repeated", count=len(deliveries), reason=str(error))
                await asyncio.sleep(delay)
                delay = min(delay * 2, LONGEST_DELAY_S)
            else:
                return

    async def _record(self, deliveries: list[Delivery]) -> None:
        request = RecordEventsRequest()
        events = request.events
        for delivery in deliveries:
            events.extend(delivery.events)
        self._batch_items.observe(len(events))
        response = await self._ledger.record(request)
        self._applier.offer(response.standings)
        self._count(response.acks)
        if len(deliveries) == 1:
            deliveries[0].sender.acknowledge(response.acks)
            return
        senders = {event.attempt_id: delivery.sender for delivery in deliveries for event in delivery.events}
        # By identity: a sender is not a value.
        shares: dict[int, tuple[Sender, list[Ack]]] = {}
        for ack in response.acks:
            sender = senders[ack.attempt_id]
            shares.setdefault(id(sender), (sender, []))[1].append(ack)
        for sender, acks in shares.values():
            sender.acknowledge(acks)

    async def _record_one_by_one(self, deliveries: list[Delivery], error: AsyncTaskError) -> None:
        """Find the event that makes the registry refuse a whole call; the others must not suffer for it."""
        events = [(delivery.sender, event) for delivery in deliveries for event in delivery.events]
        if len(events) == 1:
            sender, event = events[0]
            log.error("event.refused", attempt=event.attempt_id.hex(), reason=str(error))
            refusal = Ack(
                attempt_id=event.attempt_id,
                last_sequence=event.sequence,
                verdict=EventVerdict.EVENT_VERDICT_REFUSED,
                error=to_status(error),
                ended=event.WhichOneof("event") == "outcome",
            )
            sender.acknowledge([refusal])
            return
        half = len(events) // 2
        for part in (events[:half], events[half:]):
            await self._record_until_durable([Delivery(sender, (event,), 0) for sender, event in part])

    def _count(self, acks: Sequence[Ack]) -> None:
        counts: dict[EventVerdict.ValueType, int] = {}
        for ack in acks:
            verdict = ack.verdict
            counts[verdict] = counts.get(verdict, 0) + 1
        for verdict, count in counts.items():
            self._verdicts[verdict].inc(count)
