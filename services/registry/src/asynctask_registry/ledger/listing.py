"""Pages of tasks, newest first. The position of a page is the id it ended at: submits in between change nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from asynctask_core import limits
from asynctask_core.states import TaskState
from asynctask_protos.task.v1.task_pb2 import Task
from asynctask_registry.catalogue.types import TypeCatalogue
from asynctask_registry.ledger.reads import to_tasks
from asynctask_registry.store.pool import Pool, Session

_LOWEST: Final = bytes(16)
_HIGHEST: Final = b"\xff" * 16


@dataclass(frozen=True, slots=True)
class TaskConditions:
    """Which tasks; empty fields are no condition. Times are milliseconds since the epoch, the end exclusive."""

    task_types: Sequence[str] = ()
    states: Sequence[TaskState] = ()
    submit_start_ms: int = 0
    submit_end_ms: int = 0
    queue: str = ""
    labels: Mapping[str, str] = field(default_factory=dict[str, str])


class Lister:
    """Reads pages of tasks."""

    def __init__(self, pool: Pool, types: TypeCatalogue) -> None:
        self._pool = pool
        self._types = types

    async def page(
        self, conditions: TaskConditions, *, before: bytes = b"", page_size: int = 0, full: bool = False
    ) -> list[Task]:
        """Read at most `page_size` tasks with ids below `before`, newest first."""
        low = _id_at(conditions.submit_start_ms) if conditions.submit_start_ms else _LOWEST
        high = _id_at(conditions.submit_end_ms) if conditions.submit_end_ms else _HIGHEST
        task_type, task_types = _one_or_many(conditions.task_types)
        state, states = _one_or_many([state.value for state in conditions.states])
        types = await self._types.current()

        async def read(session: Session) -> list[Task]:
            rows = await session.fetch(
                "task_list",
                task_type=task_type,
                task_types=task_types,
                state=state,
                states=states,
                queue=conditions.queue or None,
                labels=json.dumps(dict(conditions.labels)) if conditions.labels else None,
                low=low,
                high=min(high, before) if before else high,
                page_size=min(max(page_size, 1), limits.PAGE_ITEMS),
                full=full,
            )
            return await to_tasks(session, rows, types, full=full)

        return await self._pool.run(read)


def _one_or_many(values: Sequence[str]) -> tuple[str | None, list[str] | None]:
    if len(values) == 1:
        return values[0], None
    return None, list(values) or None


def _id_at(ms: int) -> bytes:
    """The lowest id of a millisecond."""
    return min(max(ms, 0), (1 << 48) - 1).to_bytes(6, "big") + bytes(10)
