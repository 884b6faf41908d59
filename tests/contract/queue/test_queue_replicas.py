"""Replicas of one cell, which must have been told the same."""

from __future__ import annotations

from dataclasses import replace

from asynctask_core.limits import AGEING_STEP_US, LEASE_MS
from asynctask_scheduler.queue.port import CellOptions, Queue
from asynctask_scheduler.queue.redis_queue import RedisQueue
from tests.contract.queue.lab import Bench
from tests.support.queue_model import QueueModel


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
