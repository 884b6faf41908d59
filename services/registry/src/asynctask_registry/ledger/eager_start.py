"""Inserts tasks that an executor waits for as running under their first attempt, in one commit.

A task that needs more than a plain insert is left out: it is created like any other task, and started later.
"""

from __future__ import annotations

from collections.abc import Sequence

from asynctask_core.ids import RECENT_MS
from asynctask_protos.registry.v1.ledger_service_pb2 import AttemptStart
from asynctask_registry.catalogue.types import TypeCatalogue
from asynctask_registry.ledger.create import AnyTask, columns
from asynctask_registry.ledger.start import StartedAttempt, started_of
from asynctask_registry.store.faults import ContentRefused
from asynctask_registry.store.pool import Pool, Row, StoreConnection


class EagerStartWriter:
    """Creates and starts small batches of tasks at once."""

    def __init__(self, pool: Pool, types: TypeCatalogue) -> None:
        self._pool = pool
        self._types = types

    async def write(
        self, tasks: Sequence[AnyTask], starts: Sequence[AttemptStart]
    ) -> dict[int, StartedAttempt]:
        """Create and start the tasks that `starts` names, where possible; answers by position in `tasks`.

        Raises:
            StoreUnavailable, OutcomeUnknown: for all of them; repeat with the same ids.
        """
        numbers: dict[bytes, int] = {}
        for number, task in enumerate(tasks):
            numbers.setdefault(task.task_id, number)
        by_task = {start.task_id: start for start in starts}
        chosen = [
            task_id for task_id, n in sorted(numbers.items()) if task_id in by_task and _is_plain(tasks[n])
        ]
        if not chosen:
            return {}
        # Read before the insert: once the tasks are committed, nothing may fail any more.
        types = await self._types.with_types({tasks[numbers[task_id]].task_type for task_id in chosen})
        try:
            rows = await self._pool.run(
                lambda connection: _begin(
                    connection,
                    [tasks[numbers[task_id]] for task_id in chosen],
                    [by_task[task_id] for task_id in chosen],
                )
            )
        except ContentRefused:
            return {}  # a task is bad, or an attempt was ended before it began: the caller creates each as usual
        return {numbers[row["task_id"]]: started_of(row, types) for row in rows}


def _is_plain(task: AnyTask) -> bool:
    """Whether the task is ready at once, and its id alone decides whether it is new."""
    return not (task.request_id or task.delay_ms or task.start_at_us)


async def _begin(
    connection: StoreConnection, tasks: Sequence[AnyTask], starts: Sequence[AttemptStart]
) -> list[Row]:
    return await connection.fetch(
        "task_start_eagerly",
        **columns(tasks),
        attempt_ids=[start.attempt_id for start in starts],
        executor_ids=[start.executor_id for start in starts],
        recent_ms=RECENT_MS,
    )
