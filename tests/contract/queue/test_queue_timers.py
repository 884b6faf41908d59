"""Tasks that start later."""

from __future__ import annotations

import pytest

from asynctask_core.ids import new_id
from asynctask_core.limits import TIMER_HORIZON_MS
from tests.contract.queue.lab import LANE, READY_AT_US, Bench, a_nowhere, a_ready, a_timed


async def test_timer_puts_its_task_in_line_when_it_is_due_and_not_before(bench: Bench) -> None:
    await bench.queue.apply([a_timed(new_id(), 30_000)])
    early = await bench.queue.promote(10)
    assert early.count == 0
    assert early.next_in_ms is not None
    assert 29_000 < early.next_in_ms <= 30_000
    await bench.lab.advance(30_000)
    due = await bench.queue.promote(10)
    assert (due.count, due.ready, due.next_in_ms) == (1, {LANE}, None)
    assert await bench.line() == 1


async def test_timer_that_is_due_already_is_in_line_at_once(bench: Bench) -> None:
    await bench.queue.apply([a_timed(new_id(), 0)])
    assert await bench.line() == 1


async def test_promoted_task_keeps_the_place_of_its_due_time(bench: Bench) -> None:
    session = await bench.open()
    timed = new_id()
    await bench.queue.apply([a_timed(timed, 10_000, ready_at_us=READY_AT_US + 5)])
    before, after = await bench.ready(), await bench.ready(first_us=10)
    await bench.lab.advance(10_000)
    await bench.queue.promote(10)
    assert [task for task, _ in await bench.take(session, want=3)] == [*before, timed, *after]


async def test_far_timers_are_left_to_the_registry_but_remembered(bench: Bench) -> None:
    task_id = new_id()
    await bench.queue.apply([a_timed(task_id, TIMER_HORIZON_MS + 1, version=3)])
    assert (await bench.queue.stats()).timed == 0
    await bench.queue.apply([a_ready(task_id, version=2)])
    assert await bench.line() == 0
    await bench.queue.apply([a_timed(task_id, TIMER_HORIZON_MS - 1, version=3)])
    assert (await bench.queue.stats()).timed == 1


@pytest.mark.parametrize("jump_ms", [3_600_000, -3_600_000])
async def test_loading_a_timer_again_repairs_a_jump_of_the_clock(bench: Bench, jump_ms: int) -> None:
    """Fails when: apply.lua skips a standing that it has already."""
    task_id = new_id()
    await bench.queue.apply([a_timed(task_id, 300_000)])
    await bench.lab.jump(jump_ms)
    await bench.queue.promote(10)
    await bench.queue.apply([a_timed(task_id, 300_000)])
    promoted = await bench.queue.promote(10)
    assert (promoted.count, await bench.line()) == (0, 0)
    assert promoted.next_in_ms is not None
    assert 299_000 < promoted.next_in_ms <= 300_000


async def test_newer_standing_takes_a_promoted_task_out_of_line(bench: Bench) -> None:
    task_id = new_id()
    await bench.queue.apply([a_timed(task_id, 1_000)])
    await bench.lab.advance(1_000)
    await bench.queue.promote(10)
    await bench.queue.apply([a_nowhere(task_id, version=2)])
    assert await bench.line() == 0


async def test_timer_of_a_task_that_went_elsewhere_is_gone_at_once(bench: Bench) -> None:
    task_id = new_id()
    await bench.queue.apply([a_timed(task_id, 60_000)])
    await bench.queue.apply([a_nowhere(task_id, version=2)])
    assert (await bench.queue.stats()).timed == 0


async def test_refused_start_of_a_task_that_is_not_due_puts_it_back_among_timers(bench: Bench) -> None:
    session = await bench.open()
    task_id = new_id()
    await bench.queue.apply([a_timed(task_id, 1_000)])
    await bench.lab.jump(60_000)
    await bench.queue.promote(10)
    (lease,) = await bench.take(session)
    await bench.queue.apply([a_timed(task_id, 900)])
    await bench.queue.abandon([lease])
    assert (await bench.line(), (await bench.queue.stats()).timed) == (0, 1)


async def test_promotion_is_bounded_and_says_that_there_is_more(bench: Bench) -> None:
    await bench.queue.apply([a_timed(new_id(), 1_000) for _ in range(5)])
    await bench.lab.advance(1_000)
    first = await bench.queue.promote(3)
    assert (first.count, first.next_in_ms) == (3, 0)
    assert (await bench.queue.promote(3)).count == 2


async def test_nothing_is_promoted_without_the_marker(bench: Bench) -> None:
    await bench.lab.flush()
    await bench.queue.apply([a_timed(new_id(), 1_000)])
    await bench.lab.advance(1_000)
    assert (await bench.queue.promote(3)).count == 0
