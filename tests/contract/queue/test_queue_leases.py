"""Who gets which task, under which limits, and how long it is theirs."""

from __future__ import annotations

import asyncio

import pytest

from asynctask_core.ids import new_id
from asynctask_core.limits import AGEING_STEP_US, LEASE_MS
from asynctask_scheduler.queue.port import ProgressNote, Requested, SessionInfo, Verdict
from asynctask_scheduler.queue.redis_queue import RedisQueue
from tests.contract.queue.conftest import BACKENDS
from tests.contract.queue.lab import HOUR_US, KIND, Bench, a_leased, a_nowhere, a_ready

# --- order (law 5) ----------------------------------------------------------------------------------------------------


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
    kinds = [(f"q{n % 3}", "noop") for n in range(6)]
    await bench.queue.apply([a_ready(ids[n], kind=kinds[n]) for n in reversed(range(6))])
    assert [task for task, _ in await bench.take(session, want=6, kinds=tuple(kinds[:3]))] == ids


async def test_lines_are_merged_by_score(bench: Bench) -> None:
    """Law 5. Broken once on purpose: with lease.lua emptying one line before it looks at the next this fails."""
    session = await bench.open()
    kinds = (KIND, ("other", "noop"), ("third", "noop"))
    order = [(await bench.ready(first_us=n, kind=kinds[n % 3]))[0] for n in range(60)]
    assert [task for task, _ in await bench.take(session, want=60, kinds=kinds)] == order


async def test_only_served_kinds_are_handed_out(bench: Bench) -> None:
    session = await bench.open()
    await bench.ready(kind=("other", "noop"))
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


# --- limits (law 6) ---------------------------------------------------------------------------------------------------


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
    kinds = (KIND, ("other", "noop"))
    await bench.limit(noop=7)
    for kind in kinds:
        await bench.ready(count=20, kind=kind)
    pops = [
        bench.take(sessions[n], executor_id=f"e{n}", queue=replicas[n], want=3, kinds=kinds)
        for _ in range(4)
        for n in (0, 1)
    ]
    assert sum(len(leases) for leases in await asyncio.gather(*pops)) == 7


async def test_limited_type_holds_up_no_other(bench: Bench) -> None:
    session = await bench.open()
    other = ("default", "other")
    await bench.limit(noop=1)
    await bench.ready(count=3)
    behind = await bench.ready(count=2, first_us=100, kind=other)
    leased = await bench.queue.lease("e1", session, 10, (KIND, other), [new_id() for _ in range(10)])
    assert len(leased.leases) == 3
    assert {task for task, _ in leased.leases} > set(behind)
    assert leased.blocked


async def test_pop_says_when_more_may_be_ready_for_others(bench: Bench) -> None:
    session = await bench.open(slots=3)
    await bench.ready(count=4)

    async def pop(want: int) -> tuple[int, bool]:
        leased = await bench.queue.lease("e1", session, 3, (KIND,), [new_id() for _ in range(want)])
        return len(leased.leases), leased.filled

    assert await pop(2) == (2, True)  # every id got a task
    assert await pop(2) == (1, True)  # the last slot did
    assert await pop(2) == (0, True)
    other = await bench.open("e2", slots=3)
    leased = await bench.queue.lease("e2", other, 3, (KIND,), [new_id() for _ in range(2)])
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


async def test_end_of_a_limited_lease_wakes_every_line_of_its_type(bench: Bench) -> None:
    await bench.limit(noop=1)
    task_id, _ = await bench.started()
    await bench.ready(kind=("other", "noop"))
    applied = await bench.queue.apply([a_nowhere(task_id)])
    assert applied.ready == {KIND, ("other", "noop")}


async def test_limit_that_a_newer_definition_takes_away_is_gone(bench: Bench) -> None:
    await bench.limit(noop=1, other=2)
    await bench.limit(noop=0, version=2)
    assert await bench.queue.type_limits() == {"other": 2}
    session = await bench.open()
    await bench.ready(count=5)
    assert len(await bench.take(session, want=5)) == 5


async def test_limits_that_were_read_before_a_newer_definition_change_nothing(bench: Bench) -> None:
    """Law 6. Broken once on purpose: with limits replaced by whatever a rebuild or another replica read a moment ago,
    a type that was registered meanwhile runs without its own, and this fails."""
    await bench.limit(noop=2, other=0, version=2)
    await bench.limit(noop=5, other=1, version=1)
    await bench.limit(another=3)
    assert await bench.queue.type_limits() == {"noop": 2, "another": 3}


# --- sessions ---------------------------------------------------------------------------------------------------------


async def test_session_numbers_only_grow(bench: Bench) -> None:
    """Fails when: open_session.lua takes the time alone and the clock goes back."""
    before_the_clock_went_back = await bench.open() + 3_600_000_000
    info = SessionInfo("e1", "host", 4, ("noop",), ("default",), "1.0")
    assert await bench.queue.restore_session(info, before_the_clock_went_back)
    assert await bench.open() > before_the_clock_went_back


