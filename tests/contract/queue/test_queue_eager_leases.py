"""Tasks that are leased while they are being created."""

from __future__ import annotations

from asynctask_core.ids import new_id
from asynctask_core.limits import LEASE_MS
from asynctask_scheduler.queue.answers import Lane, Lease, Leased, SessionVerdict
from tests.contract.queue.lab import LANE, Bench, a_leased, a_nowhere, a_ready

OTHER: Lane = ("default", "other")


async def eagerly(
    bench: Bench, session: int, *leases: Lease, slots: int = 5, lanes: tuple[Lane, ...] = (LANE,)
) -> Leased:
    return await bench.queue.lease_eagerly("e1", session, slots, lanes, leases, lane=LANE)


def fresh(count: int = 1) -> list[Lease]:
    return [(new_id(), new_id()) for _ in range(count)]


async def test_what_is_created_next_is_as_if_it_had_been_popped(bench: Bench) -> None:
    session = await bench.open()
    ((task_id, attempt_id),) = leases = fresh()
    assert list((await eagerly(bench, session, *leases)).leases) == leases
    assert (await bench.queue.apply([a_ready(task_id, version=1)])).ready == frozenset()
    assert await bench.take(session, want=5) == []
    assert (await bench.queue.apply([a_leased(task_id, attempt_id, version=2)])).leases_created == 0
    assert (await bench.queue.renew("e1", session, leases)).unknown == []
    applied = await bench.queue.apply([a_nowhere(task_id, version=3)])
    assert (applied.freed, (await bench.queue.stats()).leases) == ({"e1"}, 0)


async def test_started_standing_may_come_before_that_of_the_creation(bench: Bench) -> None:
    session = await bench.open()
    ((task_id, attempt_id),) = leases = fresh()
    await eagerly(bench, session, *leases)
    await bench.queue.apply([a_leased(task_id, attempt_id, version=2)])
    assert (await bench.queue.apply([a_ready(task_id, version=1)])).changed == 0
    assert (await bench.queue.stats()).leases == 1
    assert await bench.take(session, want=5) == []


async def test_refused_start_puts_a_created_task_in_line_whichever_comes_first(bench: Bench) -> None:
    session = await bench.open()
    for is_created_first in (True, False):
        ((task_id, _),) = leases = fresh()
        await eagerly(bench, session, *leases)
        if is_created_first:
            await bench.queue.apply([a_ready(task_id, version=1)])
            assert (await bench.queue.abandon(leases)).ready == {LANE}
        else:
            assert (await bench.queue.abandon(leases)).ready == frozenset()
            assert (await bench.queue.apply([a_ready(task_id, version=1)])).ready == {LANE}
        assert [task for task, _ in await bench.take(session, want=5)] == [task_id]


async def test_of_a_task_that_never_came_to_be_nothing_stays(bench: Bench) -> None:
    session = await bench.open()
    leases = fresh(2)
    await eagerly(bench, session, *leases)
    assert (await bench.queue.abandon(leases)).ready == frozenset()
    assert await bench.take(session, want=5) == []
    assert (await bench.queue.stats()).leases == 0


async def test_lease_whose_start_nobody_answered_runs_out_unconfirmed(bench: Bench) -> None:
    """Law 1. Broken once on purpose: with lease_eagerly.lua setting no deadline this fails."""
    session = await bench.open()
    ((task_id, attempt_id),) = leases = fresh()
    await eagerly(bench, session, *leases)
    await bench.queue.apply([a_ready(task_id, version=1)])
    await bench.pass_time(LEASE_MS + 1000)
    (expired,) = (await bench.queue.expire_due(10)).leases
    assert (expired.attempt_id, expired.started, expired.renewed) == (attempt_id, False, False)
    assert (await bench.queue.abandon(leases)).ready == {LANE}


async def test_nobody_who_waits_is_overtaken(bench: Bench) -> None:
    """Law 5. Broken once on purpose: with lease_eagerly.lua not looking at the lines of the session this fails."""
    session = await bench.open()
    await bench.ready(priority=5, lane=OTHER)
    assert (await eagerly(bench, session, *fresh(), lanes=(LANE, OTHER))).leases == ()
    assert (await eagerly(bench, session, *fresh(), lanes=(LANE,))).leases


async def test_slots_and_limits_hold_for_what_is_being_created_all_of_it_or_none(bench: Bench) -> None:
    """Law 6. Broken once on purpose: with lease_eagerly.lua not counting what is held, or running, this fails."""
    session = await bench.open()
    assert (await eagerly(bench, session, *fresh(4), slots=3)).leases == ()
    assert len((await eagerly(bench, session, *fresh(2), slots=3)).leases) == 2
    assert (await eagerly(bench, session, *fresh(2), slots=3)).leases == ()
    await bench.limit(noop=3)
    assert (await eagerly(bench, session, *fresh(2))).leases == ()
    assert len((await eagerly(bench, session, *fresh())).leases) == 1
    assert (await eagerly(bench, session, *fresh())).leases == ()


async def test_what_a_limited_type_leases_eagerly_names_its_rebuild(bench: Bench) -> None:
    session = await bench.open()
    assert (await eagerly(bench, session, *fresh())).rebuild_token == ""
    await bench.limit(noop=3)
    token = (await eagerly(bench, session, *fresh())).rebuild_token
    assert token
    assert token == await bench.queue.rebuild_token()


async def test_task_that_was_heard_of_is_never_leased_eagerly(bench: Bench) -> None:
    """Law 2. Broken once on purpose: with lease_eagerly.lua leasing tasks that it knows, one that was submitted again
    loses the lease of its running attempt, and this fails."""
    session = await bench.open()
    (leased, attempt_id), (gone, _), (eagerly_once, _) = known = fresh(3)
    await bench.queue.apply([a_leased(leased, attempt_id, version=2), a_nowhere(gone, version=4)])
    await eagerly(bench, session, known[2])
    for task_id in (leased, gone, eagerly_once):
        assert (await eagerly(bench, session, (task_id, new_id()))).leases == ()
    assert (await bench.queue.renew("e1", session, [(leased, attempt_id)])).lost == []


async def test_what_is_refused_and_starts_all_the_same_counts_until_it_is_given_back(bench: Bench) -> None:
    """The registry is asked at once: its word may come first, and find no lease. Then asking late changes nothing."""
    session = await bench.open()
    (earlier,) = await bench.ready()
    ((task_id, attempt_id),) = leases = fresh()
    assert (await eagerly(bench, session, *leases)).leases == ()
    assert (await bench.queue.apply([a_leased(task_id, attempt_id, version=2)])).leases_created == 1
    assert (await eagerly(bench, session, *leases)).leases == ()
    assert await bench.take(session, want=1, slots=1) == []
    applied = await bench.queue.apply([a_ready(task_id, version=3)])
    assert (applied.ready, applied.freed) == ({LANE}, {"e1"})
    assert (await bench.queue.abandon(leases)).freed == frozenset()
    assert {task for task, _ in await bench.take(session, want=5)} == {earlier, task_id}


async def test_only_the_current_session_of_a_marked_store_leases_eagerly(bench: Bench) -> None:
    old = await bench.open()
    session = await bench.open()
    assert (await eagerly(bench, old, *fresh())).verdict is SessionVerdict.SUPERSEDED
    assert (await eagerly(bench, session + 1, *fresh())).verdict is SessionVerdict.NO_SESSION
    await bench.lab.unmark()
    assert (await eagerly(bench, session, *fresh())).verdict is SessionVerdict.NO_MARKER
    assert (await bench.queue.stats()).leases == 0
