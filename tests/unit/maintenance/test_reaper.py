"""Silent executors lose their tasks, and the tasks lose nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from asynctask_core.errors import InternalError, OutcomeUnknown
from asynctask_core.ids import new_id
from asynctask_core.limits import LEASE_MS
from asynctask_protos.task.v1.state_pb2 import AttemptResult
from asynctask_scheduler.maintenance.reaper import Reaper, reaper_interval
from tests.contract.queue.lab import Bench, ModelLab, a_leased, a_ready
from tests.support.ledger_double import LedgerDouble
from tests.support.seen_executors import seen_executors


async def a_silent_executor(
    bench: Bench, registry: LedgerDouble, *, renewed: bool = True
) -> tuple[bytes, bytes]:
    task_id, attempt = await bench.started()
    registry.put(a_leased(task_id, attempt))
    if renewed:
        await bench.queue.renew("e1", 1, [(task_id, attempt)])
    await bench.pass_time(LEASE_MS + 1000)
    return task_id, attempt


async def test_task_of_a_silent_executor_is_in_line_again(bench: Bench, registry: LedgerDouble) -> None:
    """Law 1. Fails when: the reaper does not apply what EndAttempts answers."""
    _, attempt = await a_silent_executor(bench, registry)
    report = await Reaper(bench.queue, registry).run_once()
    assert report.changed == 1
    assert (await bench.line(), await bench.leases()) == (1, 0)
    (end,) = registry.ends
    assert (end.attempt_id, end.executor_id, end.renewed, end.excused) == (attempt, "e1", True, False)
    assert end.result == AttemptResult.ATTEMPT_RESULT_LOST


async def test_attempt_that_nobody_ever_confirmed_counts_as_undelivered(
    bench: Bench, registry: LedgerDouble
) -> None:
    session = await bench.open()
    (task_id,) = await bench.ready()
    registry.put(a_ready(task_id))
    await bench.take(session)
    await bench.pass_time(LEASE_MS + 1000)
    await Reaper(bench.queue, registry).run_once()
    assert [end.result for end in registry.ends] == [AttemptResult.ATTEMPT_RESULT_UNDELIVERED]
    assert (await bench.line(), await bench.leases()) == (1, 0)


async def test_end_without_an_answer_is_tried_again_by_any_replica(
    bench: Bench, lab: ModelLab, registry: LedgerDouble
) -> None:
    """Fails when: a lease leaves `expiring` before the registry has answered."""
    await a_silent_executor(bench, registry)
    registry.failures.append(OutcomeUnknown("no answer"))
    with pytest.raises(OutcomeUnknown):
        await Reaper(bench.queue, registry).run_once()
    assert (await bench.queue.stats()).expiring == 1
    await bench.pass_time(6_000)
    await Reaper(await lab.replica(), registry).run_once()
    assert (await bench.line(), await bench.leases()) == (1, 0)


async def test_task_that_the_registry_does_not_know_loses_its_lease(
    bench: Bench, registry: LedgerDouble
) -> None:
    task_id, _ = await a_silent_executor(bench, registry)
    registry.forget(task_id)
    await Reaper(bench.queue, registry).run_once()
    assert (await bench.line(), await bench.leases()) == (0, 0)


async def test_one_attempt_that_cannot_be_ended_holds_up_no_other(
    bench: Bench, registry: LedgerDouble
) -> None:
    """Law 10. Fails when: the reaper gives a refused batch up as a whole."""
    registry.refusal = InternalError("cannot end this one")
    for n in range(7):
        task_id, attempt = await bench.started()
        registry.put(a_leased(task_id, attempt))
        if n == 3:
            registry.refused.add(task_id)
    await bench.pass_time(LEASE_MS + 1000)
    report = await Reaper(bench.queue, registry).run_once()
    assert report.changed == 6
    assert (await bench.line(), await bench.leases()) == (6, 1)


async def test_jump_of_the_clock_ends_nothing_and_later_losses_are_excused(
    bench: Bench, lab: ModelLab, registry: LedgerDouble
) -> None:
    task_id, attempt = await bench.started()
    registry.put(a_leased(task_id, attempt))
    reaper = Reaper(bench.queue, registry)
    await lab.jump(3_600_000)
    report = await reaper.run_once()
    assert (report.changed, report.facts) == (0, {"guarded": 1})
    await bench.pass_time(LEASE_MS + 1000)
    await reaper.run_once()
    assert [end.excused for end in registry.ends] == [True]


async def test_attempt_that_ended_meanwhile_is_left_where_the_registry_says(
    bench: Bench, registry: LedgerDouble
) -> None:
    task_id, _ = await a_silent_executor(bench, registry)
    registry.put(a_leased(task_id, new_id(), executor_id="e2", version=9))
    await Reaper(bench.queue, registry).run_once()
    assert (await bench.line(), await bench.leases()) == (0, 1)
    assert (await seen_executors(bench.queue))[0].running == 0


def test_reaper_looks_often_enough_not_to_trip_its_own_guard() -> None:
    for lease in (timedelta(seconds=1), timedelta(seconds=15), timedelta(minutes=10)):
        assert reaper_interval(lease) <= lease / 10
        assert reaper_interval(lease) <= timedelta(seconds=1)
