"""Rows of stages: written with events, read when a task goes on.

A stage has a row only when there is something to store. The result of the last stage is the task's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from asynctask_core import limits
from asynctask_core.wire import cut_text, escape_nul
from asynctask_protos.task.v1.task_pb2 import Progress
from asynctask_protos.task.v1.work_pb2 import Assignment, Checkpoint
from asynctask_registry.catalogue.types import KnownType, first_stage
from asynctask_registry.store.codecs import integers
from asynctask_registry.store.pool import Row, StoreConnection


@dataclass(slots=True)
class StageWrite:
    """What the events of one batch change of one stage; None keeps the stored value."""

    task_id: bytes
    stage: str
    position: int
    is_completed: bool = False
    checkpoint: Checkpoint | None = None
    result: str | None = None
    progress: Progress | None = None


async def write(connection: StoreConnection, writes: Sequence[StageWrite]) -> None:
    """Write stages, each at most once, of tasks that this transaction has locked."""
    if not writes:
        return
    writes = sorted(writes, key=lambda write: (write.task_id, write.stage))
    kinds = [write.checkpoint.WhichOneof("data") if write.checkpoint else None for write in writes]
    pairs = list(zip(writes, kinds, strict=True))
    await connection.fetch(
        "stage_write",
        task_ids=[write.task_id for write in writes],
        stages=[write.stage for write in writes],
        statuses=["completed" if write.is_completed else "running" for write in writes],
        positions=integers(write.position for write in writes),
        checkpoint_jsons=[
            write.checkpoint.json if write.checkpoint and kind == "json" else None for write, kind in pairs
        ],
        checkpoint_raws=[
            write.checkpoint.raw if write.checkpoint and kind == "raw" else None for write, kind in pairs
        ],
        results=[write.result for write in writes],
        **progress_columns([write.progress for write in writes]),
    )


async def begin_again(connection: StoreConnection, task_ids: Sequence[bytes]) -> None:
    """Drop progress that the next attempt repeats, of tasks that this transaction has locked and that now wait."""
    if task_ids:
        ids = sorted(task_ids)
        await connection.fetch("stage_begin_again", task_ids=ids, low=ids[0], high=ids[-1])


def progress_columns(reports: Sequence[Progress | None]) -> dict[str, list[object]]:
    """Progress as parameters of a statement; NUL characters are made visible, long texts cut."""
    return {
        "dones": [report.done if report else None for report in reports],
        "totals": [report.total if report else None for report in reports],
        "units": [_unit(report) if report else None for report in reports],
        "messages": [_message(report) if report else None for report in reports],
    }


def _unit(report: Progress) -> str:
    return escape_nul(report.unit)[: limits.PROGRESS_UNIT_CHARS]


def _message(report: Progress) -> str:
    return cut_text(escape_nul(report.message), limits.PROGRESS_MESSAGE_BYTES)


def progress_of(row: Row) -> Progress | None:
    """The progress in a row of `task_stages`, if it has any."""
    if row["progress_done"] is None:
        return None
    return Progress(
        done=row["progress_done"],
        total=row["progress_total"] or 0.0,
        unit=row["progress_unit"] or "",
        message=row["progress_message"] or "",
    )


async def resume(
    connection: StoreConnection, assignments: Sequence[Assignment], types: Mapping[str, KnownType]
) -> None:
    """Add to assignments the checkpoint and progress of their stage, and the result of the previous stage."""
    ordered = sorted(assignments, key=lambda assignment: assignment.task_id)
    by_task = {assignment.task_id: assignment for assignment in ordered}
    await _add_positions(connection, by_task, types)
    await _add_inputs(connection, {task_id: a for task_id, a in by_task.items() if a.stage})


async def _add_positions(
    connection: StoreConnection, by_task: Mapping[bytes, Assignment], types: Mapping[str, KnownType]
) -> None:
    ids = list(by_task)
    current = [a.stage or first_stage(types, a.task_type) for a in by_task.values()]
    rows = await connection.fetch("stage_resume", task_ids=ids, stages=current, low=ids[0], high=ids[-1])
    for row in rows:
        assignment = by_task[row["task_id"]]
        if row["checkpoint_json"] is not None:
            assignment.checkpoint.json = row["checkpoint_json"]
        elif row["checkpoint_raw"] is not None:
            assignment.checkpoint.raw = row["checkpoint_raw"]
        progress = progress_of(row)
        if progress is not None:
            assignment.progress.CopyFrom(progress)


async def _add_inputs(connection: StoreConnection, by_task: Mapping[bytes, Assignment]) -> None:
    if not by_task:
        return
    ids = list(by_task)
    current = [assignment.stage for assignment in by_task.values()]
    rows = await connection.fetch("stage_inputs", task_ids=ids, stages=current, low=ids[0], high=ids[-1])
    for row in rows:
        by_task[row["task_id"]].input_json = row["result"] or ""
