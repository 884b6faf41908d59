"""One executor's stream: what comes up, what goes down. What its executor holds is in `slot_account`.

The stream is only a pipe. When it breaks, the executor goes on, opens a newer one, and sends again what was not
acknowledged; its leases live in Redis and its events in Postgres.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from asynctask_chassis.logs import get_logger
from asynctask_core import limits
from asynctask_core.errors import AsyncTaskError, FieldViolation, InvalidInput, StoreUnavailable
from asynctask_protos.scheduler.v1.executor_service_pb2 import (
    Control,
    EventBatch,
    WorkRequest,
)
from asynctask_protos.task.v1.work_pb2 import Ack, Event, EventVerdict
from asynctask_scheduler.dispatch.event_intake import checked_events, checked_reports, report_of
from asynctask_scheduler.dispatch.progress import ProgressDesk
from asynctask_scheduler.dispatch.slot_account import SlotAccount
from asynctask_scheduler.dispatch.stream_outbox import StreamOutbox
from asynctask_scheduler.pipeline.event_recorder import EventRecorder
from asynctask_scheduler.pipeline.received_events import ReceivedEvents
from asynctask_scheduler.queue.answers import Lane, SessionInfo
from asynctask_scheduler.queue.port import Queue

log = get_logger(__name__)

UNRECORDED_BYTES = 4 * limits.MIB
"""So much of one stream may wait to be recorded; then it is not read, and gRPC's flow control holds the executor."""
_EVENT_BYTES = 256
"""An event weighs so much more here than on the wire, and as much again once it is an answer."""

DRAIN_REASON = "an operator asked this executor to drain"

_APPLIED = EventVerdict.EVENT_VERDICT_APPLIED
_SUPERSEDED = EventVerdict.EVENT_VERDICT_SUPERSEDED


