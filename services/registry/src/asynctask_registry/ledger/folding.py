"""Folds events into tasks by the pure life cycle, under row locks, with one write for the whole batch.

Events of one attempt are taken in order. The next number is applied, and a number that is recorded already is a
duplicate. A missing number, or a manifest chunk that is not stored yet, is a gap. An attempt that is not the task's
current one changes nothing.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple, cast

from asynctask_core import limits
from asynctask_core.bounds.hot import event_fault, progress_fault
from asynctask_core.commands import AttemptCommand, Checkpointed, Ended, StageFinished
from asynctask_core.errors import RefusedByStore, ResultRefused
from asynctask_core.states import AttemptResult, TaskState
from asynctask_core.status import to_status
from asynctask_core.task import TaskFacts, replace
from asynctask_protos.registry.v1.standing_pb2 import Standing
from asynctask_protos.task.v1.state_pb2 import ATTEMPT_RESULT_FAILED, ATTEMPT_RESULT_SUCCESS, Requested
from asynctask_protos.task.v1.task_pb2 import Failure
from asynctask_protos.task.v1.work_pb2 import (
    EVENT_VERDICT_APPLIED,
    EVENT_VERDICT_DUPLICATE,
    EVENT_VERDICT_GAP,
    EVENT_VERDICT_REFUSED,
    EVENT_VERDICT_SUPERSEDED,
    Ack,
    Event,
    EventVerdict,
    OutcomeEvent,
)
from asynctask_registry.catalogue.types import KnownType
from asynctask_registry.ledger import stage_names, task_warnings
from asynctask_registry.ledger.failures import failure_json
from asynctask_registry.ledger.stage_names import is_only_stage, stage_of
from asynctask_registry.ledger.stages import StageWrite
from asynctask_registry.ledger.task_warnings import WarningFold
from asynctask_registry.ledger.transition.open_task import OpenTask
from asynctask_registry.ledger.transition.transition import Transition, transact
from asynctask_registry.store.pool import Pool, StoreConnection

_UNKNOWN_STAGE: Final = "unknown"
"""The stage of warnings that name none, in a task whose type is no longer known."""


class AttemptEvents(NamedTuple):
    """Events of one attempt, in order."""

    task_id: bytes
    attempt_id: bytes
    events: tuple[Event, ...]


class RecordedEvents(NamedTuple):
    """The answer to one attempt's events: an ack, one more for each refused event, and changed standings."""

    acks: list[Ack]
    standings: list[Standing]


async def fold(
    pool: Pool, attempts: Sequence[AttemptEvents], types: Mapping[str, KnownType]
) -> list[RecordedEvents]:
    """Record events in one transaction; one answer per attempt, in order.

    An event over a bound is recorded as refused, in the same transaction.

    Raises:
        ContentRefused: Postgres refuses some content; nothing was recorded.
    """
    named = [attempt.task_id for attempt in attempts]
    answered, transition = await transact(pool, named, types, lambda opened: _fold(opened, attempts))
    answers: list[RecordedEvents] = []
    for attempt, acks in zip(attempts, answered, strict=True):
        answers.append(recorded_of(transition, attempt, acks))
    return answers


def recorded_of(transition: Transition, attempt: AttemptEvents, acks: list[Ack]) -> RecordedEvents:
    """The answer to an attempt, as committed: an effect of another task's decision may have changed its task."""
    task = transition.tasks.get(attempt.task_id)
    if task is None:
        return RecordedEvents(acks, [])
    if transition.is_reached(attempt.task_id):
        for ack in acks:
            ack.requested = _requested(task, attempt.attempt_id)
    standings = [task.standing] if task.has_news else []
    return RecordedEvents(acks, [*standings, *transition.standings_of_others(attempt.task_id)])


async def _fold(transition: Transition, attempts: Sequence[AttemptEvents]) -> list[list[Ack]]:
    connection, tasks, types = transition.connection, transition.tasks, transition.types
    warned = await task_warnings.load(
        connection, (task_id for task_id, task in tasks.items() if task.known.may_have_warnings)
    )
    for task_id, warnings in warned.items():
        tasks[task_id].warnings = warnings
    await _look_at_items(connection, attempts, warned)
    await _know_stages(connection, attempts, tasks, types)
    return [_fold_attempt(tasks.get(attempt.task_id), attempt, types) for attempt in attempts]


async def _look_at_items(
    connection: StoreConnection, attempts: Iterable[AttemptEvents], warned: Mapping[bytes, WarningFold]
) -> None:
    """Read how many items failed or were skipped, of the few tasks that end successfully and may have such items."""
    ending = {
        attempt.task_id
        for attempt in attempts
        if attempt.task_id in warned and attempt.events[-1].outcome.result == ATTEMPT_RESULT_SUCCESS
    }
    await task_warnings.look_at_items(connection, {task_id: warned[task_id] for task_id in ending})


