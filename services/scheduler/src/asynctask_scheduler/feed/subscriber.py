"""What one watcher has not looked at yet: the latest of each task, so a slow one costs memory a task, not a change."""

from __future__ import annotations

import asyncio

from asynctask_chassis.loop import pause_until
from asynctask_protos.scheduler.v1.executor_service_pb2 import ProgressReport

MOST_REPORTS = 10_000
"""Latest progress of so many tasks waits for one watcher; beyond it new tasks' progress is left out until it looks."""


class Subscriber:
    """Collects hints for one watcher."""

    def __init__(self, task_ids: frozenset[bytes] | None) -> None:
        """Follow some tasks, or with None every task (then only `poke` and progress come, no versions)."""
        self.task_ids = task_ids
        self._versions: dict[bytes, int] = {}
        self._reports: dict[bytes, ProgressReport] = {}
        self._missed = False
        self._filled = asyncio.Event()
        self.is_closed = False

    def changed(self, task_id: bytes, version: int) -> None:
        """A task has this row version now, or had it."""
        if version > self._versions.get(task_id, -1):
            self._versions[task_id] = version
            self._filled.set()

    def poke(self) -> None:
        """Some task changed."""
        self._filled.set()

    def missed(self) -> None:
        """Hints may have been lost: look at everything."""
        self._missed = True
        self._filled.set()

    def progressed(self, report: ProgressReport) -> None:
        """A task has new live progress."""
        if report.task_id in self._reports or len(self._reports) < MOST_REPORTS:
            self._reports[report.task_id] = report
            self._filled.set()

    def close(self) -> None:
        """This replica ends: the watcher shall go elsewhere."""
        self.is_closed = True
        self._filled.set()

    async def wait(self, seconds: float) -> bool:
        """Wait for something to look at, at most `seconds`; whether there is."""
        await pause_until(self._filled, seconds)
        return self._filled.is_set()

    def take(self) -> tuple[dict[bytes, int], dict[bytes, ProgressReport], bool]:
        """Give versions, progress and whether to look at everything, and begin anew."""
        taken = self._versions, self._reports, self._missed
        self._versions, self._reports, self._missed = {}, {}, False
        self._filled.clear()
        return taken
