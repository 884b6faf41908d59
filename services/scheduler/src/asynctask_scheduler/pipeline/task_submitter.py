"""Submits of concurrent callers share `CreateTasks`.

1. The ids are noted as intents in Redis: if this process dies later, another replica finds them there and asks the
   registry for the standings of these tasks. If an executor is idle, a few tasks are leased to it first. Both run
   while step 2 does:
2. `CreateTasks` commits, and starts the leased tasks in the same commit. It is repeated once if the connection broke:
   the ids make that idempotent. If the repetition fails too, the first try may still have committed.
3. The callers are answered, once both are done.
4. The standings are applied and the intents cleared, after the callers were answered.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence

from asynctask_chassis.batch import Batcher
from asynctask_chassis.supervision import supervised
from asynctask_core import limits
from asynctask_core.errors import (
    AsyncTaskError,
    InternalError,
    InvalidInput,
    OutcomeUnknown,
    StoreUnavailable,
    TryAgain,
)
from asynctask_core.ids import id_text, new_id
from asynctask_core.status import from_status
from asynctask_protos.registry.v1.ledger_service_pb2 import (
    AttemptStart,
    CreateTasksResponse,
    NewTask,
)
from asynctask_protos.registry.v1.standing_pb2 import Standing
from asynctask_scheduler.metrics import SchedulerMetrics
from asynctask_scheduler.pipeline.eager_start_port import EagerStart, EagerStartPort
from asynctask_scheduler.pipeline.intents import Intents
from asynctask_scheduler.pipeline.standing_applier import StandingApplier
from asynctask_scheduler.queue.answers import Intent
from asynctask_scheduler.registry.call_errors import AnswerLost, after_uncertain
from asynctask_scheduler.registry.client import RegistryClient

# One call at a time: submits that come meanwhile form the next one. So an idle system does not wait, and a busy one
# writes hundreds of tasks per call. A second flight costs a fifth more processor time per submit and saves no latency.
FLIGHTS = 1
MAX_QUEUED = 50_000
REPEAT_AFTER_S = 0.1
NOTE_AGAIN_S = 1.0


Outcome = bytes | AsyncTaskError
"""The task's id (of an older task if the request id was used before), or why the task was refused."""


