"""Drift between the stores is found and repaired."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest

from asynctask_core.ids import id_text, new_id
from asynctask_core.limits import INTENT_AGE_MS, LEASE_MS
from asynctask_protos.task.v1.task_type_pb2 import TaskType
from asynctask_scheduler.maintenance import sweep
from asynctask_scheduler.maintenance.comparison import PAGE, rest_none
from asynctask_scheduler.maintenance.doctor import Doctor
from asynctask_scheduler.maintenance.sweep import Sweeper
from tests.contract.queue.lab import Bench, ModelLab, a_leased, a_nowhere, a_ready, a_timed
from tests.support.ledger_double import LedgerDouble

INTERVAL = timedelta(minutes=10)


@pytest.fixture
async def loaded(bench: Bench) -> Bench:
    state = await bench.queue.store_state()
    await bench.queue.save_cursor(state.token, "", loaded=True)
    return bench


def sweeper(bench: Bench, registry: LedgerDouble, *, owner: str = "a") -> Sweeper:
    return Sweeper(bench.queue, registry, owner=owner, interval=INTERVAL, rest=rest_none)


async def test_sweep_puts_back_what_redis_has_lost(loaded: Bench, registry: LedgerDouble) -> None:
    """Law 1. Fails when: the sweep only reports."""
    registry.put(a_ready(new_id()), a_timed(new_id(), 5_000), a_leased(new_id(), new_id()))
    report = await sweeper(loaded, registry).run_once()
    assert report.changed == 3
    stats = await loaded.queue.stats()
    assert (await loaded.line(), stats.timed, stats.leases) == (1, 1, 1)


@pytest.mark.parametrize("fix", [False, True])
async def test_task_that_differs_is_one_finding(loaded: Bench, registry: LedgerDouble, fix: bool) -> None:
    """Fails when what is wrong in both directions is counted twice: a preview would name more than a repair changes."""
    outdated = new_id()
    await loaded.queue.apply([a_ready(outdated)])
    registry.put(a_timed(outdated, 5_000, version=2))
    diagnosis = await Doctor(loaded.queue, registry).diagnose(fix=fix)
    assert dict(diagnosis.counts) == {"missing_timer": 1}
    assert [one.fixed for one in diagnosis.findings] == [fix]


async def test_sweep_brings_old_standings_up_to_date(loaded: Bench, registry: LedgerDouble) -> None:
    final, paused = new_id(), new_id()
    await loaded.queue.apply([a_ready(final), a_ready(paused)])
    registry.put(a_nowhere(final), a_nowhere(paused))
    assert (await sweeper(loaded, registry).run_once()).changed == 2
    assert await loaded.line() == 0


async def test_sweep_removes_tasks_that_the_registry_does_not_know(
    loaded: Bench, registry: LedgerDouble
) -> None:
    """Fails when: the sweep looks in one direction only."""
    await loaded.queue.apply([a_ready(new_id()), a_leased(new_id(), new_id()), a_timed(new_id(), 5_000)])
    assert (await sweeper(loaded, registry).run_once()).changed == 3
    stats = await loaded.queue.stats()
    assert (await loaded.line(), stats.timed, stats.leases) == (0, 0, 0)


async def test_sweep_finds_nothing_where_all_is_well(loaded: Bench, registry: LedgerDouble) -> None:
    standings = [a_ready(new_id()), a_timed(new_id(), 5_000), a_leased(new_id(), new_id())]
    registry.put(*standings)
    await loaded.queue.apply(standings)
    report = await sweeper(loaded, registry).run_once()
    assert (report.changed, report.facts) == (0, {"tasks": 3})


async def test_standing_that_changes_while_it_is_compared_is_no_drift(
    loaded: Bench, registry: LedgerDouble
) -> None:
    """Fails when: what the stream said is applied, though it is old by then."""
    task_id = new_id()
    registry.put(a_ready(task_id))

    class Moves(LedgerDouble):
        async def reconcile(self, task_ids):
            self.put(a_nowhere(task_id, version=3))
            await loaded.queue.apply([a_nowhere(task_id, version=3)])
            return await super().reconcile(task_ids)

    moving = Moves()
    moving.put(a_ready(task_id))
    assert (await sweeper(loaded, moving).run_once()).changed == 0


async def test_one_replica_sweeps_per_interval(loaded: Bench, lab: ModelLab, registry: LedgerDouble) -> None:
    registry.put(a_ready(new_id()))
    assert (await sweeper(loaded, registry).run_once()).changed == 1
    registry.put(a_ready(new_id()))
    assert (await sweeper(loaded, registry, owner="b").run_once()).changed == 0
    await lab.advance(round(INTERVAL.total_seconds() * 1000))
    assert (await sweeper(loaded, registry, owner="b").run_once()).changed == 1


async def test_sweep_that_was_interrupted_does_not_stand_for_a_whole_one(
    loaded: Bench, lab: ModelLab, registry: LedgerDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when: who sweeps takes the duty back after a loss, or does not look whether it still has it."""
    registry.put(*(a_ready(new_id()) for _ in range(2 * PAGE + 1)))
    steps: list[Callable[[], Awaitable[object]]] = []

    async def rest(_: float) -> None:
        """After each page: the duty is due to be claimed again, and something happens."""
        clock.append(clock[-1] + INTERVAL.total_seconds())
        if steps:
            await steps.pop()()

    async def lose_and_rebuild() -> None:
        lab.store.flush()
        await loaded.mark()

    async def take_over() -> None:
        await lab.advance(round(INTERVAL.total_seconds() * 1000))
        assert await loaded.queue.claim_duty("sweep", "b", 1000)

    clock = [0.0]
    monkeypatch.setattr(sweep, "time", SimpleNamespace(monotonic=lambda: clock[-1]))
    for step in (lose_and_rebuild, take_over):
        steps.append(step)
        state = await loaded.queue.store_state()
        await loaded.queue.save_cursor(state.token, "", loaded=True)
        report = await Sweeper(loaded.queue, registry, owner="a", interval=INTERVAL, rest=rest).run_once()
        assert report.facts == {"tasks": 2 * PAGE}, "the last page is not looked at"
        assert await loaded.queue.claim_duty("sweep", "b", 1000), "the duty is another's"
        await lab.advance(2000)


