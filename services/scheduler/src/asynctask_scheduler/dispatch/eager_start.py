"""Eager start: leases tasks to an idle executor while they are being created."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

from asynctask_chassis.logs import get_logger
from asynctask_chassis.supervision import StrayCancellation, strays_fail, supervised
from asynctask_core.errors import AsyncTaskError
from asynctask_core.ids import new_id
from asynctask_protos.registry.v1.ledger_service_pb2 import CreateTasksResponse
from asynctask_scheduler.dispatch.dispatcher import Dispatcher
from asynctask_scheduler.dispatch.session import ExecutorSession
from asynctask_scheduler.pipeline.attempt_starter import AttemptStarter
from asynctask_scheduler.pipeline.eager_start_port import EagerStart
from asynctask_scheduler.queue.answers import Lane, Lease, Leased
from asynctask_scheduler.queue.port import TaskLeases
from asynctask_scheduler.registry.client import starts_of

log = get_logger(__name__)


class EagerStarter:
    """Leases tasks eagerly; the dispatcher delivers them."""

    def __init__(self, queue: TaskLeases, attempt_starter: AttemptStarter, dispatcher: Dispatcher) -> None:
        self._queue = queue
        self._attempt_starter = attempt_starter
        self._dispatcher = dispatcher
        self._on_their_way: set[asyncio.Task[None]] = set()

    async def eager_start(
        self, session: ExecutorSession, lane: Lane, task_ids: Sequence[bytes], *, is_busy: bool
    ) -> EagerStart | None:
        """Lease tasks that are about to be created to `session`, unless other tasks wait for it.

        They are created and started in one commit, which saves an idle system most of the latency. If no lease is
        granted, the tasks are popped like any other, once they are ready.

        Redis is asked before the creation is sent. If it is likely to refuse (other tasks may wait, the type is
        limited, or it refused the last time), this method waits for its answer. Otherwise the answer comes while the
        tasks are being created, which takes longer; tasks that Redis refuses then are given back before an executor has
        seen them.
        """
        if not self._attempt_starter.gate.is_set():
            return None
        leased_at = time.monotonic()
        leases = [(task_id, new_id()) for task_id in task_ids]
        leasing = asyncio.create_task(
            self._queue.lease_eagerly(
                session.executor_id, session.number, session.slots.count, session.lanes, leases, lane=lane
            )
        )
        is_sure = lane in session.slots.unhindered and not is_busy
        if not is_sure:
            leased = await _answer(session, lane, leasing)
            if leased is None:
                self._dispatcher.give_back(session, leases, is_ours=True)  # they may be leased
            if leased is None or not leased.leases:
                return None
        created: asyncio.Future[CreateTasksResponse | None] = asyncio.get_running_loop().create_future()
        eager_start = EagerStart(starts_of(session.executor_id, leases), leased_at, leasing, created)
        session.slots.take(leases)
        delivering = asyncio.create_task(
            self._deliver(session, lane, leases, eager_start)
        )  # seen: by `supervised`
        self._on_their_way.add(supervised(delivering, "eager_start.deliver", self._on_their_way.discard))
        if is_sure:
            await asyncio.sleep(0)  # send the lease before the creation
        return eager_start

    async def _deliver(
        self, session: ExecutorSession, lane: Lane, leases: Sequence[Lease], eager_start: EagerStart
    ) -> None:
        try:
            leased = await _answer(session, lane, eager_start.leasing)
            if leased and leased.leases:
                await self._dispatcher.hand_over(
                    session, leased, eager_start.leased_at, self._attempt_starter.eager_started(eager_start)
                )
                return
        finally:
            session.slots.starting -= 1
        session.slots.drop(attempt_id for _, attempt_id in leases)
        session.slots.note_freed()
        created = await eager_start.created
        if leased and created is not None:  # otherwise any of them may be leased or running
            running = {standing.attempt_id for standing in created.standings}
            leases = [lease for lease in leases if lease[1] in running]
        self._dispatcher.give_back(session, leases, is_ours=True)

    async def drain(self) -> None:
        """Wait for deliveries in flight. Call it when no new submits come."""
        if self._on_their_way:
            await asyncio.wait(self._on_their_way)


async def _answer(session: ExecutorSession, lane: Lane, leasing: asyncio.Task[Leased]) -> Leased | None:
    """Wait for eager leases, and note whether to wait for the lane's next answer; None when no answer came."""
    session.slots.unhindered.discard(lane)
    try:
        with strays_fail():
            leased = await leasing
    except (AsyncTaskError, StrayCancellation) as error:
        log.info("leases.not_taken", executor_id=session.executor_id, reason=str(error))
        return None
    if leased.leases and not leased.rebuild_token:
        session.slots.unhindered.add(lane)
    return leased
