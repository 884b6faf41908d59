"""Rows of `tasks` and what the life cycle knows of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from asynctask_core.lifecycle import standing_of
from asynctask_core.states import Requested, TaskState, WaitingFor
from asynctask_core.task import TaskFacts
from asynctask_protos.registry.v1.standing_pb2 import Standing
from asynctask_registry.store.pool import Row, Session


@dataclass(frozen=True, slots=True)
class Known:
    """A task's facts at `now_us` by Postgres' clock, and the attempt that it had last, running or not."""

    facts: TaskFacts
    last_attempt: bytes | None
    now_us: int

    @property
    def standing(self) -> Standing:
        """Where it stands."""
        return standing_of(self.facts, self.now_us)


def known(row: Row) -> Known:
    """Read a row of `task_lock` or `task_facts`."""
    state = TaskState(row["task_status"])
    waiting_for, requested = row["waiting_for"], row["requested"]
    last_attempt = row["attempt_id"]
    facts = TaskFacts(
        task_id=row["task_id"],
        state=state,
        version=row["version"],
        queue=row["queue"],
        task_type=row["task_type"],
        priority=row["priority"],
        waiting_for=WaitingFor(waiting_for) if waiting_for else None,
        requested=Requested(requested) if requested else None,
        ready_at_us=row["ready_at"],
        due_at_us=row["due_at"],
        attempt_id=last_attempt if state is TaskState.RUNNING else None,
        executor_id=row["executor_id"],
        epoch=row["lease_epoch"],
        last_event=row["last_event"],
        last_chunk=row["last_chunk"],
        run=row["run"],
        attempt_count=row["attempt_count"],
        error_count=row["error_count"],
        lost_count=row["lost_count"],
        undelivered_count=row["undelivered_count"],
        release_count=row["release_count"],
        stage=row["stage"],
        deleted=row["is_deleted"],
        delete_requested=row["delete_requested"],
    )
    return Known(facts, last_attempt, row["now_us"])


async def lock(session: Session, task_ids: Iterable[bytes]) -> dict[bytes, Known]:
    """Lock tasks in the order of their ids until the transaction ends; absent ones are left out."""
    return await _fetch(session, "task_lock", task_ids)


async def look(session: Session, task_ids: Iterable[bytes]) -> dict[bytes, Known]:
    """Read tasks without locking them; absent ones are left out."""
    return await _fetch(session, "task_facts", task_ids)


async def _fetch(session: Session, statement: str, task_ids: Iterable[bytes]) -> dict[bytes, Known]:
    ids = sorted(set(task_ids))
    if not ids:
        return {}
    rows = await session.fetch(statement, task_ids=ids, low=ids[0], high=ids[-1])
    return {row["task_id"]: known(row) for row in rows}
