"""Rows of `tasks` as facts for the life cycle."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from asynctask_core.lifecycle.standing import standing_of
from asynctask_core.states import Requested, TaskState, WaitingFor
from asynctask_core.task import TaskFacts
from asynctask_protos.registry.v1.standing_pb2 import Standing
from asynctask_registry.store.pool import Row, StoreConnection

_STATES: Final = {state.value: state for state in TaskState}
_WAITING_FOR: Final[dict[str | None, WaitingFor | None]] = {
    None: None,
    **{word.value: word for word in WaitingFor},
}
_REQUESTED: Final[dict[str | None, Requested | None]] = {
    None: None,
    **{word.value: word for word in Requested},
}


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task's facts at `now_us` by Postgres' clock, and its last attempt, running or not."""

    facts: TaskFacts
    last_attempt: bytes | None
    now_us: int
    may_have_warnings: bool = False

    @property
    def standing(self) -> Standing:
        """Where the task belongs in Redis."""
        return standing_of(self.facts, self.now_us)


def known(row: Row) -> TaskRow:
    """Read a row of `task_lock`, `task_facts` or a page of dispatchable tasks: the columns of `fragments/facts.sql`."""
    # Column by column in one step, words looked up rather than parsed: a rebuild does this a million times.
    (
        task_id, status, version, queue, task_type, priority, waiting_for, requested, ready_at_us, due_at_us,
        attempt_id, executor_id, epoch, last_event, last_chunk, run, attempt_count, error_count, lost_count,
        undelivered_count, release_count, stage, is_deleted, delete_requested, may_have_warnings, postpone_count,
        now_us,
    ) = row  # fmt: skip
    state = _STATES[status]
    facts = TaskFacts(
        task_id,
        state,
        version,
        queue,
        task_type,
        priority,
        _WAITING_FOR[waiting_for],
        _REQUESTED[requested],
        ready_at_us,
        due_at_us,
        attempt_id if state is TaskState.RUNNING else None,
        executor_id,
        epoch,
        last_event,
        last_chunk,
        run,
        attempt_count,
        error_count,
        lost_count,
        undelivered_count,
        release_count,
        stage,
        is_deleted,
        delete_requested,
        postpone_count,
    )
    return TaskRow(facts, attempt_id, now_us, may_have_warnings)


async def lock(connection: StoreConnection, task_ids: Iterable[bytes]) -> dict[bytes, TaskRow]:
    """Lock tasks in the order of their ids until the transaction ends; absent ones are left out."""
    return await _fetch(connection, "task_lock", task_ids)


async def look(connection: StoreConnection, task_ids: Iterable[bytes]) -> dict[bytes, TaskRow]:
    """Read tasks without locking them; absent ones are left out."""
    return await _fetch(connection, "task_facts", task_ids)


async def _fetch(
    connection: StoreConnection, statement: str, task_ids: Iterable[bytes]
) -> dict[bytes, TaskRow]:
    ids = sorted(set(task_ids))
    if not ids:
        return {}
    rows = await connection.fetch(statement, task_ids=ids, low=ids[0], high=ids[-1])
    return {row["task_id"]: known(row) for row in rows}


async def configs(connection: StoreConnection, task_ids: Iterable[bytes]) -> dict[bytes, str]:
    """Read the configs of tasks; absent ones are left out."""
    ids = sorted(set(task_ids))
    if not ids:
        return {}
    rows = await connection.fetch("task_configs", task_ids=ids, low=ids[0], high=ids[-1])
    return {row["task_id"]: row["task_config"] for row in rows}