async def _know_stages(
    connection: StoreConnection,
    attempts: Iterable[AttemptEvents],
    tasks: Mapping[bytes, OpenTask],
    types: Mapping[str, KnownType],
) -> None:
    """Read the stored stages of the few tasks whose events name a stage that their type does not have."""
    strange = [
        attempt.task_id
        for attempt in attempts
        if (task := tasks.get(attempt.task_id)) is not None
        and stage_names.has_strange(attempt.events, task.facts, types)
    ]
    for task_id, kept in (await stage_names.kept_stages(connection, strange)).items():
        tasks[task_id].kept_stages = kept


def _fold_attempt(task: OpenTask | None, attempt: AttemptEvents, types: Mapping[str, KnownType]) -> list[Ack]:
    """Fold one attempt's events up to the first gap; the last ack has the number of the last acknowledged event.

    Each refused event has an ack of its own.
    """
    last = attempt.events[-1].sequence
    if task is None:
        gone = EVENT_VERDICT_SUPERSEDED
        return [Ack(attempt_id=attempt.attempt_id, last_sequence=last, verdict=gone, ended=True)]
    refusals: list[Ack] = []
    verdict: EventVerdict.ValueType = EVENT_VERDICT_DUPLICATE
    for event in attempt.events:
        outcome = place(task, event)
        if outcome == EVENT_VERDICT_APPLIED:
            fault = event.refused or event_fault(event) or _stage_fault(task, event, types)
            if fault:
                refusals.append(refuse(task, event, fault))
                verdict = EVENT_VERDICT_REFUSED
                continue
            apply(task, event, types)
        if outcome != EVENT_VERDICT_DUPLICATE:
            verdict = outcome
        if outcome in {EVENT_VERDICT_GAP, EVENT_VERDICT_SUPERSEDED}:
            break
    if verdict == EVENT_VERDICT_REFUSED:
        return refusals
    return [*refusals, ack_of(task, attempt.attempt_id, verdict, last)]


def _stage_fault(task: OpenTask, event: Event, types: Mapping[str, KnownType]) -> str | None:
    """What is wrong with the stage of an event, or None. An outcome is applied all the same, without progress."""
    if task.kept_stages is None or (event.HasField("outcome") and not event.HasField("progress")):
        return None
    name = stage_of(event, task.facts, types)
    fault = stage_names.stage_fault(name, task.kept_stages, types.get(task.facts.task_type))
    if fault and event.HasField("outcome"):
        event.ClearField("progress")
        return None
    return fault


def refuse(task: OpenTask, event: Event, why: str) -> Ack:
    """Record the next event of the current attempt as refused; answers its ack.

    A refused checkpoint changes nothing but counts as acknowledged: the SDK tells the handler, which goes on or gives
    up. A refused stage result or outcome fails the task as RESULT_REFUSED: if the executor sent it again, the registry
    would refuse it again, and the task would never end.
    """
    if event.HasField("checkpoint"):
        what = "checkpoint"
        task.facts = replace(task.facts, last_event=event.sequence)
    else:
        what = "result"
        _fail(task, event, f"the result cannot be stored: {why}")
    ack = ack_of(task, event.attempt_id, EVENT_VERDICT_REFUSED, event.sequence)
    ack.error.CopyFrom(to_status(RefusedByStore(f"the {what} cannot be stored: {why}")))
    return ack


def _fail(task: OpenTask, event: Event, why: str) -> None:
    before = task.facts
    task.decide(Ended(event.attempt_id, AttemptResult.FAILED, event.sequence, retryable=False))
    failure = Failure(reason=ResultRefused.reason, message=why, stage=before.stage)
    end(task, OutcomeEvent(result=ATTEMPT_RESULT_FAILED, failure=failure), before)


def ack_of(task: OpenTask, attempt_id: bytes, verdict: EventVerdict.ValueType, last: int) -> Ack:
    """The ack for an attempt, by the present facts of its task; superseded events are all acknowledged."""
    is_current = task.facts.attempt_id == attempt_id
    return Ack(
        attempt_id=attempt_id,
        last_sequence=last if verdict == EVENT_VERDICT_SUPERSEDED else task.facts.last_event,
        verdict=verdict,
        requested=_requested(task, attempt_id),
        ended=not is_current,
    )


def _requested(task: OpenTask, attempt_id: bytes) -> Requested.ValueType:
    is_current = task.facts.attempt_id == attempt_id
    return cast(
        "Requested.ValueType", task.facts.requested.number if task.facts.requested and is_current else 0
    )