async def test_older_session_gets_nothing(bench: Bench) -> None:
    old = await bench.open()
    new = await bench.open()
    await bench.ready()
    answer = await bench.queue.lease("e1", old, 5, [KIND], [new_id()])
    assert (answer.verdict, list(answer.leases)) == (Verdict.SUPERSEDED, [])
    assert len(await bench.take(new)) == 1


async def test_new_session_learns_what_older_ones_hold(bench: Bench) -> None:
    started = await bench.started()
    session = await bench.open()
    await bench.ready()
    (popped,) = await bench.take(session)
    info = SessionInfo("e1", "host", 4, ("noop",), ("default",), "1.0")
    _, held = await bench.queue.open_session(info)
    assert {(one.task_id, one.attempt_id, one.started) for one in held} == {
        (*started, True),
        (*popped, False),
    }


async def test_unknown_session_is_told_apart_and_can_be_restored(bench: Bench) -> None:
    info = SessionInfo("e1", "host", 4, ("noop",), ("default",), "1.0")
    await bench.ready()
    answer = await bench.queue.lease("e1", 77, 5, [KIND], [new_id()])
    assert answer.verdict is Verdict.NO_SESSION
    assert await bench.queue.restore_session(info, 77)
    assert len(await bench.take(77)) == 1


async def test_restoring_an_older_session_is_refused(bench: Bench) -> None:
    session = await bench.open()
    info = SessionInfo("e1", "host", 4, ("noop",), ("default",), "1.0")
    assert not await bench.queue.restore_session(info, session - 1)
    assert await bench.queue.restore_session(info, session)


async def test_executors_are_listed_with_what_they_hold(bench: Bench) -> None:
    session = await bench.open("e1", slots=7)
    await bench.ready(count=2)
    await bench.take(session, want=2)
    await bench.open("e0")
    assert await bench.queue.set_draining("e0")
    assert not await bench.queue.set_draining("nobody")
    await bench.queue.set_slots("e1", session, 3)
    await bench.queue.set_slots("e1", session - 1, 99)
    first, second = await bench.queue.executors()
    assert (first.info.executor_id, first.draining, first.running) == ("e0", True, 0)
    assert second.info == SessionInfo("e1", "e1 of host", 3, ("noop",), ("default",), "1.0")
    assert (second.running, second.connected, second.session) == (2, True, session)
    await bench.queue.close_session("e1", session)
    assert not (await bench.queue.executors())[1].connected


async def test_silent_executors_are_not_listed_and_touched_ones_are(bench: Bench) -> None:
    await bench.open("e1")
    await bench.open("e2")
    await bench.lab.advance(50_000)
    await bench.queue.touch(["e2"])
    await bench.lab.advance(20_000)
    assert [state.info.executor_id for state in await bench.queue.executors()] == ["e2"]


# --- renewals and the reaper ------------------------------------------------------------------------------------------


async def test_renewed_leases_live_on_and_others_expire(bench: Bench) -> None:
    session = await bench.open()
    await bench.ready(count=2)
    kept, lost = await bench.take(session, want=2)
    await bench.pass_time(10_000)
    renewed = await bench.queue.renew("e1", session, [kept])
    assert (renewed.verdict, list(renewed.lost), list(renewed.unknown)) == (Verdict.OK, [], [])
    await bench.pass_time(6_000)
    (expired,) = (await bench.queue.expire_due(10)).leases
    assert (expired.task_id, expired.attempt_id) == lost
    assert (expired.executor_id, expired.renewed, expired.excused, expired.started) == (
        "e1",
        False,
        False,
        False,
    )


async def test_expired_lease_tells_whether_it_was_renewed_and_started(bench: Bench) -> None:
    lease = await bench.started()
    await bench.queue.renew("e1", 1, [lease])
    await bench.pass_time(LEASE_MS + 1000)
    (expired,) = (await bench.queue.expire_due(10)).leases
    assert (expired.renewed, expired.started) == (True, True)


async def test_expiring_lease_cannot_be_renewed(bench: Bench) -> None:
    """Fails when: renew.lua extends what waits for its end."""
    lease = await bench.started()
    await bench.pass_time(LEASE_MS + 1000)
    await bench.queue.expire_due(10)
    renewed = await bench.queue.renew("e1", 1, [lease])
    assert list(renewed.lost) == [lease[1]]
    assert (await bench.queue.stats()).expiring == 1


async def test_expiring_task_is_not_handed_out_before_its_attempt_has_ended(bench: Bench) -> None:
    """Law 2. Broken once on purpose: with expire.lua dropping the lease this fails."""
    session = await bench.open()
    (task_id,) = await bench.ready()
    (lease,) = await bench.take(session)
    await bench.pass_time(LEASE_MS + 1000)
    await bench.queue.expire_due(10)
    await bench.queue.apply([a_ready(task_id)])
    assert await bench.take(session) == []
    await bench.queue.abandon([lease])
    assert [task for task, _ in await bench.take(session)] == [task_id]


