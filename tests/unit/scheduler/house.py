"""One replica's sessions over the queue's model, and an executor's end of a stream."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import Any

from asynctask_core.ids import new_id
from asynctask_protos.scheduler.v1.executor_service_pb2 import (
    HeldAttempt,
    Hello,
    WorkRequest,
    WorkResponse,
)
from asynctask_scheduler.dispatch.dispatcher import Dispatcher
from asynctask_scheduler.dispatch.handshake import Handshake
from asynctask_scheduler.dispatch.progress import ProgressDesk
from asynctask_scheduler.dispatch.renewal_record import RenewalRecord
from asynctask_scheduler.dispatch.renewals import Renewals
from asynctask_scheduler.dispatch.sessions import Sessions
from asynctask_scheduler.metrics import SchedulerMetrics
from asynctask_scheduler.pipeline.attempt_starter import AttemptStarter
from asynctask_scheduler.pipeline.lease_releaser import LeaseReleaser
from asynctask_scheduler.pipeline.received_events import ReceivedEvents
from asynctask_scheduler.pipeline.standing_applier import StandingApplier
from asynctask_scheduler.queue.hints import ControlHint
from asynctask_scheduler.registry.type_catalogue import CachedCatalogue
from tests.support.queue_model import ModelStore, QueueModel
from tests.unit.scheduler.doubles import RegistryDouble, a_type, config_checks, ready

LEASE_MS = 15_000


class House:
    """The sessions of one replica over the model."""

    def __init__(self, queue: QueueModel | None = None, progress: ProgressDesk | None = None) -> None:
        self.queue = queue or QueueModel(ModelStore())
        self.events: list[ReceivedEvents] = []
        registry: Any = RegistryDouble()
        nothing: Any = None
        metrics = SchedulerMetrics()
        applier = StandingApplier(self.queue, metrics)
        lease_releaser = LeaseReleaser(registry, applier)
        self.renewals = Renewals(self.queue, registry, metrics, RenewalRecord(LEASE_MS))
        catalogue = CachedCatalogue(registry, self.queue, config_checks())
        handshake = Handshake(
            queue=self.queue,
            catalogue=catalogue,
            lease_releaser=lease_releaser,
            renewals=self.renewals,
            event_recorder=self,  # pyright: ignore[reportArgumentType]
            progress=progress or ProgressDesk(self.queue, nothing, nothing, metrics, interval_s=1),
            lease_ms=LEASE_MS,
        )
        attempt_starter = AttemptStarter(registry, applier, metrics, patience_s=1)
        dispatcher = Dispatcher(self.queue, attempt_starter, lease_releaser, metrics, lease_ms=LEASE_MS)
        self.sessions = Sessions(
            queue=self.queue,
            catalogue=catalogue,
            handshake=handshake,
            dispatcher=dispatcher,
            eager_starter=nothing,
            metrics=metrics,
        )

    def add(self, executor_id: str, delivery: ReceivedEvents) -> None:
        """Stand in for the buffer of events."""
        self.events.append(delivery)
        delivery.leave()

    async def mark(self) -> None:
        if rebuild := await self.queue.begin_rebuild():
            assert await self.queue.finish_rebuild(rebuild)

    async def put(self) -> None:
        await self.queue.apply([ready(new_id())])
        self.sessions.wake_all()

    async def is_idle(self) -> bool:
        return (await self.queue.stats()).leases == 0

    def lose(self, message: WorkResponse, *, unread: bool) -> None:
        """Say of the first assignment in `message` what the reaper says when its lease ran out."""
        assignment = message.assignments.assignments[0]
        self.sessions.control(
            ControlHint("x", assignment.task_id, assignment.attempt_id, 0, lost=True, unread=unread)
        )


class Stream:
    """An executor's end of a stream; it says what is put into `says`."""

    def __init__(self, house: House, held: Iterable[HeldAttempt] = ()) -> None:
        self.got: list[WorkResponse] = []
        self.says: asyncio.Queue[WorkRequest] = asyncio.Queue()
        hello = Hello(executor_id="x", display_name="x", slots=1, task_types=[a_type()], held=held)
        self.serving = asyncio.create_task(house.sessions.serve(hello, self._say(), self._take))

    async def _say(self) -> AsyncIterator[WorkRequest]:
        while True:
            yield await self.says.get()

    async def _take(self, message: WorkResponse) -> None:
        self.got.append(message)

    def messages(self, kind: str) -> list[WorkResponse]:
        return [message for message in self.got if message.WhichOneof("message") == kind]

    async def close(self) -> None:
        self.serving.cancel()
        await asyncio.wait([self.serving])
