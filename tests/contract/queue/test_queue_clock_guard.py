"""Clocks that jump, and stores that change, end no lease."""

from __future__ import annotations

import pytest

from asynctask_core.ids import new_id
from asynctask_core.limits import LEASE_MS
from tests.contract.queue.lab import Bench, a_leased


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
