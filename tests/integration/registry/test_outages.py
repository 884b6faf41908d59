"""Postgres away, slow, or silent: every call ends in time and says what is known."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from asynctask_core.errors import OutcomeUnknown, StoreUnavailable
from asynctask_core.ids import new_id
from asynctask_registry.ledger.ledger import Ledger
from asynctask_registry.store.migrate import migrate
from asynctask_registry.store.pool import HOT, Pool, PoolOptions, StoreConnection
from asynctask_standalone.stores.postgres import EmbeddedPostgres
from tests.integration.registry.kit import a_task, connected, create, created, open_ledger, restarted
from tests.support.conditions import eventually
from tests.support.faults import FaultProxy
from tests.support.promptness import in_time


async def test_killed_postgres_is_answered_at_once_and_found_again(own_postgres: EmbeddedPostgres) -> None:
    await migrate(own_postgres.url)
    async with open_ledger(own_postgres.url) as ledger:
        ids = await created(ledger, 3)
        await own_postgres.kill()
        await eventually(lambda: not ledger.hot.is_connected)

        async def took_s() -> float:
            began = time.monotonic()
            with pytest.raises(StoreUnavailable) as caught:
                await create(ledger, a_task())
            assert caught.value.retry_after_ms
            return time.monotonic() - began

        await in_time(1, took_s)
        await own_postgres.start()
        await eventually(lambda: ledger.hot.is_connected and ledger.reads.is_connected)
        assert len(await ledger.reader.get(ids)) == 3
        await created(ledger, 3)


async def test_commit_whose_answer_is_lost_is_unknown_and_can_be_repeated(postgres_url: str) -> None:
    """Law 1. Broken once on purpose: with pool.py blind to what may have been committed, the caller is told that
    nothing was, and this fails."""
    async with proxied(postgres_url) as (proxy, ledger):
        task = a_task()
        await created(ledger)
        proxy.half_open(silent="target")
        with impatient(ledger), pytest.raises(OutcomeUnknown, match="repeat"):
            await create(ledger, task)
        proxy.heal()

        async def repeated() -> bool:
            try:
                (answer,) = await create(ledger, task)
            except (StoreUnavailable, OutcomeUnknown):
                return False  # a connection that is being replaced
            assert answer.error is None
            return True

        await eventually(repeated)


async def test_silence_before_anything_could_commit_is_unavailable(postgres_url: str) -> None:
    async with proxied(postgres_url) as (proxy, ledger):
        (task_id,) = await created(ledger)
        proxy.blackhole()
        with impatient(ledger):
            with pytest.raises(StoreUnavailable):
                await ledger.reader.get([task_id])
            with pytest.raises(StoreUnavailable):
                await locked(ledger.hot)


async def locked(pool: Pool) -> None:
    """A transaction that never gets to its commit."""

    async def work(session: StoreConnection) -> None:
        async with session.transaction():
            await session.fetch("task_lock", task_ids=[new_id()], low=bytes(16), high=b"\xff" * 16)

    await pool.run(work)


async def test_row_that_stays_locked_ends_in_unavailable_and_changes_nothing(postgres_url: str) -> None:
    async with open_ledger(postgres_url, lock_timeout_s=0.2) as ledger:
        (task_id,) = await created(ledger)
        async with connected(postgres_url) as holder, holder.transaction():
            await holder.execute("SELECT 1 FROM tasks WHERE task_id = $1 FOR UPDATE", task_id)
            with pytest.raises(StoreUnavailable, match="55P03"):
                await restarted(ledger, task_id)
        await restarted(ledger, task_id)


async def test_connection_that_is_ended_by_the_server_is_replaced(postgres_url: str) -> None:
    async with open_ledger(postgres_url) as ledger, connected(postgres_url) as administrator:
        await created(ledger)
        await administrator.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = 'hot' AND datname = current_database()"
        )

        async def works() -> bool:
            try:
                await created(ledger)
            except (StoreUnavailable, OutcomeUnknown):
                return False
            return True

        await eventually(works)


async def test_work_that_conflicts_is_repeated(postgres_url: str) -> None:
    """Two transactions that lock each other's rows: one is undone by Postgres, and done again by us."""
    async with open_ledger(postgres_url) as ledger:
        first, second = await created(ledger, 2)
        gate = asyncio.Barrier(2)
        runs: list[int] = []

        async def conflict(*order: bytes) -> None:
            tries = 0

            async def work(session: StoreConnection) -> None:
                nonlocal tries
                tries += 1
                # The first tries are in each other's way. What is undone then may be so once more, where its next try
                # takes a row that was just let go before the one that waits for it wakes up.
                async with session.transaction():
                    for number, task_id in enumerate(order if tries == 1 else sorted(order)):
                        await session.fetch("task_lock", task_ids=[task_id], low=task_id, high=task_id)
                        if number == 0 and tries == 1:
                            await gate.wait()

            await ledger.hot.run(work)
            runs.append(tries)

        await asyncio.gather(conflict(first, second), conflict(second, first))
        assert len(runs) == 2
        assert max(runs) > 1


async def test_answers_promise_durability_also_where_the_server_is_lax(postgres_url: str) -> None:
    """Law 1. The shared server of the tests has synchronous_commit off. Broken once on purpose: without what pool.py
    sets for each connection this fails."""
    async with Pool(PoolOptions(url=postgres_url, name="durable", size=1, server_settings=HOT)) as pool:
        await pool.connected()
        async with connected(postgres_url) as other:
            assert await other.fetchval("SHOW synchronous_commit") == "off"

        async def shown(session: StoreConnection) -> str:
            return await session._connection.fetchval("SHOW synchronous_commit")

        assert await pool.run(shown) == "on"


async def test_call_waits_for_a_free_connection_no_longer_than_its_deadline(postgres_url: str) -> None:
    options = PoolOptions(url=postgres_url, name="one", size=1, deadline=timedelta(seconds=0.3))
    async with Pool(options) as pool:
        await pool.connected()
        release = asyncio.Event()

        async def hold(session: StoreConnection) -> None:
            await release.wait()

        holder = asyncio.create_task(pool.run(hold, deadline=timedelta(seconds=60)))
        await asyncio.sleep(0)
        with pytest.raises(StoreUnavailable):
            await pool.run(lambda session: session.fetch("type_totals"))
        release.set()
        await holder
        await pool.run(lambda session: session.fetch("type_totals"), deadline=timedelta(seconds=60))


@asynccontextmanager
async def proxied(url: str) -> AsyncIterator[tuple[FaultProxy, Ledger]]:
    """A ledger whose connections go through a proxy; its deadline is long, for setting up may take a while."""
    async with AsyncExitStack() as stack:
        proxy = await stack.enter_async_context(FaultProxy(address_of(url)))
        through = url.replace(address_of(url), proxy.address)
        yield proxy, await stack.enter_async_context(open_ledger(through))


@contextmanager
def impatient(ledger: Ledger) -> Iterator[None]:
    """Calls within the block have one second: the proxy is silent, so they end by their deadline."""
    pools = {pool: pool._options for pool in (ledger.hot, ledger.reads)}
    for pool, options in pools.items():
        pool._options = replace(options, deadline=timedelta(seconds=1))
    yield
    for pool, options in pools.items():
        pool._options = options


def address_of(url: str) -> str:
    return url.rpartition("@")[2].partition("/")[0]
