"""How standings move tasks between lines, timers and leases, in any order."""

from __future__ import annotations

import itertools

import pytest

from asynctask_core.ids import new_id
from asynctask_scheduler.queue.answers import SessionVerdict
from tests.contract.queue.lab import LANE, Bench, a_leased, a_nowhere, a_ready, a_timed


async def test_ready_standing_puts_a_task_in_line(bench: Bench) -> None:
    applied = await bench.queue.apply([a_ready(new_id())])
    assert (applied.changed, applied.ready) == (1, {LANE})
    assert await bench.line() == 1


async def test_older_standing_is_ignored(bench: Bench) -> None:
    """Law 9. Broken once on purpose: with apply.lua taking any version this fails."""
    task_id = new_id()
    await bench.queue.apply([a_nowhere(task_id, version=5)])
    applied = await bench.queue.apply([a_ready(task_id, version=4)])
    assert applied.changed == 0
    assert await bench.line() == 0


async def test_equal_standing_is_applied_again_but_changes_nothing(bench: Bench) -> None:
    task_id = new_id()
    await bench.queue.apply([a_ready(task_id)])
    applied = await bench.queue.apply([a_ready(task_id)])
    assert applied.changed == 0
    assert await bench.line() == 1


async def test_every_order_of_standings_ends_the_same(bench: Bench) -> None:
    """Law 9. Broken once on purpose: with apply.lua leaving a cancelled task in its line this fails, as it does with
    every other entry of an older standing that is left behind."""
    attempt = new_id()
    for order in itertools.permutations(range(5)):
        task_id = new_id()
        story = [
            a_ready(task_id, version=1),
            a_leased(task_id, attempt, version=2),
            a_timed(task_id, 60_000, version=3),
            a_ready(task_id, version=4, priority=1),
            a_nowhere(task_id, version=5),
        ]
        for step in order:
            await bench.queue.apply([story[step]])
        stats = await bench.queue.stats()
        assert (await bench.line(), stats.timed, stats.leases) == (0, 0, 0), order


async def test_one_batch_with_every_version_of_a_task_ends_with_the_newest(bench: Bench) -> None:
    task_id = new_id()
    await bench.queue.apply(
        [a_ready(task_id, version=4), a_nowhere(task_id, version=5), a_leased(task_id, new_id(), version=3)]
    )
    assert (await bench.line(), await bench.leases()) == (0, 0)


@pytest.mark.parametrize("end_first", [False, True])
@pytest.mark.parametrize("goes_on", [False, True])
async def test_start_and_end_of_an_attempt_in_one_batch_give_its_slot_back(
    bench: Bench, end_first: bool, goes_on: bool
) -> None:
    """A handler that was quicker than the apply of its start. Fails when: a batch is not folded, and when folding it
    drops the LEASED standing that a newer one overtook: the slot stayed taken until the lease ran out."""
    session = await bench.open(slots=1)
    (task_id,) = await bench.ready()
    ((_, attempt),) = await bench.take(session, slots=1)
    end = a_ready(task_id, version=3) if goes_on else a_nowhere(task_id, version=3)
    batch = [a_leased(task_id, attempt, version=2), end]
    applied = await bench.queue.apply(batch[::-1] if end_first else batch)
    assert applied.freed == {"e1"}
    assert (await bench.line(), await bench.leases()) == (int(goes_on), 0)
    await bench.ready()
    assert len(await bench.take(session, slots=1)) == 1


async def test_late_proof_of_a_start_ends_a_lease_whose_task_has_gone_on(bench: Bench) -> None:
    """Fails when: apply.lua ignores an old LEASED standing whose attempt has an unconfirmed lease."""
    session = await bench.open()
    (task_id,) = await bench.ready()
    ((_, attempt),) = await bench.take(session)
    await bench.queue.apply([a_ready(task_id, version=5)])
    assert (await bench.line(), await bench.leases()) == (0, 1)
    applied = await bench.queue.apply([a_leased(task_id, attempt, version=2)])
    assert applied.freed == {"e1"}
    assert (await bench.line(), await bench.leases()) == (1, 0)


