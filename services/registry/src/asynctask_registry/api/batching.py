"""Group commits: items of concurrent calls share a statement, and each call gets its own items' answers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self, TypeVar

from asynctask_chassis.batch import Batcher
from asynctask_core import limits
from asynctask_protos.registry.v1.ledger_service_pb2 import AttemptStart, NewTask
from asynctask_registry.ledger.create import Created
from asynctask_registry.ledger.folding import AttemptEvents, Recorded
from asynctask_registry.ledger.ledger import Ledger
from asynctask_registry.ledger.start import Started
from asynctask_registry.metrics import RegistryMetrics

T = TypeVar("T")
R = TypeVar("R")

MAX_QUEUED = 20_000
"""Items of one kind that may wait; more are refused as OVERLOADED before they time out."""


LONGEST_WAIT_S = 1.0
"""A start of a task whose creation takes longer is refused: other tasks' starts may be in the same call."""
START_TURNS = 4
"""Turns of the loop from the end of a creation until a start that waited for it is on its way to Postgres. It goes
first: somebody waits for the task to run, and answering takes a third of a millisecond."""


class Batchers:
    """The three commands that come once a task: create, start, record."""

    def __init__(self, ledger: Ledger, metrics: RegistryMetrics, *, flights: int) -> None:
        self._metrics = metrics
        self.create: Batcher[NewTask, Created] = self._batcher("create", ledger.creator.create, flights)
        self.start: Batcher[AttemptStart, Started] = self._batcher("start", ledger.starter.start, flights)
        self.record: Batcher[AttemptEvents, Recorded] = self._batcher(
            "record", ledger.recorder.record, flights
        )
        self._stack = AsyncExitStack()
        self._creating: dict[bytes, asyncio.Future[list[Created]]] = {}
        self._waited_for: set[asyncio.Future[list[Created]]] = set()

    def _batcher(
        self, kind: str, flush: Callable[[list[T]], Awaitable[Sequence[R]]], flights: int
    ) -> Batcher[T, R]:
        items = self._metrics.batch_items.labels(kind)

        async def counted(batch: list[T]) -> Sequence[R]:
            items.observe(len(batch))
            return await flush(batch)

        return Batcher(
            counted, max_items=500, max_bytes=limits.BATCH_BYTES, flights=flights, max_queued=MAX_QUEUED
        )

    async def created(self, tasks: Sequence[NewTask], *, nbytes: int) -> list[Created]:
        """Create tasks; one answer each, in order."""
        creating = self.create.add(tasks, nbytes=nbytes)
        for task in tasks:
            self._creating[task.task_id] = creating
        try:
            created = await creating
            if creating in self._waited_for:
                for _ in range(START_TURNS):
                    await asyncio.sleep(0)
            return created
        finally:
            self._waited_for.discard(creating)
            for task in tasks:
                if self._creating.get(task.task_id) is creating:
                    del self._creating[task.task_id]

    async def started(self, starts: Sequence[AttemptStart], *, nbytes: int) -> list[Started]:
        """Start tasks, one answer each, in order; after their creation, should that be under way here."""
        if self._creating:
            creating = {self._creating[one.task_id] for one in starts if one.task_id in self._creating}
            if creating:
                self._waited_for |= creating
                await asyncio.wait(creating, timeout=LONGEST_WAIT_S)
        return await self.start.add(starts, nbytes=nbytes)

    async def __aenter__(self) -> Self:
        for batcher in (self.create, self.start, self.record):
            await self._stack.enter_async_context(batcher)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._stack.aclose()
