"""Inserts tasks. Concurrent submits share a group insert; each is inserted, found again, or refused on its own.

A task whose id is its request id is idempotent through the primary key, at no cost. Other request ids are remembered
in `task_keys`, in the transaction of the insert. A request id that is a UUIDv7 may be the id of an earlier task, so it
is looked up in `tasks` first.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias, TypeVar

from asynctask_core import limits
from asynctask_core.bounds.hot import NewTaskFields
from asynctask_core.errors import (
    AsyncTaskError,
    FieldViolation,
    InvalidInput,
    RefusedByStore,
    RequestIdReused,
)
from asynctask_core.ids import RECENT_MS, id_text, id_time_ms, parse_uuid7
from asynctask_core.states import TaskState
from asynctask_protos.registry.v1.ledger_service_pb2 import NewTask
from asynctask_protos.registry.v1.standing_pb2 import PLACE_READY, PLACE_TIMED, Standing
from asynctask_registry.ledger.bisect import bisect
from asynctask_registry.ledger.deleted_types import deleted_types, type_is_deleted
from asynctask_registry.ledger.facts import configs, look
from asynctask_registry.store.codecs import integers
from asynctask_registry.store.faults import ContentRefused
from asynctask_registry.store.pool import Pool, Row, StoreConnection

T = TypeVar("T")

AnyTask: TypeAlias = NewTaskFields | NewTask
"""A new task as it was read, or its message: both have the same fields."""

_QUEUED: Final = TaskState.QUEUED.number
_PENDING: Final = TaskState.PENDING.number


class CreatedTask(NamedTuple):
    """The answer for one new task: its standing, or why it was refused.

    `existing_task_id` is set when an earlier call with the same id or request id, and the same content, had created it.
    """

    standing: Standing | None = None
    existing_task_id: bytes | None = None
    error: AsyncTaskError | None = None


class _Undone(ContentRefused):
    """A task was refused after its request id had been claimed: the transaction has to be undone."""

    def __init__(self, error: AsyncTaskError) -> None:
        super().__init__(str(error), "23000")
        self.error = error


class TaskWriter:
    """Inserts batches of tasks."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def create(self, tasks: Sequence[AnyTask]) -> list[CreatedTask]:
        """Insert tasks; one result each, in order.

        Raises:
            StoreUnavailable, OutcomeUnknown: for all of them; repeat with the same ids.
        """
        return await bisect(tasks, self._create, self._refuse)

    async def _create(self, tasks: Sequence[AnyTask]) -> list[CreatedTask]:
        if any(task.request_id for task in tasks):
            return await self._pool.run(lambda connection: _create_with_keys(connection, tasks))
        return await self._pool.run(lambda connection: _insert(connection, tasks))

    async def _refuse(self, task: AnyTask, refused: ContentRefused) -> CreatedTask:
        if isinstance(refused, _Undone):
            return CreatedTask(error=refused.error)
        return CreatedTask(error=RefusedByStore(f"task {id_text(task.task_id)} cannot be stored: {refused}"))


async def _insert(connection: StoreConnection, tasks: Sequence[AnyTask]) -> list[CreatedTask]:
    """Insert in one statement, in the order of the ids, then compare the rest with the tasks that exist already."""
    first: dict[bytes, int] = {}
    for number, task in enumerate(tasks):
        first.setdefault(task.task_id, number)
    ordered = [tasks[first[task_id]] for task_id in sorted(first)]
    rows = await connection.fetch(
        "task_insert",
        **columns(ordered),
        delays=_unless_all_empty([task.delay_ms for task in ordered]),
        start_times=_unless_all_empty([task.start_at_us for task in ordered]),
        recent_ms=RECENT_MS,
    )
    results: list[CreatedTask | None] = [None] * len(tasks)
    for task_id, ready_at_us, due_at_us, now_us in rows:
        number = first[task_id]
        results[number] = _inserted(tasks[number], ready_at_us, due_at_us, now_us)
    if len(rows) < len(tasks):
        existing = await _existing(connection, sorted(first.keys() - {row["task_id"] for row in rows}))
        deleted = await deleted_types(connection, {task.task_type for task in ordered})
        for number, task in enumerate(tasks):
            if results[number] is None:
                twin = first[task.task_id]
                there = _twin(tasks[twin], results[twin]) or existing.get(task.task_id)
                results[number] = _compared(task, there, deleted)
    return [result for result in results if result is not None]


def columns(tasks: Sequence[AnyTask]) -> dict[str, object]:
    """The columns that every insert of tasks writes, as parameters of its statement."""
    return {
        "task_ids": [task.task_id for task in tasks],
        "submit_mss": integers(id_time_ms(task.task_id) for task in tasks),
        "task_types": [task.task_type for task in tasks],
        "queues": [task.queue for task in tasks],
        "priorities": integers(task.priority for task in tasks),
        "configs": [task.task_config for task in tasks],
        "labels": _unless_all_empty([labels_json(task) if task.labels else None for task in tasks]),
    }


def _unless_all_empty(values: list[T]) -> list[T] | None:
    """None if all values are empty: most batches have no labels, delays or start times."""
    return values if any(values) else None