async def test_unanswered_expiring_leases_are_taken_up_again(bench: Bench) -> None:
    lease = await bench.started()
    await bench.pass_time(LEASE_MS + 1000)
    assert (await bench.queue.expire_due(10)).leases
    assert not (await bench.queue.expire_due(10)).leases
    await bench.pass_time(6_000)
    other = await bench.lab.replica()
    (again,) = (await other.expire_due(10)).leases
    assert again.attempt_id == lease[1]


async def test_expiring_leases_are_not_forgotten_when_the_clock_goes_back(bench: Bench) -> None:
    lease = await bench.started()
    await bench.pass_time(LEASE_MS + 1000)
    assert (await bench.queue.expire_due(10)).leases
    await bench.lab.jump(-3_600_000)
    await bench.pass_time(10_000)
    assert [one.attempt_id for one in (await bench.queue.expire_due(10)).leases] == [lease[1]]


async def test_no_more_leases_expire_in_a_step_than_asked_for(bench: Bench) -> None:
    session = await bench.open()
    await bench.ready(count=5)
    await bench.take(session, want=5)
    await bench.pass_time(LEASE_MS + 1000)
    first = await bench.queue.expire_due(3)
    assert (len(first.leases), first.more) == (3, True)
    assert len((await bench.queue.expire_due(3)).leases) == 2


async def test_unknown_lease_is_not_believed(bench: Bench) -> None:
    lease = (new_id(), new_id())
    session = await bench.open()
    assert list((await bench.queue.renew("e1", session, [lease])).unknown) == [lease]


async def test_renewal_tells_what_was_asked_of_the_attempt(bench: Bench) -> None:
    """Law 9. Broken once on purpose: with renew.lua silent about requests this fails."""
    task_id, attempt = await bench.started()
    await bench.queue.apply([a_leased(task_id, attempt, version=3, requested=2)])
    renewed = await bench.queue.renew("e1", 1, [(task_id, attempt)])
    assert list(renewed.requested) == [Requested(task_id, attempt, 2)]


async def test_renewal_under_an_older_session_still_keeps_the_leases_alive(bench: Bench) -> None:
    """Liveness is recorded before any error is answered. Fails when: renew.lua returns early."""
    old = await bench.open()
    await bench.ready()
    (lease,) = await bench.take(old)
    await bench.open()
    await bench.pass_time(10_000)
    assert (await bench.queue.renew("e1", old, [lease])).verdict is Verdict.SUPERSEDED
    await bench.pass_time(10_000)
    assert not (await bench.queue.expire_due(10)).leases


async def test_renewal_without_a_marker_leaves_everything_to_the_registry(bench: Bench) -> None:
    """Redis may be stale. Fails when: renew.lua believes leases that it finds under another store's marker."""
    lease = await bench.started()
    await bench.lab.unmark()
    renewed = await bench.queue.renew("e1", await bench.open(), [lease])
    assert (renewed.verdict, list(renewed.unknown)) == (Verdict.NO_MARKER, [lease])


@pytest.mark.parametrize("lab", BACKENDS[1:], indirect=True)
async def test_line_entry_whose_task_has_a_lease_is_passed_over(bench: Bench) -> None:
    """Law 2; the model has no such entries. Broken once on purpose: with `advance` in lines.lua not looking at the
    leases this fails."""
    queue = bench.queue
    assert isinstance(queue, RedisQueue)
    session = await bench.open()
    held, free = await bench.ready(count=2)
    assert [task for task, _ in await bench.take(session)] == [held]
    await queue._connection.command("ZADD", queue._keys.below("ready:default\x1fnoop"), 1, held)
    assert [task for task, _ in await bench.take(session, want=2)] == [free]
    assert await bench.line() == 0


async def test_renewing_more_leases_than_one_step_takes(bench: Bench) -> None:
    session = await bench.open()
    unknown = [(new_id(), new_id()) for _ in range(1_500)]
    assert list((await bench.queue.renew("e1", session, unknown)).unknown) == unknown


# --- the clock guard --------------------------------------------------------------------------------------------------


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


async def test_progress_is_kept_for_the_attempt_that_has_the_lease_and_goes_with_it(bench: Bench) -> None:
    task_id, attempt = await bench.started()
    await bench.queue.put_progress(
        [ProgressNote(task_id, attempt, b"half"), ProgressNote(new_id(), attempt, b"x")]
    )
    await bench.queue.put_progress([ProgressNote(task_id, new_id(), b"of another attempt")])
    assert await bench.queue.get_progress([task_id, new_id()]) == {task_id: b"half"}
    await bench.queue.apply([a_nowhere(task_id)])
    assert await bench.queue.get_progress([task_id]) == {}


async def test_unready_ids_are_never_taken_twice_when_their_line_is_long(bench: Bench) -> None:
    session = await bench.open()
    ids = await bench.ready(count=1_200)
    taken = [task for _ in range(4) for task, _ in await bench.take(session, slots=2_000, want=300)]
    assert taken == ids
