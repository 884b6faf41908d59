"""Stages as people see them: the type's stages in order, filled in from their rows.

A stage without a row has stored nothing yet; its state follows from the task and from its neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from google.protobuf.timestamp_pb2 import Timestamp

from asynctask_core import limits
from asynctask_core.progress import StageShare, percent
from asynctask_core.states import StageState, TaskState
from asynctask_core.wire import to_timestamp
from asynctask_protos.task.v1.task_pb2 import Stage, Task
from asynctask_registry.catalogue.types import KnownType
from asynctask_registry.ledger import task_warnings
from asynctask_registry.ledger.stages import progress_of
from asynctask_registry.store.pool import Row, StoreConnection


async def read(
    connection: StoreConnection, task_ids: Sequence[bytes], *, full: bool
) -> dict[bytes, dict[str, Row]]:
    """Rows of the stages of some tasks, by task and stage."""
    ids = sorted(set(task_ids))
    rows = await connection.fetch(
        "stage_read", task_ids=ids, low=ids[0], high=ids[-1], full=full, most=limits.VIEW_BYTES
    )
    kept: dict[bytes, dict[str, Row]] = {}
    for row in rows:
        kept.setdefault(row["task_id"], {})[row["stage"]] = row
    return kept


def add(task: Task, kept: Mapping[str, Row], known: KnownType | None) -> None:
    """Add stages, current stage and percentage to a task."""
    weights = {spec.name: spec.weight for spec in known.proto.stages} if known else {}
    state = TaskState.of(task.task_status)
    is_of_another_type = False
    if state is not None and state.is_final:
        names, is_of_another_type = _had(task, state, kept, known)
    else:
        names = [*weights, *(name for name in kept if name not in weights)]
    has_started = task.attempt_count > 0 and task.HasField("start_time")
    if names and not task.stage and has_started:
        task.stage = names[0]
    current = names.index(task.stage) if task.stage in names else -1
    shares: list[StageShare] = []
    begun: Timestamp | None = task.start_time if has_started else None
    for position, name in enumerate(names):
        row = kept.get(name)
        stage_state = _state(state, position, current, row)
        progress = progress_of(row) if row else None
        if progress is not None and position == current and state is TaskState.COMPLETED:
            progress.message = ""  # it says what the stage did last, not how it ended
        stage = Stage(
            name=name,
            position=position,
            weight=weights.get(name, 1.0),
            state=stage_state.number,  # pyright: ignore[reportArgumentType]
            progress=progress,
            result_json=(row["result"] or "") if row else "",
            checkpoint_json=(row["checkpoint_json"] or "") if row else "",
            left_out_bytes=row["left_out_bytes"] if row else 0,
            is_saved=bool(row and row["is_saved"]),
        )
        if stage_state is not StageState.WAITING and begun is not None:
            stage.start_time.CopyFrom(begun)
        is_last = position == len(names) - 1 and (not is_of_another_type or state is TaskState.COMPLETED)
        begun = _ended(task, row, is_last=is_last)
        if begun is not None and stage_state in {StageState.COMPLETED, StageState.FAILED}:
            stage.end_time.CopyFrom(begun)
        if stage_state is StageState.COMPLETED and is_last and not stage.result_json:
            stage.result_json = task.result_json
        task.stages.append(stage)
        task_warnings.add_stage(task, name, row)
        done, total = (progress.done, progress.total) if progress else (0.0, 0.0)
        shares.append(StageShare(stage.weight, stage_state, done, total))
    task.percent = 100.0 if state is TaskState.COMPLETED else percent(shares)


def _had(
    task: Task, state: TaskState, kept: Mapping[str, Row], known: KnownType | None
) -> tuple[Sequence[str], bool]:
    """The stages that a task had when it ended, and whether these are only the stored ones.

    Its type may have other stages: it may have changed since, or the executor ran an older version. Those never ran.
    """
    end = task.end_time
    stages = known.stages_at(end.seconds * 1_000_000 + end.nanos // 1000) if known else ()
    names = [*kept, *(name for name in (task.stage,) if name and name not in kept)]
    if not stages or not set(names) <= set(stages):
        return names, True
    is_of_it = True
    if state is TaskState.COMPLETED:
        # It ended in its last stage. The task's row names that stage only if others came before. Otherwise it was the
        # only stage, and has a completed row of its own if the type had not only this one.
        is_of_it = task.stage == stages[-1] if task.stage else not _has_completed(kept) or len(stages) == 1
    return (stages, False) if is_of_it else (names, True)


def _has_completed(kept: Mapping[str, Row]) -> bool:
    return any(row["stage_status"] == "completed" for row in kept.values())


def _state(state: TaskState | None, position: int, current: int, row: Row | None) -> StageState:
    if state is TaskState.COMPLETED or (row is not None and row["stage_status"] == "completed"):
        return StageState.COMPLETED
    if position < current:
        return StageState.COMPLETED
    if position == current:
        return StageState.FAILED if state is TaskState.FAILED else StageState.RUNNING
    return StageState.WAITING


def _ended(task: Task, row: Row | None, *, is_last: bool) -> Timestamp | None:
    """When a stage ended, which is when the next one began."""
    if row is not None and row["end_time"] is not None:
        return to_timestamp(row["end_time"])
    return task.end_time if is_last and task.HasField("end_time") else None
