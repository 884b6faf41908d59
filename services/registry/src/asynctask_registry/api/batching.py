"""Group commits: items of concurrent calls share a statement, and each call gets the answers for its own items."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self, TypeVar

from asynctask_chassis.batch import Batcher
from asynctask_core import limits
from asynctask_protos.registry.v1.ledger_service_pb2 import AttemptStart
from asynctask_registry.ledger.create import AnyTask, CreatedTask
from asynctask_registry.ledger.folding import AttemptEvents, RecordedEvents
from asynctask_registry.ledger.ledger import Ledger
from asynctask_registry.ledger.start import StartedAttempt
from asynctask_registry.metrics import RegistryMetrics

T = TypeVar("T")
R = TypeVar("R")

MAX_QUEUED = 20_000
"""Items of one kind that may wait; more are refused as OVERLOADED before they time out."""


class Batchers:
    """Batches of the three commands that every task needs: create, start, record."""

    def __init__(self, ledger: Ledger, metrics: RegistryMetrics, *, flights: int) -> None:
        self._metrics = metrics
        self.create: Batcher[AnyTask, CreatedTask] = self._batcher(
            "create", ledger.task_writer.create, flights
        )
        self.start: Batcher[AttemptStart, StartedAttempt] = self._batcher(
            "start", ledger.attempt_start_writer.start, flights
        )
        self.record: Batcher[AttemptEvents, RecordedEvents] = self._batcher(
            "record", ledger.event_writer.record, flights
        )
        self._stack = AsyncExitStack()

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

    async def __aenter__(self) -> Self:
        for batcher in (self.create, self.start, self.record):
            await self._stack.enter_async_context(batcher)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._stack.aclose()