class TaskSubmitter:
    """Makes tasks durable; the answer of `submit` is the promise that they will be dispatched."""

    def __init__(
        self,
        registry: RegistryClient,
        intents: Intents,
        applier: StandingApplier,
        metrics: SchedulerMetrics,
        *,
        eager_starts: EagerStartPort | None = None,
    ) -> None:
        """Submit through `registry`; without `eager_starts` every task goes through the queue."""
        self._registry = registry
        self._intents = intents
        self._applier = applier
        self._batcher: Batcher[NewTask, Outcome] = Batcher(
            self._flush,
            max_items=limits.BATCH_ITEMS,
            max_bytes=limits.BATCH_BYTES,
            flights=FLIGHTS,
            max_queued=MAX_QUEUED,
        )
        self._batch_items = metrics.batch_items.labels("create")
        self._settling: set[asyncio.Task[None]] = set()
        self._is_redis_away = False
        self._is_draining = False
        self._eager_starts = eager_starts

    def submit_one(self, task: NewTask) -> asyncio.Future[Outcome]:
        """Make one task durable, see `submit`."""
        return self._batcher.add_one(task, nbytes=len(task.task_config))

    async def submit(self, tasks: Sequence[NewTask]) -> list[Outcome]:
        """Make tasks durable; one outcome a task, in order.

        Raises:
            StoreUnavailable: nothing was committed.
            OutcomeUnknown: some may have been committed; repeat with the same request ids.
            Overloaded: too many submits wait already.
        """
        futures: list[asyncio.Future[list[Outcome]]] = []
        chunk: list[NewTask] = []
        nbytes = 0
        for task in tasks:
            chunk.append(task)
            nbytes += len(task.task_config)
            if nbytes >= limits.BATCH_BYTES:
                futures.append(self._batcher.add(chunk, nbytes=nbytes))
                chunk, nbytes = [], 0
        if chunk:
            futures.append(self._batcher.add(chunk, nbytes=nbytes))
        if len(futures) == 1:
            return await futures[0]
        return [outcome for part in await asyncio.gather(*futures) for outcome in part]

    async def drain(self) -> None:
        """Finish the submits that were accepted, accept no new ones, and wait until their standings are applied."""
        await self._batcher.drain()
        self._is_draining = True
        if self._settling:
            await asyncio.wait(self._settling)

    async def _flush(self, tasks: list[NewTask]) -> Sequence[Outcome]:
        self._batch_items.observe(len(tasks))
        outcomes = await self._make(tasks)
        late = [number for number, outcome in enumerate(outcomes) if _is_out_of_time(outcome)]
        if late:
            # The id is recent by our clock, but not by Postgres' clock: the task was not created. Create it under a new
            # id, with the old one as its request id. A failure from here on concerns these tasks only.
            try:
                renamed = await self._make([_renamed(tasks[number]) for number in late])
            except AsyncTaskError as error:
                renamed = [error] * len(late)
            for number, outcome in zip(late, renamed, strict=True):
                outcomes[number] = outcome
        return outcomes

    async def _make(self, tasks: list[NewTask]) -> list[Outcome]:
        # While Redis is unavailable, no task is leased eagerly, and none is created before its intent is noted.
        eager_start: EagerStart | None = None
        if self._eager_starts is not None and not self._is_redis_away:
            eager_start = await self._eager_starts.eager_start(tasks, is_busy=not self._applier.is_idle)
        noting = asyncio.create_task(self._note(tasks))
        if self._is_redis_away:
            await noting
        elif eager_start is None:
            await asyncio.sleep(0)  # send the intent to Redis before the creation, as eager leases are
        standings: list[Standing] = []
        try:
            outcomes = await self._create(tasks, standings, eager_start)
        except (OutcomeUnknown, InternalError):  # the tasks may have been created
            if not noting.done():
                await asyncio.wait([noting])
            if noting.exception() is not None:
                self._in_background(self._note_late([task.task_id for task in tasks]))
            raise
        finally:
            if eager_start is not None and not eager_start.created.done():
                eager_start.created.set_result(None)
            if not noting.done():
                await asyncio.wait([noting])
            noting.exception()  # mark it as retrieved, also when both failed
        # Also if the intent could not be noted: Redis may be back in a moment.
        is_certain = not any(isinstance(outcome, (TryAgain, InternalError)) for outcome in outcomes)
        self._in_background(self._settle(tasks, standings, noting, is_certain))
        _check(noting)
        return outcomes

    def _in_background(self, work: Coroutine[None, None, None]) -> None:
        self._settling.add(supervised(asyncio.create_task(work), "submit.settle", self._settling.discard))

    async def _note(self, tasks: list[NewTask]) -> Intent:
        try:
            intent = await self._intents.note([task.task_id for task in tasks])
        except StoreUnavailable:
            self._is_redis_away = True
            raise
        self._is_redis_away = False
        return intent

    async def _create(
        self, tasks: list[NewTask], standings: list[Standing], eager_start: EagerStart | None = None
    ) -> list[Outcome]:
        try:
            response = await self._create_twice(tasks, eager_start.starts if eager_start else ())
        except InvalidInput as error:
            # The registry refuses items one by one. Should it refuse a whole batch, the valid tasks are still created.
            if len(tasks) == 1:
                return [error]
            half = len(tasks) // 2
            return [
                *await self._create_part(tasks[:half], standings),
                *await self._create_part(tasks[half:], standings),
            ]
        if eager_start is not None:
            eager_start.created.set_result(response)
        standings.extend(response.standings)
        outcomes: list[Outcome] = [task.task_id for task in tasks]
        for exception in response.exceptions:
            outcomes[exception.index] = exception.existing_task_id or from_status(exception.error)
        return outcomes

    async def _create_part(self, tasks: list[NewTask], standings: list[Standing]) -> list[Outcome]:
        """Create one half of a refused batch. An error is the outcome of this half's tasks only: the other half may be
        committed, and its standings must be applied.
        """
        try:
            return await self._create(tasks, standings)
        except AsyncTaskError as error:
            return [error] * len(tasks)

    async def _create_twice(
        self, tasks: list[NewTask], starts: Sequence[AttemptStart]
    ) -> CreateTasksResponse:
        try:
            return await self._registry.create(tasks, starts)
        except (StoreUnavailable, AnswerLost) as first:
            await asyncio.sleep(REPEAT_AFTER_S)
            try:
                return await self._registry.create(tasks, starts)
            except AsyncTaskError as second:
                raise (after_uncertain(second) if isinstance(first, AnswerLost) else second) from None

    async def _settle(
        self,
        tasks: Sequence[NewTask],
        standings: list[Standing],
        noting: asyncio.Task[Intent],
        is_certain: bool,
    ) -> None:
        """Apply the standings, and clear the intents unless a task may exist whose standing is not known here."""
        is_settled = await self._applier.apply(standings) and is_certain
        if noting.exception() is None:
            if is_settled:
                self._intents.clear(noting.result())
            # Otherwise they stay, and a reconciler applies the standings later.
        elif not is_settled:
            await self._note_late([task.task_id for task in tasks])

    async def _note_late(self, task_ids: Sequence[bytes]) -> None:
        """Note an intent once Redis is back, for tasks that may exist and whose intent and standings it did not get.

        The reconciler finds it then. Without it only the sweep would find these tasks, minutes later.
        """
        while not self._is_draining:
            try:
                await self._intents.note(task_ids)
            except StoreUnavailable:
                await asyncio.sleep(NOTE_AGAIN_S)
            else:
                return


def _is_out_of_time(outcome: Outcome) -> bool:
    """Whether the registry refused the task's id as too old: it refuses `task_id` for no other reason."""
    return isinstance(outcome, InvalidInput) and any(one.field == "task_id" for one in outcome.violations)


def _renamed(task: NewTask) -> NewTask:
    renamed = NewTask()
    renamed.CopyFrom(task)
    renamed.task_id = new_id()
    renamed.request_id = task.request_id or id_text(task.task_id)
    return renamed


def _check(noting: asyncio.Task[Intent]) -> None:
    try:
        noting.result()
    except StoreUnavailable as error:
        message = f"created, but the queue did not record it: {error}; repeat with the same request_id"
        raise OutcomeUnknown(message) from error