def place(task: OpenTask, event: Event) -> EventVerdict.ValueType:
    """The verdict on an event by its number: APPLIED means that it is the next one."""
    facts = task.facts
    if facts.attempt_id != event.attempt_id:
        was_seen = task.known.last_attempt == event.attempt_id and event.sequence <= facts.last_event
        return EVENT_VERDICT_DUPLICATE if was_seen else EVENT_VERDICT_SUPERSEDED
    if event.sequence <= facts.last_event:
        return EVENT_VERDICT_DUPLICATE
    if event.sequence > facts.last_event + 1 or event.after_chunk > facts.last_chunk:
        return EVENT_VERDICT_GAP
    return EVENT_VERDICT_APPLIED


def apply(task: OpenTask, event: Event, types: Mapping[str, KnownType]) -> None:
    """Fold the next event of the current attempt, which is within its bounds, into the task."""
    before = task.facts
    is_news = _note_warnings(task, event, types)
    task.decide(_command(event, is_news=is_news))
    _note_stage(task, event, before, types)
    if event.HasField("outcome"):
        if task.warnings is not None and task.facts.state is TaskState.COMPLETED:
            stage = stage_of(event, before, types) or _UNKNOWN_STAGE
            task.warnings.add_untold_items(before.task_id, stage, before.epoch)
        end(task, event.outcome, before)


def end(task: OpenTask, outcome: OutcomeEvent, before: TaskFacts) -> None:
    """Note the outcome of the attempt that has just ended."""
    assert before.attempt_id is not None
    failure: str | None = None
    word = AttemptResult.of(outcome.result) or AttemptResult.FAILED
    if word is AttemptResult.FAILED or (word is AttemptResult.RELEASED and outcome.HasField("failure")):
        failure = task.failure = failure_json(outcome.failure)
    elif word is AttemptResult.SUCCESS:
        task.result = outcome.result_json
    task.end_attempt(before.attempt_id, word, failure)


def _command(event: Event, *, is_news: bool) -> AttemptCommand:
    """The life cycle's command for this event; `is_news` when it changed the warnings that people see."""
    attempt_id, sequence = event.attempt_id, event.sequence
    match event.WhichOneof("event"):
        case "checkpoint":
            return Checkpointed(attempt_id, sequence, is_news=is_news)
        case "stage_finished":
            return StageFinished(attempt_id, sequence, event.stage_finished.next_stage)
        case _:
            outcome = event.outcome
            result = AttemptResult.of(outcome.result) or AttemptResult.FAILED
            return Ended(
                attempt_id,
                result,
                sequence,
                retryable=outcome.retryable,
                retry_after_ms=min(outcome.retry_after_ms, limits.DELAY_MS),
                draw=random.random(),
            )


def _note_warnings(task: OpenTask, event: Event, types: Mapping[str, KnownType]) -> bool:
    """Count the warnings of the event; True when that changes what people see."""
    if task.warnings is None:
        if not event.warnings:
            return False
        task.warnings = WarningFold()
    facts = task.facts
    kind = event.WhichOneof("event")
    stage = stage_of(event, facts, types) or _UNKNOWN_STAGE
    return task.warnings.take(event.warnings, stage, facts.epoch, are_open=kind == "outcome")


def _note_stage(task: OpenTask, event: Event, before: TaskFacts, types: Mapping[str, KnownType]) -> None:
    """Merge the event into the one write of its stage."""
    kind = event.WhichOneof("event")
    known = types.get(before.task_type)
    name = stage_of(event, before, types)
    ends_elsewhere = kind == "outcome" and _ends_elsewhere(task, event.outcome, before, known)
    if not name or (kind == "outcome" and not event.HasField("progress") and not ends_elsewhere):
        return
    write = task.stages.get(name)
    if write is None:
        position = known.positions.get(name, len(known.stages)) if known else 0
        write = task.stages[name] = StageWrite(before.task_id, name, position)
    # Progress over a bound is left out; the rest of the event is applied.
    if event.HasField("progress") and progress_fault(event.progress) is None:
        write.progress = event.progress
    if kind == "checkpoint":
        write.checkpoint = event.checkpoint.checkpoint
    elif kind == "stage_finished":
        write.is_completed = True
        write.result = event.stage_finished.result_json
    elif ends_elsewhere and task.facts.state is TaskState.COMPLETED:
        write.is_completed = True


def _ends_elsewhere(
    task: OpenTask, outcome: OutcomeEvent, before: TaskFacts, known: KnownType | None
) -> bool:
    """Whether a task ended in a first stage that its present type does not imply: then its name is stored."""
    if before.stage or not outcome.stage or not task.facts.state.is_final:
        return False
    if task.kept_stages is not None and stage_names.stage_fault(outcome.stage, task.kept_stages, known):
        return False
    if task.facts.state is TaskState.COMPLETED:
        return not is_only_stage(outcome.stage, known)
    return known is None or known.stages[:1] != (outcome.stage,)
