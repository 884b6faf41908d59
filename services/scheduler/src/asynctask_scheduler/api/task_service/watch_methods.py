"""TaskService: watches and tails."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import grpc

from asynctask_core.ids import parse_id
from asynctask_core.validate import Violations
from asynctask_protos.scheduler.v1 import task_service_pb2 as pb
from asynctask_protos.task.v1.task_pb2 import TaskView
from asynctask_scheduler.api.reading import TaskReader
from asynctask_scheduler.api.tailing import tail_logs
from asynctask_scheduler.api.tokens import RESUME_TOKEN, fingerprint, read_token
from asynctask_scheduler.api.watching import BY_FILTER, BY_IDS, FilterWatch, IdWatch
from asynctask_scheduler.feed.hub import Hub
from asynctask_scheduler.metrics import SchedulerMetrics
from asynctask_scheduler.registry.client import RegistryClient

Context = grpc.aio.ServicerContext


class TaskWatchMethods:
    """Follows tasks and their logs."""

    def __init__(
        self, registry: RegistryClient, reader: TaskReader, hub: Hub, metrics: SchedulerMetrics
    ) -> None:
        self._registry = registry
        self._reader = reader
        self._hub = hub
        self._watchers = metrics.watchers

    async def WatchTasks(
        self, request: pb.WatchTasksRequest, context: Context[pb.WatchTasksRequest, pb.WatchTasksResponse]
    ) -> AsyncIterator[pb.WatchTasksResponse]:
        """Follow tasks by id or filter."""
        named = [*request.task_ids, request.task_id] if request.task_id else request.task_ids
        responses = self._watch_ids(request, named) if named else self._watch_filter(request)
        with self._watchers.track_inprogress():
            async for response in responses:
                yield response

    def _watch_ids(
        self, request: pb.WatchTasksRequest, named: Sequence[str]
    ) -> AsyncIterator[pb.WatchTasksResponse]:
        violations = Violations()
        if request.HasField("filter"):
            violations.add("filter", "excludes task_ids; give one of the two")
        violations.raise_any()
        bound_to = fingerprint(*named)
        if request.resume_token:
            read_token(request.resume_token, BY_IDS, bound_to, field=RESUME_TOKEN)
        watch = IdWatch(
            self._registry,
            self._reader,
            self._hub,
            task_ids=[parse_id(text, f"task_ids[{position}]") for position, text in enumerate(named)],
            view=request.view or TaskView.TASK_VIEW_BASIC,
            bound_to=bound_to,
        )
        return watch.run(resumed=bool(request.resume_token))

    def _watch_filter(self, request: pb.WatchTasksRequest) -> AsyncIterator[pb.WatchTasksResponse]:
        bound_to = fingerprint(request.filter)
        position = ""
        if request.resume_token:
            position = read_token(request.resume_token, BY_FILTER, bound_to, field=RESUME_TOKEN)
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
