"""One executor's stream, in both directions. `slot_account` counts the attempts that its executor holds.

The stream keeps no durable state: leases are in Redis and events in Postgres. When it breaks, the executor continues
its tasks, opens a newer stream, and repeats the events that were not acknowledged.
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
from asynctask_scheduler.queue.port import ExecutorSessions

log = get_logger(__name__)

UNRECORDED_BYTES = 4 * limits.MIB
"""How much of one stream may wait to be recorded. Beyond it the stream is not read: gRPC's flow control stops the
executor's writes."""
_EVENT_BYTES = 256
"""Memory that an event takes here beyond its size on the wire; its acknowledgement takes as much again."""

DRAIN_REASON = "an operator asked this executor to drain"

_APPLIED = EventVerdict.EVENT_VERDICT_APPLIED
_SUPERSEDED = EventVerdict.EVENT_VERDICT_SUPERSEDED


class ExecutorSession:
    """The state of one open stream. Implements `EventSource`."""

    def __init__(
        self,
        info: SessionInfo,
        number: int,
        lanes: list[Lane],
        *,
        queue: ExecutorSessions,
        event_recorder: EventRecorder,
        progress: ProgressDesk,
    ) -> None:
        self.info = info
        self.number = number
        self.lanes = lanes
        self.draining = False
        """An operator asked this executor to end, and the request was put into the outbox."""
        self.stopped = False
        """This replica stops and gives it no more tasks; another replica will."""
        self.silent_since: float | None = None
        """`time.monotonic()` when the executor lost a lease; None after its next renewal.

        Only a renewal shows that the executor can keep leases."""
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
        """Id of the executor that opened the stream."""
        return self.info.executor_id

    # --- whether it is given tasks ------------------------------------------------------------------------------------

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
        """Whether the executor must read what was sent before it is given more tasks."""
        return self.outbox.is_full

    def _is_shut(self) -> bool:
        """Whether it is given no tasks, even if slots are free."""
        return self.is_leaving or self.is_silent or self.is_behind or not self.is_open

    def fall_silent(self) -> None:
        """Note that the executor did not renew: it is given no tasks until it does."""
        self.silent_since = time.monotonic()

    def heard(self) -> None:
        """Note that the executor has renewed."""
        if self.is_silent:
            self.silent_since = None
            self.slots.wake()

    # --- messages to the executor -----------------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        """Whether the stream can still carry anything."""
        return not self._over.done()

    def acknowledge(self, acks: Sequence[Ack]) -> None:
        """Send acknowledgements; free the slots of attempts that ended."""
        for ack in acks:
            if ack.ended or ack.verdict == _SUPERSEDED:
                was_held = self.slots.drop_one(ack.attempt_id)
                if was_held and ack.verdict != _APPLIED:
                    self.slots.note_freed()  # another replica recorded the end, and notified its own sessions only
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

    # --- messages from the executor ---------------------------------------------------------------------------------

    async def read(self, requests: AsyncIterator[WorkRequest]) -> None:
        """Handle the executor's messages until it closes its side of the stream.

        Raises:
            InvalidInput: the executor violates the protocol.
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
        """Continue reading and giving tasks: the executor has read what waited for it."""
        self._room.set()
        self.slots.is_full = False
        self.slots.wake()

    def recorded(self, nbytes: int) -> None:
        """Note that `nbytes` have left the recorder's buffer."""
        self._unrecorded_bytes -= nbytes
        self._room.set()

    def finish(self) -> None:
        """Note that the executor sends nothing more."""
        self._finished.set()

    @property
    def is_ending(self) -> bool:
        """Whether the stream only completes what is already on its way."""
        return self._finished.is_set() or not self.is_open

    async def settled(self) -> None:
        """Wait until the executor sends nothing more, its events are recorded, and every answer is sent."""
        await self._finished.wait()
        while self._unrecorded_bytes:
            self._room.clear()
            await self._room.wait()
        await self.outbox.empty()

    # --- the end ----------------------------------------------------------------------------------------------------

    def end(self, error: AsyncTaskError | None = None) -> None:
        """End the stream with `error`; without one, the executor opens another stream."""
        if self._over.done():
            return
        if error is None:
            self._over.set_result(None)
        else:
            self._over.set_exception(error)

    async def over(self) -> None:
        """Wait for the end of the stream; raises the error that `end` was given."""
        await asyncio.shield(self._over)

    def forget_end(self) -> None:
        """Mark the error of `end` as retrieved, so that asyncio does not report it."""
        if self._over.done() and not self._over.cancelled():
            self._over.exception()
