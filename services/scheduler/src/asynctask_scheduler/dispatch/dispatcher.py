"""Hands tasks out: pop for free slots, start in the registry, deliver.

A pop takes no more tasks than the session has free slots, so that the most urgent task is chosen as late as possible.
Starting does not block popping: while one batch is being started the next one is popped.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

from asynctask_chassis.logs import get_logger
from asynctask_chassis.supervision import StrayCancellation, strays_fail
from asynctask_core.errors import AsyncTaskError, SessionSuperseded, StoreUnavailable
from asynctask_core.lease import renew_every_ms
from asynctask_protos.registry.v1.ledger_service_pb2 import StartResult
from asynctask_protos.task.v1.state_pb2 import AttemptResult
from asynctask_protos.task.v1.work_pb2 import Assignment
from asynctask_scheduler.dispatch.session import ExecutorSession
from asynctask_scheduler.dispatch.signs_of_life import SignsOfLife
from asynctask_scheduler.dispatch.spare_ids import SpareIds
from asynctask_scheduler.metrics import SchedulerMetrics
from asynctask_scheduler.pipeline.attempt_starter import NO_VERDICT, STARTED, AttemptStarter
from asynctask_scheduler.pipeline.lease_releaser import LeaseReleaser
from asynctask_scheduler.queue.answers import Lane, Lease, Leased, SessionVerdict
from asynctask_scheduler.queue.port import Queue
from asynctask_scheduler.registry.client import starts_of

log = get_logger(__name__)

CLOCK_STEP_MS = 10
"""Tolerance when a time of Redis' clock, in whole milliseconds, is compared with ours."""
LOOK_EVERY_S = 1.0
"""How often a session with free slots pops without a hint: hints can be lost."""
GATHER_S = 0.001
"""Pause after a pop that took every ready task: they are sent first, and tasks that come meanwhile share one pop."""
FEWEST_POPPED = 8
MOST_POPPED = 500
STORE_PAUSE_S = 0.25

UNDELIVERED = AttemptResult.ATTEMPT_RESULT_UNDELIVERED
RELEASED = AttemptResult.ATTEMPT_RESULT_RELEASED


