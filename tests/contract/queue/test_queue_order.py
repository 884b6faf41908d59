"""Who gets which task (law 5)."""

from __future__ import annotations

import asyncio

import pytest

from asynctask_core.ids import new_id
from asynctask_core.limits import AGEING_STEP_US
from tests.contract.queue.conftest import BACKENDS
from tests.contract.queue.lab import HOUR_US, LANE, Bench, a_ready
from tests.support.whole_queue import WholeRedisQueue


async def test_tasks_leave_their_line_in_the_order_in_which_they_became_ready(bench: Bench) -> None:
    session = await bench.open()
    ids = await bench.ready(count=5)
    assert [task for task, _ in await bench.take(session, want=5)] == ids


async def test_lower_priority_number_goes_first_whatever_came_first(bench: Bench) -> None:
    """Law 5. Broken once on purpose: with the priority left out of the score by pack_standing this fails."""
    session = await bench.open()
    ids = [(await bench.ready(priority=priority, first_us=5 - priority))[0] for priority in (5, 3, 1, 4, 2)]
    taken = [task for task, _ in await bench.take(session, want=5)]
    assert taken == [ids[2], ids[4], ids[1], ids[3], ids[0]]


async def test_waiting_an_ageing_step_outweighs_one_priority(bench: Bench) -> None:
    """Law 5. Broken once on purpose: with priorities that waiting never outweighs in pack_standing this fails."""
    session = await bench.open()
    (late,) = await bench.ready(priority=2, first_us=HOUR_US + 1)
    (early,) = await bench.ready(priority=3)
    assert AGEING_STEP_US == HOUR_US
    assert [task for task, _ in await bench.take(session, want=2)] == [early, late]


async def test_ties_go_by_task_id_also_across_lines(bench: Bench) -> None:
    """Law 5. Broken once on purpose: with ids compared the other way in `goes_first` of lines.lua this fails."""
    session = await bench.open()
    ids = [new_id() for _ in range(6)]
    lanes = [(f"q{n % 3}", "noop") for n in range(6)]
    await bench.queue.apply([a_ready(ids[n], lane=lanes[n]) for n in reversed(range(6))])
    assert [task for task, _ in await bench.take(session, want=6, lanes=tuple(lanes[:3]))] == ids


async def test_lines_are_merged_by_score(bench: Bench) -> None:
    """Law 5. Broken once on purpose: with lease.lua emptying one line before it looks at the next this fails."""
    session = await bench.open()
    lanes = (LANE, ("other", "noop"), ("third", "noop"))
    order = [(await bench.ready(first_us=n, lane=lanes[n % 3]))[0] for n in range(60)]
    assert [task for task, _ in await bench.take(session, want=60, lanes=lanes)] == order


async def test_only_served_kinds_are_handed_out(bench: Bench) -> None:
    session = await bench.open()
    await bench.ready(lane=("other", "noop"))
    assert await bench.take(session, want=5) == []


async def test_replicas_share_one_order(bench: Bench) -> None:
    session, other_session = await bench.open(), await bench.open("e2")
    other = await bench.lab.replica()
    ids = await bench.ready(count=6)
    taken = []
    for turn in range(3):
        taken += await bench.take(session)
        taken += await bench.take(other_session, executor_id="e2", queue=other)
        assert [task for task, _ in taken] == ids[: 2 * turn + 2]


async def test_concurrent_pops_never_give_one_task_twice(bench: Bench) -> None:
    """Law 2. Broken once on purpose: with lease.lua leaving what it took in its line, and `advance` in lines.lua not
    looking at the leases, this fails; either alone keeps the law."""
    replicas = [bench.queue, await bench.lab.replica(), await bench.lab.replica()]
    sessions = [await bench.open(f"e{n}") for n in range(3)]
    ids = await bench.ready(count=60)
    pops = [
        bench.take(sessions[n], executor_id=f"e{n}", queue=replicas[n], want=5)
        for _ in range(4)
        for n in range(3)
    ]
    taken = [task for leases in await asyncio.gather(*pops) for task, _ in leases]
    assert sorted(taken) == sorted(ids)


@pytest.mark.parametrize("lab", BACKENDS[1:], indirect=True)
async def test_line_entry_whose_task_has_a_lease_is_passed_over(bench: Bench) -> None:
    """Law 2; the model has no such entries. Broken once on purpose: with `advance` in lines.lua not looking at the
    leases this fails."""
    queue = bench.queue
    assert isinstance(queue, WholeRedisQueue)
    session = await bench.open()
    held, free = await bench.ready(count=2)
    assert [task for task, _ in await bench.take(session)] == [held]
    await queue._connection.command("ZADD", queue._keys.below("ready:default\x1fnoop"), 1, held)
    assert [task for task, _ in await bench.take(session, want=2)] == [free]
    assert await bench.line() == 0


async def test_unready_ids_are_never_taken_twice_when_their_line_is_long(bench: Bench) -> None:
    session = await bench.open()
    ids = await bench.ready(count=1_200)
    taken = [task for _ in range(4) for task, _ in await bench.take(session, slots=2_000, want=300)]
    assert taken == ids
