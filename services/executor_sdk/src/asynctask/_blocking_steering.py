"""Calls of the blocking client that read or change one thing; the same as in `_steering`."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from asynctask import _api
from asynctask._api import Call
from asynctask._info import AttemptInfo, ExecutorInfo, QueueInfo, TaskEventInfo, TaskInfo, TaskTypeInfo
from asynctask._items import ManifestCounts
from asynctask._task import TaskType

R = TypeVar("R")


class BlockingSteering:
    """Reading and steering tasks, and looking at what runs them."""

    def _call(self, call: Call[R]) -> R:
        raise NotImplementedError

    def get(self, task_id: str) -> TaskInfo:
        """One task in full, with live progress. Raises TaskNotFound."""
        return self._call(_api.get(task_id))

    def attempts(self, task_id: str) -> Sequence[AttemptInfo]:
        """Every attempt of a task, oldest first."""
        return self._call(_api.attempts(task_id))

    def events(self, task_id: str) -> Sequence[TaskEventInfo]:
        """What people and policies did to a task, oldest first."""
        return self._call(_api.events(task_id))

    def manifest_counts(self, task_id: str) -> Mapping[str, ManifestCounts]:
        """Items by state of every manifest of a task, by its name."""
        return self._call(_api.manifest_counts(task_id))

    # --- steer --------------------------------------------------------------------------------------------------------

    def pause(self, task_id: str, reason: str = "") -> TaskInfo:
        """Stop a task at its next safe point, keeping its position. Raises TaskNotFound, WrongState."""
        return self._call(_api.pause(task_id, reason))

    def resume(self, task_id: str, reason: str = "") -> TaskInfo:
        """Let a paused task go on, or withdraw a pause that is not carried out yet. Raises TaskNotFound, WrongState."""
        return self._call(_api.resume(task_id, reason))

    def cancel(self, task_id: str, reason: str = "") -> TaskInfo:
        """Stop a task for good. Raises TaskNotFound, WrongState."""
        return self._call(_api.cancel(task_id, reason))

    def restart(self, task_id: str, *, from_checkpoint: bool = False, reason: str = "") -> TaskInfo:
        """Begin a new run of a task that has ended, from its start or its last checkpoint.

        Raises TaskNotFound, WrongState.
        """
        return self._call(_api.restart(task_id, from_checkpoint, reason))

    def delete(self, task_id: str, *, force: bool = False, reason: str = "") -> bool:
        """Hide a task that has ended; with `force` any, which is cancelled first.

        Gives False when it will be hidden once its executor has stopped. Raises TaskNotFound, WrongState.
        """
        return self._call(_api.delete(task_id, force, reason))

    def update(
        self, task_id: str, *, priority: int | None = None, labels: Mapping[str, str] | None = None
    ) -> TaskInfo:
        """Change a task's priority, or replace its labels. Raises TaskNotFound, WrongState, InvalidInput."""
        return self._call(_api.update(task_id, priority, labels))

    # --- types, executors, queues -------------------------------------------------------------------------------------

    def register_task_type(self, task_type: TaskType) -> TaskTypeInfo:
        """Declare a type before any executor runs it, so that its tasks can be submitted."""
        return self._call(_api.register_task_type(task_type))

    def task_types(self) -> Sequence[TaskTypeInfo]:
        """Every registered task type, by name."""
        return self._call(_api.task_types())

    def task_type(self, name: str) -> TaskTypeInfo:
        """One task type. Raises TaskTypeNotFound."""
        return self._call(_api.task_type(name))

    def executors(self) -> Sequence[ExecutorInfo]:
        """Every executor that is connected, or was a minute ago."""
        return self._call(_api.executors())

    def executor(self, executor_id: str) -> ExecutorInfo:
        """One executor. Raises ExecutorNotFound."""
        return self._call(_api.executor(executor_id))

    def drain_executor(self, executor_id: str, reason: str = "") -> None:
        """Ask an executor to take nothing new, give back what it holds, and end. Raises ExecutorNotFound."""
        self._call(_api.drain_executor(executor_id, reason))

    def queues(self) -> Sequence[QueueInfo]:
        """Every queue, by name."""
        return self._call(_api.queues())

    def queue(self, name: str) -> QueueInfo:
        """One queue, with each of its types. Raises QueueNotFound."""
        return self._call(_api.queue(name))
