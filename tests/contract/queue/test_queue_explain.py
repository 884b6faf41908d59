"""Why a task waits, by the rules of the pop: what an explanation says of the next pop, that pop does."""

from __future__ import annotations

from typing import Any

import pytest

from asynctask_core.ids import new_id
from asynctask_core.limits import LEASE_MS
from asynctask_protos.registry.v1.standing_pb2 import Place
from asynctask_scheduler.queue.answers import Lane, LeaseState, TaskPosition
from tests.contract.queue.lab import LANE, Bench, a_nowhere, a_ready, a_timed

OTHER: Lane = ("default", "other")


async def looked_at(
    bench: Bench, task_id: bytes, session: int, *, slots: int = 100, lanes: tuple[Lane, ...] = (LANE,)
) -> TaskPosition:
    """The explanation of a task of the first lane, for the next pop of `e1`."""
    executor: dict[str, Any] = {"executor_id": "e1", "session": session, "slots": slots, "lanes": lanes}
    return await bench.queue.explain(task_id, lanes[0], **executor)


@pytest.mark.parametrize("slots", [0, 1, 3, 7, 40])
async def test_pop_takes_what_it_is_said_to_take(bench: Bench, slots: int) -> None:
    """Fails when an explanation follows other rules than the pop: slots, limits, and the order of lanes and scores."""
    session = await bench.open(slots=slots)
    lanes = (LANE, OTHER, ("quick", "noop"))
    await bench.limit(other=2)
    of_lane = {
        task_id: lanes[n % 3]
        for n in range(30)
        for task_id in await bench.ready(first_us=n, priority=1 + n % 5, lane=lanes[n % 3])
    }
    expected: list[bytes] = []
    for task_id, lane in of_lane.items():
        others = tuple(one for one in lanes if one != lane)
        position = await looked_at(bench, task_id, session, slots=slots, lanes=(lane, *others))
        if position.is_next:
            expected.append(task_id)
    taken = await bench.take(session, slots=slots, want=40, lanes=lanes)
    assert sorted(task_id for task_id, _ in taken) == sorted(expected)
    assert len(taken) == min(slots, 22)


async def test_task_is_behind_those_that_go_first(bench: Bench) -> None:
    session = await bench.open()
    (last,) = await bench.ready(priority=4)
    await bench.ready(count=3, priority=2)
    await bench.ready(count=5, priority=1, lane=OTHER)
    await bench.ready(count=2, priority=5, lane=OTHER)
    position = await looked_at(bench, last, session, slots=8, lanes=(LANE, OTHER))
    assert (position.ahead, position.first_priority, position.ahead_elsewhere) == (3, 2, 5)
    assert not position.is_next
    assert (await looked_at(bench, last, session, slots=9, lanes=(LANE, OTHER))).is_next


async def test_tasks_that_a_limit_holds_back_are_not_before_others(bench: Bench) -> None:
    session = await bench.open()
    await bench.limit(other=1)
    await bench.ready(count=2, priority=1, lane=OTHER)
    await bench.take(session, lanes=(OTHER,))
    (task_id,) = await bench.ready()
    position = await looked_at(bench, task_id, session, slots=2, lanes=(LANE, OTHER))
    assert (position.ahead_elsewhere, position.is_next) == (0, True)


async def test_full_limit_is_told_with_what_runs(bench: Bench) -> None:
    session = await bench.open()
    await bench.limit(noop=2)
    *_, last = await bench.ready(count=3)
    assert not (await looked_at(bench, last, session)).is_next
    await bench.take(session, want=3)
    position = await looked_at(bench, last, session)
    assert (position.limit, position.running, position.ahead, position.is_next) == (2, 2, 0, False)


async def test_leases_that_an_executor_holds_take_its_slots(bench: Bench) -> None:
    session = await bench.open()
    _, second, third = await bench.ready(count=3)
    await bench.take(session, slots=2)
    assert (await looked_at(bench, second, session, slots=2)).is_next
    assert not (await looked_at(bench, third, session, slots=2)).is_next
    await bench.take(session, slots=2)
    assert not (await looked_at(bench, third, session, slots=2)).is_next


async def test_nothing_is_next_for_an_older_session_or_without_the_marker(bench: Bench) -> None:
    older = await bench.open()
    session = await bench.open()
    (task_id,) = await bench.ready()
    assert not (await looked_at(bench, task_id, older)).is_next
    assert (await looked_at(bench, task_id, session)).is_next
    await bench.lab.unmark()
    position = await looked_at(bench, task_id, session)
    assert (position.is_rebuilt, position.ahead, position.is_next) == (False, 0, False)


async def test_explanation_changes_nothing(bench: Bench) -> None:
    session = await bench.open()
    first, second = await bench.ready(count=2)
    for _ in range(2):
        assert (await looked_at(bench, first, session, slots=1)).is_next
        assert not (await looked_at(bench, second, session, slots=1)).is_next
    assert (await bench.leases(), await bench.line()) == (0, 2)
    assert [task_id for task_id, _ in await bench.take(session, slots=1)] == [first]


async def test_task_without_an_executor_is_only_placed(bench: Bench) -> None:
    (task_id,) = await bench.ready()
    position = await bench.queue.explain(task_id, LANE)
    assert (position.place, position.ahead, position.is_next) == (Place.PLACE_READY, 0, False)


async def test_timer_is_not_ready_until_it_is_due(bench: Bench) -> None:
    task_id = new_id()
    await bench.queue.apply([a_timed(task_id, 5_000)])
    position = await bench.queue.explain(task_id, LANE)
    assert (position.place, position.ahead) == (Place.PLACE_TIMED, None)
    await bench.pass_time(6_000)
    await bench.queue.promote(10)
    assert (await bench.queue.explain(task_id, LANE)).ahead == 0


async def test_lease_is_told_from_its_pop_to_its_end(bench: Bench) -> None:
    task_id, _ = await bench.started()
    told = (await bench.queue.explain(task_id, LANE)).lease
    assert told is not None
    assert (told.executor_id, told.started, told.expiring) == ("e1", True, False)
    await bench.pass_time(5_000)
    told = (await bench.queue.explain(task_id, LANE)).lease
    assert told is not None
    assert 5_000 <= told.silent_ms < LEASE_MS
    await bench.pass_time(LEASE_MS)
    assert (await bench.queue.expire_due(10)).leases
    assert (await bench.queue.explain(task_id, LANE)).lease == LeaseState("e1", True, True, LEASE_MS)
    await bench.queue.apply([a_nowhere(task_id)])
    position = await bench.queue.explain(task_id, LANE)
    assert (position.place, position.lease) == (Place.PLACE_UNSPECIFIED, None)


async def test_popped_task_is_not_started_before_the_registry_says_so(bench: Bench) -> None:
    session = await bench.open()
    (task_id,) = await bench.ready()
    await bench.take(session)
    told = (await bench.queue.explain(task_id, LANE)).lease
    assert told is not None
    assert (told.started, told.expiring) == (False, False)
    assert (await bench.queue.explain(task_id, LANE)).ahead is None


async def test_unknown_task_has_no_place(bench: Bench) -> None:
    await bench.queue.apply([a_ready(new_id())])
    assert (await bench.queue.explain(new_id(), LANE)) == TaskPosition(
        is_rebuilt=True,
        place=Place.PLACE_UNSPECIFIED,
        ahead=None,
        first_priority=0,
        ahead_elsewhere=0,
        limit=0,
        running=0,
        is_next=False,
    )
