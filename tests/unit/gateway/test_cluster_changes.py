"""What the stream of cluster changes reads, and when."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from typing import Any

import pytest

from asynctask_core.errors import StoreUnavailable
from asynctask_gateway.live import cluster_changes
from asynctask_gateway.live.cluster_changes import ClusterChanges, ReadEntries
from asynctask_gateway.live.stopping import Stopping


@asynccontextmanager
async def events_of(reads: Mapping[str, ReadEntries]) -> AsyncIterator[AsyncGenerator[bytes]]:
    metrics: Any = None
    async with (
        asyncio.timeout(30),
        aclosing(ClusterChanges(reads, Stopping(), metrics)._events()) as events,
    ):
        yield events


async def test_kind_that_is_not_answered_keeps_no_other_kind_waiting(monkeypatch: pytest.MonkeyPatch):
    """Fails when the health is told, or read again, only after the wait for a store that is away."""
    monkeypatch.setattr(cluster_changes, "READ_EVERY_S", 0.001)
    looks = 0

    async def executors() -> Any:
        await asyncio.Event().wait()

    async def queues() -> Any:
        raise StoreUnavailable("Redis did not answer")

    async def health() -> Any:
        nonlocal looks
        looks += 1
        return {"cluster": {"looks": looks}}

    async with events_of({"executors": executors, "queues": queues, "health": health}) as events:
        told = ""
        while '"health":{"set":{"cluster":{"looks":3}}}' not in told:
            told += (await anext(events)).decode()
    assert '"reason":"STORE_UNAVAILABLE"' in told
    assert "executors" not in told


async def test_kind_that_is_not_answered_in_time_says_so_and_keeps_what_was_read(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(cluster_changes, "READ_EVERY_S", 0.001)
    monkeypatch.setattr(cluster_changes, "READ_WITHIN_S", 0.05)
    is_away = False

    async def executors() -> Any:
        if is_away:
            await asyncio.Event().wait()
        return {"one": {"running": 1}}

    async with events_of({"executors": executors}) as events:
        first = (await anext(events)).decode()
        is_away = True
        second = (await anext(events)).decode()
        is_away = False
        third = (await anext(events)).decode()
    assert '"executors":{"set":{"one":{"running":1}}}' in first
    assert "the scheduler did not answer within 0.05 s" in second
    assert "removed" not in second
    assert '"executors":{"problem":null}' in third


async def test_wait_is_told_exactly_and_its_going_on_is_no_news(monkeypatch: pytest.MonkeyPatch):
    """Fails when a wait is rounded: the page then said "for 0 s" beside a task that was ready 7 s ago."""
    monkeypatch.setattr(cluster_changes, "READ_EVERY_S", 0.001)
    answers = [(7_400, 1), (8_400, 1), (9_100, 2)]

    async def queues() -> Any:
        wait_ms, depth = answers.pop(0) if len(answers) > 1 else answers[0]
        types = [{"task_type": "copy", "depth": depth, "oldest_ready_ms": wait_ms}]
        return {"default": {"name": "default", "oldest_ready_ms": wait_ms, "types": types}}

    async with events_of({"queues": queues}) as events:
        first, second = [(await anext(events)).decode() for _ in range(2)]
    assert first.count('"oldest_ready_ms":7400') == 2
    assert second.count('"oldest_ready_ms":9100') == 2
