"""The running tasks of one watch, kept so that live progress can be put into them."""

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
"""How many running tasks one watch keeps."""
CACHED_BYTES: Final = 16 * MIB
"""How many bytes they may have: enough for that many without payloads, or for four of the largest views."""
MOST_READ_AGAIN: Final = 100
"""How many tasks that are not kept a watch reads again in one page."""

ReadPage = Callable[[Sequence[bytes]], Awaitable[tuple[list[Task], Sequence[bytes]]]]
"""Reads as many of some tasks as fit into a page; also returns the ids for later pages."""


class RunningTaskCache:
    """Keeps running tasks as they were sent, as many as fit; a watch reads the others again when they have progress.

    It keeps serialized bytes: a message object would keep every progress ever put into it, and the page with which it
    was read. Tasks that do not fit are read again in turn, one page each time: a watch of more tasks is slower, but
    does not cost more. Until then the latest progress of each waits.
    """

    def __init__(self) -> None:
        self._tasks: dict[bytes, bytes] = {}
        # In the order in which tasks are read again; newer progress of a task replaces the older one in place.
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
        """Replace the kept form of a task; a task that does not run, or does not fit, is not kept."""
        self.drop(task_id)
        if task.task_status != TaskState.TASK_STATE_RUNNING or len(self._tasks) >= MOST_CACHED:
            return
        if self.nbytes + task.ByteSize() <= CACHED_BYTES:
            data = self._tasks[task_id] = task.SerializeToString()
            self.nbytes += len(data)

    def drop(self, task_id: bytes) -> None:
        """Drop a task, and its progress that waits."""
        self._waiting.pop(task_id, None)
        self.nbytes -= len(self._tasks.pop(task_id, b""))

    def forget(self) -> None:
        """Drop every task, so that each is read again with its next progress."""
        self._tasks.clear()
        self.nbytes = 0

    def with_progress(self, reports: Mapping[bytes, ProgressReport]) -> Iterator[Task]:
        """Yield each kept task that has progress, with it. Progress of other tasks waits: see `read_again`."""
        for task_id, report in reports.items():
            data = self._tasks.get(task_id)
            if data is not None:
                yield from self.laid_over([(task_id, Task.FromString(data))], {task_id: report})
            elif task_id in self._waiting or len(self._waiting) < MOST_REPORTS:
                self._waiting[task_id] = report

    async def read_again(self, read_page: ReadPage) -> tuple[list[Task], Mapping[bytes, ProgressReport]]:
        """Read a page of the tasks that have waited longest; also returns the progress that waited for them."""
        task_ids = list(islice(self._waiting, MOST_READ_AGAIN))
        if not task_ids:
            return [], {}
        tasks, left = await read_page(task_ids)
        read = set(task_ids).difference(left)
        return tasks, {task_id: self._waiting.pop(task_id) for task_id in read}

    def laid_over(
        self, tasks: Iterable[tuple[bytes, Task]], reports: Mapping[bytes, ProgressReport]
    ) -> Iterator[Task]:
        """Put progress into tasks that were read, and keep those that fit; yield those that have progressed."""
        for task_id, task in tasks:
            has_come_on = lay_over(task, reports[task_id])
            self.put(task_id, task)
            if has_come_on:
                yield task
