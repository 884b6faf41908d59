"""A stage's manifest: its items, their states, and counts that are right at every commit.

Chunks are numbered per attempt and taken in order under the task's row lock, with the same verdicts as events; events
that name a chunk wait for it. Each chunk changes the counts by its difference; they are never counted again. A reset
begins a new generation of items at once; `housekeeping` deletes the old one in the background.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from asynctask_core import limits
from asynctask_core.errors import (
    AttemptSuperseded,
    FieldViolation,
    InvalidInput,
    RefusedByStore,
    TaskNotFound,
)
from asynctask_core.ids import id_text
from asynctask_core.states import ItemState
from asynctask_core.task import DEFAULT_MANIFEST, replace
from asynctask_protos.registry.v1.ledger_service_pb2 import (
    AppendManifestRequest,
    ReadManifestRequest,
    ReadManifestResponse,
)
from asynctask_protos.task.v1.manifest_pb2 import ManifestCount, ManifestSummary
from asynctask_protos.task.v1.work_pb2 import (
    EVENT_VERDICT_APPLIED,
    EVENT_VERDICT_DUPLICATE,
    EVENT_VERDICT_GAP,
    EVENT_VERDICT_SUPERSEDED,
    EventVerdict,
)
from asynctask_registry.ledger import manifest_pages, task_warnings
from asynctask_registry.ledger.facts import TaskRow, lock, look
from asynctask_registry.ledger.manifest_changes import WORDS, change_items
from asynctask_registry.ledger.transition.writing import TaskWrite, write_tasks
from asynctask_registry.store.faults import ContentRefused
from asynctask_registry.store.pool import Row, StoreConnection
from asynctask_registry.store.pool_share import WorkRunner

_STATES: Final = tuple(ItemState)
_INCOMPLETE: Final = frozenset({ItemState.FAILED.number, ItemState.SKIPPED.number})
_UNKNOWN_STAGE: Final = "unknown"
"""The stage of warnings that name none, in a task that is still in its first stage."""


async def append(pool: WorkRunner, request: AppendManifestRequest) -> tuple[int, EventVerdict.ValueType]:
    """Store a chunk; returns the last stored chunk of the attempt, and the verdict on this one.

    Raises:
        InvalidInput: an item or a result has no state.
        RefusedByStore: an item cannot be stored; the chunk changed nothing.
    """
    _check(request)
    try:
        return await pool.run(lambda connection: _append(connection, request))
    except ContentRefused as refused:
        raise RefusedByStore(
            f"chunk {request.chunk} of manifest {request.manifest!r}: {refused}"
        ) from refused


async def _append(
    connection: StoreConnection, request: AppendManifestRequest
) -> tuple[int, EventVerdict.ValueType]:
    async with connection.transaction():
        task = (await lock(connection, [request.task_id])).get(request.task_id)
        if task is None:
            return request.chunk, EVENT_VERDICT_SUPERSEDED
        facts = task.facts
        if task.last_attempt == request.attempt_id and request.chunk <= facts.last_chunk:
            return facts.last_chunk, EVENT_VERDICT_DUPLICATE
        if facts.attempt_id != request.attempt_id:
            return request.chunk, EVENT_VERDICT_SUPERSEDED
        if request.chunk != facts.last_chunk + 1:
            return facts.last_chunk, EVENT_VERDICT_GAP
        # Empty counts make the completion of the task read its item counts, see `task_warnings`.
        counts = "{}" if await change_items(connection, request) and not task.may_have_warnings else None
        if request.warnings:
            counts = await _count_warnings(connection, request, task)
        write = TaskWrite(replace(facts, last_chunk=request.chunk), warning_counts=counts)
        await write_tasks(connection, [write])
    return request.chunk, EVENT_VERDICT_APPLIED


async def _count_warnings(
    connection: StoreConnection, request: AppendManifestRequest, task: TaskRow
) -> str | None:
    """Count the warnings of the chunk. The version stays: watchers see them with the next event."""
    folds = await task_warnings.load(connection, [request.task_id])
    fold = folds[request.task_id]
    stage = task.facts.stage or _UNKNOWN_STAGE
    fold.take(request.warnings, stage, task.facts.epoch, of_items=_has_incomplete(request))
    await task_warnings.write(connection, folds)
    return fold.counts_json


async def read(pool: WorkRunner, request: ReadManifestRequest) -> ReadManifestResponse:
    """Read a page of items by position, and summaries if the request wants them.

    If the task has several manifests and the request names none, it reads `items`; without a manifest of that name it
    returns only the summaries.

    Raises:
        TaskNotFound: no such task, or it is deleted.
        AttemptSuperseded: the request names an attempt that is not the current one.
        InvalidInput: the request names no manifest and wants no summary, and the task has several, none `items`.
    """
    return await pool.run(lambda connection: _read(connection, request))


async def _read(connection: StoreConnection, request: ReadManifestRequest) -> ReadManifestResponse:
    task = (await look(connection, [request.task_id])).get(request.task_id)
    if task is None or task.facts.deleted:
        raise TaskNotFound(f"no task has the id {id_text(request.task_id)}, or it is deleted")
    if request.attempt_id and task.facts.attempt_id != request.attempt_id:
        raise AttemptSuperseded(f"attempt {id_text(request.attempt_id)} is not the current one")
    manifests = await connection.fetch(
        "manifest_list", task_id=request.task_id, manifest=request.manifest or None
    )
    summaries = [_summary(row) for row in manifests] if request.with_summary else []
    chosen = manifests[0] if len(manifests) == 1 else _default(manifests)
    if chosen is None:
        if manifests and not summaries:
            names = ", ".join(row["manifest"] for row in manifests)
            raise InvalidInput([FieldViolation("manifest", f"the task has several, name one of: {names}")])
        return ReadManifestResponse(summaries=summaries)
    page = await manifest_pages.page(connection, request, chosen)
    page.summaries.extend(summaries)
    return page


async def summarize(
    connection: StoreConnection, task_ids: Sequence[bytes]
) -> dict[bytes, list[ManifestSummary]]:
    """Counts of every manifest of some tasks, whose ids are sorted; tasks without one are left out."""
    summaries: dict[bytes, list[ManifestSummary]] = {}
    for row in await connection.fetch(
        "manifest_summaries", task_ids=task_ids, low=task_ids[0], high=task_ids[-1]
    ):
        summaries.setdefault(row["task_id"], []).append(_summary(row))
    return summaries


def _default(manifests: Sequence[Row]) -> Row | None:
    return next((row for row in manifests if row["manifest"] == DEFAULT_MANIFEST), None)


def _summary(row: Row) -> ManifestSummary:
    counts = [
        ManifestCount(
            state=state.number,  # pyright: ignore[reportArgumentType]
            items=row[f"{state.value}_items"],
            # A sum that was stored before it had a bound is cut to the largest number that every reader can hold.
            size=min(int(row[f"{state.value}_size"]), limits.LARGEST_NUMBER),
        )
        for state in _STATES
        if row[f"{state.value}_items"]
    ]
    return ManifestSummary(manifest=row["manifest"], counts=counts, sealed=row["sealed"])


def _has_incomplete(request: AppendManifestRequest) -> bool:
    """Whether an item of the chunk failed or was skipped."""
    if any(result.state in _INCOMPLETE for result in request.results):
        return True
    return any(item.state in _INCOMPLETE for item in request.items)


def _check(request: AppendManifestRequest) -> None:
    if request.chunk < 1 or not request.manifest:
        raise InvalidInput("a chunk needs a number from 1 and the name of its manifest")
    _check_states("items", (item.state for item in request.items))
    _check_states("results", (result.state for result in request.results))


def _check_states(field: str, states: Iterable[int]) -> None:
    for number, state in enumerate(states):
        if state not in WORDS:
            raise InvalidInput([FieldViolation(f"{field}[{number}].state", "is required")])
