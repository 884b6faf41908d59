"""Intents, and duties that one replica holds at a time."""

from __future__ import annotations

import pytest

from asynctask_core.ids import new_id
from asynctask_core.limits import INTENT_AGE_MS
from tests.contract.queue.lab import Bench


async def test_intent_grows_old_unless_it_is_cleared(bench: Bench) -> None:
    ids = [new_id(), new_id()]
    kept, cleared = await bench.queue.note_intents(ids), await bench.queue.note_intents([new_id()])
    await bench.queue.clear_intents(cleared)
    assert not await bench.queue.old_intents(INTENT_AGE_MS, 10)
    await bench.lab.advance(INTENT_AGE_MS + 100)
    (old,) = await bench.queue.old_intents(INTENT_AGE_MS, 10)
    assert (list(old.task_ids), len(kept.members)) == (ids, 1)
    assert INTENT_AGE_MS <= old.age_ms < INTENT_AGE_MS + 5_000


async def test_intent_is_not_forgotten_when_the_clock_goes_back(bench: Bench) -> None:
    await bench.queue.note_intents([new_id()])
    await bench.lab.jump(-3_600_000)
    assert len(await bench.queue.old_intents(INTENT_AGE_MS, 10)) == 1


async def test_two_calls_about_one_task_have_an_intent_each(bench: Bench) -> None:
    """Fails when: clearing goes by task id, and takes another call's intent along."""
    task_id = new_id()
    await bench.queue.note_intents([task_id])
    await bench.queue.clear_intents(await bench.queue.note_intents([task_id]))
    assert (await bench.queue.stats()).intents == 1


async def test_intent_that_is_kept_is_looked_at_later_and_keeps_its_age(bench: Bench) -> None:
    found, missing = new_id(), new_id()
    await bench.queue.note_intents([found, missing])
    await bench.lab.advance(20_000)
    (old,) = await bench.queue.old_intents(INTENT_AGE_MS, 10)
    await bench.queue.settle_intents({old.member: [missing]})
    assert not await bench.queue.old_intents(INTENT_AGE_MS, 10)
    await bench.lab.advance(20_000)
    (again,) = await bench.queue.old_intents(INTENT_AGE_MS, 10)
    assert list(again.task_ids) == [missing]
    assert again.age_ms >= 40_000
    await bench.queue.settle_intents({again.member: []})
    assert (await bench.queue.stats()).intents == 0


async def test_settling_an_intent_that_its_own_call_cleared_does_not_bring_it_back(bench: Bench) -> None:
    intent = await bench.queue.note_intents([new_id()])
    await bench.lab.advance(20_000)
    (old,) = await bench.queue.old_intents(INTENT_AGE_MS, 10)
    if not await bench.queue.old_intents(0, 1):
        pytest.fail("the intent is there")
    await bench.queue.settle_intents({old.member: []})
    await bench.queue.clear_intents(intent)
    await bench.queue.settle_intents({old.member: list(old.task_ids)})
    assert (await bench.queue.stats()).intents == 0


async def test_duty_has_one_holder_until_its_time_is_over(bench: Bench) -> None:
    assert await bench.queue.claim_duty("sweep", "a", 10_000)
    assert not await bench.queue.claim_duty("sweep", "b", 10_000)
    assert await bench.queue.claim_duty("sweep", "a", 10_000)
    await bench.lab.advance(10_001)
    assert await bench.queue.claim_duty("sweep", "b", 10_000)


async def test_duty_is_not_held_for_ever_by_a_clock_that_went_back(bench: Bench) -> None:
    assert await bench.queue.claim_duty("sweep", "a", 10_000)
    await bench.lab.jump(-3_600_000)
    assert await bench.queue.claim_duty("sweep", "b", 10_000)