def _inserted(task: AnyTask, ready_at_us: int, due_at_us: int | None, now_us: int | None) -> CreatedTask:
    standing = Standing(
        task_id=task.task_id,
        version=1,
        place=PLACE_READY,
        state=_QUEUED,  # pyright: ignore[reportArgumentType]
        queue=task.queue,
        task_type=task.task_type,
        priority=task.priority,
        ready_at_us=ready_at_us,
    )
    if due_at_us is not None and now_us is not None:
        standing.place, standing.state = PLACE_TIMED, _PENDING  # pyright: ignore[reportAttributeAccessIssue]
        standing.due_in_ms = max(0, -((now_us - due_at_us) // 1000))
    return CreatedTask(standing)


@dataclass(frozen=True, slots=True)
class _Existing:
    task_type: str
    task_config: str
    standing: Standing


async def _existing(connection: StoreConnection, task_ids: Sequence[bytes]) -> dict[bytes, _Existing]:
    known, texts = await look(connection, task_ids), await configs(connection, task_ids)
    return {
        task_id: _Existing(task.facts.task_type, texts[task_id], task.standing)
        for task_id, task in known.items()
    }


def _twin(task: AnyTask, created: CreatedTask | None) -> _Existing | None:
    """The task that an earlier item of the same call has just inserted."""
    if created is None or created.standing is None or created.existing_task_id is not None:
        return None
    return _Existing(task.task_type, task.task_config, created.standing)


def _compared(task: AnyTask, there: _Existing | None, deleted: Collection[str] = ()) -> CreatedTask:
    """Answer for a task that was not inserted: it exists, its type is deleted, or its id is not recent."""
    if there is None and task.task_type in deleted:
        return CreatedTask(error=type_is_deleted(task.task_type))
    if there is None:
        minutes = RECENT_MS // 60_000
        description = f"must be within {minutes} minutes of the registry's clock; got {id_text(task.task_id)}"
        return CreatedTask(error=InvalidInput([FieldViolation("task_id", description)]))
    if (there.task_type, there.task_config) == (task.task_type, task.task_config):
        return CreatedTask(there.standing, existing_task_id=there.standing.task_id)
    return CreatedTask(error=_reused(id_text(there.standing.task_id)))


async def _create_with_keys(connection: StoreConnection, tasks: Sequence[AnyTask]) -> list[CreatedTask]:
    """Claim the request ids, insert the tasks whose claim succeeded, and find the earlier tasks of the others."""
    async with connection.transaction():
        results = await _made_as_ids(connection, tasks)
        claims: dict[str, int] = {}
        for number, task in enumerate(tasks):
            if task.request_id and number not in results:
                claims.setdefault(task.request_id, number)
        keys = sorted(claims)
        claimed = await connection.fetch(
            "key_claim",
            keys=keys,
            task_ids=[tasks[claims[key]].task_id for key in keys],
            hashes=[_body_hash(tasks[claims[key]]) for key in keys],
            kept_ms=limits.REQUEST_KEPT_MS,
        )
        ours = {claims[row["key"]] for row in claimed}
        fresh = [number for number, task in enumerate(tasks) if not task.request_id or number in ours]
        for number, created in zip(fresh, await _insert(connection, [tasks[n] for n in fresh]), strict=True):
            if number in ours and created.error is not None:
                # The claim of a refused task must not stay: the whole call is undone, and bisected.
                raise _Undone(created.error)
            results[number] = created
        taken = {row["key"]: row for row in await connection.fetch("key_read", keys=keys)}
        earlier = {taken[task.request_id]["task_id"] for n, task in enumerate(tasks) if n not in results}
        existing = await _existing(connection, sorted(earlier))
    for number, task in enumerate(tasks):
        if number not in results:
            results[number] = _claimed_before(task, taken[task.request_id], existing)
    return [results[number] for number in range(len(tasks))]


async def _made_as_ids(connection: StoreConnection, tasks: Sequence[AnyTask]) -> dict[int, CreatedTask]:
    """Answers for the tasks whose request id is the id of an existing task."""
    named = {
        number: task_id for number, task in enumerate(tasks) if (task_id := parse_uuid7(task.request_id))
    }
    there = await _existing(connection, sorted(set(named.values())))
    return {
        number: _compared(tasks[number], there[task_id])
        for number, task_id in named.items()
        if task_id in there
    }


def _claimed_before(task: AnyTask, claim: Row, existing: Mapping[bytes, _Existing]) -> CreatedTask:
    if claim["body_hash"] != _body_hash(task):
        return CreatedTask(error=_reused(task.request_id))
    there = existing.get(claim["task_id"])
    return CreatedTask(there.standing if there else None, existing_task_id=claim["task_id"])


def _body_hash(task: AnyTask) -> bytes:
    return hashlib.sha256(f"{task.task_type}\0{task.task_config}".encode()).digest()


def _reused(request_id: str) -> RequestIdReused:
    return RequestIdReused(
        f"request_id {request_id} was used before for a task with another type or config; use a new one"
    )


def labels_json(task: AnyTask) -> str:
    """Labels as Postgres keeps them."""
    return json.dumps(dict(task.labels), ensure_ascii=False)
