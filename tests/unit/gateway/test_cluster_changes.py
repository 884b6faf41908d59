"""What the stream of cluster changes reads, and when."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from asynctask_core.errors import StoreUnavailable
from asynctask_gateway.live import cluster_changes
from asynctask_gateway.live.cluster_changes import ClusterChanges
from asynctask_gateway.live.stopping import Stopping


async def test_kind_that_is_not_answered_keeps_no_other_kind_waiting(monkeypatch: pytest.MonkeyPatch):
    """Fails when kinds are read one after another: the health then waits for the store that is away."""
    monkeypatch.setattr(cluster_changes, "READ_WITHIN_S", 0.05)
    order: list[str] = []

    async def executors() -> Any:
        order.append("executors")
        await asyncio.Event().wait()

    async def queues() -> Any:
        order.append("queues")
        raise StoreUnavailable("Redis did not answer")

    async def health() -> Any:
        order.append("health")
        return {"cluster": {"level": "broken"}}

    reads = {"executors": executors, "queues": queues, "health": health}
    metrics: Any = None
    changes = ClusterChanges(reads, Stopping(), metrics)
    events = changes._events()
    first = (await anext(events)).decode()
    await events.aclose()
    assert order[:3] == ["executors", "queues", "health"]
    assert '"health":{"set":{"cluster":{"level":"broken"}}}' in first
    assert "the scheduler did not answer within 0.05 s" in first
    assert '"reason":"STORE_UNAVAILABLE"' in first


async def test_wait_is_told_exactly_and_its_going_on_is_no_news(monkeypatch: pytest.MonkeyPatch):
    """Fails when a wait is rounded: the page then said "for 0 s" beside a task that was ready 7 s ago."""
    monkeypatch.setattr(cluster_changes, "READ_EVERY_S", 0)
    answers = [(7_400, 1), (8_400, 1), (9_100, 2)]

    async def queues() -> Any:
        wait_ms, depth = answers.pop(0) if len(answers) > 1 else answers[0]
        types = [{"task_type": "copy", "depth": depth, "oldest_ready_ms": wait_ms}]
        return {"default": {"name": "default", "oldest_ready_ms": wait_ms, "types": types}}

    metrics: Any = None
    events = ClusterChanges({"queues": queues}, Stopping(), metrics)._events()
    first, second = [(await anext(events)).decode() for _ in range(2)]
    await events.aclose()
    assert first.count('"oldest_ready_ms":7400') == 2
    assert second.count('"oldest_ready_ms":9100') == 2
