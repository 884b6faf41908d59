"""Sends progress: only the latest of each attempt, a few times a second."""

import asyncio
import logging
import threading
from collections.abc import Callable
from typing import Final

from asynctask._attempt.attempt import Attempt, fill_progress
from asynctask_core import limits
from asynctask_core.ids import id_text
from asynctask_protos.scheduler.v1 import executor_service_pb2

_log = logging.getLogger("asynctask.executor")

INTERVAL_S: Final = 0.2
"""Five times a second looks live; more reports would only be coalesced later."""


class ProgressGatherer:
    """Collects which attempts have new progress; `wake` is called on the loop when a batch is due."""

    __slots__ = ("_lock", "_loop", "_marked", "_next_at", "_wake", "due")

    def __init__(self, loop: asyncio.AbstractEventLoop, wake: Callable[[], object]) -> None:
        self._loop = loop
        self._wake = wake
        # Reentrant: a garbage collection in this thread may run code of a handler, and that may report progress.
        self._lock = threading.RLock()
        self._marked: list[Attempt] = []
        self._next_at = 0.0
        self.due: bool = False

    def report(self, attempt: Attempt) -> None:
        """Note new progress. From any thread; the value must be in the attempt already."""
        if attempt.progress_marked:
            return
        with self._lock:
            attempt.progress_marked = True
            self._marked.append(attempt)
            if len(self._marked) > 1:
                return  # a batch is planned already
        self._loop.call_soon_threadsafe(self._schedule)

    def take(self) -> executor_service_pb2.ProgressBatch | None:
        """The reports to send now; None if there are none."""
        self.due = False
        self._next_at = self._loop.time() + INTERVAL_S
        left: list[Attempt] = []
        with self._lock:
            marked, self._marked = self._marked, left
            left += marked[limits.BATCH_ITEMS :]
            del marked[limits.BATCH_ITEMS :]
            if left:
                self._loop.call_soon_threadsafe(self._schedule)
        batch = executor_service_pb2.ProgressBatch()
        for attempt in marked:
            # Unmarked before it is read: a value that comes in between marks it again, so the latest always goes out.
            attempt.progress_marked = False
            facts = attempt.progress
            if facts is not None and facts is not attempt.progress_carried and attempt.alive:
                report = executor_service_pb2.ProgressReport(
                    task_id=attempt.task_id, attempt_id=attempt.attempt_id, stage=attempt.stage
                )
                try:
                    fill_progress(report.progress, facts)
                except (TypeError, ValueError) as error:
                    # `ctx.progress` makes every text sendable. If one still cannot be sent, only its task has none.
                    attempt.progress = None
                    _log.error("progress.not_sent: task %s: %s", id_text(attempt.task_id), error)
                    continue
                batch.reports.append(report)
        return batch if batch.reports else None

    def _schedule(self) -> None:
        wait = self._next_at - self._loop.time()
        if wait <= 0:
            self._ring()
        else:
            self._loop.call_later(wait, self._ring)

    def _ring(self) -> None:
        self.due = True
        self._wake()
