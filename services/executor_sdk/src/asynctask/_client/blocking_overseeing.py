"""Generated from overseeing.py by `./dev blocking`: the same calls, for the blocking client."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from asynctask._client import api_cluster
from asynctask._client.blocking_caller import BlockingCaller

if TYPE_CHECKING:
    from asynctask._client.info_cluster import (
        ExecutorInfo,
        FailuresInfo,
        OverviewInfo,
        QueueInfo,
        SeriesInfo,
        TaskTypeInfo,
    )
    from asynctask._options import Duration
    from asynctask._task import TaskType


class BlockingOverseeing(BlockingCaller):
    """Reads counts, types, executors and queues; declares and deletes types; drains executors."""

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
        """Delete a type whose tasks have all ended; refused while one waits or runs.

        The ended tasks stay: they can be read, but not restarted. Submits of the type are refused. An executor that
        declared the type stays connected, and runs only its other types. The type exists again once an executor
        declares it: the same one when it connects again, or any other.

        Raises:
            TaskTypeNotFound: there is no such type; after OutcomeUnknown this means that it is deleted.
            TaskTypeInUse: a task of the type has not ended; the message names one.
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
        """Ask an executor to take no new tasks, give back those it holds, and end. Raises ExecutorNotFound."""
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

    def overview(self) -> OverviewInfo:
        """How many tasks there are by type and state, which one waits longest, and how many failed within a day.

        It costs the same at any number of tasks.
        """
        return self._call(api_cluster.overview())

    def series(
        self,
        task_type: str | TaskType | None = None,
        *,
        start: datetime | None = None,
        end: datetime | None = None,
        step: Duration | None = None,
    ) -> SeriesInfo:
        """What happened to tasks in each step of a span of time, at most 40 days ago.

        Args:
            task_type: only tasks of this type.
            start: an aware datetime, rounded down to a full step; by default an hour before `end`.
            end: an aware datetime in the last step; by default now.
            step: length of a step: a multiple of a minute for a span of the last 26 hours, else of an hour; by default
                the shortest usual length with which the span has at most 120 steps.
        """
        return self._call(api_cluster.series(task_type, (start, end), step))

    def failures(
        self,
        task_type: str | TaskType | None = None,
        *,
        submitted_after: datetime | None = None,
        limit: int = 20,
    ) -> FailuresInfo:
        """Why tasks failed: those that stand at failed, grouped by the kind of their error, the latest group first.

        Args:
            task_type: only tasks of this type.
            submitted_after: only tasks that were submitted at or after this aware datetime; by default seven days ago.
            limit: at most so many groups, up to 100.
        """
        return self._call(api_cluster.failures(task_type, submitted_after, limit))
