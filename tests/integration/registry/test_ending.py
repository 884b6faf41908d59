"""Ending attempts from outside: lost, released, undelivered."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from asynctask_core import limits
from asynctask_core.errors import InvalidInput
from asynctask_core.ids import id_text, new_id
from asynctask_core.states import AttemptResult
from asynctask_protos.registry.v1 import ledger_service_pb2 as pb
from asynctask_protos.registry.v1.standing_pb2 import PLACE_LEASED, PLACE_NOWHERE, PLACE_READY
from asynctask_protos.task.v1.state_pb2 import TASK_STATE_CANCELLED, TASK_STATE_FAILED, TASK_STATE_PAUSED
from asynctask_registry.ledger.ledger import Ledger
from tests.integration.registry.kit import (
    checkpoint,
    command,
    created,
    end,
    get,
    history,
    number,
    record,
    restarted,
    row,
    start,
    started,
    success,
)


@pytest.mark.parametrize("result", [AttemptResult.LOST, AttemptResult.RELEASED, AttemptResult.UNDELIVERED])
async def test_ended_attempt_puts_its_task_back(
    postgres_url: str, ledger: Ledger, result: AttemptResult
) -> None:
    task_id, attempt_id = await started(ledger)
    (standing,) = await end(ledger, task_id, attempt_id, result)
    assert (standing.place, standing.version) == (PLACE_READY, 3)
    (attempt,) = await history(postgres_url, task_id)
    assert attempt["execution_result"] == result.value
    # Once more, as after a lost reply: the same standing, nothing changes.
    assert await end(ledger, task_id, attempt_id, result) == [standing]
    assert len(await history(postgres_url, task_id)) == 1


async def test_ending_an_older_attempt_leaves_the_current_one_alone(ledger: Ledger) -> None:
    task_id, old = await started(ledger)
    await end(ledger, task_id, old)
    new = await restarted(ledger, task_id)
    (standing,) = await end(ledger, task_id, old)
    assert (standing.place, standing.attempt_id) == (PLACE_LEASED, new)


async def test_attempts_are_listed_in_their_order_whenever_their_ids_were_made(ledger: Ledger) -> None:
    """A scheduler makes ids in advance. Fails when the list follows the ids."""
    in_advance = new_id()
    task_id, first = await started(ledger)
    await end(ledger, task_id, first)
    await start(ledger, (task_id, in_advance))
    listed = await ledger.reader.attempts(task_id)
    assert [attempt.attempt_id for attempt in listed] == [id_text(first), id_text(in_advance)]


async def test_unknown_attempt_is_remembered_but_not_shown(postgres_url: str, ledger: Ledger) -> None:
    (task_id,) = await created(ledger)
    (standing,) = await end(ledger, task_id, new_id(), AttemptResult.UNDELIVERED)
    assert standing.version == 1
    (attempt,) = await history(postgres_url, task_id)
    assert attempt["start_time"] is None
    assert await ledger.reader.attempts(task_id) == []
    assert (await get(ledger, task_id)).attempt_count == 0


async def test_end_of_an_unknown_task_is_left_out(ledger: Ledger) -> None:
    task_id, attempt_id = await started(ledger)
    ends = [
        pb.AttemptEnd(task_id=task, attempt_id=attempt, result=number(AttemptResult.LOST))
        for task, attempt in ((new_id(), new_id()), (task_id, attempt_id))
    ]
    standings = await ledger.attempt_end_writer.end(ends)
    assert [standing.task_id for standing in standings] == [task_id]


async def test_task_that_kills_its_executors_fails_instead_of_killing_more(
    postgres_url: str, ledger: Ledger
) -> None:
    (task_id,) = await created(ledger)
    attempts = [await restarted(ledger, task_id)]
    for losses in range(1, limits.CRASH_BUDGET):
        (standing,) = await end(ledger, task_id, attempts[-1], executor_id=f"e{losses}")
        assert standing.place == PLACE_READY
        attempts.append(await restarted(ledger, task_id))
    (standing,) = await end(ledger, task_id, attempts[-1], executor_id="e3")
    assert standing.state == TASK_STATE_FAILED
    task = await get(ledger, task_id)
    assert task.failure.reason == "EXECUTOR_LOST"
    assert "3 times" in task.failure.message
    assert [attempt["execution_result"] for attempt in await history(postgres_url, task_id)] == ["lost"] * 3


async def test_new_checkpoint_restores_the_crash_budget(ledger: Ledger) -> None:
    (task_id,) = await created(ledger)
    for _ in range(2 * limits.CRASH_BUDGET):
        attempt_id = await restarted(ledger, task_id)
        await record(ledger, checkpoint(task_id, attempt_id, 1))
        (standing,) = await end(ledger, task_id, attempt_id)
        assert standing.place == PLACE_READY


async def test_excused_and_never_renewed_losses_spare_the_crash_budget(ledger: Ledger) -> None:
    (task_id,) = await created(ledger)
    for turn in range(limits.UNDELIVERED_BUDGET - 1):
        (standing,) = await end(ledger, task_id, await restarted(ledger, task_id), renewed=False)
        assert standing.place == PLACE_READY, turn
        (standing,) = await end(ledger, task_id, await restarted(ledger, task_id), excused=True)
        assert standing.place == PLACE_READY, turn
    (standing,) = await end(ledger, task_id, await restarted(ledger, task_id), renewed=False)
    assert standing.state == TASK_STATE_FAILED
    assert (await get(ledger, task_id)).failure.reason == "UNDELIVERED"


async def test_start_tells_how_often_nobody_was_heard_of_before(ledger: Ledger) -> None:
    """By the statement for many and, when it is repeated, by the life cycle."""
    (task_id,) = await created(ledger)
    for count in range(3):
        attempt_id = new_id()
        for _ in range(2):
            (begun,) = await start(ledger, (task_id, attempt_id))
            assert begun.result.assignment.undelivered_count == count
        await end(ledger, task_id, attempt_id, renewed=False)


@pytest.mark.parametrize(
    ("kind", "state"),
    [(pb.COMMAND_KIND_PAUSE, TASK_STATE_PAUSED), (pb.COMMAND_KIND_CANCEL, TASK_STATE_CANCELLED)],
)
async def test_request_is_carried_out_by_a_loss(ledger: Ledger, kind: Any, state: Any) -> None:
    """Law 9: nothing overtakes an acknowledged pause or cancel. Broken once on purpose: with what is requested left out
    of the facts of a locked task this fails."""
    task_id, attempt_id = await started(ledger)
    await command(ledger, task_id, kind)
    (standing,) = await end(ledger, task_id, attempt_id)
    assert (standing.place, standing.state) == (PLACE_NOWHERE, state)


async def test_of_an_outcome_and_a_loss_at_the_same_time_exactly_one_counts(
    postgres_url: str, ledger: Ledger
) -> None:
    """Laws 1 and 2. Broken once on purpose: without the guard on task_status in task_complete.sql this fails."""
    for _ in range(10):
        task_id, attempt_id = await started(ledger)
        await asyncio.gather(record(ledger, success(task_id, attempt_id)), end(ledger, task_id, attempt_id))
        stored = await row(postgres_url, task_id)
        (attempt,) = await history(postgres_url, task_id)
        assert (stored["task_status"], attempt["execution_result"]) in {
            ("completed", "success"),
            ("queued", "lost"),
        }
        assert stored["version"] == 3


async def test_result_that_is_the_executors_to_say_is_refused(ledger: Ledger) -> None:
    task_id, attempt_id = await started(ledger)
    with pytest.raises(InvalidInput, match="LOST, RELEASED or UNDELIVERED"):
        await end(ledger, task_id, attempt_id, AttemptResult.SUCCESS)
