"""TaskService: everything that an application asks of tasks."""

from __future__ import annotations

from collections.abc import AsyncIterator

import grpc

from asynctask_core import limits
from asynctask_core.ids import id_text, parse_id
from asynctask_core.validate import Violations
from asynctask_core.wire import escape_nul
from asynctask_protos.registry.v1 import ledger_service_pb2 as registry_pb
from asynctask_protos.registry.v1.ledger_service_pb2 import ApplyCommandRequest, CommandKind
from asynctask_protos.scheduler.v1 import task_service_pb2 as pb
from asynctask_protos.scheduler.v1.task_service_pb2_grpc import TaskServiceServicer
from asynctask_protos.task.v1.task_pb2 import Task, TaskView
from asynctask_scheduler.api.filters import list_request
from asynctask_scheduler.api.pages import read_cursor, read_position
from asynctask_scheduler.api.reading import TaskReader
from asynctask_scheduler.api.submit_calls import Submits
from asynctask_scheduler.api.tailing import tail_logs
from asynctask_scheduler.api.tokens import fingerprint, make_token, read_token
from asynctask_scheduler.api.watching import BY_FILTER, BY_IDS, FilterWatch, IdWatch
from asynctask_scheduler.feed.hub import Hub
from asynctask_scheduler.metrics import SchedulerMetrics
from asynctask_scheduler.pipeline.task_commands import TaskCommands
from asynctask_scheduler.registry.client import RegistryClient

Context = grpc.aio.ServicerContext

DEFAULT_PAGE = 100
LIST, LOGS, MANIFEST, EVENTS = "l", "o", "m", "e"
_UPDATABLE = frozenset({"priority", "labels"})


