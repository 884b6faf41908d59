"""Tasks that start later start when they are due."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

import pytest

from asynctask_core.errors import StoreUnavailable
from asynctask_core.ids import new_id
from asynctask_core.limits import TIMER_HORIZON_MS
from asynctask_protos.registry.v1.standing_pb2 import Standing
from asynctask_scheduler.maintenance.timers import Promoter, TimerLoader
from asynctask_scheduler.queue.answers import Applied
from tests.contract.queue.lab import Bench, ModelLab, a_ready, a_timed
from tests.support.ledger_double import LedgerDouble


async def test_timers_of_the_next_minutes_are_loaded_and_no_others(
    bench: Bench, registry: LedgerDouble
) -> None:
    registry.put(a_timed(new_id(), 1_000), a_timed(new_id(), TIMER_HORIZON_MS + 1), a_ready(new_id()))
    report = await TimerLoader(bench.queue, registry, owner="a").run_once()
    assert report.facts == {"loaded": 1}
    assert (await bench.queue.stats()).timed == 1


async def test_one_replica_loads_at_a_time(bench: Bench, lab: ModelLab, registry: LedgerDouble) -> None:
    registry.put(a_timed(new_id(), 1_000))
    await TimerLoader(bench.queue, registry, owner="a").run_once()
    await TimerLoader(await lab.replica(), registry, owner="b").run_once()
    assert registry.calls == ["stream due"]
    await lab.advance(60_000)
    await TimerLoader(await lab.replica(), registry, owner="b").run_once()
    assert registry.calls == ["stream due"] * 2


async def test_loading_that_was_cut_off_goes_on_where_it_was_unless_redis_was_lost(
    bench: Bench, lab: ModelLab, registry: LedgerDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when each pass begins anew: of more timers than one pass can load, the last would never be."""
    registry.put(*(a_timed(new_id(), 1_000) for _ in range(2_001)))
    loader = TimerLoader(bench.queue, registry, owner="a")
    apply = bench.queue.apply
    pages_left = 0

    async def until_cut(standings: Sequence[Standing]) -> Applied:
        nonlocal pages_left
        pages_left -= 1
        if pages_left < 0:
            raise StoreUnavailable("the pass is over")
        return await apply(standings)

    monkeypatch.setattr(bench.queue, "apply", until_cut)
    for is_lost, left in ((False, 1_001), (True, 2_001)):
        pages_left = 1
        with pytest.raises(StoreUnavailable):
            await loader.run_once()
        if is_lost:
            lab.store.flush()
            await bench.mark()
        pages_left = 10
        assert (await loader.run_once()).facts == {"loaded": left}
        assert (await bench.queue.stats()).timed == 2_001


async def test_promoter_sleeps_until_the_next_timer(bench: Bench, lab: ModelLab) -> None:
    promoter = Promoter(bench.queue)
    await bench.queue.apply([a_timed(new_id(), 20)])
    report = await promoter.run_once()
    assert (report.changed, report.more) == (0, False)
    began = time.monotonic()
    await promoter.pause(asyncio.Event(), 60)
    assert 0.015 < time.monotonic() - began < 50
    await lab.advance(20)
    assert (await promoter.run_once()).changed == 1
    assert await bench.line() == 1


async def test_promoter_without_timers_sleeps_its_interval(bench: Bench) -> None:
    promoter = Promoter(bench.queue)
    await promoter.run_once()
    began = time.monotonic()
    await promoter.pause(asyncio.Event(), 0.02)
    assert time.monotonic() - began >= 0.015
