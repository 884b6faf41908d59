"""TaskService: reads."""

from __future__ import annotations

import grpc

from asynctask_core import limits
from asynctask_core.ids import id_text, id_time_ms, parse_id
from asynctask_core.wire import to_timestamp
from asynctask_protos.registry.v1 import ledger_service_pb2 as registry_pb
from asynctask_protos.scheduler.v1 import task_service_pb2 as pb
from asynctask_protos.task.v1.task_pb2 import TaskView
from asynctask_scheduler.api.explain.explainer import TaskExplainer
from asynctask_scheduler.api.filters import Matcher, list_request
from asynctask_scheduler.api.pages import read_cursor, read_position
from asynctask_scheduler.api.reading import TaskReader
from asynctask_scheduler.api.searching import items_of
from asynctask_scheduler.api.tailing import log_page
from asynctask_scheduler.api.tokens import PAGE_TOKEN, fingerprint, make_token, read_token, registry_reads
from asynctask_scheduler.registry.client import RegistryClient

Context = grpc.aio.ServicerContext

DEFAULT_PAGE = 100
LIST, MANIFEST, EVENTS = "l", "m", "e"


class TaskReadMethods:
    """Reads tasks, attempts, events, logs and manifests, page by page."""

    def __init__(self, registry: RegistryClient, reader: TaskReader, explainer: TaskExplainer) -> None:
        self._registry = registry
        self._reader = reader
        self._explainer = explainer

    async def GetTask(
        self, request: pb.GetTaskRequest, context: Context[pb.GetTaskRequest, pb.GetTaskResponse]
    ) -> pb.GetTaskResponse:
        """Read one task with live progress."""
        return pb.GetTaskResponse(task=await self._reader.get(parse_id(request.task_id), request.view))

    async def ExplainTask(
        self, request: pb.ExplainTaskRequest, context: Context[pb.ExplainTaskRequest, pb.ExplainTaskResponse]
    ) -> pb.ExplainTaskResponse:
        """Say why a task does not run now."""
        return pb.ExplainTaskResponse(explanation=await self._explainer.explain(parse_id(request.task_id)))

    async def ListTasks(
        self, request: pb.ListTasksRequest, context: Context[pb.ListTasksRequest, pb.ListTasksResponse]
    ) -> pb.ListTasksResponse:
        """Read a page of tasks, newest first."""
        bound_to = fingerprint(request.filter)
        query = list_request(request.filter)
        query.page_size = request.page_size or DEFAULT_PAGE
        query.view = request.view or TaskView.TASK_VIEW_BASIC
        if request.page_token:
            query.before_task_id = read_cursor(request.page_token, LIST, bound_to, parse_id)
        page = await self._registry.list_tasks(query)
        # A registry of an older release does not know the newer conditions of a filter.
        matcher = Matcher(request.filter)
        tasks = [task for task in page.tasks if matcher.matches(task)]
        await self._reader.add_progress(tasks)
        answer = pb.ListTasksResponse(tasks=tasks)
        if page.before_task_id:
            answer.next_page_token = make_token(LIST, bound_to, id_text(page.before_task_id))
            answer.looked_back_to.CopyFrom(to_timestamp(id_time_ms(page.before_task_id) * 1000))
        return answer

    async def ListAttempts(
        self,
        request: pb.ListAttemptsRequest,
        context: Context[pb.ListAttemptsRequest, pb.ListAttemptsResponse],
    ) -> pb.ListAttemptsResponse:
        """Read every attempt of a task, oldest first."""
        task_id = parse_id(request.task_id)
        await self._reader.exists(task_id)
        return pb.ListAttemptsResponse(attempts=await self._registry.list_attempts(task_id))

    async def ListTaskEvents(
        self,
        request: pb.ListTaskEventsRequest,
        context: Context[pb.ListTaskEventsRequest, pb.ListTaskEventsResponse],
    ) -> pb.ListTaskEventsResponse:
        """Read a page of a task's events, oldest first."""
        task_id = parse_id(request.task_id)
        size = request.page_size or limits.PAGE_ITEMS
        bound_to = fingerprint(request.task_id)
        cursor = read_token(request.page_token, EVENTS, bound_to) if request.page_token else ""
        await self._reader.exists(task_id)
        with registry_reads(request.page_token, PAGE_TOKEN):
            page = await self._registry.list_events(
                registry_pb.ListTaskEventsRequest(task_id=task_id, page_size=size, cursor=cursor)
            )
        token = make_token(EVENTS, bound_to, page.cursor) if page.cursor else ""
        return pb.ListTaskEventsResponse(events=page.events, next_page_token=token)

    async def ListTaskLogs(
        self,
        request: pb.ListTaskLogsRequest,
        context: Context[pb.ListTaskLogsRequest, pb.ListTaskLogsResponse],
    ) -> pb.ListTaskLogsResponse:
        """Read a page of log lines, oldest or newest first."""
        task_id = parse_id(request.task_id)
        await self._reader.exists(task_id)
        return await log_page(self._registry, task_id, request)

    async def ListManifestItems(
        self,
        request: pb.ListManifestItemsRequest,
        context: Context[pb.ListManifestItemsRequest, pb.ListManifestItemsResponse],
    ) -> pb.ListManifestItemsResponse:
        """Read a page of a manifest by position, with counts on the first."""
        task_id = parse_id(request.task_id)
        bound_to = items_of(request)
        after = (
            read_cursor(request.page_token, MANIFEST, bound_to, read_position) if request.page_token else -1
        )
        await self._reader.exists(task_id)
        page = await self._registry.read_manifest(
            registry_pb.ReadManifestRequest(
                task_id=task_id,
                manifest=request.manifest,
                after_position=after,
                states=request.states,
                page_size=request.page_size or limits.PAGE_ITEMS,
                with_summary=after < 0,
                text=request.text,
                most=limits.WALKED_ROWS,
            )
        )
        token = make_token(MANIFEST, bound_to, str(page.last_position)) if page.more else ""
        return pb.ListManifestItemsResponse(
            items=page.items,
            summaries=page.summaries,
            next_page_token=token,
            looked_through=page.looked_through,
        )