async def test_change_of_priority_moves_a_task_in_its_line(bench: Bench) -> None:
    session = await bench.open()
    first, second = await bench.ready(count=2)
    await bench.queue.apply([a_ready(second, version=2, priority=1)])
    assert [task for task, _ in await bench.take(session, want=2)] == [second, first]


async def test_change_of_kind_leaves_the_old_line(bench: Bench) -> None:
    (task_id,) = await bench.ready()
    await bench.queue.apply([a_ready(task_id, version=2, lane=("other", "noop"))])
    assert (await bench.line(), await bench.line(("other", "noop"))) == (0, 1)


async def test_what_is_nowhere_is_remembered_for_fifteen_minutes(bench: Bench) -> None:
    """Fails when: promote.lua forgets without looking at the time."""
    task_id = new_id()
    await bench.queue.apply([a_nowhere(task_id, version=5)])
    await bench.lab.advance(14 * 60_000)
    await bench.queue.promote(10)
    await bench.queue.apply([a_ready(task_id, version=4)])
    assert await bench.line() == 0


async def test_what_is_nowhere_is_forgotten_in_the_end(bench: Bench) -> None:
    task_id = new_id()
    await bench.queue.apply([a_nowhere(task_id, version=5)])
    await bench.lab.advance(21 * 60_000)
    await bench.queue.promote(10)
    await bench.queue.promote(10)
    await bench.queue.apply([a_ready(task_id, version=4)])
    assert await bench.line() == 1


async def test_leased_standing_creates_a_missing_lease(bench: Bench) -> None:
    applied = await bench.queue.apply([a_leased(new_id(), new_id())])
    assert applied.leases_created == 1
    assert await bench.leases() == 1


async def test_leased_standing_takes_a_ready_task_out_of_its_line(bench: Bench) -> None:
    (task_id,) = await bench.ready()
    await bench.queue.apply([a_leased(task_id, new_id())])
    assert (await bench.line(), await bench.leases()) == (0, 1)


async def test_leased_standing_replaces_the_started_lease_of_another_attempt(bench: Bench) -> None:
    """Law 2. Broken once on purpose: with apply.lua keeping a confirmed lease beside a newer one this fails."""
    task_id, _ = await bench.started()
    applied = await bench.queue.apply([a_leased(task_id, new_id(), executor_id="e2", version=4)])
    assert (applied.leases_created, applied.freed) == (1, {"e1"})
    assert await bench.leases() == 1


async def test_leased_standing_leaves_an_unconfirmed_lease_until_its_own_answer(bench: Bench) -> None:
    """Fails when: apply.lua drops a lease that no standing has confirmed yet."""
    session = await bench.open()
    (task_id,) = await bench.ready()
    ((_, attempt),) = await bench.take(session)
    elsewhere = new_id()
    await bench.queue.apply([a_leased(task_id, elsewhere, executor_id="e2", version=4)])
    assert not (await bench.queue.renew("e1", session, [(task_id, attempt)])).unknown
    # What runs is not lost only because somebody else tries to start it, too.
    assert not (await bench.queue.renew("e2", 1, [(task_id, elsewhere)])).unknown
    applied = await bench.queue.abandon([(task_id, attempt)])
    assert (applied.leases_created, applied.freed) == (1, {"e1"})
    assert (await bench.queue.renew("e1", session, [(task_id, attempt)])).unknown == [(task_id, attempt)]
    assert not (await bench.queue.renew("e2", 1, [(task_id, elsewhere)])).unknown


