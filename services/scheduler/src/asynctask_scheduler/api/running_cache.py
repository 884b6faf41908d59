"""The running tasks of one watch, for live progress to be laid over."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from asynctask_core.limits import MIB
from asynctask_protos.scheduler.v1.executor_service_pb2 import ProgressReport
from asynctask_protos.task.v1.state_pb2 import TaskState
from asynctask_protos.task.v1.task_pb2 import Task
from asynctask_scheduler.feed.live import lay_over
from asynctask_scheduler.feed.subscriber import MOST_REPORTS

MOST_CACHED: Final = 10_000
"""Running tasks that one watch keeps."""
CACHED_BYTES: Final = 16 * MIB
"""Their bytes: room for that many without payloads, or for four of the largest views."""
MOST_READ_AGAIN: Final = 100
"""Tasks that are not kept, and that one watch reads again in one page."""

ReadPage = Callable[[Sequence[bytes]], Awaitable[tuple[list[Task], Sequence[bytes]]]]
"""Reads as many of some tasks as fit into a page; also gives the ids left for other pages."""


class RunningTaskCache:
    """Keeps as many running tasks as fit, as they were sent; a watch reads any other again when it has progress.

    It keeps their bytes: a message would keep all that was ever laid over it, and the page with which it was read.
    Tasks that do not fit are read again in turn, one page each time, so a watch of more of them is slower and costs no
    more. The latest progress of each waits until then.
    """

    def __init__(self) -> None:
        self._tasks: dict[bytes, bytes] = {}
        # The task whose turn is next comes first: newer progress of a task takes the place of its older one.
        self._waiting: dict[bytes, ProgressReport] = {}
        self.nbytes = 0

    def __len__(self) -> int:
        """How many tasks are kept."""
        return len(self._tasks)

    @property
    def is_behind(self) -> bool:
        """Whether progress waits for a task to be read again."""
        return bool(self._waiting)

    def put(self, task_id: bytes, task: Task) -> None:
        """Take a task in place of what is kept of it; one that does not run or fit in is not kept."""
        self.drop(task_id)
        if task.task_status != TaskState.TASK_STATE_RUNNING or len(self._tasks) >= MOST_CACHED:
            return
        if self.nbytes + task.ByteSize() <= CACHED_BYTES:
            data = self._tasks[task_id] = task.SerializeToString()
            self.nbytes += len(data)

    def drop(self, task_id: bytes) -> None:
        """Forget a task, and progress of it that waits."""
        self._waiting.pop(task_id, None)
        self.nbytes -= len(self._tasks.pop(task_id, b""))

    def with_progress(self, reports: Mapping[bytes, ProgressReport]) -> Iterator[Task]:
        """Give each task that is kept and has progress, with that. Progress of others waits: see `read_again`."""
        for task_id, report in reports.items():
            data = self._tasks.get(task_id)
            if data is not None:
                yield from self.laid_over([(task_id, Task.FromString(data))], {task_id: report})
            elif task_id in self._waiting or len(self._waiting) < MOST_REPORTS:
                self._waiting[task_id] = report

    async def read_again(self, read_page: ReadPage) -> tuple[list[Task], Mapping[bytes, ProgressReport]]:
        """Read a page of the tasks that have waited longest; also gives the progress that waited for them."""
        task_ids = list(islice(self._waiting, MOST_READ_AGAIN))
        if not task_ids:
            return [], {}
        tasks, left = await read_page(task_ids)
        read = set(task_ids).difference(left)
        return tasks, {task_id: self._waiting.pop(task_id) for task_id in read}

    def laid_over(
        self, tasks: Iterable[tuple[bytes, Task]], reports: Mapping[bytes, ProgressReport]
    ) -> Iterator[Task]:
        """Lay progress over tasks that were read, and keep those that fit; gives those that have come on."""
        for task_id, task in tasks:
            has_come_on = lay_over(task, reports[task_id])
            self.put(task_id, task)
            if has_come_on:
                yield task
