"""Opens and ends the streams of this replica, and passes hints to them."""

from __future__ import annotations

import asyncio
import heapq
import operator
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Sequence
from contextlib import suppress
from typing import Any

from asynctask_chassis.logs import get_logger
from asynctask_chassis.loop import LoopReport
from asynctask_chassis.patience import StreamUnread
from asynctask_chassis.supervision import supervised
from asynctask_core import limits
from asynctask_core.errors import AsyncTaskError, NotReady, StoreUnavailable
from asynctask_protos.registry.v1.ledger_service_pb2 import NewTask
from asynctask_protos.scheduler.v1.executor_service_pb2 import (
    DESCRIPTOR,
    Control,
    Hello,
    Welcome,
    WorkRequest,
    WorkResponse,
)
from asynctask_protos.task.v1.state_pb2 import Requested
from asynctask_scheduler.dispatch.dispatcher import Dispatcher, superseded
from asynctask_scheduler.dispatch.eager_start import EagerStarter
from asynctask_scheduler.dispatch.handshake import AGAIN_MS, DRAINING, Handshake, HandshakeWaits, lanes_of
from asynctask_scheduler.dispatch.session import DRAIN_REASON, ExecutorSession
from asynctask_scheduler.metrics import SchedulerMetrics
from asynctask_scheduler.pipeline.eager_start_port import EagerStart
from asynctask_scheduler.queue.answers import ANY_QUEUE, Applied, Lane, SessionInfo
from asynctask_scheduler.queue.hints import ControlHint
from asynctask_scheduler.queue.port import ExecutorSessions
from asynctask_scheduler.registry.type_catalogue import CachedCatalogue

log = get_logger(__name__)

FEW = 4
"""An eager start takes at most so many tasks. Larger submits mean a busy system, in which every pop finds tasks."""
PASSED_ON_TO = 2
"""Ready tasks wake one session; a session that found as many as it can take wakes so many others."""
SILENCE_KEPT_S = 600.0
"""How long an executor is remembered whose stream was ended for its silence; the id may never come back."""
SETTLE_S = 5.0
"""How long the end of a stream waits until received events are recorded and acknowledged."""

_free_slots = operator.attrgetter("slots.free")

WORK = f"/{DESCRIPTOR.services_by_name['ExecutorService'].full_name}/Work"

Write = Callable[[WorkResponse], Awaitable[None]]


