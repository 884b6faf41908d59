"""The set-based SQL of the hot transitions and the pure life cycle decide the same, for every state.

Broken once on purpose: without the guard on deleted_at in task_start.sql, and without `last_event = …` in
task_complete.sql, these tests fail.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from asynctask_core.commands import Ended, Start
from asynctask_core.errors import AttemptSuperseded, WrongState
from asynctask_core.ids import new_id
from asynctask_core.lifecycle.decide import decide
from asynctask_core.states import AttemptResult, Requested, TaskState, WaitingFor
from asynctask_core.task import TaskFacts, TypeRules
from asynctask_protos.registry.v1 import ledger_service_pb2 as pb
from asynctask_protos.task.v1.work_pb2 import EVENT_VERDICT_APPLIED
from asynctask_registry.ledger import completion, folding
from asynctask_registry.ledger.facts import TaskRow, look
from asynctask_registry.ledger.folding import AttemptEvents
from asynctask_registry.ledger.ledger import Ledger
from asynctask_registry.ledger.transition.open_task import OpenTask
from tests.integration.registry.kit import connected, created, success

HOUR_US = 3_600_000_000


@dataclass(frozen=True)
class Case:
    """A row as it may be found."""

    state: TaskState
    requested: Requested | None = None
    due: str = ""
    deleted: bool = False
    delete_requested: bool = False
    waiting_for: WaitingFor | None = None


def cases() -> list[Case]:
    """Every state with everything that a hot transition could look at."""
    found: list[Case] = []
    for state, deleted, delete_requested in itertools.product(TaskState, (False, True), (False, True)):
        if state is TaskState.PENDING:
            waits = itertools.product(WaitingFor, ("", "past", "future"))
            found += [Case(state, None, due, deleted, delete_requested, why) for why, due in waits]
        elif state is TaskState.RUNNING:
            for requested in (None, *Requested):
                found.append(Case(state, requested, "", deleted, delete_requested))
        else:
            found.append(Case(state, None, "", deleted, delete_requested))
            found.append(Case(state, None, "past", deleted, delete_requested))
    return found


def attempt_of(task_id: bytes, *, other: bool = False) -> bytes:
    """The id of the attempt that a row has, or of another one; like a real one it lies in today's partition."""
    return task_id[:15] + bytes([task_id[15] ^ (1 if other else 2)])


async def put(url: str, ledger: Ledger) -> dict[bytes, Case]:
    """Make a row for each case; running ones have had three events and two chunks under their attempt."""
    rows: dict[bytes, Case] = {}
    async with connected(url) as connection:
        for case, task_id in zip(cases(), await created(ledger, len(cases())), strict=True):
            await connection.execute(
                "UPDATE tasks SET task_status = $2, requested = $3, waiting_for = $4, version = 7, lease_epoch = 2, "
                "due_at = CASE $5 WHEN 'past' THEN now() - interval '1 hour' "
                "WHEN 'future' THEN now() + interval '1 hour' END, "
                "deleted_at = CASE WHEN $6 THEN now() END, delete_requested = $7, attempt_id = $8, "
                "executor_id = CASE WHEN $2 = 'running' THEN 'e0' ELSE '' END, last_event = 3, last_chunk = 2, "
                "attempt_count = 2, error_count = 1, lost_count = 1, undelivered_count = 1 WHERE task_id = $1",
                task_id,
                case.state.value,
                case.requested.value if case.requested else None,
                case.waiting_for.value if case.waiting_for else None,
                case.due,
                case.deleted,
                case.delete_requested,
                attempt_of(task_id),
            )
            rows[task_id] = case
    return rows


async def known(ledger: Ledger, rows: dict[bytes, Case]) -> dict[bytes, TaskRow]:
    return await ledger.hot.run(lambda session: look(session, rows))


def decided(before: TaskRow, command: Any) -> TaskFacts:
    """What the life cycle makes of it; the same facts when it refuses."""
    try:
        decision = decide(before.facts, command, TypeRules(), before.now_us)
    except (WrongState, AttemptSuperseded):
        return before.facts
    assert decision.effects == (), "the statements of the hot paths follow no effects"
    return decision.facts


