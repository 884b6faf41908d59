"""How long a task is its executor's: renewals, and the reaper."""

from __future__ import annotations

from asynctask_core.ids import new_id
from asynctask_core.limits import LEASE_MS
from asynctask_scheduler.queue.answers import ProgressNote, RequestedStop, SessionVerdict
from tests.contract.queue.lab import Bench, a_leased, a_nowhere, a_ready


async def test_renewed_leases_live_on_and_others_expire(bench: Bench) -> None:
    session = await bench.open()
    await bench.ready(count=2)
    kept, lost = await bench.take(session, want=2)
    await bench.pass_time(10_000)
    renewed = await bench.queue.renew("e1", session, [kept])
    assert (renewed.verdict, list(renewed.lost), list(renewed.unknown)) == (SessionVerdict.OK, [], [])
    assert renewed.least_left_ms is not None
    assert 0 <= renewed.least_left_ms <= LEASE_MS - 10_000
    assert (await bench.queue.renew("e1", session, [])).least_left_ms is None
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


async def test_renewal_for_another_attempt_extends_nothing(bench: Bench) -> None:
    """Law 2. Fails when renew.lua extends the lease of another attempt of the task."""
    task_id, attempt_id = await bench.started()
    await bench.pass_time(10_000)
    other = (task_id, new_id())
    assert list((await bench.queue.renew("e1", 1, [other])).unknown) == [other]
    await bench.pass_time(6_000)
    (expired,) = (await bench.queue.expire_due(10)).leases
    assert expired.attempt_id == attempt_id


async def test_renewal_tells_what_was_asked_of_the_attempt(bench: Bench) -> None:
    """Law 9. Broken once on purpose: with renew.lua silent about requests this fails."""
    task_id, attempt = await bench.started()
    await bench.queue.apply([a_leased(task_id, attempt, version=3, requested=2)])
    renewed = await bench.queue.renew("e1", 1, [(task_id, attempt)])
    assert list(renewed.requested) == [RequestedStop(task_id, attempt, 2)]


async def test_renewal_under_an_older_session_still_keeps_the_leases_alive(bench: Bench) -> None:
    """Liveness is recorded before any error is answered. Fails when: renew.lua returns early."""
    old = await bench.open()
    await bench.ready()
    (lease,) = await bench.take(old)
    await bench.open()
    await bench.pass_time(10_000)
    assert (await bench.queue.renew("e1", old, [lease])).verdict is SessionVerdict.SUPERSEDED
    await bench.pass_time(10_000)
    assert not (await bench.queue.expire_due(10)).leases


async def test_renewal_without_a_marker_leaves_everything_to_the_registry(bench: Bench) -> None:
    """Redis may be stale. Fails when: renew.lua believes leases that it finds under another store's marker."""
    lease = await bench.started()
    await bench.lab.unmark()
    renewed = await bench.queue.renew("e1", await bench.open(), [lease])
    assert (renewed.verdict, list(renewed.unknown)) == (SessionVerdict.NO_MARKER, [lease])


async def test_renewing_more_leases_than_one_step_takes(bench: Bench) -> None:
    session = await bench.open()
    unknown = [(new_id(), new_id()) for _ in range(1_500)]
    assert list((await bench.queue.renew("e1", session, unknown)).unknown) == unknown


async def test_progress_is_kept_for_the_attempt_that_has_the_lease_and_goes_with_it(bench: Bench) -> None:
    task_id, attempt = await bench.started()
    notes = [ProgressNote(task_id, attempt, b"half"), ProgressNote(new_id(), attempt, b"x")]
    assert await bench.queue.put_progress(notes) == {task_id}
    other = ProgressNote(task_id, new_id(), b"of another attempt")
    assert await bench.queue.put_progress([other]) == set()
    assert await bench.queue.get_progress([task_id, new_id()]) == {task_id: b"half"}
    await bench.queue.apply([a_nowhere(task_id)])
    assert await bench.queue.get_progress([task_id]) == {}
