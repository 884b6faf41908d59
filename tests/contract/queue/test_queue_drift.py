"""Drift between the store and the registry, and counts."""

from __future__ import annotations

import pytest

from asynctask_core.ids import new_id
from asynctask_core.limits import TIMER_HORIZON_MS
from asynctask_protos.registry.v1.standing_pb2 import Place
from asynctask_scheduler.queue.answers import Drift, DriftKind
from tests.contract.queue.conftest import BACKENDS
from tests.contract.queue.lab import Bench, a_leased, a_nowhere, a_ready, a_timed
from tests.support.seen_executors import seen_executors
from tests.support.whole_queue import WholeRedisQueue


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
    assert isinstance(queue, WholeRedisQueue)
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
    assert isinstance(queue, WholeRedisQueue)
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
    assert (await seen_executors(queue))[0].running == 1
    await queue.apply([a_nowhere(task_id)])
    assert (await seen_executors(queue))[0].running == 0


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
    await bench.ready(lane=("other", "noop"))
    await bench.queue.apply([a_timed(new_id(), 5_000)])
    await bench.queue.note_intents([new_id()])
    stats = await bench.queue.stats()
    assert [(one.queue, one.task_type, one.ready, one.running) for one in stats.lanes] == [
        ("default", "noop", 2, 1),
        ("other", "noop", 1, 0),
    ]
    assert all(one.head_ready_ms is not None for one in stats.lanes)
    assert (stats.timed, stats.leases, stats.expiring, stats.intents) == (1, 1, 0, 1)


async def test_delayed_task_and_retry_have_waited_since_they_were_due(bench: Bench) -> None:
    """Fails when: the wait of a retry counts from its first submit, though nothing could have started it."""
    await bench.queue.apply([a_timed(new_id(), 5_000, ready_at_us=1_000_000_000_000_000)])
    await bench.lab.advance(65_000)
    await bench.queue.promote(10)
    (line,) = (await bench.queue.stats()).lanes
    assert line.ready == 1
    assert 60_000 <= (line.head_ready_ms or 0) < 3_600_000
