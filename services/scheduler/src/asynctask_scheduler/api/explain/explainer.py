"""Collects why a task does not run now, by the rules of the pop."""

from __future__ import annotations

from collections.abc import Collection

from asynctask_core.lifecycle.by_people import Cancel, Pause
from asynctask_core.limits import PAGE_ITEMS
from asynctask_core.states import TaskState
from asynctask_core.wire import from_timestamp, now_us, to_timestamp
from asynctask_protos.registry.v1.ledger_service_pb2 import ListTaskEventsRequest
from asynctask_protos.scheduler.v1.executor_service_pb2 import ProgressReport
from asynctask_protos.task.v1.explanation_pb2 import (
    AttemptFacts,
    CommandFacts,
    Explanation,
    ExplanationReason,
)
from asynctask_protos.task.v1.state_pb2 import AttemptResult
from asynctask_protos.task.v1.task_pb2 import Task, TaskEvent, TaskView
from asynctask_scheduler.api.explain import reasons
from asynctask_scheduler.api.explain.able_executors import AbleExecutors, free_slots
from asynctask_scheduler.api.reading import TaskReader
from asynctask_scheduler.dispatch.handshake import lanes_of
from asynctask_scheduler.queue.answers import LeaseState, TaskPosition
from asynctask_scheduler.queue.port import Queue
from asynctask_scheduler.registry.client import RegistryClient
from asynctask_scheduler.registry.type_catalogue import CachedCatalogue


class TaskExplainer:
    """Explains one task at a time: a few reads of Redis and of the registry each."""

    def __init__(
        self, registry: RegistryClient, reader: TaskReader, queue: Queue, catalogue: CachedCatalogue
    ) -> None:
        self._registry = registry
        self._reader = reader
        self._queue = queue
        self._catalogue = catalogue

    async def explain(self, task_id: bytes) -> Explanation:
        """Explain a task.

        Raises:
            TaskNotFound: it does not exist, or is deleted.
            StoreUnavailable: a store did not answer.
        """
        task = await self._reader.get(task_id, TaskView.TASK_VIEW_BASIC)
        found = await self._reasons(task_id, task)
        return Explanation(
            task_id=task.task_id, task_status=task.task_status, summary=found[0].summary, reasons=found
        )

    async def _reasons(self, task_id: bytes, task: Task) -> list[ExplanationReason]:
        state = TaskState.of(task.task_status)
        if state is TaskState.PAUSED:
            return [reasons.paused(await self._command(task_id, task, Pause.events))]
        if state is TaskState.CANCELLED:
            return [reasons.ended(task, await self._command(task_id, task, Cancel.events))]
        if state is not None and state.is_final:
            return [reasons.ended(task, None)]
        position = await self._queue.tasks.explain(task_id, (task.queue, task.task_type))
        if position.ahead is not None and position.is_rebuilt:
            executors = await AbleExecutors.read(
                self._queue.executors, (task.queue, task.task_type), self._catalogue.types
            )
            position = await self._next_pop(task_id, position, executors)
            if position.ahead is not None:
                return reasons.in_line(task, position, executors.facts)
        if position.lease or state is TaskState.RUNNING:
            return [await self._held(task_id, task, position.lease)]
        if task.HasField("due_time") and from_timestamp(task.due_time) > now_us():
            return [reasons.until_due(task, is_postponed=await self._is_postponed(task_id, task))]
        return [reasons.not_queued_yet(is_rebuilt=position.is_rebuilt)]

    async def _next_pop(
        self, task_id: bytes, position: TaskPosition, executors: AbleExecutors
    ) -> TaskPosition:
        """The task's position for a pop that takes it or, if there is none, for that of the likeliest executor."""
        likeliest: TaskPosition | None = None
        for executor in executors.candidates:
            if likeliest is not None and not free_slots(executor):
                break
            position = await self._queue.tasks.explain(
                task_id,
                executors.lane,
                executor_id=executor.info.executor_id,
                session=executor.session,
                slots=executor.info.slots,
                lanes=lanes_of(executor.info, self._catalogue.types),
            )
            if position.is_next or position.ahead is None:
                return position
            likeliest = likeliest or position
        return likeliest or position

    async def _held(self, task_id: bytes, task: Task, lease: LeaseState | None) -> ExplanationReason:
        """The reason of a task that an executor has, by its lease or, if Redis knows none, by the registry."""
        executor_id = lease.executor_id if lease else task.executor_id
        known = await self._queue.executors.describe_executors([executor_id])
        facts = AttemptFacts(
            executor_id=executor_id,
            requested=task.requested,
            connected=any(one.connected for one in known),
            silent_ms=lease.silent_ms if lease else None,
        )
        latest = (await self._queue.executors.get_progress([task_id])).get(task_id)
        if latest and (received_ms := ProgressReport.FromString(latest).received_ms):
            facts.progress_time.CopyFrom(to_timestamp(received_ms * 1000))
        return reasons.held(facts, lease)

    async def _is_postponed(self, task_id: bytes, task: Task) -> bool:
        if not task.HasField("failure"):
            return False
        attempts = await self._registry.list_attempts(task_id)
        return bool(attempts) and attempts[-1].result == AttemptResult.ATTEMPT_RESULT_RELEASED

    async def _command(self, task_id: bytes, task: Task, kinds: Collection[str]) -> CommandFacts:
        """The latest command of these kinds; without its event only its reason is known."""
        latest: TaskEvent | None = None
        cursor, more = "", True
        while more:
            page = await self._registry.list_events(
                ListTaskEventsRequest(task_id=task_id, page_size=PAGE_ITEMS, cursor=cursor)
            )
            latest = next((one for one in reversed(page.events) if one.actor and one.kind in kinds), latest)
            cursor = page.cursor
            more = bool(cursor)
        if latest is None:
            return CommandFacts(reason=task.command_reason)
        return CommandFacts(actor=latest.actor, reason=task.command_reason, time=latest.time)
