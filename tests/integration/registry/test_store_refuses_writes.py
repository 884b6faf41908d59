"""A Postgres that answers and does not write: who asks learns why, and it is logged once."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import structlog
from structlog.testing import LogCapture

from asynctask_chassis import store_watch
from asynctask_chassis.metrics import new_metrics_registry
from asynctask_chassis.store_watch import StoreWatch
from asynctask_core.errors import StoreUnavailable
from asynctask_registry.metrics import RegistryMetrics
from asynctask_registry.store.pool import HOT, Pool, PoolOptions
from asynctask_registry.store.probe import StoreProbe
from tests.support.conditions import eventually
from tests.support.mounts import Mounted, fill
from tests.support.stores import Stores, execute


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> LogCapture:
    capture = LogCapture()
    monkeypatch.setattr(store_watch, "log", structlog.wrap_logger(None, processors=[capture]))
    return capture


@asynccontextmanager
async def probing(url: str, folder: Path | None = None) -> AsyncIterator[tuple[Pool, StoreProbe]]:
    metrics = RegistryMetrics(new_metrics_registry())
    watch = StoreWatch(
        "Postgres", folder=folder, takes_writes=metrics.takes_writes, free_bytes=metrics.free_bytes
    )
    options = PoolOptions(url=url, name="probe", size=1, deadline=timedelta(seconds=60), server_settings=HOT)
    async with Pool(options, None, watch.refused) as pool:
        await pool.connected()
        yield pool, StoreProbe(pool, watch)


async def test_read_only_postgres_is_told_once_when_it_begins_and_once_when_it_is_over(
    module_postgres_url: str, stores: Stores, logged: LogCapture
) -> None:
    database = module_postgres_url.rpartition("/")[2]
    async with probing(module_postgres_url) as (pool, probe):
        await probe.run_once()
        assert probe.watch.sentence() == "Postgres takes writes"
        await execute(
            module_postgres_url, f"ALTER DATABASE {database} SET default_transaction_read_only = on"
        )
        try:
            await reconnected(pool)
            for _ in range(2):
                await probe.run_once()

            async def is_told() -> bool:
                with pytest.raises(StoreUnavailable) as raised:
                    await pool.run(lambda session: session.fetch("key_forget", limit=1))
                # The probe ended the connection; the pool opens the next one.
                return raised.value.message.startswith("Postgres refuses writes: it is read-only (25006: ")

            await eventually(is_told, 60)
            # Open again while all is read-only still: only the probe can get rid of this connection.
            await eventually(lambda: pool.is_connected and pool._idle, 60)
        finally:
            await execute(stores.postgres().url, f"ALTER DATABASE {database} RESET ALL")

        async def is_over() -> bool:
            await probe.run_once()
            return not probe.watch.refusal

        await eventually(is_over, 60)
    assert [entry["event"] for entry in logged.entries] == ["store.writes_refused", "store.writes_accepted"]
    assert "Postgres refuses writes: it is read-only" in logged.entries[0]["reason"]


async def test_full_disk_of_postgres_is_told_with_its_folder_and_what_is_free(
    stores: Stores, mounted: Mounted, logged: LogCapture
) -> None:
    folder = mounted("small", size="32m")
    os.chown(folder, 65534, 65534)  # mounting needs root, and under root Postgres runs as nobody
    url = stores.postgres().url
    await execute(url, f"CREATE TABLESPACE small LOCATION '{folder}'")
    try:
        await execute(url, "CREATE DATABASE small TABLESPACE small")
        async with probing(stores.postgres().url_of("small"), folder) as (_, probe):
            await probe.run_once()
            ballast = folder / "ballast"
            fill(ballast)
            await probe.run_once()
            assert not probe.watch.space or probe.watch.space.free_bytes == 0
            said = probe.watch.sentence()
            assert said.startswith("Postgres refuses writes: its disk is full (53100: ")
            assert said.endswith(f"the disk is full, 0 B of 32 MiB are free in {folder}")
            ballast.unlink()
            await probe.run_once()
            assert not probe.watch.refusal
        assert [entry["event"] for entry in logged.entries] == [
            "store.disk_full", "store.writes_refused", "store.disk_well", "store.writes_accepted",
        ]  # fmt: skip
    finally:
        await execute(url, "DROP DATABASE IF EXISTS small WITH (FORCE)")
        await execute(url, "DROP TABLESPACE small")


async def reconnected(pool: Pool) -> None:
    """Let the pool open its connection again, as after a fail-over: old sessions keep what they began with."""

    connection = pool._idle[0]
    connection.terminate()
    await eventually(lambda: pool.is_connected and pool._idle and pool._idle[0] is not connection, 60)
