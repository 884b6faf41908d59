"""The statements that write decisions of the life cycle back: many tasks in one statement, under their row locks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from asynctask_core.task import TaskFacts
from asynctask_registry.ledger.terms import name_errors
from asynctask_registry.ledger.transition.moves import TaskMove
from asynctask_registry.store.codecs import integers
from asynctask_registry.store.pool import StoreConnection


@dataclass(frozen=True, slots=True)
class TaskWrite:
    """New facts of a task. None keeps the stored value. A new run begins without result and failure; with `forget`,
    also without warnings.
    """

    facts: TaskFacts
    result: str | None = None
    failure: str | None = None
    reason: str | None = None
    labels: str | None = None
    warning_counts: str | None = None
    moves: Sequence[TaskMove] = ()
    forget: bool = False
    fingerprint: str = ""
    """That of the error, if it failed now."""


@dataclass(frozen=True, slots=True)
class AttemptEnding:
    """How an attempt ended, for history; `result` is the word of an AttemptResult."""

    attempt_id: bytes
    result: str
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class HistoryEvent:
    """What people did to a task, for `task_events`; `detail` is a JSON object, `actor` who did it, if that is known."""

    task_id: bytes
    version: int
    kind: str
    detail: str
    request_id: str
    actor: str


async def write_tasks(connection: StoreConnection, writes: Sequence[TaskWrite]) -> None:
    """Write tasks that this transaction has locked, each at most once."""
    if not writes:
        return
    writes = sorted(writes, key=lambda write: write.facts.task_id)
    facts = [write.facts for write in writes]
    moves = [move for write in writes for move in write.moves]
    await connection.fetch(
        "task_write",
        task_ids=[f.task_id for f in facts],
        statuses=[f.state.value for f in facts],
        versions=integers(f.version for f in facts),
        priorities=integers(f.priority for f in facts),
        waiting_fors=[f.waiting_for.value if f.waiting_for else None for f in facts],
        requesteds=[f.requested.value if f.requested else None for f in facts],
        ready_ats=[f.ready_at_us for f in facts],
        due_ats=[f.due_at_us for f in facts],
        attempt_ids=[f.attempt_id for f in facts],
        executor_ids=[f.executor_id for f in facts],
        epochs=integers(f.epoch for f in facts),
        last_events=integers(f.last_event for f in facts),
        last_chunks=integers(f.last_chunk for f in facts),
        runs=integers(f.run for f in facts),
        attempt_counts=integers(f.attempt_count for f in facts),
        error_counts=integers(f.error_count for f in facts),
        lost_counts=integers(f.lost_count for f in facts),
        undelivered_counts=integers(f.undelivered_count for f in facts),
        release_counts=integers(f.release_count for f in facts),
        postpone_counts=integers(f.postpone_count for f in facts),
        stages=[f.stage for f in facts],
        deleteds=[f.deleted for f in facts],
        delete_requesteds=[f.delete_requested for f in facts],
        results=[write.result for write in writes],
        failures=[write.failure for write in writes],
        reasons=[write.reason for write in writes],
        labels=[write.labels for write in writes],
        warning_countss=["" if write.forget else write.warning_counts for write in writes],
        moved_tasks=[move.task_id for move in moves],
        former_statuses=[move.former for move in moves],
        moved_statuses=[move.state for move in moves],
        moved_events=[move.event for move in moves],
        low=facts[0].task_id,
        high=facts[-1].task_id,
    )
    await _forget(connection, [write.facts.task_id for write in writes if write.forget])
    await name_errors(
        connection, {write.facts.task_id: write.fingerprint for write in writes if write.fingerprint}
    )


async def note_events(connection: StoreConnection, facts: Sequence[TaskFacts]) -> None:
    """Write the number of the last recorded event, of locked tasks whose version did not change.

    Nearly every checkpoint needs only this: writing all facts would cost several times as much.
    """
    if not facts:
        return
    facts = sorted(facts, key=lambda f: f.task_id)
    await connection.fetch(
        "task_note_events",
        task_ids=[f.task_id for f in facts],
        last_events=integers(f.last_event for f in facts),
        lost_counts=integers(f.lost_count for f in facts),
        undelivered_counts=integers(f.undelivered_count for f in facts),
        low=facts[0].task_id,
        high=facts[-1].task_id,
    )


async def _forget(connection: StoreConnection, task_ids: Sequence[bytes]) -> None:
    """Delete stages and manifests of tasks that start again from their first stage; the ids are sorted."""
    if task_ids:
        span = {"low": task_ids[0], "high": task_ids[-1]}
        await connection.fetch("stage_forget", task_ids=task_ids, **span)
        await connection.fetch("manifest_forget", task_ids=task_ids, **span)


async def end_attempts(connection: StoreConnection, endings: Sequence[AttemptEnding]) -> None:
    """Note in history how attempts ended; the first ending of an attempt is kept."""
    if not endings:
        return
    endings = sorted(endings, key=lambda ending: ending.attempt_id)
    await connection.fetch(
        "attempt_end",
        attempt_ids=[ending.attempt_id for ending in endings],
        results=[ending.result for ending in endings],
        failures=[ending.failure for ending in endings],
        low=endings[0].attempt_id,
        high=endings[-1].attempt_id,
    )


async def begin_attempts(connection: StoreConnection, facts: Sequence[TaskFacts]) -> None:
    """Note in history that attempts began: the current attempt of each of these running tasks."""
    if not facts:
        return
    facts = sorted(facts, key=lambda f: f.task_id)
    await connection.fetch(
        "attempt_insert",
        attempt_ids=[f.attempt_id for f in facts],
        task_ids=[f.task_id for f in facts],
        epochs=[f.epoch for f in facts],
        runs=[f.run for f in facts],
        executor_ids=[f.executor_id for f in facts],
    )


async def note_history(connection: StoreConnection, events: Sequence[HistoryEvent]) -> None:
    """Note what people did, in the order given."""
    if events:
        await connection.fetch(
            "event_insert",
            task_ids=[event.task_id for event in events],
            versions=integers(event.version for event in events),
            kinds=[event.kind for event in events],
            details=[event.detail for event in events],
            request_ids=[event.request_id for event in events],
            actors=[event.actor for event in events],
        )
