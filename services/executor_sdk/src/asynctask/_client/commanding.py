"""Commands to tasks by the async client."""

from __future__ import annotations

from collections.abc import Mapping

from asynctask import _argument_checks
from asynctask._client.api import CommandOptions, answered_task, checked_id, command
from asynctask._client.caller import Caller
from asynctask._client.info import TaskInfo
from asynctask.errors import FieldViolation, InvalidInput
from asynctask_core.validate import Violations
from asynctask_protos.scheduler.v1 import task_service_pb2 as pb


class Commanding(Caller):
    """Commands to tasks.

    A command is repeated under its `request_id` until its outcome is known, so it is executed once. The id is generated
    if not given; a program that repeats a command after its own restart gives one. With `expected_version` the command
    is refused as VersionChanged unless the task still has that version, which `get` returned.
    """

    async def pause(
        self,
        task_id: str,
        reason: str = "",
        *,
        request_id: str | None = None,
        expected_version: int | None = None,
    ) -> TaskInfo:
        """Stop a task at its next safe point, keeping its position. Raises TaskNotFound, WrongState, VersionChanged."""
        request = pb.PauseTaskRequest(task_id=checked_id(task_id))
        options = CommandOptions(reason, request_id, expected_version)
        return await self._call(command("PauseTask", request, options, answered_task))

    async def resume(
        self,
        task_id: str,
        reason: str = "",
        *,
        request_id: str | None = None,
        expected_version: int | None = None,
    ) -> TaskInfo:
        """Let a paused task go on, or withdraw a pause that has not taken effect yet.

        Raises TaskNotFound, WrongState, VersionChanged.
        """
        request = pb.ResumeTaskRequest(task_id=checked_id(task_id))
        options = CommandOptions(reason, request_id, expected_version)
        return await self._call(command("ResumeTask", request, options, answered_task))

    async def cancel(
        self,
        task_id: str,
        reason: str = "",
        *,
        request_id: str | None = None,
        expected_version: int | None = None,
    ) -> TaskInfo:
        """Stop a task for good. Raises TaskNotFound, WrongState, VersionChanged."""
        request = pb.CancelTaskRequest(task_id=checked_id(task_id))
        options = CommandOptions(reason, request_id, expected_version)
        return await self._call(command("CancelTask", request, options, answered_task))

    async def restart(
        self,
        task_id: str,
        *,
        from_checkpoint: bool = False,
        start_now: bool = False,
        reason: str = "",
        request_id: str | None = None,
        expected_version: int | None = None,
    ) -> TaskInfo:
        """Begin a new run of a task that has ended, from its start or its last checkpoint.

        A task that was ended before its start time waits for that time again, unless `start_now` is set.

        Raises TaskNotFound, WrongState, VersionChanged, and TaskTypeDeleted (a WrongState) where the task's type was
        deleted.
        """
        request = pb.RestartTaskRequest(
            task_id=checked_id(task_id), start_now=bool(_argument_checks.flag("start_now", start_now))
        )
        goes_on = _argument_checks.flag("from_checkpoint", from_checkpoint)
        setattr(request, "from", pb.RESTART_FROM_CHECKPOINT if goes_on else pb.RESTART_FROM_START)
        options = CommandOptions(reason, request_id, expected_version)
        return await self._call(command("RestartTask", request, options, answered_task))

    async def delete(
        self,
        task_id: str,
        *,
        force: bool = False,
        reason: str = "",
        request_id: str | None = None,
        expected_version: int | None = None,
    ) -> bool:
        """Hide a task that has ended; with `force` any task, which is cancelled first.

        Returns False when it will be hidden later, once its executor has stopped. Raises TaskNotFound, WrongState,
        VersionChanged.
        """
        request = pb.DeleteTaskRequest(
            task_id=checked_id(task_id), force=bool(_argument_checks.flag("force", force))
        )
        options = CommandOptions(reason, request_id, expected_version)
        return await self._call(command("DeleteTask", request, options, lambda answer: bool(answer.deleted)))

    async def update(
        self,
        task_id: str,
        *,
        priority: int | None = None,
        labels: Mapping[str, str] | None = None,
        reason: str = "",
        request_id: str | None = None,
        expected_version: int | None = None,
    ) -> TaskInfo:
        """Change a task's priority, or replace its labels.

        Raises TaskNotFound, WrongState, VersionChanged, InvalidInput.
        """
        violations = Violations()
        request = pb.UpdateTaskRequest(
            task_id=checked_id(task_id),
            priority=0 if priority is None else _argument_checks.priority(priority, violations),
            labels=_argument_checks.labels(labels, violations),
        )
        violations.raise_any()
        given = [name for name, value in (("priority", priority), ("labels", labels)) if value is not None]
        if not given:
            raise InvalidInput([FieldViolation("priority", "must be given, or labels, or both; got neither")])
        request.update_mask.paths.extend(given)
        options = CommandOptions(reason, request_id, expected_version)
        return await self._call(command("UpdateTask", request, options, answered_task))
