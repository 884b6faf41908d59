"""Executors' events share `RecordEvents`: in order, acknowledged to the stream that sent them, repeated until durable.

Each executor's events go to one loop, and a loop has one call in flight: so two calls never carry events of one attempt
at the same time. While the registry is unavailable, a loop keeps the events of streams that are still open. A stream
with a few MiB of unrecorded events is not read further; the SDK keeps and repeats what was not acknowledged. An event
that the registry cannot record, although it records others, is set aside (`stuck`).
"""

from __future__ import annotations

import asyncio
import zlib
from collections import deque
from collections.abc import Sequence

from asynctask_chassis.logs import get_logger
from asynctask_chassis.supervision import until_stopped
from asynctask_core import limits
from asynctask_core.errors import AsyncTaskError
from asynctask_protos.registry.v1.ledger_service_pb2 import RecordEventsRequest
from asynctask_protos.task.v1.work_pb2 import Ack, EventVerdict
from asynctask_scheduler.metrics import SchedulerMetrics
from asynctask_scheduler.pipeline.quarantine import EventQuarantine
from asynctask_scheduler.pipeline.received_events import EventSource, ReceivedEvents
from asynctask_scheduler.pipeline.standing_applier import StandingApplier
from asynctask_scheduler.registry.client import RegistryClient

log = get_logger(__name__)

LOOPS = 4
FIRST_DELAY_S = 0.05
LONGEST_DELAY_S = 1.0


class EventRecorder:
    """Takes events from streams and sends acknowledgements back to them."""

    def __init__(self, registry: RegistryClient, applier: StandingApplier, metrics: SchedulerMetrics) -> None:
        self._loops = [_RecordingLoop(registry, applier, metrics) for _ in range(LOOPS)]

    def add(self, executor_id: str, delivery: ReceivedEvents) -> None:
        """Queue `delivery` behind all earlier ones of this executor."""
        self._loops[zlib.crc32(executor_id.encode()) % LOOPS].add(delivery)

    async def run(self) -> None:
        """Record until cancelled."""
        async with asyncio.TaskGroup() as group:
            for loop in self._loops:
                group.create_task(until_stopped(loop.run, "the recording of events"))
                group.create_task(until_stopped(loop.stuck.run, "the repeats of stuck events"))

    async def drain(self) -> None:
        """Return when everything that was queued is recorded, dropped or set aside."""
        for loop in self._loops:
            await loop.idle.wait()


class _RecordingLoop:
    def __init__(self, registry: RegistryClient, applier: StandingApplier, metrics: SchedulerMetrics) -> None:
        self._registry = registry
        self._applier = applier
        self._waiting: deque[ReceivedEvents] = deque()
        self.stuck = EventQuarantine(lambda delivery: self._record([delivery]))
        self._filled = asyncio.Event()
        self.idle = asyncio.Event()
        self.idle.set()
        self._batch_items = metrics.batch_items.labels("record")
        self._verdicts = {
            number: metrics.events.labels(name.removeprefix("EVENT_VERDICT_").lower())
            for name, number in EventVerdict.items()
        }
        self._newer_verdict = metrics.events.labels("newer")  # of a registry that was upgraded before us

    def add(self, delivery: ReceivedEvents) -> None:
        self._waiting.append(delivery)
        self._filled.set()
        self.idle.clear()

    async def run(self) -> None:
        while True:
            if not self._waiting:
                self.idle.set()
                self._filled.clear()
                await self._filled.wait()
            await self._record_until_durable(self._take())

    def _take(self) -> list[ReceivedEvents]:
        taken: list[ReceivedEvents] = []
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

    async def _record_until_durable(self, deliveries: list[ReceivedEvents]) -> None:
        delay = FIRST_DELAY_S
        while deliveries := self._recordable(deliveries):
            try:
                await self._record(deliveries)
            except AsyncTaskError as error:
                if not error.retryable:
                    await self._isolate(deliveries, error)
                    return
                log.info("events.repeated", count=len(deliveries), reason=str(error))
                await asyncio.sleep(delay)
                delay = min(delay * 2, LONGEST_DELAY_S)
            else:
                for delivery in deliveries:
                    delivery.leave()
                return

    def _recordable(self, deliveries: list[ReceivedEvents]) -> list[ReceivedEvents]:
        """Return the deliveries to record now: without those of ended streams and of stuck attempts."""
        kept: list[ReceivedEvents] = []
        for delivery in deliveries:
            if not delivery.sender.is_open:
                # The stream has ended: the executor sends these events again over its next one.
                delivery.leave()
            elif self.stuck and any(event.attempt_id in self.stuck for event in delivery.events):
                for single in delivery.singly():
                    if single.events[0].attempt_id in self.stuck:
                        self.stuck.follow(single)
                    else:
                        kept.append(single)
            else:
                kept.append(delivery)
        return kept

    async def _record(self, deliveries: list[ReceivedEvents]) -> None:
        request = RecordEventsRequest()
        events = request.events
        for delivery in deliveries:
            if delivery.batch is None:
                events.extend(delivery.events)
            else:  # both messages have their events as field 1
                request.MergeFromString(delivery.batch.SerializeToString())
        self._batch_items.observe(len(events))
        response = await self._registry.record(request)
        self._applier.offer(response.standings)
        self._count(response.acks)
        if len(deliveries) == 1:
            deliveries[0].sender.acknowledge(response.acks)
            return
        senders = {event.attempt_id: delivery.sender for delivery in deliveries for event in delivery.events}
        # By identity: a sender need not be hashable.
        shares: dict[int, tuple[EventSource, list[Ack]]] = {}
        for ack in response.acks:
            sender = senders[ack.attempt_id]
            shares.setdefault(id(sender), (sender, []))[1].append(ack)
        for sender, acks in shares.values():
            sender.acknowledge(acks)

    async def _isolate(self, deliveries: list[ReceivedEvents], error: AsyncTaskError) -> None:
        """Find the event for which the registry refuses a whole call and set it aside; record the others."""
        singles = [single for delivery in deliveries for single in delivery.singly()]
        if len(singles) == 1:
            self.stuck.keep(singles[0], error)
            return
        half = len(singles) // 2
        for part in (singles[:half], singles[half:]):
            await self._record_until_durable(part)

    def _count(self, acks: Sequence[Ack]) -> None:
        counts: dict[EventVerdict.ValueType, int] = {}
        for ack in acks:
            verdict = ack.verdict
            counts[verdict] = counts.get(verdict, 0) + 1
        for verdict, count in counts.items():
            self._verdicts.get(verdict, self._newer_verdict).inc(count)
