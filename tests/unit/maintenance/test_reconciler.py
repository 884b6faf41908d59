"""Calls that never came back are carried through."""

from __future__ import annotations

import pytest

from asynctask_core.errors import StoreUnavailable
from asynctask_core.ids import new_id
from asynctask_core.limits import INTENT_AGE_MS, INTENT_KEPT_MS
from asynctask_scheduler.maintenance.reconciler import Reconciler
from tests.contract.queue.lab import Bench, ModelLab, a_ready
from tests.support.ledger_double import LedgerDouble


async def test_committed_submit_whose_scheduler_died_gets_in_line(
    bench: Bench, registry: LedgerDouble
) -> None:
    """Law 1. Fails when: the reconciler settles an intent without applying what it finds."""
    task_id = new_id()
    await bench.queue.note_intents([task_id])
    registry.put(a_ready(task_id))
    await bench.pass_time(INTENT_AGE_MS + 1000)
    report = await Reconciler(bench.queue, registry).run_once()
    assert report.changed == 1
    assert (await bench.line(), (await bench.queue.stats()).intents) == (1, 0)


async def test_young_intents_are_left_to_their_calls(bench: Bench, registry: LedgerDouble) -> None:
    await bench.queue.note_intents([new_id()])
    await bench.pass_time(INTENT_AGE_MS - 1000)
    await Reconciler(bench.queue, registry).run_once()
    assert registry.calls == []


async def test_intent_that_finds_nothing_is_looked_at_again_for_ten_minutes(
    bench: Bench, lab: ModelLab, registry: LedgerDouble
) -> None:
    """A commit may still be on its way. Fails when: the first look that finds nothing clears the intent."""
    there, late = new_id(), new_id()
    await bench.queue.note_intents([there, late])
    registry.put(a_ready(there))
    reconciler = Reconciler(bench.queue, registry)
    await lab.advance(INTENT_AGE_MS + 1000)
    await reconciler.run_once()
    assert await bench.line() == 1
    await lab.advance(INTENT_KEPT_MS // 2)
    registry.put(a_ready(late))
    await reconciler.run_once()
    assert (await bench.line(), (await bench.queue.stats()).intents) == (2, 0)


async def test_intent_of_a_call_that_changed_nothing_goes_in_the_end(
    bench: Bench, lab: ModelLab, registry: LedgerDouble
) -> None:
    await bench.queue.note_intents([new_id()])
    reconciler = Reconciler(bench.queue, registry)
    for _ in range(INTENT_KEPT_MS // 60_000 + 1):
        await lab.advance(60_000)
        await reconciler.run_once()
    assert (await bench.queue.stats()).intents == 0


async def test_intents_outlive_a_registry_that_is_down(
    bench: Bench, lab: ModelLab, registry: LedgerDouble
) -> None:
    await bench.queue.note_intents([new_id()])
    await lab.advance(INTENT_AGE_MS + 1000)
    registry.failures.append(StoreUnavailable("down"))
    with pytest.raises(StoreUnavailable):
        await Reconciler(bench.queue, registry).run_once()
    assert (await bench.queue.stats()).intents == 1


async def test_large_intents_are_reconciled_in_calls_of_bounded_size(
    bench: Bench, lab: ModelLab, registry: LedgerDouble
) -> None:
    ids = [new_id() for _ in range(1_000)]
    for _ in range(3):
        await bench.queue.note_intents(ids)
    await bench.queue.note_intents([new_id() for _ in range(900)])
    await lab.advance(INTENT_AGE_MS + 1000)
    await Reconciler(bench.queue, registry).run_once()
    assert registry.calls == ["reconcile"] * 2
