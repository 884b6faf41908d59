"""Pages of tasks, newest first. The position of a page is the id it ended at: submits in between change nothing.

A page reads a bounded number of rows and returns where it stopped, so a page of something rare may be short, or empty,
but is never slow. Every insert of a task writes every index of `tasks`, so there are only those by id, by type, and by
every state but `completed`. Labels, queues and errors are found by their terms (`ledger/terms`), which only those tasks
have that have such a thing. `walk_choice` finds the index with the fewest rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from asynctask_core import limits
from asynctask_core.ids import lowest_id
from asynctask_protos.task.v1.task_pb2 import Task
from asynctask_registry.catalogue.types import TypeCatalogue
from asynctask_registry.ledger.conditions import TaskConditions
from asynctask_registry.ledger.reads import read_page
from asynctask_registry.ledger.walk_choice import choose_walk
from asynctask_registry.ledger.walking import WalkSpan
from asynctask_registry.store.pool import StoreConnection
from asynctask_registry.store.pool_share import WorkRunner

_LOWEST: Final = bytes(16)
_HIGHEST: Final = b"\xff" * 16
_STEP: Final = 1000
"""Tasks that one statement reads."""
_SHORT_STEP: Final = 100
"""The least number of tasks that a statement reads when nearly every task should fit."""


@dataclass(frozen=True, slots=True)
class TaskPage:
    """Tasks, newest first, and the id below which the next page begins; empty when this is the last."""

    tasks: Sequence[Task]
    before: bytes


class TaskLister:
    """Reads pages of tasks. One page reads at most `most_rows` tasks, even if few of them fit the conditions."""

    def __init__(
        self, pool: WorkRunner, types: TypeCatalogue, *, most_rows: int = limits.WALKED_ROWS
    ) -> None:
        self._pool = pool
        self._types = types
        self._most_rows = most_rows

    async def page(
        self, conditions: TaskConditions, *, before: bytes = b"", page_size: int = 0, full: bool = False
    ) -> TaskPage:
        """Read at most `page_size` tasks with ids below `before`."""
        if not conditions.can_be_met:
            return TaskPage([], b"")
        types = await self._types.current()
        wanted = min(max(page_size, 1), limits.PAGE_ITEMS)

        async def read(connection: StoreConnection) -> TaskPage:
            ids, position = await self._walk(connection, conditions, before, wanted)
            tasks, count = await read_page(connection, ids, types, full=full)
            position = position if count == len(ids) else ids[count - 1]
            if conditions.error_fingerprint:
                # Those whose fingerprint is not written yet were looked at, too.
                tasks = [one for one in tasks if one.failure.fingerprint == conditions.error_fingerprint]
            return TaskPage(tasks, position)

        return await self._pool.run(read)

    async def _walk(
        self, connection: StoreConnection, conditions: TaskConditions, before: bytes, wanted: int
    ) -> tuple[list[bytes], bytes]:
        """Ids of tasks that meet the conditions, and the position of the next page."""
        low = lowest_id(conditions.submit_start_ms) if conditions.submit_start_ms else _LOWEST
        high = lowest_id(conditions.submit_end_ms) if conditions.submit_end_ms else _HIGHEST
        position = min(high, before) if before else high
        ids: list[bytes] = []
        left = self._most_rows
        for leg in await choose_walk(connection, conditions, low, position):
            is_last = leg.low >= position
            while not is_last:
                if left <= 0:
                    return ids, position
                # Without conditions nearly every row fits, but there may be many deleted tasks in a row.
                most = min(left, _STEP if conditions.are_any else max(wanted - len(ids), _SHORT_STEP))
                span = WalkSpan(leg.low, position, most, wanted - len(ids))
                found, position, is_last = await leg.walk.step(connection, span)
                ids += found
                if len(ids) == wanted:
                    return ids, ids[-1]
                left -= most
        return ids, b""