async def test_task_that_runs_elsewhere_counts_for_its_executor_under_an_unconfirmed_lease(
    bench: Bench,
) -> None:
    """Law 6. Broken once on purpose: with apply.lua not counting what runs while another, unconfirmed attempt has
    the lease this fails."""
    session, other = await bench.open(), await bench.open("e2")
    (task_id,) = await bench.ready()
    (lease,) = await bench.take(session)
    await bench.queue.apply([a_leased(task_id, new_id(), executor_id="e2", version=4)])
    await bench.ready(count=5)
    assert len(await bench.take(other, executor_id="e2", slots=2, want=5)) == 1
    await bench.queue.apply([a_nowhere(task_id, version=5)])
    assert len(await bench.take(other, executor_id="e2", slots=2, want=5)) == 1
    await bench.queue.abandon([lease])
    assert len(await bench.take(other, executor_id="e2", slots=2, want=5)) == 0


@pytest.mark.parametrize("then", ["ready", "timed", "nowhere"])
async def test_any_newer_standing_ends_a_confirmed_lease(bench: Bench, then: str) -> None:
    task_id, _ = await bench.started()
    standing = {
        "ready": a_ready(task_id, version=3),
        "timed": a_timed(task_id, 1000, version=3),
        "nowhere": a_nowhere(task_id, version=3),
    }[then]
    assert (await bench.queue.apply([standing])).freed == {"e1"}
    stats = await bench.queue.stats()
    assert (stats.leases, await bench.line(), stats.timed) == (0, then == "ready", then == "timed")


@pytest.mark.parametrize("then", ["ready", "timed", "nowhere"])
async def test_unconfirmed_lease_outlives_standings_that_say_otherwise(bench: Bench, then: str) -> None:
    session = await bench.open()
    (task_id,) = await bench.ready()
    (lease,) = await bench.take(session)
    standing = {
        "ready": a_ready(task_id, version=3),
        "timed": a_timed(task_id, 1000, version=3),
        "nowhere": a_nowhere(task_id, version=3),
    }[then]
    await bench.queue.apply([standing])
    assert await bench.leases() == 1
    await bench.queue.abandon([lease])
    stats = await bench.queue.stats()
    assert (stats.leases, await bench.line(), stats.timed) == (0, then == "ready", then == "timed")


async def test_abandon_of_another_attempt_changes_nothing(bench: Bench) -> None:
    task_id, _ = await bench.started()
    applied = await bench.queue.abandon([(task_id, new_id())])
    assert (applied.freed, await bench.leases()) == (frozenset(), 1)


async def test_equal_leased_standing_never_lengthens_a_lease(bench: Bench) -> None:
    """Fails when: apply.lua writes the deadline of a lease that is there."""
    task_id, attempt = await bench.started()
    await bench.pass_time(10_000)
    await bench.queue.apply([a_leased(task_id, attempt)])
    await bench.pass_time(6_000)
    expired = await bench.queue.expire_due(10)
    assert [one.attempt_id for one in expired.leases] == [attempt]


async def test_equal_leased_standing_never_takes_an_attempt_out_of_expiring(bench: Bench) -> None:
    """Fails when: apply.lua writes a fresh lease over one that has run out."""
    task_id, attempt = await bench.started()
    await bench.pass_time(16_000)
    assert (await bench.queue.expire_due(10)).leases
    await bench.queue.apply([a_leased(task_id, attempt), a_leased(task_id, attempt, version=3, requested=2)])
    renewed = await bench.queue.renew("e1", 1, [(task_id, attempt)])
    assert renewed.lost == [attempt]


async def test_more_standings_than_one_step_takes_are_all_applied(bench: Bench) -> None:
    await bench.ready(count=2_500)
    assert await bench.line() == 2_500


async def test_no_marker_is_needed_to_apply(bench: Bench) -> None:
    await bench.lab.flush()
    await bench.ready()
    assert await bench.line() == 1
    session = await bench.open()
    leased = await bench.queue.lease("e1", session, 1, [LANE], [new_id()])
    assert leased.verdict is SessionVerdict.NO_MARKER
