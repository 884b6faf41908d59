"""Work that comes in masses, or takes long, leaves connections to the rest."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from asynctask_core.errors import StoreUnavailable
from asynctask_protos.registry.v1 import ledger_service_pb2 as pb
from asynctask_protos.task.v1.manifest_pb2 import ITEM_STATE_TODO, ManifestItem
from asynctask_protos.task.v1.task_pb2 import LogLine
from asynctask_registry.api.ledger_service.content_methods import LedgerContentMethods
from asynctask_registry.ledger import logs, manifest
from asynctask_registry.ledger.conditions import TaskConditions
from asynctask_registry.ledger.ledger import Ledger
from asynctask_registry.store.pool import Pool, PoolOptions, StoreConnection
from asynctask_registry.store.pool_share import PoolShare
from tests.integration.registry.kit import connected, started
from tests.support.conditions import eventually

SEARCHES = 20
WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
)


async def test_masses_of_slow_work_hold_up_nothing_outside_their_lane(postgres_url: str) -> None:
    """Fails when: logs and manifests of a few executors take every connection that commands need."""
    release = asyncio.Event()
    begun = 0

    async def slow(_: StoreConnection) -> None:
        nonlocal begun
        begun += 1
        await release.wait()

    async def quick(_: StoreConnection) -> str:
        return "done"

    options = PoolOptions(postgres_url, "lanes", 3, deadline=timedelta(minutes=2))
    async with Pool(options) as pool:
        await pool.connected()
        lane = PoolShare(pool, 2)
        masses = [asyncio.create_task(lane.run(slow)) for _ in range(50)]
        await eventually(lambda: begun == 2)
        assert [await pool.run(quick) for _ in range(5)] == ["done"] * 5
        with pytest.raises(StoreUnavailable, match="before it was its turn"):
            await lane.run(quick, deadline=timedelta(milliseconds=50))
        release.set()
        await asyncio.gather(*masses)
        assert begun == 50


async def test_any_number_of_searches_leaves_connections_to_executors_and_lists(
    ledger: Ledger, postgres_url: str
) -> None:
    """Fails when executors that read their items, or people who list tasks, wait for searches in a large log."""
    task_id, attempt_id = await started(ledger)
    await logs.append(
        ledger.hot, task_id, attempt_id, [LogLine(sequence=1, message="a needle", stage="compare")]
    )
    chunk = pb.AppendManifestRequest(
        task_id=task_id,
        attempt_id=attempt_id,
        chunk=1,
        manifest="items",
        items=[ManifestItem(key=b"a", state=ITEM_STATE_TODO)],
    )
    await manifest.append(ledger.hot, chunk)
    methods: Any = LedgerContentMethods(ledger)
    search = pb.ListTaskLogsRequest(task_id=task_id, text="needle")
    async with connected(postgres_url) as other, connected(postgres_url) as watcher:
        async with other.transaction():
            await other.execute("LOCK TABLE task_logs")
            searches = [asyncio.create_task(methods.ListTaskLogs(search, None)) for _ in range(SEARCHES)]

            async def as_many_as_may_wait_for_postgres() -> bool:
                return await watcher.fetchval(WAITING) == 2

            await eventually(as_many_as_may_wait_for_postgres)
            for _ in range(5):
                items = await methods.ReadManifest(
                    pb.ReadManifestRequest(task_id=task_id, attempt_id=attempt_id, after_position=-1), None
                )
                assert len(items.items) == 1
                assert (await ledger.lister.page(TaskConditions(), page_size=1)).tasks
            assert not any(one.done() for one in searches)
        found = await asyncio.gather(*searches)
    assert [len(one.lines) for one in found] == [1] * SEARCHES
