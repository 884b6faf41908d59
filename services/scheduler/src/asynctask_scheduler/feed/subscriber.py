"""Hints that one watcher has not handled yet: only the latest of each task, so memory grows with tasks, not changes."""

from __future__ import annotations

import asyncio

from asynctask_chassis.loop import pause_until
from asynctask_protos.scheduler.v1.executor_service_pb2 import ProgressReport

MOST_REPORTS = 10_000
"""For how many tasks progress waits for one watcher; progress of further tasks is dropped until it takes these."""


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
        """Note that a task has reached this row version."""
        if version > self._versions.get(task_id, -1):
            self._versions[task_id] = version
            self._filled.set()

    def poke(self) -> None:
        """Note that some task changed."""
        self._filled.set()

    def missed(self) -> None:
        """Note that hints may have been lost, so that the watcher must check all its tasks."""
        self._missed = True
        self._filled.set()

    def progressed(self, report: ProgressReport) -> None:
        """Note new live progress of a task."""
        if report.task_id in self._reports or len(self._reports) < MOST_REPORTS:
            self._reports[report.task_id] = report
            self._filled.set()

    def close(self) -> None:
        """End the watch: this replica stops, and the client must connect to another one."""
        self.is_closed = True
        self._filled.set()

    async def wait(self, seconds: float) -> bool:
        """Wait for a hint, at most `seconds`; whether there is one."""
        await pause_until(self._filled, seconds)
        return self._filled.is_set()

    def take(self) -> tuple[dict[bytes, int], dict[bytes, ProgressReport], bool]:
        """Return and clear the versions, the progress, and whether all tasks must be checked."""
        taken = self._versions, self._reports, self._missed
        self._versions, self._reports, self._missed = {}, {}, False
        self._filled.clear()
        return taken
