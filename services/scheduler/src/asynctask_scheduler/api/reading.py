"""Reads tasks, with live progress of running ones. Concurrent reads of single tasks share one call."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from asynctask_chassis.batch import Batcher
from asynctask_core.errors import StoreUnavailable, TaskNotFound
from asynctask_core.ids import id_text, parse_id
from asynctask_protos.scheduler.v1.executor_service_pb2 import ProgressReport
from asynctask_protos.task.v1.state_pb2 import TaskState
from asynctask_protos.task.v1.task_pb2 import Task, TaskView
from asynctask_scheduler.feed.live import lay_over
from asynctask_scheduler.queue.port import ExecutorSessions
from asynctask_scheduler.registry.client import RegistryClient

RUNNING = TaskState.TASK_STATE_RUNNING


class TaskReader:
    """Reads tasks for people."""

    def __init__(self, registry: RegistryClient, queue: ExecutorSessions) -> None:
        self._registry = registry
        self._queue = queue
        self._full: Batcher[bytes, Task | None] = Batcher(self._read_full, max_items=100, flights=4)
        self._basic: Batcher[bytes, Task | None] = Batcher(self._read_basic, max_items=500, flights=4)

    async def get(self, task_id: bytes, view: TaskView.ValueType) -> Task:
        """Read one task.

        Raises:
            TaskNotFound: the task does not exist, or is deleted.
        """
        batcher = self._basic if view == TaskView.TASK_VIEW_BASIC else self._full
        task = await batcher.add_one(task_id)
        if task is None:
            raise not_found(task_id)
        return task

    async def exists(self, task_id: bytes) -> None:
        """Raise TaskNotFound unless the task exists."""
        await self.get(task_id, TaskView.TASK_VIEW_BASIC)

    async def read(
        self, task_ids: Sequence[bytes], view: TaskView.ValueType, *, include_deleted: bool = False
    ) -> list[Task]:
        """Read tasks that exist, in any order, with live progress."""
        tasks = await self._registry.get_tasks(task_ids, view, include_deleted=include_deleted)
        await self.add_progress(tasks)
        return tasks

    async def read_page(
        self, task_ids: Sequence[bytes], view: TaskView.ValueType, *, include_deleted: bool = False
    ) -> tuple[list[Task], Sequence[bytes]]:
        """Read a page of tasks that exist, in any order, with live progress; also returns the ids for later pages."""
        tasks, left = await self._registry.get_page(task_ids, view, include_deleted=include_deleted)
        await self.add_progress(tasks)
        return tasks, left

    async def add_progress(self, tasks: Iterable[Task]) -> None:
        """Put live progress into running tasks. While Redis is unavailable they keep the stored progress."""
        running = {parse_id(task.task_id): task for task in tasks if task.task_status == RUNNING}
        if not running:
            return
        try:
            progress = await self._queue.get_progress(list(running))
        except StoreUnavailable:
            return
        for task_id, data in progress.items():
            lay_over(running[task_id], ProgressReport.FromString(data))

    async def _read_full(self, task_ids: list[bytes]) -> Sequence[Task | None]:
        return await self._read_each(task_ids, TaskView.TASK_VIEW_FULL)

    async def _read_basic(self, task_ids: list[bytes]) -> Sequence[Task | None]:
        return await self._read_each(task_ids, TaskView.TASK_VIEW_BASIC)

    async def _read_each(self, task_ids: list[bytes], view: TaskView.ValueType) -> Sequence[Task | None]:
        found = {
            parse_id(task.task_id): task for task in await self.read(list(dict.fromkeys(task_ids)), view)
        }
        return [found.get(task_id) for task_id in task_ids]


def not_found(task_id: bytes) -> TaskNotFound:
    """Build the error for a task that does not exist."""
    text = id_text(task_id)
    return TaskNotFound(f"no task has the id {text}, or it is deleted", metadata={"task_id": text})
