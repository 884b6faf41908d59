"""The handshake: checks an executor's Hello, opens its session and answers with Welcome.

Types are registered; leases of the executor's older sessions are taken over or given back.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress

from asynctask_chassis.logs import get_logger
from asynctask_core import limits
from asynctask_core.bounds.checker import check_fields
from asynctask_core.bounds.definition import check_stage_names
from asynctask_core.errors import FieldViolation, InvalidInput, NotReady, StoreUnavailable
from asynctask_core.lease import renew_every_ms
from asynctask_core.validate import Violations
from asynctask_protos.scheduler.v1.executor_service_pb2 import Hello, Welcome
from asynctask_protos.task.v1.state_pb2 import AttemptResult
from asynctask_protos.task.v1.task_type_pb2 import TaskType
from asynctask_scheduler.dispatch.progress import ProgressDesk
from asynctask_scheduler.dispatch.renewals import Renewals, leases_of
from asynctask_scheduler.dispatch.session import DRAIN_REASON, ExecutorSession
from asynctask_scheduler.pipeline.event_recorder import EventRecorder
from asynctask_scheduler.pipeline.lease_releaser import LeaseReleaser
from asynctask_scheduler.queue.answers import Lane, Opened, SessionInfo
from asynctask_scheduler.queue.port import ExecutorSessions
from asynctask_scheduler.registry.type_catalogue import CachedCatalogue

log = get_logger(__name__)

DRAINING = "this scheduler is draining; connect again"
AGAIN_MS = 100
"""After how long an executor should connect again; mostly it reaches another replica."""


class Handshake:
    """Answers an executor's Hello."""

    def __init__(
        self,
        *,
        queue: ExecutorSessions,
        catalogue: CachedCatalogue,
        lease_releaser: LeaseReleaser,
        renewals: Renewals,
        event_recorder: EventRecorder,
        progress: ProgressDesk,
        lease_ms: int,
    ) -> None:
        self._queue = queue
        self._catalogue = catalogue
        self._lease_releaser = lease_releaser
        self._renewals = renewals
        self._event_recorder = event_recorder
        self._progress = progress
        self._lease_ms = lease_ms

    async def answer(self, hello: Hello, caller: str) -> tuple[ExecutorSession, Welcome]:
        """Open a session with a higher number than every earlier one of this executor; `caller` names the connection.

        Leases of earlier sessions that `hello` does not list never reached the executor: they are given back at once.
        Those that it lists are renewed; Welcome names those that the executor no longer holds as lost.

        Raises:
            InvalidInput: something in `hello` is wrong; each field is named.
            StoreUnavailable: a store did not answer.
        """
        check_hello(hello)
        await self._catalogue.declare(hello.task_types, caller)
        info = session_info(hello)
        check_lanes(lanes_of(info, self._catalogue.types))
        opened = await self._queue.open_session(info)
        try:
            return await self._welcome(hello, info, opened)
        except Exception:
            with suppress(StoreUnavailable):  # in that case the executor looks connected for a minute
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
        self._lease_releaser.end(info.executor_id, unclaimed, AttemptResult.ATTEMPT_RESULT_RELEASED)
        answer = await self._renewals.renew(info.executor_id, number, held)

        lanes = lanes_of(info, self._catalogue.types)
        session = ExecutorSession(
            info,
            number,
            lanes,
            queue=self._queue,
            event_recorder=self._event_recorder,
            progress=self._progress,
        )
        lost = set(answer.lost)
        alive = [lease for lease in held if lease[1] not in lost]
        session.slots.hold(alive, named=True)
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


class HandshakeWaits:
    """The streams whose executor has not sent Hello yet: a drain ends them at once, instead of waiting for it."""

    def __init__(self) -> None:
        self._waits: set[asyncio.Timeout] = set()
        self._is_over = False

    @asynccontextmanager
    async def within(self, seconds: float) -> AsyncIterator[None]:
        """Wait for a Hello inside the block.

        Raises:
            TimeoutError: no Hello came within `seconds`.
            NotReady: this replica is draining.
        """
        self._check_open()
        try:
            async with asyncio.timeout(seconds) as wait:
                self._waits.add(wait)
                try:
                    yield
                finally:
                    self._waits.discard(wait)
        except TimeoutError:
            self._check_open()
            raise

    def end_all(self) -> None:
        """End every wait, and take no new one."""
        self._is_over = True
        for wait in self._waits:
            if not wait.expired():  # an expired wait ends by itself
                wait.reschedule(asyncio.get_running_loop().time())

    def _check_open(self) -> None:
        if self._is_over:
            raise NotReady(DRAINING, retry_after_ms=AGAIN_MS)


def check_hello(hello: Hello) -> None:
    """Raise InvalidInput with everything that is wrong with `hello`; removes unknown fields."""
    hello.DiscardUnknownFields()
    violations = Violations()
    check_fields(hello, violations)
    violations.raise_any()
    seen: set[str] = set()
    for position, task_type in enumerate(hello.task_types):
        check_stage_names(task_type, violations, f"task_types[{position}]")
        if task_type.name in seen:
            violations.add(f"task_types[{position}].name", f"must be unique; {task_type.name!r} came twice")
        seen.add(task_type.name)
    if (lanes := len(set(hello.queues)) * len(seen)) > limits.EXECUTOR_LANES:
        allowed = f"queues times task types must be at most {limits.EXECUTOR_LANES}"
        violations.add("queues", f"{allowed}; got {lanes}: share them among several executors")
    violations.raise_any()


def check_lanes(lanes: Sequence[Lane]) -> None:
    """Raise InvalidInput when an executor that names no queues would serve too many lanes."""
    if len(lanes) > limits.EXECUTOR_LANES:
        allowed = (
            f"its types have or had {len(lanes)} queues, an executor serves at most {limits.EXECUTOR_LANES}"
        )
        raise InvalidInput([FieldViolation("queues", f"{allowed}: name some of them")])


def session_info(hello: Hello) -> SessionInfo:
    """Return the part of a checked `hello` that Redis keeps."""
    return SessionInfo(
        executor_id=hello.executor_id,
        display_name=hello.display_name or hello.executor_id,
        slots=hello.slots,
        task_types=tuple(task_type.name for task_type in hello.task_types),
        queues=tuple(dict.fromkeys(hello.queues)),
        sdk_version=hello.sdk_version,
    )


def lanes_of(info: SessionInfo, types: Mapping[str, TaskType]) -> list[Lane]:
    """Return the lanes that an executor serves: its types in its queues or, if it names none, in every queue that each
    type ever had. A task stays in the queue that it was submitted to, so tasks are still run after their type has moved
    to another queue.
    """
    if info.queues:
        return [(queue, name) for queue in info.queues for name in info.task_types]
    return [(queue, name) for name in info.task_types for queue in _queues_of(types.get(name))]


def queues_served(info: SessionInfo, task_type: str, types: Mapping[str, TaskType]) -> Sequence[str]:
    """Return the queues of `lanes_of` in which an executor serves one type; none if it does not run it."""
    if task_type not in info.task_types:
        return ()
    return info.queues or _queues_of(types.get(task_type))


def _queues_of(task_type: TaskType | None) -> list[str]:
    if task_type is None:
        return []
    return list(dict.fromkeys(queue or "default" for queue in (task_type.queue, *task_type.queues)))