async def compare(
    ledger: Ledger,
    rows: dict[bytes, Case],
    before: dict[bytes, TaskRow],
    expect: Callable[[TaskRow], TaskFacts],
) -> int:
    """Compare every row with the expectation; answers how many changed."""
    after = await known(ledger, rows)
    changed = 0
    for task_id, case in rows.items():
        assert after[task_id].facts == expect(before[task_id]), case
        changed += after[task_id].facts != before[task_id].facts
    return changed


@pytest.mark.parametrize("is_same_attempt", [True, False])
async def test_start_agrees_for_every_state(postgres_url: str, ledger: Ledger, is_same_attempt: bool) -> None:
    rows = await put(postgres_url, ledger)
    before = await known(ledger, rows)
    attempts = {task_id: attempt_of(task_id, other=not is_same_attempt) for task_id in rows}
    ids = sorted(rows)
    await ledger.hot.run(
        lambda session: session.fetch(
            "task_start",
            task_ids=ids,
            attempt_ids=[attempts[task_id] for task_id in ids],
            executor_ids=["e9"] * len(ids),
            low=ids[0],
            high=ids[-1],
        )
    )
    changed = await compare(
        ledger, rows, before, lambda task: decided(task, Start(attempts[task.facts.task_id], "e9"))
    )
    assert changed == 2 * (
        2 + 5
    )  # queued with and without a due time, and pending of each kind once due; not deleted


@pytest.mark.parametrize("sequence", [3, 4, 5])
@pytest.mark.parametrize("after_chunk", [2, 3])
@pytest.mark.parametrize("is_same_attempt", [True, False])
async def test_completion_agrees_for_every_state(
    postgres_url: str, ledger: Ledger, sequence: int, after_chunk: int, is_same_attempt: bool
) -> None:
    rows = await put(postgres_url, ledger)
    before = await known(ledger, rows)
    attempts: list[AttemptEvents] = []
    for task_id in rows:
        claimed = attempt_of(task_id, other=not is_same_attempt)
        event = success(task_id, claimed, sequence, after_chunk=after_chunk)
        attempts.append(AttemptEvents(task_id, claimed, (event,)))
    await ledger.hot.run(lambda session: completion.complete(session, attempts, {}))

    def expected(task: TaskRow) -> TaskFacts:
        claimed = attempt_of(task.facts.task_id, other=not is_same_attempt)
        event = success(task.facts.task_id, claimed, sequence, after_chunk=after_chunk)
        if folding.place(OpenTask.of(task, TypeRules()), event) != EVENT_VERDICT_APPLIED:
            return task.facts
        return decided(task, Ended(claimed, AttemptResult.SUCCESS, sequence))

    changed = await compare(ledger, rows, before, expected)
    fits = sequence == 4 and after_chunk == 2 and is_same_attempt
    assert changed == (3 * 4 if fits else 0)  # running with each request, also where a deletion is asked for


async def test_both_ways_to_start_and_to_complete_answer_the_same(ledger: Ledger) -> None:
    """The set-based way and the way under locks, one task each, from submit to completion."""
    answers: list[list[Any]] = []
    for singly in (False, True):
        (task_id,) = await created(ledger)
        attempt_id = new_id()
        request = [pb.AttemptStart(task_id=task_id, attempt_id=attempt_id, executor_id="e1")]
        start = ledger.attempt_start_writer._start_singly if singly else ledger.attempt_start_writer.start
        (started,) = await start(request)
        record = ledger.event_writer._fold if singly else ledger.event_writer.record
        (recorded,) = await record([AttemptEvents(task_id, attempt_id, (success(task_id, attempt_id),))])
        messages: list[Any] = [started.result, started.result.assignment, started.standing]
        messages += [*recorded.standings, *recorded.acks]
        for message in messages:
            for name in {"task_id", "attempt_id", "ready_at_us"} & set(message.DESCRIPTOR.fields_by_name):
                message.ClearField(name)
        answers.append([started.result, started.standing, recorded.acks, recorded.standings])
    assert answers[0] == answers[1]