class TaskService(TaskServiceServicer):
    """Thin: check, one call inwards, answer."""

    def __init__(
        self,
        *,
        registry: RegistryClient,
        reader: TaskReader,
        submits: Submits,
        commander: TaskCommands,
        hub: Hub,
        metrics: SchedulerMetrics,
    ) -> None:
        self._registry = registry
        self._reader = reader
        self.submits = submits
        self._commander = commander
        self._hub = hub
        self._watchers = metrics.watchers

    # --- submit -----------------------------------------------------------------------------------------------------

    async def SubmitTask(
        self, request: pb.SubmitTaskRequest, context: Context[pb.SubmitTaskRequest, pb.SubmitTaskResponse]
    ) -> pb.SubmitTaskResponse:
        """Accept one task."""
        return await self.submits.submit_one(request)

    async def BatchSubmitTasks(
        self,
        request: pb.BatchSubmitTasksRequest,
        context: Context[pb.BatchSubmitTasksRequest, pb.BatchSubmitTasksResponse],
    ) -> pb.BatchSubmitTasksResponse:
        """Accept or refuse each of several tasks."""
        return await self.submits.submit(request)

    async def StreamSubmits(
        self,
        request_iterator: AsyncIterator[pb.StreamSubmitsRequest],
        context: Context[pb.StreamSubmitsRequest, pb.StreamSubmitsResponse],
    ) -> AsyncIterator[pb.StreamSubmitsResponse]:
        """Accept or refuse tasks as long as they come."""
        await context.send_initial_metadata(())  # tells the client that it is heard
        async for answer in self.submits.streams.hold(request_iterator):
            yield answer

    # --- read -------------------------------------------------------------------------------------------------------

    async def GetTask(
        self, request: pb.GetTaskRequest, context: Context[pb.GetTaskRequest, pb.GetTaskResponse]
    ) -> pb.GetTaskResponse:
        """Read one task with live progress."""
        return pb.GetTaskResponse(task=await self._reader.get(parse_id(request.task_id), request.view))

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
        await self._reader.add_progress(page.tasks)
        token = make_token(LIST, bound_to, id_text(page.before_task_id)) if page.before_task_id else ""
        return pb.ListTasksResponse(tasks=page.tasks, next_page_token=token)

    async def ListAttempts(
        self,
        request: pb.ListAttemptsRequest,
        context: Context[pb.ListAttemptsRequest, pb.ListAttemptsResponse],
    ) -> pb.ListAttemptsResponse:
        """Every attempt of a task, oldest first."""
        task_id = parse_id(request.task_id)
        await self._reader.exists(task_id)
        return pb.ListAttemptsResponse(attempts=await self._registry.list_attempts(task_id))

    async def ListTaskEvents(
        self,
        request: pb.ListTaskEventsRequest,
        context: Context[pb.ListTaskEventsRequest, pb.ListTaskEventsResponse],
    ) -> pb.ListTaskEventsResponse:
        """Read a page of a task's story, oldest first."""
        task_id = parse_id(request.task_id)
        size = request.page_size or limits.PAGE_ITEMS
        bound_to = fingerprint(request.task_id)
        cursor = read_token(request.page_token, EVENTS, bound_to) if request.page_token else ""
        await self._reader.exists(task_id)
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
        """Read a page of log lines, oldest first."""
        task_id = parse_id(request.task_id)
        bound_to = fingerprint(request.task_id, request.stage, request.min_level)
        cursor = read_token(request.page_token, LOGS, bound_to) if request.page_token else ""
        await self._reader.exists(task_id)
        page = await self._registry.list_logs(
            registry_pb.ListTaskLogsRequest(
                task_id=task_id,
                stage=request.stage,
                min_level=request.min_level,
                page_size=request.page_size or limits.PAGE_ITEMS,
                cursor=cursor,
            )
        )
        token = make_token(LOGS, bound_to, page.cursor) if page.more else ""
        return pb.ListTaskLogsResponse(lines=page.lines, next_page_token=token)

    async def ListManifestItems(
        self,
        request: pb.ListManifestItemsRequest,
        context: Context[pb.ListManifestItemsRequest, pb.ListManifestItemsResponse],
    ) -> pb.ListManifestItemsResponse:
        """Read a page of a manifest by position, with counts on the first."""
        task_id = parse_id(request.task_id)
        bound_to = fingerprint(request.task_id, request.manifest, *request.states)
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
            )
        )
        token = make_token(MANIFEST, bound_to, str(page.items[-1].position)) if page.more else ""
        return pb.ListManifestItemsResponse(items=page.items, summaries=page.summaries, next_page_token=token)

    # --- follow -----------------------------------------------------------------------------------------------------

    async def WatchTasks(
        self, request: pb.WatchTasksRequest, context: Context[pb.WatchTasksRequest, pb.WatchTasksResponse]
    ) -> AsyncIterator[pb.WatchTasksResponse]:
        """Follow tasks by id or filter."""
        responses = self._watch_ids(request) if request.task_ids else self._watch_filter(request)
        with self._watchers.track_inprogress():
            async for response in responses:
                yield response

    def _watch_ids(self, request: pb.WatchTasksRequest) -> AsyncIterator[pb.WatchTasksResponse]:
        violations = Violations()
        if request.HasField("filter"):
            violations.add("filter", "excludes task_ids; give one of the two")
        violations.raise_any()
        bound_to = fingerprint(*request.task_ids)
        if request.resume_token:
            read_token(request.resume_token, BY_IDS, bound_to)
        watch = IdWatch(
            self._registry,
            self._reader,
            self._hub,
            task_ids=[
                parse_id(text, f"task_ids[{position}]") for position, text in enumerate(request.task_ids)
            ],
            view=request.view or TaskView.TASK_VIEW_BASIC,
            bound_to=bound_to,
        )
        return watch.run(resumed=bool(request.resume_token))

    def _watch_filter(self, request: pb.WatchTasksRequest) -> AsyncIterator[pb.WatchTasksResponse]:
        bound_to = fingerprint(request.filter)
        position = read_token(request.resume_token, BY_FILTER, bound_to) if request.resume_token else ""
        watch = FilterWatch(
            self._registry,
            self._reader,
            self._hub,
            task_filter=request.filter,
            view=request.view or TaskView.TASK_VIEW_BASIC,
            bound_to=bound_to,
        )
        return watch.run(position)

    async def TailTaskLogs(
        self,
        request: pb.TailTaskLogsRequest,
        context: Context[pb.TailTaskLogsRequest, pb.TailTaskLogsResponse],
    ) -> AsyncIterator[pb.TailTaskLogsResponse]:
        """Follow a task's log lines until it is final."""
        task_id = parse_id(request.task_id)
        with self._watchers.track_inprogress():
            async for response in tail_logs(self._registry, self._reader, self._hub, task_id, request):
                yield response

    # --- command ----------------------------------------------------------------------------------------------------

    async def PauseTask(
        self, request: pb.PauseTaskRequest, context: Context[pb.PauseTaskRequest, pb.PauseTaskResponse]
    ) -> pb.PauseTaskResponse:
        """Stop a task at its next safe point."""
        task = await self._command(request.task_id, CommandKind.COMMAND_KIND_PAUSE, request.reason)
        return pb.PauseTaskResponse(task=task)

    async def ResumeTask(
        self, request: pb.ResumeTaskRequest, context: Context[pb.ResumeTaskRequest, pb.ResumeTaskResponse]
    ) -> pb.ResumeTaskResponse:
        """Let a paused task go on."""
        task = await self._command(request.task_id, CommandKind.COMMAND_KIND_RESUME, request.reason)
        return pb.ResumeTaskResponse(task=task)

    async def CancelTask(
        self, request: pb.CancelTaskRequest, context: Context[pb.CancelTaskRequest, pb.CancelTaskResponse]
    ) -> pb.CancelTaskResponse:
        """Stop a task for good."""
        task = await self._command(request.task_id, CommandKind.COMMAND_KIND_CANCEL, request.reason)
        return pb.CancelTaskResponse(task=task)

    async def RestartTask(
        self, request: pb.RestartTaskRequest, context: Context[pb.RestartTaskRequest, pb.RestartTaskResponse]
    ) -> pb.RestartTaskResponse:
        """Begin a new run of a final task."""
        from_checkpoint = getattr(request, "from") == pb.RestartFrom.RESTART_FROM_CHECKPOINT
        kind = (
            CommandKind.COMMAND_KIND_RESTART_FROM_CHECKPOINT
            if from_checkpoint
            else CommandKind.COMMAND_KIND_RESTART
        )
        task = await self._command(request.task_id, kind, request.reason, start_now=request.start_now)
        return pb.RestartTaskResponse(task=task)

    async def DeleteTask(
        self, request: pb.DeleteTaskRequest, context: Context[pb.DeleteTaskRequest, pb.DeleteTaskResponse]
    ) -> pb.DeleteTaskResponse:
        """Hide a task."""
        kind = CommandKind.COMMAND_KIND_FORCE_DELETE if request.force else CommandKind.COMMAND_KIND_DELETE
        task = await self._command(request.task_id, kind, request.reason)
        return pb.DeleteTaskResponse(deleted=task is None)

    async def UpdateTask(
        self, request: pb.UpdateTaskRequest, context: Context[pb.UpdateTaskRequest, pb.UpdateTaskResponse]
    ) -> pb.UpdateTaskResponse:
        """Change priority or labels."""
        paths = frozenset(request.update_mask.paths)
        violations = Violations()
        if not paths or not paths <= _UPDATABLE:
            allowed = "must name 'priority', 'labels' or both"
            violations.add("update_mask", f"{allowed}; got {', '.join(sorted(paths)) or 'nothing'}")
        if "priority" in paths:
            violations.priority(request.priority)
        if "labels" in paths:
            violations.labels(request.labels)
        violations.raise_any()
        command = ApplyCommandRequest(
            task_id=parse_id(request.task_id),
            kind=CommandKind.COMMAND_KIND_UPDATE,
            priority=request.priority if "priority" in paths else None,
            replace_labels="labels" in paths,
            labels=request.labels if "labels" in paths else None,
        )
        response = await self._commander.command(command)
        return pb.UpdateTaskResponse(task=response.task)

    async def _command(
        self, task_id: str, kind: CommandKind.ValueType, reason: str, *, start_now: bool = False
    ) -> Task | None:
        command = ApplyCommandRequest(
            task_id=parse_id(task_id), kind=kind, reason=escape_nul(reason), start_now=start_now
        )
        response = await self._commander.command(command)
        return response.task if response.HasField("task") else None
