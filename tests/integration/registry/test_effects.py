"""What one decision means for other tasks happens in the same transaction, and is answered with it.

The life cycle has no such decisions yet. Here a task that is cancelled, or fails, has others cancelled.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from asynctask_core.ids import new_id
from asynctask_core.lifecycle.by_people import Cancel, Pause
from asynctask_core.lifecycle.decide import Command, decide
from asynctask_core.lifecycle.decision import Decision, TaskEffect
from asynctask_core.states import AttemptResult, TaskState
from asynctask_core.task import TaskFacts, TypeRules
from asynctask_protos.registry.v1 import ledger_service_pb2 as pb
from asynctask_protos.registry.v1.standing_pb2 import PLACE_NOWHERE
from asynctask_protos.task.v1.state_pb2 import (
    REQUESTED_CANCEL,
    TASK_STATE_CANCELLED,
    TASK_STATE_COMPLETED,
    TASK_STATE_QUEUED,
)
from asynctask_registry.ledger.ledger import Ledger
from asynctask_registry.ledger.transition import open_task
from tests.integration.registry.kit import (
    checkpoint,
    command,
    created,
    end,
    failure,
    finished,
    get,
    record,
    started,
    success,
)

Effects = dict[bytes, list[TaskEffect]]


@pytest.fixture
def effects(monkeypatch: pytest.MonkeyPatch) -> Effects:
    """By task, what its cancellation or failure means for others."""
    effects: Effects = {}

    def decide_with_effects(facts: TaskFacts, command: Command, rules: TypeRules, now_us: int) -> Decision:
        decision = decide(facts, command, rules, now_us)
        ends = decision.facts.state in {TaskState.CANCELLED, TaskState.FAILED}
        if decision.facts is facts or not ends:
            return decision
        return replace(decision, effects=tuple(effects.get(facts.task_id, ())))

    monkeypatch.setattr(open_task, "decide", decide_with_effects)
    return effects


def cancels(*task_ids: bytes) -> list[TaskEffect]:
    return [TaskEffect(task_id, Cancel()) for task_id in task_ids]


async def states(ledger: Ledger, *task_ids: bytes) -> list[int]:
    return [(await get(ledger, task_id)).task_status for task_id in task_ids]


@pytest.mark.parametrize("named", [0, 1])
async def test_command_changes_another_task_and_answers_both(
    ledger: Ledger, effects: Effects, named: int
) -> None:
    """The other one has an older id, or a newer one: rows are locked in the order of their ids."""
    tasks = await created(ledger, 2)
    task_id, other = tasks[named], tasks[1 - named]
    effects[task_id] = cancels(other)
    answer = await ledger.command_writer.apply(
        pb.ApplyCommandRequest(task_id=task_id, kind=pb.COMMAND_KIND_CANCEL)
    )
    assert answer.standing.task_id == task_id
    assert [(one.task_id, one.place, one.version) for one in answer.others] == [(other, PLACE_NOWHERE, 2)]
    assert await states(ledger, *tasks) == [TASK_STATE_CANCELLED] * 2
    told, _ = await ledger.reader.events(other, page_size=10)
    assert [event.kind for event in told] == ["created", "cancelled"]


async def test_effect_has_effects_of_its_own(ledger: Ledger, effects: Effects) -> None:
    """Also in a circle."""
    first, second, third = await created(ledger, 3)
    effects |= {first: cancels(second), second: cancels(third), third: cancels(first)}
    await command(ledger, first, pb.COMMAND_KIND_CANCEL)
    assert await states(ledger, first, second, third) == [TASK_STATE_CANCELLED] * 3


async def test_effect_that_does_not_fit_changes_nothing(ledger: Ledger, effects: Effects) -> None:
    """Its task has ended, or does not exist; the command itself is carried out."""
    done, attempt_id = await started(ledger)
    await record(ledger, success(done, attempt_id))
    (task_id,) = await created(ledger)
    effects[task_id] = cancels(done, new_id())
    answer = await ledger.command_writer.apply(
        pb.ApplyCommandRequest(task_id=task_id, kind=pb.COMMAND_KIND_CANCEL)
    )
    assert answer.others == []
    assert await states(ledger, task_id, done) == [TASK_STATE_CANCELLED, TASK_STATE_COMPLETED]


async def test_events_and_ends_answer_other_tasks_too(ledger: Ledger, effects: Effects) -> None:
    others = await created(ledger, 2)
    failing, attempt_id = await started(ledger)
    effects[failing] = cancels(others[0])
    (recorded,) = await record(ledger, failure(failing, attempt_id, retryable=False))
    assert [standing.task_id for standing in recorded.standings] == [failing, others[0]]
    lost, attempt_id = await started(ledger)
    await command(ledger, lost, pb.COMMAND_KIND_CANCEL)
    effects[lost] = cancels(others[1])
    standings = await end(ledger, lost, attempt_id, AttemptResult.LOST)
    assert {standing.task_id for standing in standings} == {lost, others[1]}
    assert await states(ledger, *others) == [TASK_STATE_CANCELLED] * 2


async def test_acknowledgement_says_what_another_task_s_event_asked_for(
    ledger: Ledger, effects: Effects
) -> None:
    """Fails when an executor goes on to the next stage of a task that was cancelled in the same commit."""
    failing, attempt_id = await started(ledger)
    going_on, other_attempt = await started(ledger)
    effects[failing] = cancels(going_on)
    recorded = await record(
        ledger, failure(failing, attempt_id, retryable=False), finished(going_on, other_attempt, 1)
    )
    assert recorded[1].acks[0].requested == REQUESTED_CANCEL
    assert [standing.task_id for standing in recorded[0].standings] == [failing, going_on]


async def test_standings_of_events_that_are_recorded_singly_are_all_answered(
    ledger: Ledger, effects: Effects
) -> None:
    """Of one attempt, since the content of one of its events is refused."""
    (other,) = await created(ledger)
    failing, attempt_id = await started(ledger)
    effects[failing] = cancels(other)
    (recorded,) = await record(
        ledger,
        checkpoint(failing, attempt_id, 1, json='{"nul": "\x00"}'),
        failure(failing, attempt_id, 2, retryable=False),
    )
    assert {standing.task_id for standing in recorded.standings} == {failing, other}


async def test_reason_of_an_earlier_command_does_not_explain_an_effect(
    ledger: Ledger, effects: Effects
) -> None:
    task_id, other = await created(ledger, 2)
    await command(ledger, other, pb.COMMAND_KIND_PAUSE, reason="tea")
    effects[task_id] = cancels(other)
    await command(ledger, task_id, pb.COMMAND_KIND_CANCEL)
    assert (await get(ledger, other)).command_reason == ""


async def test_crossing_effects_do_not_hold_each_other_up(ledger: Ledger, effects: Effects) -> None:
    for _ in range(10):
        first, second = await created(ledger, 2)
        effects |= {first: cancels(second), second: cancels(first)}
        await asyncio.gather(
            command(ledger, first, pb.COMMAND_KIND_CANCEL), command(ledger, second, pb.COMMAND_KIND_CANCEL)
        )
        assert await states(ledger, first, second) == [TASK_STATE_CANCELLED] * 2


async def test_endless_effects_change_nothing(
    ledger: Ledger, effects: Effects, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault in the life cycle must not hold locks without end."""
    first, second = await created(ledger, 2)

    def bounce(facts: TaskFacts, command: Command, rules: TypeRules, now_us: int) -> Decision:
        other = second if facts.task_id == first else first
        return Decision(replace(facts, version=facts.version + 1), effects=(TaskEffect(other, Pause()),))

    monkeypatch.setattr(open_task, "decide", bounce)
    with pytest.raises(RuntimeError, match="more than 100 tasks in a row"):
        await command(ledger, first, pb.COMMAND_KIND_PAUSE)
    monkeypatch.undo()
    assert await states(ledger, first, second) == [TASK_STATE_QUEUED] * 2
