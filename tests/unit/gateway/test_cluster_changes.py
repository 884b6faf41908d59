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
