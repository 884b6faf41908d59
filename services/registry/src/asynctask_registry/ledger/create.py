"""Inserts tasks. Concurrent submits share a group insert; each is inserted, found again, or refused on its own.

A task whose id is its request id is idempotent through the primary key, at no cost. Other request ids are remembered
in `task_keys`, in the transaction of the insert.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from asynctask_core import limits
from asynctask_core.errors import (
    AsyncTaskError,
    FieldViolation,
    InvalidInput,
    RefusedByStore,
    RequestIdReused,
)
from asynctask_core.ids import RECENT_MS, id_text, id_time_ms
from asynctask_core.lifecycle import standing_of
from asynctask_core.states import TaskState
from asynctask_protos.registry.v1.ledger_service_pb2 import NewTask
from asynctask_protos.registry.v1.standing_pb2 import PLACE_READY, PLACE_TIMED, Standing
from asynctask_registry.ledger.bisect import bisect
from asynctask_registry.ledger.facts import known
from asynctask_registry.store.codecs import integers
from asynctask_registry.store.faults import Refused
from asynctask_registry.store.pool import Pool, Session

T = TypeVar("T")

_QUEUED: Final = TaskState.QUEUED.number
_PENDING: Final = TaskState.PENDING.number


@dataclass(frozen=True, slots=True)
class Created:
    """What became of one new task: its standing, or why it was refused.

    `existing_task_id` is set when an earlier call with the same id or request id, and the same content, had made it.
    """

    standing: Standing | None = None
    existing_task_id: bytes | None = None
    error: AsyncTaskError | None = None


class _Undone(Refused):
    """A task was refused whose request id had been claimed already."""

    def __init__(self, error: AsyncTaskError) -> None:
        super().__init__(str(error), "23000")
        self.error = error


class Creator:
    """Inserts batches of tasks."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def create(self, tasks: Sequence[NewTask]) -> list[Created]:
        """Insert tasks; one result each, in order.

        Raises:
            StoreUnavailable, OutcomeUnknown: for all of them; repeat with the same ids.
        """
        return await bisect(tasks, self._create, self._refuse)

    async def _create(self, tasks: Sequence[NewTask]) -> list[Created]:
        if any(task.request_id for task in tasks):
            return await self._pool.run(lambda session: _create_with_keys(session, tasks))
        return await self._pool.run(lambda session: _insert(session, tasks))

    async def _refuse(self, task: NewTask, refused: Refused) -> Created:
        if isinstance(refused, _Undone):
            return Created(error=refused.error)
        return Created(error=RefusedByStore(f"task {id_text(task.task_id)} cannot be stored: {refused}"))


async def _insert(session: Session, tasks: Sequence[NewTask]) -> list[Created]:
    """Insert in one statement, in the order of the ids, then look at what was there before."""
    unique = {task.task_id: task for task in reversed(tasks)}
    ordered = [unique[task_id] for task_id in sorted(unique)]
    rows = await session.fetch(
        "task_insert",
        task_ids=[task.task_id for task in ordered],
        submit_mss=integers(id_time_ms(task.task_id) for task in ordered),
        task_types=[task.task_type for task in ordered],
        queues=[task.queue for task in ordered],
        priorities=integers(task.priority for task in ordered),
        configs=[task.task_config for task in ordered],
        labels=_unless_all_empty([labels_json(task) if task.labels else None for task in ordered]),
        delays=_unless_all_empty([task.delay_ms for task in ordered]),
        start_times=_unless_all_empty([task.start_at_us for task in ordered]),
        recent_ms=RECENT_MS,
    )
    made = {
        row["task_id"]: _inserted(unique[row["task_id"]], row["ready_at"], row["due_at"], row["now_us"])
        for row in rows
    }
    if len(made) == len(tasks):
        return [made[task.task_id] for task in tasks]
    existing = await _existing(session, sorted(unique.keys() - made.keys()))
    results: list[Created] = []
    for task in tasks:
        created = made.get(task.task_id)
        if created is not None and unique[task.task_id] is task:
            results.append(created)
        else:
            results.append(_compared(task, unique, made, existing))
    return results


def _unless_all_empty(values: list[T]) -> list[T] | None:
    """Most batches have no labels, delays or start times at all; then nothing is sent."""
    return values if any(values) else None


