"""Tasks, attempts and events as people see them. Deleted tasks are hidden unless the caller asks for them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Final

from google.protobuf.timestamp_pb2 import Timestamp

from asynctask_core import limits
from asynctask_core.error_fingerprint import error_fingerprint
from asynctask_core.errors import TaskNotFound, TokenExpired
from asynctask_core.ids import id_text
from asynctask_core.states import AttemptResult, Requested, TaskState, WaitingFor
from asynctask_core.wire import to_timestamp
from asynctask_protos.task.v1.task_pb2 import Attempt, Failure, Task, TaskEvent
from asynctask_registry.catalogue.types import KnownType, TypeCatalogue
from asynctask_registry.ledger import manifest, stage_views, story, task_warnings
from asynctask_registry.ledger.failures import read_failure
from asynctask_registry.ledger.fitting import fitting
from asynctask_registry.ledger.story import StoryEvent
from asynctask_registry.store.pool import Pool, Row, StoreConnection

HISTORY_ROWS: Final = 1000
"""The most attempts or events of one task that are read; fewer if they do not fit into an answer."""
_HISTORY_BYTES: Final = 4 * limits.PAGE_BYTES
"""How large the errors of the attempts that are read may be together; older attempts are left out."""
# Tasks read by one statement: a thousand tasks of the largest size would not fit into memory.
_BASIC_STEP: Final = 500
_FULL_STEP: Final = 50
_FIRST_FULL_STEP: Final = 8
"""Full tasks that the first statement of a page reads: the size of these says how many more may fit."""

# A task that completed or failed did not do so for the reason of a person's earlier command.
_HIDES_REASON: Final = frozenset({TaskState.COMPLETED, TaskState.FAILED})
_SHOWS_FAILURE: Final = frozenset({TaskState.FAILED, TaskState.PENDING, TaskState.QUEUED, TaskState.PAUSED})


class TaskViewReader:
    """Reads single tasks."""

    def __init__(self, pool: Pool, types: TypeCatalogue) -> None:
        self._pool = pool
        self._types = types

    async def get(
        self, task_ids: Sequence[bytes], *, full: bool = True, include_deleted: bool = False
    ) -> list[Task]:
        """Read the tasks that exist, in the order of their ids."""
        tasks: list[Task] = []
        left: Sequence[bytes] = sorted(set(task_ids))
        while left:
            found, left = await self.page(left, full=full, include_deleted=include_deleted)
            tasks += found
        return tasks

    async def page(
        self, task_ids: Sequence[bytes], *, full: bool = True, include_deleted: bool = False
    ) -> tuple[list[Task], Sequence[bytes]]:
        """Read the tasks that exist, in this order, as many as fit into a page; returns also the ids left out."""
        types = await self._types.current()
        tasks, count = await self._pool.run(
            lambda connection: read_page(
                connection, task_ids, types, full=full, include_deleted=include_deleted
            )
        )
        return tasks, task_ids[count:]

    async def attempts(self, task_id: bytes) -> Sequence[Attempt]:
        """The latest attempts of a task, oldest first.

        Raises:
            TaskNotFound: no such task, or it is deleted.
        """
        await self._must_exist(task_id)
        rows = await self._pool.run(lambda connection: _latest_attempts(connection, task_id))
        return fitting([_attempt(task_id, row) for row in rows])[::-1]

    async def events(
        self, task_id: bytes, *, page_size: int = 0, cursor: str = ""
    ) -> tuple[Sequence[TaskEvent], str]:
        """A page of a task's story, oldest first, and the cursor of the next; empty when this is the last.

        Raises:
            TaskNotFound: no such task, or it is deleted.
            TokenExpired: `cursor` is not one of events.
        """
        task = await self._must_exist(task_id)

        async def read(connection: StoreConnection) -> list[StoryEvent]:
            commands = await connection.fetch("event_list", task_id=task_id, limit=HISTORY_ROWS)
            attempts = await _latest_attempts(connection, task_id)
            kept = await stage_views.read(connection, [task_id], full=False)
            return story.tell(task, commands, attempts, kept.get(task_id, {}).values())

        try:
            left = story.after(await self._pool.run(read), cursor)
        except (ValueError, TypeError):
            raise TokenExpired("the cursor is not one of events; begin anew") from None
        size = min(max(page_size, 1), HISTORY_ROWS) if page_size else HISTORY_ROWS
        page = fitting([one.event for one in left[:size]])
        return page, left[len(page) - 1].cursor if len(page) < len(left) else ""

    async def _must_exist(self, task_id: bytes) -> Task:
        tasks = await self.get([task_id], full=False)
        if not tasks:
            raise TaskNotFound(f"no task has the id {id_text(task_id)}, or it is deleted")
        return tasks[0]


async def _latest_attempts(connection: StoreConnection, task_id: bytes) -> Sequence[Row]:
    return await connection.fetch(
        "attempt_list", task_id=task_id, limit=HISTORY_ROWS, page_bytes=_HISTORY_BYTES
    )


async def read_page(
    connection: StoreConnection,
    task_ids: Sequence[bytes],
    types: Mapping[str, KnownType],
    *,
    full: bool,
    include_deleted: bool = False,
) -> tuple[list[Task], int]:
    """Read tasks in the order of `task_ids` until a page is full; returns them, and how many ids they took.

    A page is full when one more would make it larger than PAGE_BYTES; the first always fits, since views are bounded.
    """
    tasks: list[Task] = []
    start = nbytes = 0
    step = _FIRST_FULL_STEP if full else _BASIC_STEP
    while start < len(task_ids):
        part = task_ids[start : start + step]
        found = await _read(connection, sorted(set(part)), types, full=full, include_deleted=include_deleted)
        for number, task_id in enumerate(part, start):
            task = found.get(task_id)
            if task is None:
                continue
            nbytes += task.ByteSize()
            if tasks and nbytes > limits.PAGE_BYTES:
                return tasks, number
            tasks.append(task)
        start += len(part)
        if full and tasks:
            fitting_now = (limits.PAGE_BYTES - nbytes) * len(tasks) // nbytes
            # Nothing fits behind a first task that is larger than a page; whether there is another must be seen.
            step = max(1, min(_FULL_STEP, 2 * step, fitting_now + 1))
    return tasks, len(task_ids)


async def _read(
    connection: StoreConnection,
    ids: Sequence[bytes],
    types: Mapping[str, KnownType],
    *,
    full: bool,
    include_deleted: bool,
) -> dict[bytes, Task]:
    rows = await connection.fetch(
        "task_read", task_ids=ids, low=ids[0], high=ids[-1], full=full, deleted=include_deleted
    )
    if not rows:
        return {}
    kept = await stage_views.read(connection, [row["task_id"] for row in rows], full=full)
    manifests = await manifest.summarize(connection, ids) if full else {}
    tasks: dict[bytes, Task] = {}
    for row in rows:
        task = tasks[row["task_id"]] = _task(row)
        stage_views.add(task, kept.get(row["task_id"], {}), types.get(row["task_type"]))
        task.manifests.extend(manifests.get(row["task_id"], ()))
    return tasks


def _task(row: Row) -> Task:
    state = TaskState(row["task_status"])
    task = Task(
        task_id=id_text(row["task_id"]),
        task_type=row["task_type"],
        queue=row["queue"],
        priority=row["priority"],
        task_status=state.number,  # pyright: ignore[reportArgumentType]
        waiting_for=WaitingFor(row["waiting_for"]).number if row["waiting_for"] else 0,  # pyright: ignore[reportArgumentType]
        requested=Requested(row["requested"]).number if row["requested"] else 0,  # pyright: ignore[reportArgumentType]
        requested_time=_time(row["requested_time"]),
        version=row["version"],
        submit_time=to_timestamp(row["submit_time"]),
        start_time=_time(row["start_time"]),
        end_time=_time(row["end_time"]),
        due_time=_time(row["due_at"]) if state is TaskState.PENDING else None,
        stage=row["stage"],
        task_config=row["task_config"] or "",
        result_json=row["result"] or "",
        failure=_shown_failure(row, state) if state in _SHOWS_FAILURE else None,
        attempt_count=row["attempt_count"],
        error_count=row["error_count"],
        lost_count=row["lost_count"],
        release_count=row["release_count"],
        run=row["run"],
        executor_id=row["executor_id"],
        command_reason="" if state in _HIDES_REASON and not row["is_deleted"] else row["command_reason"],
        deleted=row["is_deleted"],
    )
    task_warnings.add_counts(task, row["warning_counts"])
    if row["labels"]:
        task.labels.update(json.loads(row["labels"]))
    return task


def _shown_failure(row: Row, state: TaskState) -> Failure | None:
    failure = read_failure(row["failure"])
    if failure is not None and state is TaskState.FAILED:
        failure.fingerprint = error_fingerprint(row["task_type"], failure)
    return failure


def _attempt(task_id: bytes, row: Row) -> Attempt:
    word = row["execution_result"]
    return Attempt(
        attempt_id=id_text(row["history_id"]),
        task_id=id_text(task_id),
        epoch=row["lease_epoch"],
        executor_id=row["executor_id"],
        start_time=_time(row["start_time"]),
        end_time=_time(row["end_time"]),
        result=AttemptResult(word).number if word else 0,  # pyright: ignore[reportArgumentType]
        failure=read_failure(row["failure"]),
        run=row["run"],
    )


def _time(us: int | None) -> Timestamp | None:
    return None if us is None else to_timestamp(us)