class ExecutorSession:
    """What is known here of one open stream. Implements the buffer's `Sender`."""

    def __init__(
        self,
        info: SessionInfo,
        number: int,
        lanes: list[Lane],
        *,
        queue: Queue,
        event_recorder: EventRecorder,
        progress: ProgressDesk,
    ) -> None:
        self.info = info
        self.number = number
        self.lanes = lanes
        self.draining = False
        """An operator asked this executor to end, and it was told."""
        self.stopped = False
        """This replica ends, and gives it nothing more; another one will."""
        self.silent_since: float | None = None
        """`time.monotonic()` of the loss of a lease, until the next renewal: that alone shows that leases are kept."""
        self.slots = SlotAccount(info.slots, is_shut=self._is_shut)
        self.outbox = StreamOutbox(on_room=self._has_room)
        self._queue = queue
        self._event_recorder = event_recorder
        self._progress = progress
        self._unrecorded_bytes = 0
        self._room = asyncio.Event()
        self._finished = asyncio.Event()
        self._over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @property
    def executor_id(self) -> str:
        """Whose stream this is."""
        return self.info.executor_id

    # --- whether anything is given to it ------------------------------------------------------------------------------

    @property
    def is_silent(self) -> bool:
        """Whether the executor has lost a lease and not renewed since."""
        return self.silent_since is not None

    @property
    def is_leaving(self) -> bool:
        """Whether the executor, or this replica, is to end."""
        return self.draining or self.stopped

    @property
    def is_behind(self) -> bool:
        """Whether the executor has to read what it was given before it gets more."""
        return self.outbox.is_full

    def _is_shut(self) -> bool:
        """Whether nothing shall be given to it, also when slots are free."""
        return self.is_leaving or self.is_silent or self.is_behind or not self.is_open

    def fall_silent(self) -> None:
        """The executor did not renew: nothing more is given to it until it does."""
        self.silent_since = time.monotonic()

    def heard(self) -> None:
        """The executor renews."""
        if self.is_silent:
            self.silent_since = None
            self.slots.wake()

    # --- what goes down ---------------------------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        """Whether the stream can still carry anything."""
        return not self._over.done()

    def acknowledge(self, acks: Sequence[Ack]) -> None:
        """Send acknowledgements; attempts that ended hold no slot any more."""
        for ack in acks:
            if ack.ended or ack.verdict == _SUPERSEDED:
                was_held = self.slots.drop_one(ack.attempt_id)
                if was_held and ack.verdict != _APPLIED:
                    self.slots.note_freed()  # recorded, and so freed, by another replica, which told its own sessions
        if self.is_open:
            self.outbox.put_acks(acks)

    def control(self, controls: Sequence[Control]) -> None:
        """Send requests about running attempts."""
        self.slots.drop(control.attempt_id for control in controls if control.lost)
        if self.is_open:
            self.outbox.put_controls(controls)

    def drain(self, reason: str) -> None:
        """Ask the executor to end."""
        if not self.draining:
            self.draining = True
            self.outbox.put_drain(reason)

    # --- what comes up ----------------------------------------------------------------------------------------------

    async def read(self, requests: AsyncIterator[WorkRequest]) -> None:
        """Take what the executor says until it says no more.

        Raises:
            InvalidInput: it does not keep to the protocol.
        """
        async for request in requests:
            match request.WhichOneof("message"):
                case "events":
                    self._take_events(request.events)
                    while self._unrecorded_bytes > UNRECORDED_BYTES or self.outbox.is_full:
                        self._room.clear()
                        await self._room.wait()
                case "progress":
                    reports = checked_reports(self.executor_id, request.progress.reports)
                    given = self.slots.given
                    self._progress.report(
                        report for report in reports if given.get(report.attempt_id) == report.task_id
                    )
                case "slots":
                    await self._change_slots(request.slots.slots)
                case "hello":
                    raise InvalidInput(
                        [FieldViolation("hello", "only the first message of a stream may be one")]
                    )
                case None:
                    # A message of a newer SDK.
                    continue

    async def _change_slots(self, slots: int) -> None:
        if not 0 <= slots <= limits.SLOTS:
            raise InvalidInput([FieldViolation("slots", f"must be from 0 to {limits.SLOTS}; got {slots}")])
        self.slots.count = slots
        self.info = replace(self.info, slots=slots)
        self.slots.wake()
        try:
            await self._queue.set_slots(self.executor_id, self.number, slots)
        except StoreUnavailable as error:
            log.info("session.slots_not_noted", executor_id=self.executor_id, reason=str(error))

    def _take_events(self, batch: EventBatch) -> None:
        nbytes = batch.ByteSize()
        batch.DiscardUnknownFields()
        reporting: list[Event] = []
        given_events = batch.events
        events = checked_events(self.executor_id, given_events, nbytes, reporting)
        whole = batch if events is given_events and len(events) <= limits.BATCH_ITEMS else None
        self.slots.note_named(event.attempt_id for event in events)
        given = self.slots.given
        reports = [report_of(event) for event in reporting if given.get(event.attempt_id) == event.task_id]
        if reports:
            self._progress.report(reports)
        for start in range(0, len(events), limits.BATCH_ITEMS):
            part = events if len(events) <= limits.BATCH_ITEMS else events[start : start + limits.BATCH_ITEMS]
            size = (nbytes if start == 0 else 0) + _EVENT_BYTES * len(part)
            self._unrecorded_bytes += size
            self._event_recorder.add(self.executor_id, ReceivedEvents(self, part, size, whole))

    def _has_room(self) -> None:
        """The executor has read what waited for it."""
        self._room.set()
        self.slots.is_full = False
        self.slots.wake()

    def recorded(self, nbytes: int) -> None:
        """A delivery has left the buffer."""
        self._unrecorded_bytes -= nbytes
        self._room.set()

    def finish(self) -> None:
        """Nothing more comes up."""
        self._finished.set()

    @property
    def is_ending(self) -> bool:
        """Whether nothing more comes up or goes down, but for what is on its way."""
        return self._finished.is_set() or not self.is_open

    async def settled(self) -> None:
        """Wait until nothing more comes up, all of it is recorded, and every answer has gone down."""
        await self._finished.wait()
        while self._unrecorded_bytes:
            self._room.clear()
            await self._room.wait()
        await self.outbox.empty()

    # --- the end ----------------------------------------------------------------------------------------------------

    def end(self, error: AsyncTaskError | None = None) -> None:
        """End the stream, with `error` or so that the executor opens another one."""
        if self._over.done():
            return
        if error is None:
            self._over.set_result(None)
        else:
            self._over.set_exception(error)

    async def over(self) -> None:
        """Wait for the end; raises the error that it came with."""
        await asyncio.shield(self._over)

    def forget_end(self) -> None:
        """Mark an error that nobody will ask for as seen."""
        if self._over.done() and not self._over.cancelled():
            self._over.exception()
