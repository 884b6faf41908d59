"""LedgerService: reads of tasks and of their history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from asynctask_core import limits
from asynctask_core.states import TaskState
from asynctask_protos.registry.v1 import ledger_service_pb2 as pb
from asynctask_protos.task.v1.task_pb2 import TASK_VIEW_FULL
from asynctask_registry.ledger.conditions import TaskConditions
from asynctask_registry.ledger.ledger import Ledger

if TYPE_CHECKING:
    import grpc.aio


class LedgerReadMethods:
    """Reads tasks by id, in pages and as they change; attempts and events."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def GetTasks(
        self,
        request: pb.GetTasksRequest,
        context: grpc.aio.ServicerContext[pb.GetTasksRequest, pb.GetTasksResponse],
    ) -> pb.GetTasksResponse:
        ids = [task_id for task_id in request.task_ids if len(task_id) == 16]
        tasks, left_out = await self._ledger.reader.page(
            ids, full=request.view == TASK_VIEW_FULL, include_deleted=request.include_deleted
        )
        return pb.GetTasksResponse(tasks=tasks, left_out=left_out)

    async def ListTasks(
        self,
        request: pb.ListTasksRequest,
        context: grpc.aio.ServicerContext[pb.ListTasksRequest, pb.ListTasksResponse],
    ) -> pb.ListTasksResponse:
        conditions = TaskConditions(
            task_types=tuple(request.task_types),
            states=tuple(state for state in map(TaskState.of, request.task_states) if state is not None),
            submit_start_ms=request.submit_start_ms,
            submit_end_ms=request.submit_end_ms,
            queue=request.queue,
            labels=dict(request.labels),
            has_warnings=request.has_warnings if request.HasField("has_warnings") else None,
            error_fingerprint=request.error_fingerprint,
            text=request.text,
        )
        page = await self._ledger.lister.page(
            conditions,
            before=request.before_task_id,
            page_size=request.page_size or limits.PAGE_ITEMS,
            full=request.view == TASK_VIEW_FULL,
        )
        return pb.ListTasksResponse(tasks=page.tasks, before_task_id=page.before)

    async def ListChanges(
        self,
        request: pb.ListChangesRequest,
        context: grpc.aio.ServicerContext[pb.ListChangesRequest, pb.ListChangesResponse],
    ) -> pb.ListChangesResponse:
        tasks, token, more = await self._ledger.changes.page(
            request.token, page_size=request.page_size, full=request.view == TASK_VIEW_FULL
        )
        return pb.ListChangesResponse(tasks=tasks, token=token, more=more)

    async def ListAttempts(
        self,
        request: pb.ListAttemptsRequest,
        context: grpc.aio.ServicerContext[pb.ListAttemptsRequest, pb.ListAttemptsResponse],
    ) -> pb.ListAttemptsResponse:
        return pb.ListAttemptsResponse(attempts=await self._ledger.reader.attempts(request.task_id))

    async def ListTaskEvents(
        self,
        request: pb.ListTaskEventsRequest,
        context: grpc.aio.ServicerContext[pb.ListTaskEventsRequest, pb.ListTaskEventsResponse],
    ) -> pb.ListTaskEventsResponse:
        events, cursor = await self._ledger.reader.events(
            request.task_id, page_size=request.page_size, cursor=request.cursor
        )
        return pb.ListTaskEventsResponse(events=events, cursor=cursor)
