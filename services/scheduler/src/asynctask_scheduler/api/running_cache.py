"""The running tasks of one watch, for live progress to be laid over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from asynctask_core.limits import MIB
from asynctask_protos.scheduler.v1.executor_service_pb2 import ProgressReport
from asynctask_protos.task.v1.state_pb2 import TaskState
from asynctask_protos.task.v1.task_pb2 import Task
from asynctask_scheduler.feed.live import lay_over

MOST_CACHED: Final = 10_000
"""Running tasks that one watch keeps."""
CACHED_BYTES: Final = 16 * MIB
"""Their bytes: room for that many without payloads, or for four of the largest views."""


class RunningTaskCache:
    """Keeps as many running tasks as fit, as they were sent; a watch reads any other again when it has progress.

    It keeps their bytes: a message would keep all that was ever laid over it, and the page with which it was read.
    """

    def __init__(self) -> None:
        self._tasks: dict[bytes, bytes] = {}
        self.nbytes = 0

    def __contains__(self, task_id: bytes) -> bool:
        """Whether a task is kept."""
        return task_id in self._tasks

    def __len__(self) -> int:
        """How many tasks are kept."""
        return len(self._tasks)

    def put(self, task_id: bytes, task: Task) -> None:
        """Take a task in place of what is kept of it; one that does not run or fit in is not kept."""
        self.drop(task_id)
        if task.task_status != TaskState.TASK_STATE_RUNNING or len(self._tasks) >= MOST_CACHED:
            return
        if self.nbytes + task.ByteSize() <= CACHED_BYTES:
            data = self._tasks[task_id] = task.SerializeToString()
            self.nbytes += len(data)

    def drop(self, task_id: bytes) -> None:
        """Forget a task."""
        self.nbytes -= len(self._tasks.pop(task_id, b""))

    def with_progress(self, reports: Mapping[bytes, ProgressReport]) -> Iterator[Task]:
        """Give each task that is kept and has progress, with that."""
        for task_id, report in reports.items():
            data = self._tasks.get(task_id)
            if data is not None:
                yield from self.laid_over([(task_id, Task.FromString(data))], {task_id: report})

    def laid_over(
        self, tasks: Iterable[tuple[bytes, Task]], reports: Mapping[bytes, ProgressReport]
    ) -> Iterator[Task]:
        """Lay progress over tasks that were read, and keep those that fit; gives those that have come on."""
        for task_id, task in tasks:
            has_come_on = lay_over(task, reports[task_id])
            self.put(task_id, task)
            if has_come_on:
                yield task
