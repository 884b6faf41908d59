"""Calls of the blocking client that change one thing, or look at what runs tasks; the same as in `steering`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from asynctask._client import api, api_cluster
from asynctask._client.blocking_reading import BlockingReading
from asynctask._client.info import TaskInfo

if TYPE_CHECKING:
    from asynctask._client.info_cluster import ExecutorInfo, QueueInfo, TaskTypeInfo
    from asynctask._task import TaskType


class BlockingSteering(BlockingReading):
    """Steering tasks, and looking at what runs them."""

    def pause(self, task_id: str, reason: str = "") -> TaskInfo:
        """Stop a task at its next safe point, keeping its position. Raises TaskNotFound, WrongState."""
        return self._call(api.pause(task_id, reason))

    def resume(self, task_id: str, reason: str = "") -> TaskInfo:
        """Let a paused task go on, or withdraw a pause that is not carried out yet. Raises TaskNotFound, WrongState."""
        return self._call(api.resume(task_id, reason))

    def cancel(self, task_id: str, reason: str = "") -> TaskInfo:
        """Stop a task for good. Raises TaskNotFound, WrongState."""
        return self._call(api.cancel(task_id, reason))

    def restart(
        self, task_id: str, *, from_checkpoint: bool = False, start_now: bool = False, reason: str = ""
    ) -> TaskInfo:
        """Begin a new run of a task that has ended, from its start or its last checkpoint.

        One that was ended before its start time waits for that again, unless `start_now` is set.

        Raises TaskNotFound, WrongState, and TaskTypeDeleted (a WrongState) where the task's type was deleted.
        """
        return self._call(api.restart(task_id, from_checkpoint, start_now, reason))

    def delete(self, task_id: str, *, force: bool = False, reason: str = "") -> bool:
        """Hide a task that has ended; with `force` any, which is cancelled first.

        Gives False when it will be hidden once its executor has stopped. Raises TaskNotFound, WrongState.
        """
        return self._call(api.delete(task_id, force, reason))

    def update(
        self, task_id: str, *, priority: int | None = None, labels: Mapping[str, str] | None = None
    ) -> TaskInfo:
        """Change a task's priority, or replace its labels. Raises TaskNotFound, WrongState, InvalidInput."""
        return self._call(api.update(task_id, priority, labels))

    # --- types, executors, queues -------------------------------------------------------------------------------------

    def register_task_type(self, task_type: TaskType) -> TaskTypeInfo:
        """Declare a type before any executor runs it, so that its tasks can be submitted."""
        return self._call(api_cluster.register_task_type(task_type))

    def task_types(self) -> Sequence[TaskTypeInfo]:
        """Every registered task type, by name."""
        found: list[TaskTypeInfo] = []
        token, more = "", True
        while more:
            page, token = self._call(api_cluster.task_types_page(token))
            found += page
            more = bool(token)
        return found

    def task_type(self, name: str) -> TaskTypeInfo:
        """One task type. Raises TaskTypeNotFound."""
        return self._call(api_cluster.task_type(name))

    def delete_task_type(self, name: str) -> None:
        """Delete a type of which every task has ended. Refused while one waits or runs, so none is left behind.

        Those that have ended stay: all about them can be read, but they cannot be restarted, and submits of the type
        are refused. An executor that declared the type stays connected and runs its other types, and nothing of this
        one. The type is back once an executor declares it: that one when it connects again, or any other.

        Raises:
            TaskTypeNotFound: there is no such type; after OutcomeUnknown this says that it is deleted.
            TaskTypeInUse: a task of it has not ended; the message names one.
        """
        self._call(api_cluster.delete_task_type(name))

    def executors(self) -> Sequence[ExecutorInfo]:
        """Every executor that is connected, or was a minute ago."""
        found: list[ExecutorInfo] = []
        token, more = "", True
        while more:
            page, token = self._call(api_cluster.executors_page(token))
            found += page
            more = bool(token)
        return found

    def executor(self, executor_id: str) -> ExecutorInfo:
        """One executor. Raises ExecutorNotFound."""
        return self._call(api_cluster.executor(executor_id))

    def drain_executor(self, executor_id: str, reason: str = "") -> None:
        """Ask an executor to take nothing new, give back what it holds, and end. Raises ExecutorNotFound."""
        self._call(api_cluster.drain_executor(executor_id, reason))

    def queues(self) -> Sequence[QueueInfo]:
        """Every queue, by name."""
        found: list[QueueInfo] = []
        token, more = "", True
        while more:
            page, token = self._call(api_cluster.queues_page(token))
            found += page
            more = bool(token)
        return found

    def queue(self, name: str) -> QueueInfo:
        """One queue, with each of its types. Raises QueueNotFound."""
        return self._call(api_cluster.queue(name))
