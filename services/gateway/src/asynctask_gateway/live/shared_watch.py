"""One watch of the scheduler for all readers of one filter. It is opened for the first and closed after the last.

A task is encoded once, however many readers there are. A reader that comes with an older token first catches up on a
watch of its own, see `watches`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from typing import Any, Final

from asynctask_chassis.supervision import supervised
from asynctask_core.errors import AsyncTaskError, InternalError, TryAgain, Unreachable
from asynctask_core.json_text import json_utf8
from asynctask_core.message_json.encode import to_json
from asynctask_gateway.live.reader import EncodedTask, EventReader
from asynctask_gateway.metrics import GatewayMetrics
from asynctask_protos.scheduler.v1.task_service_pb2 import WatchTasksRequest, WatchTasksResponse
from asynctask_protos.task.v1.task_pb2 import Task

AGAIN_S: Final = 0.5
"""Pause before a watch that broke is opened again."""
OpenWatch = Callable[[WatchTasksRequest], AsyncGenerator[Any]]


class SharedWatch:
    """One watch upstream, and its readers."""

    def __init__(self, request: WatchTasksRequest, open_watch: OpenWatch, metrics: GatewayMetrics) -> None:
        self._request = request
        self._open_watch = open_watch
        self._metrics = metrics
        self._readers: set[EventReader] = set()
        self._latest: dict[str, EncodedTask] = {}
        """The present state of tasks that are watched by id, for readers that come later."""
        self._is_by_id = bool(request.task_ids or request.task_id)
        self._caught_up = False
        self.token = ""
        """Where the watch is; empty before its first message."""
        self.failure: AsyncTaskError | None = None
        """Why the watch ended for good, such as a task that does not exist."""
        self.begun = asyncio.Event()
        """Set with the first message, or the failure: every change after it comes here."""
        self._running = supervised(asyncio.create_task(self._run()), "a shared watch")

    @contextmanager
    def reader(self, *, has_caught_up: bool) -> Iterator[EventReader]:
        """A reader of every change from now on; one that has not caught up also gets the present state."""
        reader = EventReader()
        if self.failure is not None:
            reader.fail(self.failure)
        elif not has_caught_up:
            reader.put(self._latest.values(), self.token, caught_up=self._caught_up)
        self._readers.add(reader)
        try:
            yield reader
        finally:
            self._readers.discard(reader)

    @property
    def is_idle(self) -> bool:
        """Whether nobody reads it."""
        return not self._readers

    def close(self) -> None:
        """End the watch upstream."""
        self._running.cancel()

    async def _run(self) -> None:
        with self._metrics.upstreams.track_inprogress():
            while True:
                lost: AsyncTaskError = Unreachable("the scheduler stops")
                try:
                    async with aclosing(self._open_watch(self._request)) as messages:
                        async for message in messages:
                            self._take(message)
                except TryAgain as error:
                    if not self.token:
                        self._fail(error)
                        return
                    lost = error
                except AsyncTaskError as error:
                    self._fail(error)
                    return
                except Exception:
                    # Else its readers would get heartbeats and nothing else for ever. `supervised` logs it.
                    self._fail(InternalError("a fault of the gateway; its log says more"))
                    raise
                for reader in self._readers:
                    reader.interrupt(lost)
                await asyncio.sleep(AGAIN_S)

    def _take(self, message: WatchTasksResponse) -> None:
        if message.resume_token:
            self.token = self._request.resume_token = message.resume_token
        self._caught_up |= message.caught_up
        self.begun.set()
        tasks = [encoded(task) for task in message.tasks]
        if self._is_by_id:
            self._latest.update((task.task_id, task) for task in tasks)
        for reader in self._readers:
            reader.put(tasks, message.resume_token, caught_up=message.caught_up)

    def _fail(self, error: AsyncTaskError) -> None:
        self.failure = error
        self.begun.set()
        for reader in self._readers:
            reader.fail(error)


def encoded(task: Task) -> EncodedTask:
    """A task as it is sent to every reader."""
    return EncodedTask(task.task_id, task.version, json_utf8(to_json(task)))


@dataclass(slots=True)
class _JoinedWatch:
    watch: SharedWatch
    readers: int = 0


class SharedWatches:
    """The shared watches by their filters."""

    def __init__(self, open_watch: OpenWatch, metrics: GatewayMetrics) -> None:
        self._open_watch = open_watch
        self._metrics = metrics
        self._watches: dict[bytes, _JoinedWatch] = {}

    @contextmanager
    def join(self, request: WatchTasksRequest) -> Iterator[SharedWatch]:
        """The watch for a request without a token, open while this block is entered."""
        key = request.SerializeToString(deterministic=True)
        opened = self._watches.get(key)
        if opened is None or opened.watch.failure is not None:
            opened = self._watches[key] = _JoinedWatch(
                SharedWatch(_copy(request), self._open_watch, self._metrics)
            )
        opened.readers += 1
        try:
            yield opened.watch
        finally:
            opened.readers -= 1
            if not opened.readers:
                opened.watch.close()
                if self._watches.get(key) is opened:
                    del self._watches[key]


def _copy(request: WatchTasksRequest) -> WatchTasksRequest:
    copy = WatchTasksRequest()
    copy.CopyFrom(request)
    return copy
