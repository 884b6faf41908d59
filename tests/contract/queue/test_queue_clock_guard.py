"""Clocks that jump, and stores that change, end no lease."""

from __future__ import annotations

from typing import Any

import pytest

from asynctask_core.ids import new_id
from asynctask_core.lease import STEP
from asynctask_core.limits import LEASE_MS
from asynctask_scheduler.queue.answers import ExpiredLease
from tests.contract.queue.conftest import BACKENDS
from tests.contract.queue.lab import Bench, RedisLab, a_leased
from tests.support.whole_queue import WholeRedisQueue


async def stand_still(bench: Bench) -> None:
    """Take back what a busy machine has let pass by itself."""
    if isinstance(bench.lab, RedisLab):
        await bench.lab.stand_still()


@pytest.mark.parametrize("ms", [3_600_000, -3_600_000, LEASE_MS])
async def test_jump_of_the_clock_expires_nothing(bench: Bench, ms: int) -> None:
    """Fails when: expire.lua trusts the clock (no guard, or only one way)."""
    lease = await bench.started()
    await bench.lab.jump(ms)
    looked = await bench.queue.expire_due(10)
    assert (looked.guarded, list(looked.leases)) == (True, [])
    await bench.pass_time(LEASE_MS - 2_000)
    assert not (await bench.queue.expire_due(10)).leases
    await bench.pass_time(4_000)
    (expired,) = (await bench.queue.expire_due(10)).leases
    assert (expired.attempt_id, expired.excused) == (lease[1], True)


async def test_outage_of_all_reapers_expires_nothing(bench: Bench) -> None:
    lease = await bench.started()
    await bench.lab.advance(60_000)
    looked = await bench.queue.expire_due(10)
    assert (looked.guarded, list(looked.leases)) == (True, [])
    assert not (await bench.queue.renew("e1", 1, [lease])).lost


async def test_outage_that_the_clock_hides_by_going_back_expires_nothing(bench: Bench) -> None:
    """Fails when: expire.lua only compares Redis' clock with itself."""
    await bench.started()
    await bench.lab.advance(10_000)
    await bench.lab.jump(-10_000)
    assert (await bench.queue.expire_due(10)).guarded


async def test_store_that_took_over_expires_nothing_at_once(bench: Bench) -> None:
    """It may have lost the last renewals. Fails when: expire.lua does not compare the identity of the store."""
    await bench.started()
    await bench.lab.unmark()
    rebuild = await bench.queue.begin_rebuild()
    assert rebuild
    assert await bench.queue.finish_rebuild(rebuild)
    assert (await bench.queue.expire_due(10)).guarded


async def test_jump_that_another_replica_saw_first_is_guarded_for_all(bench: Bench) -> None:
    await bench.started()
    other = await bench.lab.replica()
    await other.expire_due(0)
    await bench.lab.jump(3_600_000)
    assert (await other.expire_due(10)).guarded
    assert not (await bench.queue.expire_due(10)).leases


async def test_loss_after_a_renewal_that_followed_a_jump_is_not_excused(bench: Bench) -> None:
    lease = await bench.started()
    await bench.lab.jump(3_600_000)
    assert (await bench.queue.expire_due(10)).guarded
    await bench.pass_time(1_000)
    await bench.queue.renew("e1", 1, [lease])
    await bench.pass_time(LEASE_MS + 2_000)
    (expired,) = (await bench.queue.expire_due(10)).leases
    assert not expired.excused


async def test_nothing_expires_without_the_marker(bench: Bench) -> None:
    """Fails when: expire.lua does not look for it."""
    await bench.lab.flush()
    await bench.queue.apply([a_leased(new_id(), new_id())])
    await bench.pass_time(LEASE_MS * 3)
    assert not (await bench.queue.expire_due(10)).leases


@pytest.mark.parametrize("percent", [8, 20, 30])
async def test_step_ahead_of_the_clock_ends_no_lease_before_its_time(bench: Bench, percent: int) -> None:
    """Law 2: the executor, cut off, stops its handlers at 85 % of the lease by its own clock. Fails when: expire.lua
    believes a step of Redis' clock below some tolerance."""
    lease = await bench.started()
    await bench.pass_time(LEASE_MS * 93 // 100)
    await bench.lab.jump(LEASE_MS * percent // 100)
    await stand_still(bench)
    looked = await bench.queue.expire_due(10)
    assert (looked.guarded, list(looked.leases)) == (percent > STEP * 100, [])
    if not looked.guarded:
        await bench.lab.advance(LEASE_MS * 10 // 100)
        (expired,) = (await bench.queue.expire_due(10)).leases
        assert (expired.attempt_id, expired.excused) == (lease[1], False)


async def test_small_steps_of_the_clock_are_summed_over_a_lease(bench: Bench) -> None:
    await bench.started()
    step_ms = round(LEASE_MS * STEP * 0.6)
    await bench.lab.jump(step_ms)
    assert not (await bench.queue.expire_due(10)).guarded
    await bench.pass_time(2_000)
    await bench.lab.jump(step_ms)
    assert (await bench.queue.expire_due(10)).guarded


async def test_new_replica_trusts_no_step_that_came_before_its_first_look(bench: Bench) -> None:
    await bench.started()
    await bench.pass_time(LEASE_MS * 80 // 100)
    await bench.lab.jump(LEASE_MS * 25 // 100)
    newcomer = await bench.lab.replica()
    await stand_still(bench)
    assert not (await newcomer.expire_due(10)).leases
    await bench.lab.advance(LEASE_MS * 25 // 100)
    assert (await newcomer.expire_due(10)).leases


@pytest.mark.parametrize("lab", BACKENDS[1:2], indirect=True)
async def test_reaper_reaps_between_stalls_of_two_seconds_again_and_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Redis answers each look 2 s late. Fails when: a slow answer is taken for a step, and extends every lease."""
    queue = bench.queue
    assert isinstance(queue, WholeRedisQueue)
    lease = await bench.started()
    run = queue._run

    async def stall(verb: str, *arguments: Any, **options: Any) -> Any:
        if verb == "read_clock":
            await bench.lab.advance(2_000)
        return await run(verb, *arguments, **options)

    monkeypatch.setattr(queue, "_run", stall)
    found: list[ExpiredLease] = []
    for _ in range(3 * LEASE_MS // 3_000):
        looked = await queue.expire_due(10)
        assert not looked.guarded
        found += looked.leases
        if found:
            break
        await bench.lab.advance(1_000)
    assert [(one.attempt_id, one.excused) for one in found] == [(lease[1], False)]
