"""Every task that belongs in Redis, in pages, for rebuild, timers and sweep.

A page is one short statement or a few; no transaction stays open between two pages. A task that changes meanwhile is
sent as it was or as it is: standings carry versions, and each change is also applied to Redis by itself.

A page merges sources that an index delivers sorted: queued tasks by priority, all tasks by state. A cursor is the
position in every source, so any replica can continue a stream that broke.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from asynctask_core import limits
from asynctask_core.errors import FieldViolation, InvalidInput, TokenExpired
from asynctask_core.states import FINAL, TaskState
from asynctask_protos.registry.v1.ledger_service_pb2 import (
    DISPATCHABLE_SCOPE_ALL,
    DISPATCHABLE_SCOPE_DUE,
    DISPATCHABLE_SCOPE_QUEUED,
    DISPATCHABLE_SCOPE_RUNNING,
    StreamDispatchableRequest,
    StreamDispatchableResponse,
)
from asynctask_registry.ledger.facts import TaskRow, known
from asynctask_registry.store.pool import Pool

PAGE: Final = 1000
LARGEST_PAGE: Final = 5000

# Earlier than every stored time, and well inside the range of Postgres.
_DAWN_US: Final = 0

Position = tuple[int, bytes]
"""A time in microseconds (0 where only ids count) and a task id."""

_BEGIN: Final[Position] = (_DAWN_US, bytes(16))


@dataclass(slots=True)
class _Source:
    """Rows of one index in its order, read a page at a time."""

    statement: str
    values: dict[str, Any]
    position_of: Callable[[TaskRow], Position]
    arguments_of: Callable[[Position], dict[str, Any]]
    score: Callable[[TaskRow], tuple[int, bytes]]
    read_to: Position = _BEGIN
    given_to: Position = _BEGIN
    buffer: deque[TaskRow] = field(default_factory=deque[TaskRow])
    is_exhausted: bool = False

    async def fill(self, pool: Pool, page_size: int) -> None:
        """Read the next page if the buffer is empty."""
        if self.buffer or self.is_exhausted:
            return
        arguments = {**self.values, **self.arguments_of(self.read_to), "page_size": page_size}
        rows = await pool.run(lambda connection: connection.fetch(self.statement, **arguments))
        self.buffer.extend(known(row) for row in rows)
        self.is_exhausted = len(rows) < page_size
        if self.buffer:
            self.read_to = self.position_of(self.buffer[-1])

    def take(self) -> TaskRow:
        """Remove and return the first row of the buffer."""
        task = self.buffer.popleft()
        self.given_to = self.position_of(task)
        return task


async def stream(pool: Pool, request: StreamDispatchableRequest) -> AsyncIterator[StreamDispatchableResponse]:
    """Yield pages until all tasks, or `limit` of them, were sent.

    Raises:
        InvalidInput: no scope, or a page size out of range.
        TokenExpired: a cursor of another scope.
    """
    sources = _sources(request)
    page_size = request.page_size or PAGE
    if not 1 <= page_size <= LARGEST_PAGE:
        raise InvalidInput(
            [FieldViolation("page_size", f"must be from 1 to {LARGEST_PAGE}; got {page_size}")]
        )
    if request.cursor:
        _seek(sources, request.cursor)
    left = request.limit if request.limit > 0 else None
    while left is None or left > 0:
        tasks = await _page(pool, sources, page_size if left is None else min(page_size, left))
        if not tasks:
            return
        if left is not None:
            left -= len(tasks)
        cursor = ";".join(f"{us}.{task_id.hex()}" for us, task_id in (source.given_to for source in sources))
        yield StreamDispatchableResponse(standings=[task.standing for task in tasks], cursor=cursor)


async def _page(pool: Pool, sources: Sequence[_Source], page_size: int) -> list[TaskRow]:
    """Merge the heads of the sources, best score first."""
    for source in sources:
        await source.fill(pool, page_size)
    heads = [
        (source.score(source.buffer[0]), number) for number, source in enumerate(sources) if source.buffer
    ]
    heapq.heapify(heads)
    tasks: list[TaskRow] = []
    while heads:
        _, number = heapq.heappop(heads)
        source = sources[number]
        tasks.append(source.take())
        if len(tasks) == page_size:
            break  # the next rows are read with the next page, not before
        await source.fill(pool, page_size)
        if source.buffer:
            heapq.heappush(heads, (source.score(source.buffer[0]), number))
    return tasks


def _seek(sources: Sequence[_Source], cursor: str) -> None:
    parts = cursor.split(";")
    try:
        positions = [
            (int(us), bytes.fromhex(digits)) for us, _, digits in (part.partition(".") for part in parts)
        ]
    except ValueError:
        positions = []
    latest_us = limits.INSTANT_LAST_S * 1_000_000
    if len(positions) != len(sources) or any(
        len(task_id) != 16 or not 0 <= us <= latest_us for us, task_id in positions
    ):
        raise TokenExpired("the cursor is not one of this scope; begin anew")
    for source, position in zip(sources, positions, strict=True):
        source.read_to = source.given_to = position


def _sources(request: StreamDispatchableRequest) -> list[_Source]:
    match request.scope:
        case s if s == DISPATCHABLE_SCOPE_RUNNING:
            return [_by_state(TaskState.RUNNING)]
        case s if s == DISPATCHABLE_SCOPE_ALL:
            return [_by_state(state) for state in TaskState if state not in FINAL]
        case s if s == DISPATCHABLE_SCOPE_QUEUED:
            step_us = request.ageing_step_us or limits.AGEING_STEP_US
            first, last = limits.PRIORITY_FIRST, limits.PRIORITY_LAST
            return [_queued(priority, (priority - 1) * step_us) for priority in range(first, last + 1)]
        case s if s == DISPATCHABLE_SCOPE_DUE:
            return [_due(request.due_within_ms)]
        case _:
            raise InvalidInput([FieldViolation("scope", "must be RUNNING, QUEUED, DUE or ALL")])


def _by_state(state: TaskState) -> _Source:
    return _Source(
        statement="dispatch_state",
        values={"state": state.value},
        position_of=lambda task: (0, task.facts.task_id),
        arguments_of=lambda position: {"after": position[1]},
        score=lambda task: (0, task.facts.task_id),
    )


def _queued(priority: int, handicap_us: int) -> _Source:
    return _Source(
        statement="dispatch_queued",
        values={"priority": priority},
        position_of=lambda task: (task.facts.ready_at_us or 0, task.facts.task_id),
        arguments_of=lambda position: {"after_ready": position[0], "after_id": position[1]},
        score=lambda task: ((task.facts.ready_at_us or 0) + handicap_us, task.facts.task_id),
    )


def _due(within_ms: int) -> _Source:
    return _Source(
        statement="dispatch_due",
        values={"within_ms": within_ms},
        position_of=lambda task: (task.facts.due_at_us or 0, task.facts.task_id),
        arguments_of=lambda position: {"after_due": position[0], "after_id": position[1]},
        score=lambda task: (task.facts.due_at_us or 0, task.facts.task_id),
    )
