"""How many are handed out: slots of executors and limits of types (law 6)."""

from __future__ import annotations

import asyncio

from asynctask_core.ids import new_id
from asynctask_core.limits import LEASE_MS
from asynctask_scheduler.queue.answers import ANY_QUEUE
from tests.contract.queue.lab import LANE, Bench, a_nowhere


async def test_executor_gets_no_more_than_its_free_slots(bench: Bench) -> None:
    """Law 6. Broken once on purpose: with lease.lua not counting the leases that the executor holds this fails."""
    session = await bench.open()
    await bench.ready(count=10)
    assert len(await bench.take(session, slots=3, want=10)) == 3
    assert len(await bench.take(session, slots=5, want=10)) == 2
    assert len(await bench.take(session, slots=5, want=10)) == 0


async def test_fewer_slots_than_leases_give_nothing(bench: Bench) -> None:
    session = await bench.open()
    await bench.ready(count=10)
    await bench.take(session, slots=5, want=5)
    assert await bench.take(session, slots=2, want=5) == []


async def test_limit_of_a_type_holds_over_executors_queues_and_replicas(bench: Bench) -> None:
    """Law 6. Broken once on purpose: with `room_of` in lines.lua counting one queue only this fails."""
    replicas = [bench.queue, await bench.lab.replica()]
    sessions = [await bench.open("e0"), await bench.open("e1")]
    lanes = (LANE, ("other", "noop"))
    await bench.limit(noop=7)
    for lane in lanes:
        await bench.ready(count=20, lane=lane)
    pops = [
        bench.take(sessions[n], executor_id=f"e{n}", queue=replicas[n], want=3, lanes=lanes)
        for _ in range(4)
        for n in (0, 1)
    ]
    assert sum(len(leases) for leases in await asyncio.gather(*pops)) == 7


async def test_limited_type_holds_up_no_other(bench: Bench) -> None:
    session = await bench.open()
    other = ("default", "other")
    await bench.limit(noop=1)
    await bench.ready(count=3)
    behind = await bench.ready(count=2, first_us=100, lane=other)
    leased = await bench.queue.lease("e1", session, 10, (LANE, other), [new_id() for _ in range(10)])
    assert len(leased.leases) == 3
    assert {task for task, _ in leased.leases} > set(behind)
    assert leased.blocked


async def test_pop_says_when_more_may_be_ready_for_others(bench: Bench) -> None:
    session = await bench.open(slots=3)
    await bench.ready(count=4)

    async def pop(want: int) -> tuple[int, bool]:
        leased = await bench.queue.lease("e1", session, 3, (LANE,), [new_id() for _ in range(want)])
        return len(leased.leases), leased.filled

    assert await pop(2) == (2, True)  # every id got a task
    assert await pop(2) == (1, True)  # the last slot did
    assert await pop(2) == (0, True)
    other = await bench.open("e2", slots=3)
    leased = await bench.queue.lease("e2", other, 3, (LANE,), [new_id() for _ in range(2)])
    assert (len(leased.leases), leased.filled) == (1, False)


async def test_expiring_leases_count_for_limits(bench: Bench) -> None:
    """Law 6. Broken once on purpose: with expire.lua taking a lease out of the sets that limits are counted from,
    before its attempt has ended, this fails."""
    await bench.limit(noop=1)
    await bench.started()
    await bench.pass_time(LEASE_MS + 1000)
    assert (await bench.queue.expire_due(10)).leases
    await bench.ready()
    session = await bench.open("e2")
    assert await bench.take(session, executor_id="e2") == []


async def test_end_of_a_limited_lease_wakes_all_lines_of_its_type_without_naming_each(bench: Bench) -> None:
    await bench.limit(noop=1)
    task_id, _ = await bench.started()
    await bench.ready(lane=("other", "noop"))
    applied = await bench.queue.apply([a_nowhere(task_id)])
    assert applied.ready == {(ANY_QUEUE, "noop")}


async def test_limit_that_a_newer_definition_takes_away_is_gone(bench: Bench) -> None:
    await bench.limit(noop=1, other=2)
    await bench.limit(noop=0, version=2)
    assert await bench.queue.type_limits() == {"other": 2}
    session = await bench.open()
    await bench.ready(count=5)
    assert len(await bench.take(session, want=5)) == 5


async def test_limits_that_were_read_before_a_newer_definition_change_nothing(bench: Bench) -> None:
    """Law 6. Broken once on purpose: with limits replaced by what a rebuild or another replica read a moment ago,
    a type that was registered meanwhile runs without its own, and this fails."""
    await bench.limit(noop=2, other=0, version=2)
    await bench.limit(noop=5, other=1, version=1)
    await bench.limit(another=3)
    assert await bench.queue.type_limits() == {"noop": 2, "another": 3}


async def test_a_deleted_type_takes_its_limit_along_unless_it_was_declared_anew(bench: Bench) -> None:
    await bench.limit(noop=1, version=3)
    await bench.limit(other=2, version=7)
    await bench.limit(free=0, version=2)
    assert await bench.queue.type_versions() == {"noop": 3, "other": 7, "free": 2}
    await bench.queue.forget_types({"noop": 4, "other": 6, "unknown": 1})
    assert await bench.queue.type_limits() == {"other": 2}
    assert await bench.queue.type_versions() == {"other": 7, "free": 2}
    await bench.limit(noop=5, version=5)
    assert await bench.queue.type_limits() == {"noop": 5, "other": 2}
