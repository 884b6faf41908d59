"""What one reader of an event stream has yet to get: the latest state of each changed task, within a bound."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from asynctask_core.errors import AsyncTaskError
from asynctask_gateway.live.frames import frame, tasks_frame
from asynctask_gateway.problems import problem_of

MOST_BYTES: Final = 8 << 20
"""A reader with more to get than this is too slow: it is told to resume by its token, from what it has got."""
FORGET_S: Final = 60.0
"""A shared watch may be behind what a reader caught up with: by an event on its way, or by progress of a task that the
scheduler read up to some seconds before. After so long it is not.
"""


@dataclass(frozen=True, slots=True)
class EncodedTask:
    """A task as JSON, with what readers go by."""

    task_id: str
    version: int
    body: bytes


class EventReader:
    """The buffer of one reader. Of several states of a task only the latest is kept."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._tasks: dict[str, EncodedTask] = {}
        self._bytes = 0
        self._token = ""
        self._caught_up = False
        self._sent: dict[str, int] = {}
        """Versions that the reader got elsewhere, while it caught up."""
        self._sent_at = 0.0
        self._filled = asyncio.Event()
        self._is_interrupted = False
        """Whether the watch is lost: the reader is told once, however often opening it again fails."""
        self._interruption: AsyncTaskError | None = None
        """Why the watch was lost, until the reader is told."""
        self._was_told = False
        """Whether the reader was told elsewhere that it has caught up: it is told once."""
        self.failure: AsyncTaskError | None = None
        """Why the stream ends."""
        self.is_slow = False
        """Whether it had more to get than a reader may; from then on nothing is kept for it."""

    def put(self, tasks: Iterable[EncodedTask], token: str, *, caught_up: bool) -> None:
        """Keep tasks for the next event; a state that is older than what was sent is dropped."""
        self._is_interrupted = False
        if self.is_slow:
            return
        if self._sent and self._clock() > self._sent_at + FORGET_S:
            self._sent.clear()
        was_empty = not self._tasks
        for task in tasks:
            sent = self._sent.get(task.task_id)
            if sent is not None:
                if task.version < sent:
                    continue
                del self._sent[task.task_id]  # from here on the shared watch gives them in order
            former = self._tasks.get(task.task_id)
            self._bytes += len(task.body) - (len(former.body) if former else 0)
            self._tasks[task.task_id] = task
        self._token = token or self._token
        self._caught_up |= caught_up and not self._was_told
        if self._bytes > MOST_BYTES and not was_empty:
            # It resumes from what it has got: the rest is read again then. What comes at once is never too much, such
            # as the present state of many large tasks: it would be as large at every try.
            self.is_slow = True
            self._tasks, self._bytes = {}, 0
        if self.is_slow or self._tasks or token or caught_up:
            self._filled.set()

    def already_sent(self, tasks: Iterable[EncodedTask], *, caught_up: bool = False) -> None:
        """Note what the reader got elsewhere, while it caught up."""
        self._sent_at = self._clock()
        self._was_told |= caught_up
        for task in tasks:
            self._sent[task.task_id] = task.version
            kept = self._tasks.get(task.task_id)
            if kept is not None and kept.version < task.version:
                self._bytes -= len(kept.body)
                del self._tasks[task.task_id]

    def interrupt(self, why: AsyncTaskError) -> None:
        """The watch was lost because of `why`, and is opened again by itself.

        A second call has no effect before the next `put`.
        """
        if self._is_interrupted:
            return
        self._is_interrupted = True
        self._interruption = why
        self._was_told = False
        self._filled.set()

    def fail(self, error: AsyncTaskError) -> None:
        """The watch ended for good."""
        self.failure = error
        self._filled.set()

    async def wait(self) -> None:
        """Wait until there is something to send, or the end."""
        await self._filled.wait()

    def take(self) -> bytes:
        """Everything that was kept, as events."""
        self._filled.clear()
        events = b""
        if self._interruption is not None:
            events = frame(problem_of(self._interruption), event="interrupted")
            self._interruption = None
        if self._tasks or self._token or self._caught_up:
            bodies = [task.body for task in self._tasks.values()]
            events += tasks_frame(bodies, self._token, caught_up=self._caught_up)
        self._tasks = {}
        self._bytes = 0
        self._token = ""
        self._caught_up = False
        return events
