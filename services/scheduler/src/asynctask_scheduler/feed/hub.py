"""One subscription of this replica to the feed, distributed to its watchers; none while there are no watchers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import aclosing, contextmanager

from asynctask_protos.scheduler.v1.executor_service_pb2 import ProgressBatch
from asynctask_scheduler.feed.hints import FEED, PROGRESS, Hints
from asynctask_scheduler.feed.subscriber import Subscriber
from asynctask_scheduler.queue.hints import parse_feed


class Hub:
    """Distributes messages of the feed to subscribers."""

    def __init__(self, hints: Hints) -> None:
        self._hints = hints
        self._by_task: dict[bytes, set[Subscriber]] = {}
        self._of_all: set[Subscriber] = set()
        self._subscribers: set[Subscriber] = set()
        self._watched = asyncio.Event()
        self._is_closed = False

    @contextmanager
    def subscribe(self, task_ids: frozenset[bytes] | None) -> Iterator[Subscriber]:
        """Follow some tasks, or all of them, until the block ends."""
        subscriber = Subscriber(task_ids)
        if self._is_closed:
            subscriber.close()
        self._subscribers.add(subscriber)
        if task_ids is None:
            self._of_all.add(subscriber)
        for task_id in task_ids or ():
            self._by_task.setdefault(task_id, set()).add(subscriber)
        self._watched.set()
        try:
            yield subscriber
        finally:
            self._subscribers.discard(subscriber)
            self._of_all.discard(subscriber)
            for task_id in task_ids or ():
                followers = self._by_task[task_id]
                followers.discard(subscriber)
                if not followers:
                    del self._by_task[task_id]
            if not self._subscribers:
                self._watched.clear()

    def close(self) -> None:
        """End every watch of this replica, and those that begin from now on."""
        self._is_closed = True
        for subscriber in self._subscribers:
            subscriber.close()

    async def run(self) -> None:
        """Listen while there are watchers, until cancelled."""
        while True:
            await self._watched.wait()
            async with aclosing(self._hints.subscribe((FEED, PROGRESS))) as messages:
                async for channel, data in messages:
                    self._deal(channel, data)
                    if not self._subscribers:
                        break

    def _deal(self, channel: str, data: bytes) -> None:
        if channel == FEED:
            for subscriber in self._of_all:
                subscriber.poke()
            if self._by_task:
                by_task = self._by_task
                for record in parse_feed(data):
                    for subscriber in by_task.get(record.task_id, ()):
                        subscriber.changed(record.task_id, record.version)
        elif channel == PROGRESS:
            for report in ProgressBatch.FromString(data).reports:
                for subscriber in self._by_task.get(report.task_id, ()):
                    subscriber.progressed(report)
                for subscriber in self._of_all:
                    subscriber.progressed(report)
        else:
            for subscriber in self._subscribers:
                subscriber.missed()