class Dispatcher:
    """Serves the sessions of this replica."""

    def __init__(
        self,
        queue: Queue,
        attempt_starter: AttemptStarter,
        lease_releaser: LeaseReleaser,
        metrics: SchedulerMetrics,
        *,
        lease_ms: int,
    ) -> None:
        self._queue = queue
        self._signs = SignsOfLife(queue.executors)
        self._attempt_starter = attempt_starter
        self._lease_releaser = lease_releaser
        self._lease_ms = lease_ms
        self._leased = metrics.leased
        self._undelivered = metrics.undelivered
        self._delivery_seconds = metrics.delivery_seconds
        self._popping: set[asyncio.Task[Leased | None]] = set()

    async def serve(self, session: ExecutorSession, more: Callable[[Sequence[Lane]], None]) -> None:
        """Deliver tasks to `session` until it ends; calls `more` when other sessions may find work too."""
        want = FEWEST_POPPED
        spare = SpareIds()
        async with asyncio.TaskGroup() as deliveries:
            while session.is_open:
                is_news = await session.slots.look(LOOK_EVERY_S)
                await self._attempt_starter.gate.wait()
                # The look of each second pops even if our own count shows no free slot, since Redis has the right
                # count. Not so while a batch is being started: if Redis was emptied, it does not count these leases.
                is_taken = not session.slots.free and (is_news or session.slots.starting)
                if is_taken or not await self._may_pop(session):
                    if is_news:
                        more(session.lanes)
                        # If this wakes the session itself, nothing above waits: let other tasks of the loop run.
                        await asyncio.sleep(0)
                    continue
                popped_at = time.monotonic()
                count = min(session.slots.free or want, want, self._attempt_starter.most)
                attempt_ids = spare.take(count, popped_at)
                freed = session.slots.freed_count
                leased = await self._pop_whole(session, attempt_ids)
                if leased is None:  # Redis is unavailable, or not rebuilt yet
                    if is_news:
                        session.slots.wake()
                    await asyncio.sleep(STORE_PAUSE_S)
                    continue
                leases = leased.leases
                spare.keep(attempt_ids[len(leases) :])
                if leases:
                    session.slots.take(leases)
                    deliveries.create_task(self._deliver(session, leased, popped_at))
                session.slots.note_popped(ran_out=leased.filled and len(leases) < count, freed_before=freed)
                if leased.filled and (leases or is_news):
                    more(session.lanes)
                if len(leases) == count:
                    want = min(want * 2, MOST_POPPED)
                    if session.slots.free:
                        session.slots.wake()
                else:
                    want = min(max(FEWEST_POPPED, 2 * len(leases)), MOST_POPPED)
                    if leases:
                        await asyncio.sleep(GATHER_S)

    async def _may_pop(self, session: ExecutorSession) -> bool:
        if session.is_leaving or session.is_behind or not session.slots.count:
            return False
        return not session.is_silent or await self._lives(session)

    async def _pop_whole(self, session: ExecutorSession, attempt_ids: list[bytes]) -> Leased | None:
        """Pop; if the stream ends meanwhile, give the popped leases back at once."""
        popping = asyncio.create_task(self._pop(session, attempt_ids))
        self._popping.add(popping)
        popping.add_done_callback(self._popping.discard)
        try:
            return await asyncio.shield(popping)
        except asyncio.CancelledError:
            popping.add_done_callback(lambda popped: self._return(session, popped))
            raise

    def _return(self, session: ExecutorSession, popped: asyncio.Task[Leased | None]) -> None:
        if not popped.cancelled() and popped.exception() is None and (leased := popped.result()):
            self.give_back(session, leased.leases)

    async def _pop(self, session: ExecutorSession, attempt_ids: list[bytes]) -> Leased | None:
        try:
            leased = await self._queue.tasks.lease(
                session.executor_id, session.number, session.slots.count, session.lanes, attempt_ids
            )
            if leased.verdict is SessionVerdict.NO_SESSION:
                restored = await self._queue.executors.restore_session(
                    session.info, session.number, draining=session.draining
                )
                if not restored:
                    session.end(superseded(session))
                session.slots.wake()
                return None
        except StoreUnavailable as error:
            log.info("leases.not_taken", executor_id=session.executor_id, reason=str(error))
            return None
        if leased.verdict is SessionVerdict.SUPERSEDED:
            session.end(superseded(session))
            return None
        # Without the marker Redis must be rebuilt first; the rebuild ends with a wake-up of all sessions.
        return leased if leased.verdict is SessionVerdict.OK else None

    async def _lives(self, session: ExecutorSession) -> bool:
        """Ask Redis whether an executor has renewed since it fell silent, at any replica.

        Its stream may be open although its host is frozen: then every lease given to it would be lost.
        """
        seen_at = await self._signs.last(session.executor_id)
        if seen_at is None or seen_at <= (session.silent_since or 0.0) + CLOCK_STEP_MS / 1000:
            return False
        session.heard()
        return True

    async def _deliver(self, session: ExecutorSession, leased: Leased, popped_at: float) -> None:
        try:
            starting = self._attempt_starter.start(starts_of(session.executor_id, leased.leases))
            await self.hand_over(session, leased, popped_at, starting)
        finally:
            session.slots.starting -= 1

    async def hand_over(
        self,
        session: ExecutorSession,
        leased: Leased,
        popped_at: float,
        starting: Awaitable[Sequence[StartResult]],
    ) -> None:
        """Deliver the tasks leased at `popped_at` once `starting` returns them as started; give the others back."""
        self._leased.inc(len(leased.leases))
        # Once `late` is set, the leases can only be given back. They also leave the slot account then: otherwise their
        # expiry would be taken for the executor's silence.
        late_in_s = (self._left_ms(popped_at) - renew_every_ms(self._lease_ms)) / 1000
        late = asyncio.Event()
        letting_go = asyncio.get_running_loop().call_later(late_in_s, _let_go, session, leased.leases, late)
        try:
            started = await self._start(session, leased, popped_at, starting, late)
        finally:
            letting_go.cancel()
        if started:
            session.outbox.put_assignments(started)
            self._delivery_seconds.observe(time.monotonic() - popped_at)

    async def _start(
        self,
        session: ExecutorSession,
        leased: Leased,
        popped_at: float,
        starting: Awaitable[Sequence[StartResult]],
        late: asyncio.Event,
    ) -> list[Assignment]:
        """Wait for the start of the leased tasks; give back those that cannot be delivered, and return the others."""
        leases = leased.leases
        try:
            with strays_fail():
                started, refused, unknown = _sorted(await starting)
                # Before their leases are dropped: that notifies the session only once.
                session.slots.drop(refused)
                if unknown:
                    self._give_back_later(session, unknown, popped_at)
                token = leased.rebuild_token
                is_counted = not token or await self._is_counted(token, popped_at)
        except (AsyncTaskError, StrayCancellation) as error:
            log.warning(
                "leases.not_started", count=len(leases), executor_id=session.executor_id, reason=str(error)
            )
            self.give_back(session, leases, is_ours=True)
            return []
        except asyncio.CancelledError:
            # The stream ended meanwhile; the start still completes in the registry.
            self.give_back(session, leases)
            raise
        is_ours = not is_counted or late.is_set() or self._is_late(popped_at)
        if session.is_ending or is_ours:
            self.give_back(session, [(one.task_id, one.attempt_id) for one in started], is_ours=is_ours)
            return []
        left_ms = self._left_ms(popped_at)
        for assignment in started:
            assignment.expires_in_ms = left_ms
        return started

    async def _is_counted(self, rebuild_token: str, popped_at: float) -> bool:
        """Ask Redis, once the start has committed, whether it still counts the popped leases.

        If Redis lost its data meanwhile, the rebuild may have read the registry before that commit. Then Redis does not
        count these tasks for the limit of their type, and may have handed out others in their place. A loss from now on
        is harmless, since a rebuild finds the tasks running.
        """
        while not self._is_late(popped_at):
            try:
                return await self._queue.repair.rebuild_token() == rebuild_token
            except StoreUnavailable:
                await asyncio.sleep(STORE_PAUSE_S)
        return False

    def _left_ms(self, popped_at: float) -> int:
        return self._lease_ms - int((time.monotonic() - popped_at) * 1000)

    def _is_late(self, popped_at: float) -> bool:
        return self._left_ms(popped_at) < renew_every_ms(self._lease_ms)

    async def drain(self) -> None:
        """Wait for pops that are in flight. Call it after every session has ended."""
        if self._popping:
            await asyncio.wait(self._popping)

    def _give_back_later(self, session: ExecutorSession, leases: Sequence[Lease], popped_at: float) -> None:
        """Give leases back as RELEASED, shortly before they run out.

        The registry cannot process the start of these tasks now. If they were given back at once, they would be first
        in their queue again, and be leased for ever in place of others.
        """
        session.slots.drop(attempt_id for _, attempt_id in leases)
        wait_ms = max(0, self._left_ms(popped_at) - renew_every_ms(self._lease_ms))
        asyncio.get_running_loop().call_later(
            wait_ms / 1000, self._lease_releaser.end, session.executor_id, leases, RELEASED
        )

    def give_back(self, session: ExecutorSession, leases: Sequence[Lease], *, is_ours: bool = False) -> None:
        """End attempts that never reached their executor.

        Args:
            is_ours: the registry or this scheduler was too slow or unavailable: then it counts against no budget of
                the task. The same holds when this scheduler ended the stream.
        """
        if not leases:
            return
        session.slots.drop(attempt_id for _, attempt_id in leases)
        self._undelivered.inc(len(leases))
        is_ours = is_ours or session.is_leaving or session.is_silent
        self._lease_releaser.end(session.executor_id, leases, RELEASED if is_ours else UNDELIVERED)


def _let_go(session: ExecutorSession, leases: Sequence[Lease], late: asyncio.Event) -> None:
    late.set()
    session.slots.drop(attempt_id for _, attempt_id in leases)


def superseded(session: ExecutorSession) -> SessionSuperseded:
    """The error that ends an older stream."""
    return SessionSuperseded(
        f"executor {session.executor_id} has opened a newer session than {session.number}"
    )


def _sorted(results: Sequence[StartResult]) -> tuple[list[Assignment], list[bytes], list[Lease]]:
    """Return assignments of started tasks, attempts that a verdict refuses, and leases of starts without a verdict."""
    started: list[Assignment] = []
    refused: list[bytes] = []
    unknown: list[Lease] = []
    for result in results:
        if result.verdict in STARTED:
            started.append(result.assignment)
        elif result.verdict == NO_VERDICT:
            unknown.append((result.task_id, result.attempt_id))
        else:
            refused.append(result.attempt_id)
    return started, refused, unknown
