"""The set-based path of the most frequent outcome: the attempt's next event is its success, and no other came with it.

The statement's guards are those of the life cycle; a test proves that they agree for every state.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from asynctask_core import limits
from asynctask_core.states import TaskState
from asynctask_protos.registry.v1.standing_pb2 import PLACE_NOWHERE, Standing
from asynctask_protos.task.v1.state_pb2 import ATTEMPT_RESULT_SUCCESS
from asynctask_protos.task.v1.work_pb2 import EVENT_VERDICT_APPLIED, Ack
from asynctask_registry.catalogue.types import KnownType
from asynctask_registry.ledger import stages
from asynctask_registry.ledger.folding import AttemptEvents, RecordedEvents
from asynctask_registry.ledger.stage_names import is_only_stage
from asynctask_registry.ledger.stages import StageWrite
from asynctask_registry.store.codecs import integers
from asynctask_registry.store.pool import StoreConnection

_COMPLETED: Final = TaskState.COMPLETED.number


def is_plain(attempt: AttemptEvents) -> bool:
    """True for a single success without progress or warnings to store with it."""
    if len(attempt.events) != 1:
        return False
    event = attempt.events[0]
    outcome = event.outcome
    if outcome.result != ATTEMPT_RESULT_SUCCESS:  # another event, or another outcome
        return False
    if event.HasField("progress") or event.warnings or event.refused:
        return False
    result = outcome.result_json
    return (
        len(result) <= limits.RESULT_BYTES // 4
        and "\x00" not in result
        and len(outcome.stage) <= limits.STAGE_CHARS
        and 0 <= event.after_chunk <= limits.LARGEST_NUMBER
        and event.sequence <= limits.LARGEST_NUMBER
    )


async def complete(
    connection: StoreConnection, attempts: Sequence[AttemptEvents], types: Mapping[str, KnownType]
) -> list[RecordedEvents | None]:
    """Complete tasks in one statement; None for those that do not fit its guards."""
    ordered = sorted(
        {attempt.task_id: attempt for attempt in attempts}.values(), key=lambda attempt: attempt.task_id
    )
    events = [attempt.events[0] for attempt in ordered]
    attempt_ids = [attempt.attempt_id for attempt in ordered]
    sequences = [event.sequence for event in events]
    rows = await connection.fetch(
        "task_complete",
        task_ids=[attempt.task_id for attempt in ordered],
        attempt_ids=attempt_ids,
        sequences=integers(sequences),
        after_chunks=integers(event.after_chunk for event in events),
        results=[event.outcome.result_json for event in events],
        low=ordered[0].task_id,
        high=ordered[-1].task_id,
        attempt_low=min(attempt_ids),
        attempt_high=max(attempt_ids),
    )
    done = {row["attempt_id"]: row for row in rows}
    numbered = dict(zip(attempt_ids, sequences, strict=True))
    strange: list[StageWrite] = []
    answers: list[RecordedEvents | None] = []
    for attempt in attempts:
        row = done.get(attempt.attempt_id)
        if row is None or row["task_id"] != attempt.task_id:
            answers.append(None)
            continue
        if (name := row["type_of_one_stage"]) is not None:
            stage = attempt.events[0].outcome.stage
            if stage and not is_only_stage(stage, types.get(name)):
                strange.append(StageWrite(attempt.task_id, stage, 0, is_completed=True))
        ack = Ack(
            attempt_id=attempt.attempt_id,
            last_sequence=numbered[attempt.attempt_id],
            verdict=EVENT_VERDICT_APPLIED,
            ended=True,
        )
        standing = Standing(
            task_id=attempt.task_id,
            version=row["version"],
            place=PLACE_NOWHERE,
            state=_COMPLETED,  # pyright: ignore[reportArgumentType]
        )
        answers.append(RecordedEvents([ack], [standing]))
    await stages.write(connection, strange)
    return answers
