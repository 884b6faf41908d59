"""Opens a session: types registered, older sessions' leases taken over or given back."""

from __future__ import annotations

from contextlib import suppress

from asynctask_chassis.logs import get_logger
from asynctask_core.errors import StoreUnavailable
from asynctask_core.lease import renew_every_ms
from asynctask_protos.scheduler.v1.executor_service_pb2 import Hello, Welcome
from asynctask_protos.task.v1.state_pb2 import AttemptResult
from asynctask_scheduler.dispatch.hello import check_hello, check_kinds, kinds_of, leases_of, session_info
from asynctask_scheduler.dispatch.progress import ProgressDesk
from asynctask_scheduler.dispatch.renewals import Renewals
from asynctask_scheduler.dispatch.session import DRAIN_REASON, ExecutorSession
from asynctask_scheduler.pipeline.event_recorder import EventRecorder
from asynctask_scheduler.pipeline.lease_releaser import LeaseReleaser
from asynctask_scheduler.queue.answers import Opened, SessionInfo
from asynctask_scheduler.queue.port import Queue
from asynctask_scheduler.registry.type_catalogue import CachedCatalogue

log = get_logger(__name__)


class Greeter:
    """Answers Hello."""

    def __init__(
        self,
        *,
        queue: Queue,
        catalogue: CachedCatalogue,
        ender: LeaseReleaser,
        renewals: Renewals,
        buffer: EventRecorder,
        progress: ProgressDesk,
        lease_ms: int,
    ) -> None:
        self._queue = queue
        self._catalogue = catalogue
        self._ender = ender
        self._renewals = renewals
        self._buffer = buffer
        self._progress = progress
        self._lease_ms = lease_ms

    async def greet(self, hello: Hello, caller: str) -> tuple[ExecutorSession, Welcome]:
        """Open a session above every earlier one of this executor; `caller` is whose connection that comes from.

        Leases of earlier sessions that `hello` does not list were lost on the way: they are given back at once. Those
        that it lists are renewed, and those among them that are not its any more come back as lost.

        Raises:
            InvalidInput: something in `hello` is wrong; each field is named.
            StoreUnavailable: a store did not answer.
        """
        check_hello(hello)
        await self._catalogue.declare(hello.task_types, caller)
        info = session_info(hello)
        check_kinds(kinds_of(info, self._catalogue.types))
        opened = await self._queue.open_session(info)
        try:
            return await self._welcome(hello, info, opened)
        except Exception:
            with suppress(StoreUnavailable):  # then it looks connected for a minute
                await self._queue.close_session(info.executor_id, opened.number)
            raise

    async def _welcome(
        self, hello: Hello, info: SessionInfo, opened: Opened
    ) -> tuple[ExecutorSession, Welcome]:
        number = opened.number
        held = leases_of(hello.held)
        claimed = set(held)
        older = [(lease.task_id, lease.attempt_id) for lease in opened.held]
        unclaimed = [lease for lease in older if lease not in claimed]
        self._ender.end(info.executor_id, unclaimed, AttemptResult.ATTEMPT_RESULT_RELEASED)
        answer = await self._renewals.renew(info.executor_id, number, held)

        kinds = kinds_of(info, self._catalogue.types)
        session = ExecutorSession(
            info, number, kinds, queue=self._queue, buffer=self._buffer, progress=self._progress
        )
        lost = set(answer.lost)
        alive = [lease for lease in held if lease[1] not in lost]
        session.hold(alive, named=True)
        self._progress.take_over(attempt_id for _, attempt_id in alive)
        if answer.controls:
            session.control(answer.controls)
        if opened.draining:
            session.drain(DRAIN_REASON)
        log.info(
            "session.opened",
            executor_id=info.executor_id,
            session=number,
            held=len(held),
            lost=len(lost),
            released=len(unclaimed),
        )
        welcome = Welcome(
            session=number,
            lease_ms=self._lease_ms,
            renew_every_ms=renew_every_ms(self._lease_ms),
            lost_attempt_ids=answer.lost,
        )
        return session, welcome