class Sessions:
    """The executors whose stream is open on this replica. Implements `EagerStartPort`."""

    def __init__(
        self,
        *,
        queue: ExecutorSessions,
        catalogue: CachedCatalogue,
        handshake: Handshake,
        dispatcher: Dispatcher,
        eager_starter: EagerStarter,
        metrics: SchedulerMetrics,
    ) -> None:
        self.handshake_waits = HandshakeWaits()
        self._queue = queue
        self._catalogue = catalogue
        self._handshake = handshake
        self._dispatcher = dispatcher
        self._eager_starter = eager_starter
        self._metrics = metrics
        self._open: dict[str, ExecutorSession] = {}
        self._by_lane: dict[Lane, dict[ExecutorSession, None]] = {}
        self._lanes_of_type: dict[str, set[Lane]] = {}
        self._silent: dict[str, float] = {}
        self._closing: set[asyncio.Task[None]] = set()
        self._closed = asyncio.Event()
        self._closed.set()
        self._is_draining = False
        catalogue.listen(self._types_changed)

    # --- one stream, from Hello to its end --------------------------------------------------------------------------

    async def serve(
        self, hello: Hello, requests: AsyncIterator[WorkRequest], write: Write, caller: str = ""
    ) -> None:
        """Open the session that `hello` asks for and serve it until its stream, of the connection `caller`, ends.

        Raises:
            InvalidInput: the executor violates the protocol.
            SessionSuperseded: the executor has opened a newer session.
            NotReady: this replica is draining, or the executor does not read.
            StoreUnavailable: a store did not answer the Hello.
        """
        self._check_open()
        session, welcome = await self._open_session(hello, caller)
        try:
            self._check_open()
            self._add(session)
            await write(WorkResponse(welcome=welcome))
            await self._serve(session, requests, write)
        except StreamUnread:
            self._metrics.rpc.unread_streams.labels(WORK).inc()
            log.warning("session.not_read", executor_id=session.executor_id, session=session.number)
            raise
        finally:
            session.end()
            self._remove(session)
            leftover = session.outbox.take_assignments()
            self._dispatcher.give_back(session, [(one.task_id, one.attempt_id) for one in leftover])
            await self._close(session)

    async def _open_session(self, hello: Hello, caller: str) -> tuple[ExecutorSession, Welcome]:
        """Open a session. If the executor goes away before its Welcome, the session is opened and then closed again."""
        handshake = asyncio.create_task(self._handshake.answer(hello, caller))
        try:
            return await asyncio.shield(handshake)
        except asyncio.CancelledError:
            await self._finish(self._close_unwelcomed(handshake))
            raise

    async def _close_unwelcomed(self, handshake: asyncio.Task[tuple[ExecutorSession, Welcome]]) -> None:
        with suppress(AsyncTaskError):
            session, _ = await handshake
            await self._close(session)

    def _check_open(self) -> None:
        if self._is_draining:
            raise NotReady(DRAINING, retry_after_ms=AGAIN_MS)

    async def _serve(
        self, session: ExecutorSession, requests: AsyncIterator[WorkRequest], write: Write
    ) -> None:
        session.slots.wake()
        reading = asyncio.create_task(session.read(requests))  # seen: its end ends the session
        pumping = asyncio.create_task(session.outbox.pump(write))  # seen: its end ends the session
        serving = asyncio.create_task(
            self._dispatcher.serve(session, self._pass_on)
        )  # seen: its end ends the session
        over = asyncio.create_task(session.over())  # seen: its end ends the session
        settling = asyncio.create_task(session.settled())  # seen: waiting for an event does not fail
        tasks = (reading, pumping, serving, over, settling)
        try:
            done, _ = await asyncio.wait(tasks[:4], return_when=asyncio.FIRST_COMPLETED)
            serving.cancel()
            self._retire(session)
            if not pumping.done():
                # One side closed the stream normally: received events are still recorded and acknowledged.
                session.finish()
                await asyncio.wait((pumping, settling), timeout=SETTLE_S, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            session.end()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            session.forget_end()

    async def _close(self, session: ExecutorSession) -> None:
        # An executor that stops sets its slots to 0, and closes its stream last: then it has stopped.
        stopped = not session.slots.count
        log.info("session.closed", executor_id=session.executor_id, session=session.number, stopped=stopped)
        await self._finish(self._note_closed(session, stopped))

    async def _finish(self, closing: Coroutine[Any, Any, None]) -> None:
        """Complete `closing` even if the broken stream's task is cancelled again: else the executor looks connected."""
        task = asyncio.create_task(closing)
        self._closing.add(supervised(task, "session.close", self._closing.discard))
        await asyncio.shield(task)

    async def _note_closed(self, session: ExecutorSession, stopped: bool) -> None:
        try:
            await self._queue.close_session(session.executor_id, session.number, stopped=stopped)
        except StoreUnavailable as error:
            log.info("session.close_not_noted", executor_id=session.executor_id, reason=str(error))

    def _add(self, session: ExecutorSession) -> None:
        older = self._open.get(session.executor_id)
        if older is not None:
            if older.number > session.number:  # two Hellos at once: the newer session was added first
                raise superseded(session)
            older.end(superseded(older))
            self._remove(older)
        if session.executor_id in self._silent:
            session.fall_silent()
        self._open[session.executor_id] = session
        self._enlist(session)
        self._closed.clear()
        self._measure()

    def _remove(self, session: ExecutorSession) -> None:
        if self._open.get(session.executor_id) is session:
            del self._open[session.executor_id]
        self._retire(session)
        if not self._open:
            self._closed.set()
        self._measure()

    def _enlist(self, session: ExecutorSession) -> None:
        """Wake it for tasks in its lanes from now on."""
        for lane in session.lanes:
            self._by_lane.setdefault(lane, {})[session] = None
            self._lanes_of_type.setdefault(lane[1], set()).add(lane)

    def _retire(self, session: ExecutorSession) -> None:
        """Stop waking it for tasks."""
        told = [lane for lane in session.lanes if session in self._by_lane.get(lane, ())]
        for lane in told:
            serving = self._by_lane[lane]
            del serving[session]
            if not serving:
                self._forget_lane(lane)
        # It may have been the only session that was woken for ready tasks: wake another one.
        self._wake_lanes(told)

    def _forget_lane(self, lane: Lane) -> None:
        """Drop a lane that no session here serves: queues and types come and go."""
        del self._by_lane[lane]
        of_type = self._lanes_of_type[lane[1]]
        of_type.discard(lane)
        if not of_type:
            del self._lanes_of_type[lane[1]]

    def _measure(self) -> None:
        self._metrics.sessions.set(len(self._open))
        self._metrics.slots.set(sum(session.slots.count for session in self._open.values()))

    # --- hints --------------------------------------------------------------------------------------------------------

    def applied(self, applied: Applied) -> None:
        """Wake sessions whose leases were freed, or that serve lanes with tasks that became ready."""
        for executor_id in applied.freed:
            session = self._open.get(executor_id)
            if session is not None:
                session.slots.note_freed()
        if applied.ready:
            self._wake_lanes(applied.ready)

    async def eager_start(self, tasks: Sequence[NewTask], *, is_busy: bool) -> EagerStart | None:
        """Lease a few tasks of one lane, which are about to be created, to an idle session.

        Args:
            is_busy: other tasks may just have become ready.
        """
        lane = (tasks[0].queue, tasks[0].task_type)
        task_ids = dict.fromkeys(one.task_id for one in tasks)  # each once, in their order
        if (
            not len(tasks) == len(task_ids) <= FEW
            or sum(len(one.task_config) for one in tasks)
            > limits.STREAMED_COMMAND_BYTES // 2  # not for the stream
            or any((one.queue, one.task_type) != lane or one.delay_ms or one.start_at_us for one in tasks)
        ):
            return None
        # Only to idle sessions. Otherwise the session that pops first, at any replica, gets the task: so work spreads.
        serving = self._by_lane.get(lane, ())
        idle = [one for one in serving if one.slots.is_idle and one.slots.free >= len(tasks)]
        if not idle:
            return None
        is_busy = is_busy or not all(one.slots.is_waiting for one in serving)
        return await self._eager_starter.eager_start(
            max(idle, key=_free_slots), lane, list(task_ids), is_busy=is_busy
        )

    def _pass_on(self, lanes: Iterable[Lane]) -> None:
        self._wake_lanes(lanes, PASSED_ON_TO)

    def _wake_lanes(self, lanes: Iterable[Lane], count: int = 1) -> None:
        for named in lanes:
            queue, task_type = named
            if queue == ANY_QUEUE:
                for lane in self._lanes_of_type.get(task_type, ()):
                    self._wake_lane(lane, count)
            else:
                self._wake_lane(named, count)

    def _wake_lane(self, lane: Lane, count: int) -> None:
        # Wake waiting sessions, those with most free slots first, so that work spreads in proportion to slots. If none
        # waits, one of those that pop already pops once more. Skip sessions that Redis last reported full, even if our
        # own count shows free slots.
        free = [one for one in self._by_lane.get(lane, ()) if one.slots.free and not one.slots.is_full]
        waiting = [session for session in free if session.slots.is_waiting]
        if waiting:
            for session in heapq.nlargest(count, waiting, key=_free_slots):
                session.slots.wake()
        elif free:
            max(free, key=_free_slots).slots.wake()

    def wake(self, lanes: Iterable[Lane]) -> None:
        """Wake sessions for tasks that another replica made ready."""
        self._wake_lanes(lanes)

    def wake_all(self) -> None:
        """Wake every session: hints may have been missed."""
        for session in self._open.values():
            session.slots.wake()

    def control(self, hint: ControlHint) -> None:
        """Pass on a request to a running attempt, or the loss of its lease."""
        session = self._open.get(hint.executor_id)
        if session is None:
            return
        is_silent = hint.lost and session.slots.holds(hint.attempt_id)
        is_unread = is_silent and hint.unread and not session.slots.has_named(hint.attempt_id)
        if is_silent:
            session.fall_silent()
        self._metrics.controls.inc()
        session.control(
            [
                Control(
                    task_id=hint.task_id,
                    attempt_id=hint.attempt_id,
                    requested=Requested.ValueType(hint.requested),
                    lost=hint.lost,
                )
            ]
        )
        if is_unread:
            # The executor's renewal thread may go on while its event loop is blocked and reads no assignments. Only an
            # event loop that runs opens a stream again.
            log.warning("session.ended_unread", executor_id=hint.executor_id, session=session.number)
            self._silent[hint.executor_id] = time.monotonic()
            session.end()

    def heard_of(self, executor_id: str) -> None:
        """Note that the executor has renewed."""
        self._silent.pop(executor_id, None)
        session = self._open.get(executor_id)
        if session is not None:
            session.heard()

    def drain_executor(self, executor_id: str) -> None:
        """Ask this executor to end, as an operator requested."""
        session = self._open.get(executor_id)
        if session is not None:
            session.drain(DRAIN_REASON)

    def _types_changed(self) -> None:
        """Update the lanes of every session: a type's queue may have changed."""
        for session in self._open.values():
            lanes = lanes_of(session.info, self._catalogue.types)[: limits.EXECUTOR_LANES]
            if lanes == session.lanes or session.is_ending:
                continue
            self._retire(session)
            session.lanes = lanes
            session.slots.unhindered.intersection_update(lanes)
            self._enlist(session)
            session.slots.wake()

    # --- upkeep -------------------------------------------------------------------------------------------------------

    def snapshot(self) -> Sequence[tuple[SessionInfo, int, bool]]:
        """Every open session with its number and whether an operator asked it to drain, for the rebuild of Redis."""
        return [(session.info, session.number, session.draining) for session in self._open.values()]

    async def touch(self) -> LoopReport:
        """Note in Redis which streams are open, and apply drains whose hint was missed: one pass of a periodic loop."""
        forgotten = time.monotonic() - SILENCE_KEPT_S
        self._silent = {name: since for name, since in self._silent.items() if since > forgotten}
        if not self._open:
            return LoopReport()
        await self._queue.touch([name for name, session in self._open.items() if not session.is_silent])
        for executor_id, number in (await self._queue.draining(list(self._open))).items():
            session = self._open.get(executor_id)
            if session is not None and number == session.number:
                session.drain(DRAIN_REASON)
        return LoopReport(changed=len(self._open))

    def stop_giving(self) -> None:
        """Give no more tasks, and accept no new stream."""
        self._is_draining = True
        self.handshake_waits.end_all()
        for session in self._open.values():
            session.stopped = True

    async def end_all(self) -> None:
        """End every stream, so that its executor connects to another replica; return when all have ended."""
        while self._open:
            for session in list(self._open.values()):
                session.end()
            await self._closed.wait()