async def test_sweep_of_ten_million_tasks_ends_before_its_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails when it is cut off and begins anew for ever: the last tasks, and all that only Redis knows, are never
    looked at."""
    rested: list[float] = []

    async def rest(seconds: float) -> None:
        rested.append(seconds)

    monkeypatch.setattr(sweep, "asyncio", SimpleNamespace(sleep=rest))
    worked_s = 0.02  # twice what a page takes
    await sweep.rest_gently(worked_s)
    both_ways = 2 * 10_000_000 / PAGE
    assert both_ways * (worked_s + rested[0]) < sweep.DEADLINE.total_seconds()


async def test_store_that_is_still_loading_is_not_swept(bench: Bench, registry: LedgerDouble) -> None:
    registry.put(a_ready(new_id()))
    assert (await sweeper(bench, registry).run_once()).changed == 0


async def test_doctor_names_every_kind_of_drift_and_changes_nothing(
    loaded: Bench, lab: ModelLab, registry: LedgerDouble
) -> None:
    ready, timer, lease, gone, orphan = (new_id() for _ in range(5))
    registry.put(a_ready(ready), a_timed(timer, 5_000), a_leased(lease, new_id()), a_nowhere(gone))
    registry.types = [TaskType(name="noop", max_running=3)]
    await loaded.queue.apply(
        [a_ready(gone), a_timed(orphan, 5_000), a_leased(new_id(), new_id(), executor_id="ghost")]
    )
    await loaded.queue.note_intents([ready])
    await lab.advance(4 * INTENT_AGE_MS)
    found = await Doctor(loaded.queue, registry).diagnose(fix=False)
    assert found.counts == {
        "missing_ready": 1,
        "missing_timer": 1,
        "missing_lease": 1,
        "stale_ready": 1,
        "stale_timer": 1,
        "stale_lease": 1,
        "lease_without_executor": 1,
        "wrong_limits": 1,
        "old_intent": 1,
    }
    assert (found.tasks_checked, found.leases_checked) == (3, 1)
    assert {finding.task_id for finding in found.findings} >= {
        id_text(task) for task in (ready, timer, lease, gone, orphan)
    }
    assert not any(finding.fixed for finding in found.findings)
    again = await Doctor(loaded.queue, registry).diagnose(fix=False)
    assert again.counts == found.counts


async def test_doctor_repairs_what_it_finds(loaded: Bench, registry: LedgerDouble) -> None:
    await loaded.open("e1")
    registry.types = [TaskType(name="noop", max_running=3)]
    registry.put(*(a_ready(new_id()) for _ in range(4)), a_leased(new_id(), new_id()))
    await loaded.queue.apply([a_ready(new_id())])
    found = await Doctor(loaded.queue, registry).diagnose(fix=True)
    assert found.counts == {"missing_ready": 4, "missing_lease": 1, "stale_ready": 1, "wrong_limits": 1}
    assert all(finding.fixed for finding in found.findings)
    assert (await Doctor(loaded.queue, registry).diagnose(fix=False)).counts == {}


async def test_doctor_takes_the_limit_of_a_type_that_nobody_knows_out_of_redis(
    loaded: Bench, registry: LedgerDouble
) -> None:
    await loaded.limit(gone=2)
    found = await Doctor(loaded.queue, registry).diagnose(fix=True)
    assert (found.counts, found.findings[0].fixed) == ({"wrong_limits": 1}, True)
    assert await loaded.queue.type_limits() == {}


async def test_doctor_counts_all_and_lists_some(loaded: Bench, registry: LedgerDouble) -> None:
    registry.put(*(a_ready(new_id()) for _ in range(30)))
    found = await Doctor(loaded.queue, registry).diagnose(fix=False, max_findings=7)
    assert (found.counts, len(found.findings)) == ({"missing_ready": 30}, 7)


async def test_doctor_says_that_a_store_is_not_complete(
    bench: Bench, lab: ModelLab, registry: LedgerDouble
) -> None:
    lab.store.flush()
    found = await Doctor(bench.queue, registry).diagnose(fix=False)
    assert found.counts == {"not_loaded": 1}
    assert "rebuilt" in found.findings[0].message


async def test_expiring_leases_are_the_reapers_business(loaded: Bench, registry: LedgerDouble) -> None:
    task_id, attempt = await loaded.started()
    registry.put(a_leased(task_id, attempt))
    await loaded.pass_time(LEASE_MS + 1000)
    await loaded.queue.expire_due(10)
    assert (await sweeper(loaded, registry).run_once()).changed == 0
