"""TaskService: commands of people and programs."""

from __future__ import annotations

from typing import Any

import grpc

from asynctask_core.errors import TaskNotFound
from asynctask_core.ids import parse_id
from asynctask_core.validate import Violations
from asynctask_core.wire import escape_nul
from asynctask_protos.registry.v1 import ledger_service_pb2 as registry_pb
from asynctask_protos.scheduler.v1 import task_service_pb2 as pb
from asynctask_protos.task.v1.task_pb2 import Task
from asynctask_scheduler.api.actors import ActorClaims
from asynctask_scheduler.pipeline.task_commands import TaskCommands

Context = grpc.aio.ServicerContext

_UPDATABLE = frozenset({"priority", "labels"})
_AnyRequest = (
    pb.PauseTaskRequest
    | pb.ResumeTaskRequest
    | pb.CancelTaskRequest
    | pb.RestartTaskRequest
    | pb.DeleteTaskRequest
    | pb.UpdateTaskRequest
)


class TaskCommandMethods:
    """Pause, resume, cancel, restart, delete, update: each is sent to the registry as one command."""

    def __init__(self, commands: TaskCommands, actors: ActorClaims) -> None:
        self._commands = commands
        self._actors = actors

    async def PauseTask(
        self, request: pb.PauseTaskRequest, context: Context[pb.PauseTaskRequest, pb.PauseTaskResponse]
    ) -> pb.PauseTaskResponse:
        """Stop a task at its next safe point."""
        task = await self._shown(request, context, pause=registry_pb.PauseCommand())
        return pb.PauseTaskResponse(task=task)

    async def ResumeTask(
        self, request: pb.ResumeTaskRequest, context: Context[pb.ResumeTaskRequest, pb.ResumeTaskResponse]
    ) -> pb.ResumeTaskResponse:
        """Continue a paused task."""
        task = await self._shown(request, context, resume=registry_pb.ResumeCommand())
        return pb.ResumeTaskResponse(task=task)

    async def CancelTask(
        self, request: pb.CancelTaskRequest, context: Context[pb.CancelTaskRequest, pb.CancelTaskResponse]
    ) -> pb.CancelTaskResponse:
        """Cancel a task: it cannot be resumed."""
        task = await self._shown(request, context, cancel=registry_pb.CancelCommand())
        return pb.CancelTaskResponse(task=task)

    async def RestartTask(
        self, request: pb.RestartTaskRequest, context: Context[pb.RestartTaskRequest, pb.RestartTaskResponse]
    ) -> pb.RestartTaskResponse:
        """Begin a new run of a final task."""
        command = registry_pb.RestartCommand(
            from_checkpoint=getattr(request, "from") == pb.RestartFrom.RESTART_FROM_CHECKPOINT,
            start_now=request.start_now,
        )
        task = await self._shown(request, context, restart=command)
        return pb.RestartTaskResponse(task=task)

    async def DeleteTask(
        self, request: pb.DeleteTaskRequest, context: Context[pb.DeleteTaskRequest, pb.DeleteTaskResponse]
    ) -> pb.DeleteTaskResponse:
        """Hide a task."""
        command = registry_pb.DeleteCommand(force=request.force)
        task = await self._apply(request, context, delete=command)
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
        command = registry_pb.UpdateCommand(
            priority=request.priority if "priority" in paths else None,
            labels=registry_pb.Labels(values=request.labels) if "labels" in paths else None,
        )
        task = await self._shown(request, context, update=command)
        return pb.UpdateTaskResponse(task=task)

    async def _shown(self, request: _AnyRequest, context: Context[Any, Any], **command: Any) -> Task:
        """As `_apply`, for commands that hide no task. Raises TaskNotFound if it was deleted meanwhile."""
        task = await self._apply(request, context, **command)
        if task is None:
            raise TaskNotFound(f"task {request.task_id} is deleted")
        return task

    async def _apply(self, request: _AnyRequest, context: Context[Any, Any], **command: Any) -> Task | None:
        """Execute a command, given by its field in `ApplyCommandRequest`; returns the task unless it is deleted now."""
        response = await self._commands.command(
            registry_pb.ApplyCommandRequest(
                task_id=parse_id(request.task_id),
                reason=escape_nul(request.reason),
                request_id=request.request_id,
                actor=self._actors.of(context),
                expected_version=request.expected_version if request.HasField("expected_version") else None,
                **command,
            )
        )
        return response.task if response.HasField("task") else None