def _inserted(task: NewTask, ready_at_us: int, due_at_us: int | None, now_us: int | None) -> Created:
    if due_at_us is None or now_us is None:
        place, state, due_in_ms = PLACE_READY, _QUEUED, 0
    else:
        place, state, due_in_ms = PLACE_TIMED, _PENDING, max(0, -((now_us - due_at_us) // 1000))
    return Created(
        Standing(
            task_id=task.task_id,
            version=1,
            place=place,
            state=state,  # pyright: ignore[reportArgumentType]
            queue=task.queue,
            task_type=task.task_type,
            priority=task.priority,
            ready_at_us=ready_at_us,
            due_in_ms=due_in_ms,
        )
    )


@dataclass(frozen=True, slots=True)
class _Existing:
    task_type: str
    task_config: str
    standing: Standing


async def _existing(session: Session, task_ids: Sequence[bytes]) -> dict[bytes, _Existing]:
    if not task_ids:
        return {}
    rows = await session.fetch("task_contents", task_ids=task_ids, low=task_ids[0], high=task_ids[-1])
    found: dict[bytes, _Existing] = {}
    for row in rows:
        task = known(row)
        standing = standing_of(task.facts, task.now_us)
        found[row["task_id"]] = _Existing(row["task_type"], row["task_config"], standing)
    return found


def _compared(
    task: NewTask, unique: dict[bytes, NewTask], made: dict[bytes, Created], existing: dict[bytes, _Existing]
) -> Created:
    """Answer for a task that this call did not insert: it is there already, twice in the call, or out of time."""
    first = made.get(task.task_id)
    if first is not None and first.standing is not None:
        twin = unique[task.task_id]
        there = _Existing(twin.task_type, twin.task_config, first.standing)
    elif (found := existing.get(task.task_id)) is not None:
        there = found
    else:
        minutes = RECENT_MS // 60_000
        description = (
            f"its time must be within {minutes} minutes of the registry's clock; got {id_text(task.task_id)}"
        )
        return Created(error=InvalidInput([FieldViolation("task_id", description)]))
    if (there.task_type, there.task_config) == (task.task_type, task.task_config):
        return Created(there.standing, existing_task_id=task.task_id)
    return Created(error=_reused(id_text(task.task_id)))


async def _create_with_keys(session: Session, tasks: Sequence[NewTask]) -> list[Created]:
    """Claim the request ids, insert the tasks whose claim succeeded, and find the others' earlier tasks."""
    async with session.transaction():
        claimants = {task.request_id: task for task in reversed(tasks) if task.request_id}
        keys = sorted(claimants)
        claimed = await session.fetch(
            "key_claim",
            keys=keys,
            task_ids=[claimants[key].task_id for key in keys],
            hashes=[_body_hash(claimants[key]) for key in keys],
            kept_ms=limits.REQUEST_KEPT_MS,
        )
        ours = {row["key"] for row in claimed}
        taken = {row["key"]: row for row in await session.fetch("key_read", keys=keys)}
        fresh = [
            task
            for task in tasks
            if not task.request_id or (task.request_id in ours and claimants[task.request_id] is task)
        ]
        inserted = await _insert(session, fresh)
        answered = dict(zip(map(id, fresh), inserted, strict=True))
        # A claim must not outlive a task that was refused: the whole call is undone for it, and bisected.
        for task, created in zip(fresh, inserted, strict=True):
            if task.request_id and created.error is not None:
                raise _Undone(created.error)
        earlier = sorted({taken[task.request_id]["task_id"] for task in tasks if id(task) not in answered})
        existing = await _existing(session, earlier)
    results: list[Created] = []
    for task in tasks:
        created = answered.get(id(task))
        if created is None:
            row = taken[task.request_id]
            there = existing.get(row["task_id"])
            if row["body_hash"] != _body_hash(task):
                created = Created(error=_reused(task.request_id))
            else:
                created = Created(there.standing if there else None, existing_task_id=row["task_id"])
        results.append(created)
    return results


def _body_hash(task: NewTask) -> bytes:
    return hashlib.sha256(f"{task.task_type}\0{task.task_config}".encode()).digest()


def _reused(request_id: str) -> RequestIdReused:
    return RequestIdReused(
        f"request_id {request_id} was used before for a task with another type or config; use a new one"
    )


def labels_json(task: NewTask) -> str:
    """Labels as Postgres keeps them."""
    return json.dumps(dict(task.labels), ensure_ascii=False)
