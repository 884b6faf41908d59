"""Timers, intents, duties, rebuild, drift and counts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from asynctask_core.ids import new_id
from asynctask_core.limits import AGEING_STEP_US, INTENT_AGE_MS, LEASE_MS, TIMER_HORIZON_MS
from asynctask_protos.registry.v1.standing_pb2 import Place
from asynctask_scheduler.queue.port import CellOptions, Drift, DriftKind, Queue, Verdict
from asynctask_scheduler.queue.redis_queue import RedisQueue
from tests.contract.queue.conftest import BACKENDS
from tests.contract.queue.lab import KIND, READY_AT_US, Bench, a_leased, a_nowhere, a_ready, a_timed
from tests.support.queue_model import QueueModel

# --- timers -----------------------------------------------------------------------------------------------------------


async def test_timer_puts_its_task_in_line_when_it_is_due_and_not_before(bench: Bench) -> None:
    await bench.queue.apply([a_timed(new_id(), 30_000)])
    early = await bench.queue.promote(10)
    assert early.count == 0
    assert early.next_in_ms is not None
    assert 29_000 < early.next_in_ms <= 30_000
    await bench.lab.advance(30_000)
    due = await bench.queue.promote(10)
    assert (due.count, due.ready, due.next_in_ms) == (1, {KIND}, None)
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


# --- intents and duties -----------------------------------------------------------------------------------------------


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


# --- replicas ---------------------------------------------------------------------------------------------------------


def tell(queue: Queue, lease_ms: int) -> None:
    """Start a replica with another lease than all others."""
    if isinstance(queue, QueueModel):
        queue.lease_ms = lease_ms
    elif isinstance(queue, RedisQueue):
        queue._options = replace(queue._options, lease_ms=lease_ms)


async def test_replica_that_was_told_otherwise_does_not_join_a_live_one(bench: Bench) -> None:
    """Fails when: announce.lua notes whoever comes, and each then sees the other as the one that is wrong."""
    other = await bench.lab.replica()
    tell(other, 20_000)
    assert await bench.queue.announce("a", joining=True) is None
    assert await other.announce("b", joining=True) == CellOptions(LEASE_MS, AGEING_STEP_US)
    assert await bench.queue.announce("a", joining=False) is None
    assert await bench.queue.announce("c", joining=True) is None, "who was told the same joins"
    await bench.queue.leave("c")
    await bench.queue.leave("a")
    assert await other.announce("b", joining=True) is None


async def test_replica_that_died_is_in_nobodys_way_for_long(bench: Bench) -> None:
    other = await bench.lab.replica()
    tell(other, 20_000)
    await bench.queue.announce("a", joining=True)
    assert await other.announce("b", joining=True) is not None
    await bench.lab.advance(10_001)
    assert await other.announce("b", joining=True) is None
    await bench.lab.jump(-3_600_000)
    assert await bench.queue.announce("a", joining=True) is None, "nor is one from before the clock went back"


async def test_replica_that_runs_learns_of_one_that_was_told_otherwise_and_stays(bench: Bench) -> None:
    """Both started while the store forgot."""
    other = await bench.lab.replica()
    tell(other, 20_000)
    await bench.queue.announce("a", joining=False)
    assert await other.announce("b", joining=False) == CellOptions(LEASE_MS, AGEING_STEP_US)
    assert await bench.queue.announce("a", joining=False) == CellOptions(20_000, AGEING_STEP_US)


# --- rebuild ----------------------------------------------------------------------------------------------------------


async def test_flushed_store_hands_out_nothing_until_it_is_rebuilt(bench: Bench) -> None:
    """Laws 2 and 6. Broken once on purpose: with lease.lua not looking for the marker this fails."""
    session = await bench.open()
    await bench.lab.flush()
    session = await bench.open()
    await bench.ready()
    assert (await bench.queue.lease("e1", session, 5, [KIND], [new_id()])).verdict is Verdict.NO_MARKER
    rebuild = await bench.queue.begin_rebuild()
    assert rebuild
    assert await bench.queue.finish_rebuild(rebuild)
    assert len(await bench.take(session)) == 1


async def test_rebuilt_store_needs_no_rebuild(bench: Bench) -> None:
    assert await bench.queue.begin_rebuild() is None
    state = await bench.queue.store_state()
    assert (state.marked, state.loaded, state.cursor) == (True, False, "")


async def test_store_that_is_emptied_under_a_rebuild_is_not_marked_by_it(bench: Bench) -> None:
    """Fails when: finish_rebuild.lua only compares the ids of the server."""
    await bench.lab.flush()
    rebuild = await bench.queue.begin_rebuild()
    assert rebuild
    await bench.lab.flush()
    assert not await bench.queue.finish_rebuild(rebuild)
    assert not (await bench.queue.store_state()).marked


async def test_two_rebuilds_at_once_are_both_fine(bench: Bench) -> None:
    await bench.lab.flush()
    other = await bench.lab.replica()
    first, second = await bench.queue.begin_rebuild(), await other.begin_rebuild()
    assert first
    assert second
    assert await bench.queue.finish_rebuild(first)
    assert await bench.queue.save_cursor(first.identity, "at 5", loaded=False)
    assert await other.finish_rebuild(second)
    assert (await bench.queue.store_state()).cursor == "at 5"


async def test_pop_says_of_which_rebuild_its_store_is_and_a_loss_makes_another(bench: Bench) -> None:
    """Law 6. Broken once on purpose: with a rebuild leaving the token as it was, so that what was popped before a
    loss is believed, this fails."""
    session = await bench.open()
    await bench.ready(count=2)
    assert (
        await bench.queue.lease("e1", session, 5, [KIND], [new_id()])
    ).rebuild_token == ""  # nothing is limited
    await bench.limit(noop=3)
    popped = await bench.queue.lease("e1", session, 5, [KIND], [new_id()])
    assert popped.rebuild_token
    assert await bench.queue.rebuild_token() == popped.rebuild_token
    assert await bench.queue.begin_rebuild() is None
    assert await bench.queue.rebuild_token() == popped.rebuild_token
    for lose in (bench.lab.flush, bench.lab.unmark):
        before = await bench.queue.rebuild_token()
        await lose()
        rebuild = await bench.queue.begin_rebuild()
        assert rebuild
        assert await bench.queue.rebuild_token() == ""
        assert await bench.queue.finish_rebuild(rebuild)
        assert await bench.queue.rebuild_token() not in {"", before}


async def test_loading_is_continued_by_its_cursor(bench: Bench) -> None:
    state = await bench.queue.store_state()
    assert await bench.queue.save_cursor(state.identity, "at 5", loaded=False)
    other = await bench.lab.replica()
    assert (await other.store_state()).cursor == "at 5"
    assert await other.save_cursor(state.identity, "end", loaded=True)
    assert (await bench.queue.store_state()).loaded
    await bench.lab.flush()
    assert not await bench.queue.save_cursor(state.identity, "end", loaded=True)


async def test_store_can_be_used(bench: Bench) -> None:
    await bench.queue.check()


# --- drift ------------------------------------------------------------------------------------------------------------


async def test_comparison_finds_what_is_missing_and_what_is_old(bench: Bench) -> None:
    missing, old, right, newer = (new_id() for _ in range(4))
    await bench.queue.apply([a_ready(old), a_ready(right), a_nowhere(newer, version=9)])
    found = await bench.queue.compare(
        [
            a_ready(missing),
            a_leased(old, new_id(), version=2),
            a_ready(right),
            a_ready(newer),
            a_nowhere(new_id()),
        ]
    )
    assert list(found) == [Drift(missing, DriftKind.MISSING), Drift(old, DriftKind.OUTDATED)]


async def test_comparison_agrees_with_what_was_applied(bench: Bench) -> None:
    standings = [
        a_ready(new_id()),
        a_timed(new_id(), 5_000),
        a_timed(new_id(), TIMER_HORIZON_MS * 2),
        a_leased(new_id(), new_id()),
        a_nowhere(new_id()),
    ]
    await bench.queue.apply(standings)
    assert not await bench.queue.compare(standings)


@pytest.mark.parametrize("lab", BACKENDS[1:], indirect=True)
async def test_comparison_finds_what_is_known_but_in_no_line(bench: Bench) -> None:
    """The model cannot lose an entry. Fails when: compare.lua looks at versions only."""
    queue = bench.queue
    assert isinstance(queue, RedisQueue)
    standings = [a_ready(new_id()), a_timed(new_id(), 5_000), a_leased(new_id(), new_id())]
    await queue.apply(standings)
    keys = queue._keys
    await queue._connection.command(
        "DEL", keys["timers"], keys["leases"], keys.below("ready:default\x1fnoop")
    )
    found = await queue.compare(standings)
    assert list(found) == [Drift(one.task_id, DriftKind.MISPLACED) for one in standings]
    await queue.apply(standings)
    assert not await queue.compare(standings)


@pytest.mark.parametrize("lab", BACKENDS[1:], indirect=True)
async def test_audit_finds_and_repairs_what_limits_are_counted_from(bench: Bench) -> None:
    """Law 6. Broken once on purpose: with audit.lua or recount.lua believing the sets this fails."""
    queue = bench.queue
    assert isinstance(queue, RedisQueue)
    (task_id, _), keys = await bench.started(), queue._keys
    await queue._connection.command("SADD", keys.below("held:e1"), new_id())
    await queue._connection.command("SADD", keys.below("running:default\x1fnoop"), new_id())
    audit = await queue.audit_leases(fix=False)
    assert (audit.stray_members, audit.uncounted_leases) == (2, 0)
    await queue._connection.command("DEL", keys.below("held:e1"), keys["deadlines"])
    audit = await queue.audit_leases(fix=True)
    assert (audit.stray_members, audit.uncounted_leases) == (1, 1)
    audit = await queue.audit_leases(fix=False)
    assert (audit.stray_members, audit.uncounted_leases) == (0, 0)
    assert (await queue.executors())[0].running == 1
    await queue.apply([a_nowhere(task_id)])
    assert (await queue.executors())[0].running == 0


async def test_scan_pages_through_all_that_is_kept(bench: Bench) -> None:
    ids = await bench.ready(count=700)
    leased, gone = new_id(), new_id()
    await bench.queue.apply([a_leased(leased, new_id()), a_nowhere(gone)])
    found, cursor = {}, 0
    while True:
        page = await bench.queue.scan(cursor, 100)
        found |= {one.task_id: (one.version, one.place) for one in page.standings}
        cursor = page.cursor
        if not cursor:
            break
    assert found == dict.fromkeys(ids, (1, Place.PLACE_READY)) | {leased: (2, Place.PLACE_LEASED)}


async def test_audit_of_leases_finds_nothing_after_a_busy_life(bench: Bench) -> None:
    session = await bench.open()
    ids = await bench.ready(count=30)
    leases = await bench.take(session, want=20)
    await bench.queue.apply([a_leased(*lease) for lease in leases[:10]])
    await bench.queue.apply([a_nowhere(one) for one in ids[:5]])
    await bench.queue.abandon(leases[10:15])
    audit = await bench.queue.audit_leases(fix=False)
    assert (audit.leases, audit.stray_members, audit.uncounted_leases) == (10, 0, 0)
    assert dict(audit.held_by) == {"e1": 10}


async def test_stats_count_every_line(bench: Bench) -> None:
    session = await bench.open()
    await bench.ready(count=3)
    await bench.take(session)
    await bench.ready(kind=("other", "noop"))
    await bench.queue.apply([a_timed(new_id(), 5_000)])
    await bench.queue.note_intents([new_id()])
    stats = await bench.queue.stats()
    assert [(one.queue, one.task_type, one.ready, one.running) for one in stats.kinds] == [
        ("default", "noop", 2, 1),
        ("other", "noop", 1, 0),
    ]
    assert all(one.head_ready_ms is not None for one in stats.kinds)
    assert (stats.timed, stats.leases, stats.expiring, stats.intents) == (1, 1, 0, 1)
