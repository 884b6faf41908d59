"""Ends attempts for the scheduler: lost, released, undelivered.

An attempt that Postgres does not know is recorded as ended, so that a later start of it is refused. An attempt that
has ended already stays as it is. The answer has the standing of every named task in any case: with it the scheduler
puts the task back into its queue.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from asynctask_core.commands import Ended
from asynctask_core.errors import ExecutorLost, FieldViolation, InvalidInput
from asynctask_core.states import AttemptResult
from asynctask_core.task import TaskFacts
from asynctask_protos.registry.v1.ledger_service_pb2 import AttemptEnd
from asynctask_protos.registry.v1.standing_pb2 import Standing
from asynctask_protos.task.v1.task_pb2 import Failure
from asynctask_registry.catalogue.types import TypeCatalogue
from asynctask_registry.ledger.bisect import bisect
from asynctask_registry.ledger.facts import look
from asynctask_registry.ledger.failures import failure_json
from asynctask_registry.ledger.transition.open_task import OpenTask
from asynctask_registry.ledger.transition.transition import Transition, transact
from asynctask_registry.store.faults import ContentRefused
from asynctask_registry.store.pool import Pool, StoreConnection

_RESULTS = frozenset({AttemptResult.LOST, AttemptResult.RELEASED, AttemptResult.UNDELIVERED})


@dataclass(frozen=True, slots=True)
class _Tombstone:
    """An attempt whose later start is to be refused, of a task that exists."""

    end: AttemptEnd
    run: int
    word: str


class AttemptEndWriter:
    """Ends batches of attempts."""

    def __init__(self, pool: Pool, types: TypeCatalogue) -> None:
        self._pool = pool
        self._types = types

    async def end(self, ends: Sequence[AttemptEnd]) -> list[Standing]:
        """End attempts; returns the standings of all named tasks that exist, and of others that changed.

        Raises:
            InvalidInput: a result that the scheduler may not report.
            StoreUnavailable, OutcomeUnknown: repeat it.
        """
        for number, end in enumerate(ends):
            if AttemptResult.of(end.result) not in _RESULTS:
                violation = FieldViolation(f"ends[{number}].result", "must be LOST, RELEASED or UNDELIVERED")
                raise InvalidInput([violation])
        standings = await bisect(ends, self._end, self._refuse)
        latest = {standing.task_id: standing for one in standings for standing in one}
        return list(latest.values())

    async def _end(self, ends: Sequence[AttemptEnd]) -> list[list[Standing]]:
        types, named = await self._types.current(), [end.task_id for end in ends]
        _, transition = await transact(self._pool, named, types, lambda opened: _end(opened, ends))
        tasks, others = transition.tasks, transition.standings_of_others
        return [[tasks[one].standing, *others(one)] if one in tasks else [] for one in named]

    async def _refuse(self, end: AttemptEnd, refused: ContentRefused) -> list[Standing]:
        known = await self._pool.run(lambda connection: look(connection, [end.task_id]))
        return [task.standing for task in known.values()]


async def _end(transition: Transition, ends: Sequence[AttemptEnd]) -> None:
    tombstones: dict[bytes, _Tombstone] = {}
    for end in ends:
        task = transition.tasks.get(end.task_id)
        word = AttemptResult.of(end.result)
        if task is None or word is None:
            continue
        if task.facts.attempt_id == end.attempt_id:
            _end_current(task, end, word)
        elif task.known.last_attempt != end.attempt_id:
            tombstones[end.attempt_id] = _Tombstone(end, task.facts.run, word.value)
    await _bury(transition.connection, [tombstones[attempt_id] for attempt_id in sorted(tombstones)])


def _end_current(task: OpenTask, end: AttemptEnd, word: AttemptResult) -> None:
    decision = task.decide(Ended(end.attempt_id, word, renewed=end.renewed, excused=end.excused))
    failure: str | None = None
    if decision.failure_reason is not None:
        failure = task.failure = failure_json(_failure(decision.failure_reason, decision.facts, end))
    task.end_attempt(end.attempt_id, word, failure)


def _failure(reason: str, facts: TaskFacts, end: AttemptEnd) -> Failure:
    if reason == ExecutorLost.reason:
        who = end.executor_id or "unknown"
        message = f"lost its executor {_times(facts.lost_count)} without a new checkpoint, at last {who}"
    else:
        message = f"was handed out {_times(facts.undelivered_count)}, and its lease was never renewed"
    return Failure(reason=reason, message=message, stage=facts.stage)


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


async def _bury(connection: StoreConnection, tombstones: Sequence[_Tombstone]) -> None:
    if tombstones:
        await connection.fetch(
            "attempt_refuse",
            attempt_ids=[tombstone.end.attempt_id for tombstone in tombstones],
            task_ids=[tombstone.end.task_id for tombstone in tombstones],
            runs=[tombstone.run for tombstone in tombstones],
            executor_ids=[tombstone.end.executor_id for tombstone in tombstones],
            results=[tombstone.word for tombstone in tombstones],
        )
