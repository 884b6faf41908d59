"""What the stream of cluster changes reads, and when."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from typing import Any

import pytest
from google.protobuf.message_factory import GetMessageClass

from asynctask_core.errors import StoreUnavailable
from asynctask_gateway.live import cluster_changes
from asynctask_gateway.live import cluster_reads as cluster_reads_module
from asynctask_gateway.live.cluster_changes import ClusterChanges, ReadEntries
from asynctask_gateway.live.cluster_reads import cluster_reads
from asynctask_gateway.live.stopping import Stopping
from asynctask_protos.scheduler.v1.executor_service_pb2 import Executor, ListExecutorsResponse


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


@pytest.mark.parametrize("is_scheduler_away", [False, True])
async def test_registry_is_named_while_the_scheduler_answers_from_memory(
    monkeypatch: pytest.MonkeyPatch, is_scheduler_away: bool
):
    """Fails when the scheduler is blamed for a registry that it waits for, or the registry for a frozen scheduler."""
    monkeypatch.setattr(cluster_changes, "READ_EVERY_S", 0.001)
    monkeypatch.setattr(cluster_changes, "READ_WITHIN_S", 0.2)
    monkeypatch.setattr(cluster_changes, "PROOF_S", 0.1)
    is_first = True

    async def overview() -> Any:
        await asyncio.Event().wait()

    async def health() -> Any:
        nonlocal is_first
        if is_scheduler_away and not is_first:
            await asyncio.Event().wait()
        is_first = False
        return {"cluster": {"level": "ok"}}

    async with events_of({"overview": overview, "health": health}) as events:
        told = ""
        while '"overview":' not in told:
            told = (await anext(events)).decode()
    assert ('"service":"registry"' in told) is not is_scheduler_away
    assert ("UNREACHABLE" in told) is is_scheduler_away
    assert '"silent_ms":"200"' in told


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


async def test_kind_with_a_fault_is_told_as_a_problem_and_keeps_no_other_from_being_read(
    monkeypatch: pytest.MonkeyPatch,
):
    """Fails when one fault of ours leaves readers with heartbeats and no changes."""
    monkeypatch.setattr(cluster_changes, "READ_EVERY_S", 0.001)
    looks = 0

    async def executors() -> Any:
        raise ValueError("a fault of ours")

    async def health() -> Any:
        nonlocal looks
        looks += 1
        return {"cluster": {"looks": looks}}

    async with events_of({"executors": executors, "health": health}) as events:
        told = ""
        while '"looks":3' not in told:
            told += (await anext(events)).decode()
    assert '"executors":{"problem":' in told
    assert '"reason":"INTERNAL"' in told


class PagedScheduler:
    """Has three executors, one a page."""

    async def call(self, route: Any, request: Any, actor: str) -> Any:
        if route.call.name != "ListExecutors":
            return GetMessageClass(route.output)()
        number = int(request.page_token or 0)
        token = str(number + 1) if number < 2 else ""
        return ListExecutorsResponse(executors=[Executor(executor_id=f"e{number}")], next_page_token=token)


async def test_list_is_read_to_its_last_page(monkeypatch: pytest.MonkeyPatch):
    """Fails when the console of a cluster with more than a page of executors leaves the rest out."""
    scheduler: Any = PagedScheduler()
    read = cluster_reads(scheduler)["executors"]
    assert list(await read()) == ["e0", "e1", "e2"]
    monkeypatch.setattr(cluster_reads_module, "MOST_PAGES", 2)
    assert list(await read()) == ["e0", "e1"], "what one look costs has a bound"
