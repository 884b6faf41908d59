"""Moves tasks from queued to running under an attempt: the only way to start a task that exists.

One guarded statement starts a batch. For starts that it leaves out, and for every batch with an attempt id that
history knows already, the pure life cycle decides under row locks. Both answer by attempt id, so a repeated call
answers "already started" with the same assignment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from asynctask_core.commands import Start
from asynctask_core.errors import AttemptSuperseded, WrongState
from asynctask_core.states import TaskState
from asynctask_core.task import TaskFacts
from asynctask_protos.registry.v1.ledger_service_pb2 import (
    START_VERDICT_ALREADY_STARTED,
    START_VERDICT_ENDED,
    START_VERDICT_NOT_DUE,
    START_VERDICT_NOT_STARTABLE,
    START_VERDICT_RUNNING_ELSEWHERE,
    START_VERDICT_STARTED,
    START_VERDICT_UNKNOWN,
    AttemptStart,
    StartResult,
    StartVerdict,
)
from asynctask_protos.registry.v1.standing_pb2 import PLACE_LEASED, Standing
from asynctask_protos.task.v1.work_pb2 import Assignment
from asynctask_registry.catalogue.types import KnownType, TypeCatalogue, rules_of
from asynctask_registry.ledger import stages
from asynctask_registry.ledger.bisect import bisect
from asynctask_registry.ledger.facts import configs, look
from asynctask_registry.ledger.transition.open_task import OpenTask
from asynctask_registry.ledger.transition.transition import Transition, transact
from asynctask_registry.store.faults import ContentRefused
from asynctask_registry.store.pool import Pool, Row, StoreConnection

_RUNNING: Final = TaskState.RUNNING.number
_STARTED: Final = frozenset({START_VERDICT_STARTED, START_VERDICT_ALREADY_STARTED})


@dataclass(frozen=True, slots=True)
class StartedAttempt:
    """The answer to one start; `standing` is None for a task that does not exist.

    `others` are standings of tasks that changed with it.
    """

    result: StartResult
    standing: Standing | None
    others: Sequence[Standing] = ()


class AttemptStartWriter:
    """Starts batches of tasks."""

    def __init__(self, pool: Pool, types: TypeCatalogue) -> None:
        self._pool = pool
        self._types = types

    async def start(self, starts: Sequence[AttemptStart]) -> list[StartedAttempt]:
        """Start tasks; one answer each, in order.

        Raises:
            StoreUnavailable, OutcomeUnknown: for all of them; repeat with the same attempt ids.
        """
        first: dict[bytes, AttemptStart] = {start.task_id: start for start in reversed(starts)}
        ordered = [first[task_id] for task_id in sorted(first)]
        answers: dict[bytes, StartedAttempt] = {}
        try:
            rows = await self._pool.run(lambda connection: _start(connection, ordered))
        except ContentRefused:
            # History knows an attempt id: the attempt was ended before it began, or this call repeats an earlier one.
            rows = []
        types = await self._types.with_types({row["task_type"] for row in rows})
        for row in rows:
            answers[row["attempt_id"]] = started_of(row, types)
        rest = [start for start in starts if start.attempt_id not in answers]
        for start, started in zip(rest, await bisect(rest, self._start_singly, self._refuse), strict=True):
            answers[start.attempt_id] = started
        await self._resume(
            [answer.result.assignment for answer in answers.values() if _has_position(answer)], types
        )
        return [answers[start.attempt_id] for start in starts]

    async def _start_singly(self, starts: Sequence[AttemptStart]) -> list[StartedAttempt]:
        """Let the life cycle decide each start, in order: of two starts of one task the first wins."""
        types, named = await self._types.current(), [start.task_id for start in starts]
        (verdicts, texts), transition = await transact(
            self._pool, named, types, lambda opened: _decide(opened, starts)
        )
        answers: list[StartedAttempt] = []
        for start, verdict in zip(starts, verdicts, strict=True):
            result, task = _result(start, verdict), transition.tasks.get(start.task_id)
            if task is not None and verdict in _STARTED:
                result.assignment.CopyFrom(_assignment(task.facts, texts[start.task_id], types))
            others = transition.standings_of_others(start.task_id)
            answers.append(StartedAttempt(result, task.standing if task else None, others))
        return answers

    async def _refuse(self, start: AttemptStart, refused: ContentRefused) -> StartedAttempt:
        known = await self._pool.run(lambda connection: look(connection, [start.task_id]))
        task = known.get(start.task_id)
        verdict = START_VERDICT_NOT_STARTABLE if task else START_VERDICT_UNKNOWN
        return StartedAttempt(_result(start, verdict), task.standing if task else None)

    async def _resume(self, assignments: Sequence[Assignment], types: Mapping[str, KnownType]) -> None:
        """Add checkpoints, inputs and progress of tasks that go on. Only these attempts can change them now."""
        if assignments:
            await self._pool.run(lambda connection: stages.resume(connection, assignments, types))


async def _start(connection: StoreConnection, starts: Sequence[AttemptStart]) -> list[Row]:
    if not starts:
        return []
    return await connection.fetch(
        "task_start",
        task_ids=[start.task_id for start in starts],
        attempt_ids=[start.attempt_id for start in starts],
        executor_ids=[start.executor_id for start in starts],
        low=starts[0].task_id,
        high=starts[-1].task_id,
    )


def started_of(row: Row, types: Mapping[str, KnownType]) -> StartedAttempt:
    """Read a row that task_start or task_start_eagerly returns."""
    # Column by column in one step, and the message filled in place: this runs for every task.
    (
        task_id, attempt_id, executor_id, task_type, queue, priority, version, ready_at_us, epoch, run, stage,
        error_count, undelivered_count, config,
    ) = row  # fmt: skip
    result = StartResult(attempt_id=attempt_id, task_id=task_id, verdict=START_VERDICT_STARTED)
    assignment = result.assignment
    assignment.task_id = task_id
    assignment.attempt_id = attempt_id
    assignment.task_type = task_type
    assignment.task_config = config
    assignment.epoch = epoch
    assignment.stage = stage
    assignment.error_count = error_count
    assignment.undelivered_count = undelivered_count
    assignment.max_attempts = rules_of(types, task_type).retry.max_attempts
    assignment.run = run
    assignment.priority = priority
    standing = Standing(
        task_id=task_id,
        version=version,
        place=PLACE_LEASED,
        state=_RUNNING,  # pyright: ignore[reportArgumentType]
        queue=queue,
        task_type=task_type,
        priority=priority,
        ready_at_us=ready_at_us,
        attempt_id=attempt_id,
        executor_id=executor_id,
    )
    return StartedAttempt(result, standing)


def _has_position(started: StartedAttempt) -> bool:
    """True when the task may have a checkpoint or an input: it is not its first attempt."""
    return started.result.assignment.epoch > 1


async def _decide(
    transition: Transition, starts: Sequence[AttemptStart]
) -> tuple[list[StartVerdict.ValueType], dict[bytes, str]]:
    """The verdict of each start, and the configs of the tasks that run under these attempts now."""
    ended = await _ended_attempts(transition.connection, [start.attempt_id for start in starts])
    verdicts: list[StartVerdict.ValueType] = []
    for start in starts:
        task = transition.tasks.get(start.task_id)
        if task is None:
            verdicts.append(START_VERDICT_UNKNOWN)
        elif start.attempt_id in ended:
            verdicts.append(START_VERDICT_ENDED)
        else:
            verdicts.append(_verdict(task, start))
    started = [start.task_id for start, verdict in zip(starts, verdicts, strict=True) if verdict in _STARTED]
    return verdicts, await configs(transition.connection, started)


def _verdict(task: OpenTask, start: AttemptStart) -> StartVerdict.ValueType:
    before = task.facts
    try:
        task.decide(Start(start.attempt_id, start.executor_id))
    except AttemptSuperseded:
        return START_VERDICT_RUNNING_ELSEWHERE
    except WrongState:
        is_timed = before.state is TaskState.PENDING and before.due_at_us is not None and not before.deleted
        return START_VERDICT_NOT_DUE if is_timed else START_VERDICT_NOT_STARTABLE
    if task.facts is before:
        return START_VERDICT_ALREADY_STARTED
    task.has_started = True
    return START_VERDICT_STARTED


def _result(start: AttemptStart, verdict: StartVerdict.ValueType) -> StartResult:
    return StartResult(attempt_id=start.attempt_id, task_id=start.task_id, verdict=verdict)


def _assignment(facts: TaskFacts, config: str, types: Mapping[str, KnownType]) -> Assignment:
    return Assignment(
        task_id=facts.task_id,
        attempt_id=facts.attempt_id or b"",
        task_type=facts.task_type,
        task_config=config,
        epoch=facts.epoch,
        stage=facts.stage,
        error_count=facts.error_count,
        undelivered_count=facts.undelivered_count,
        max_attempts=rules_of(types, facts.task_type).retry.max_attempts,
        requested=facts.requested.number if facts.requested else 0,  # pyright: ignore[reportArgumentType]
        run=facts.run,
        priority=facts.priority,
    )


async def _ended_attempts(connection: StoreConnection, attempt_ids: Sequence[bytes]) -> set[bytes]:
    ids = sorted(set(attempt_ids))
    rows = await connection.fetch("attempt_known", attempt_ids=ids, low=ids[0], high=ids[-1])
    return {row["history_id"] for row in rows if row["is_ended"]}
