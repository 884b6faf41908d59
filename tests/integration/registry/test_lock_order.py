"""Rows of tasks are locked in the order of their ids, not in that of the plan: batches never deadlock."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
import pytest

from asynctask_core.ids import new_id
from asynctask_registry.ledger.ledger import Ledger
from asynctask_registry.store.statements import QUERIES, Statement
from tests.integration.registry.kit import a_task, connected, create, open_ledger, restarted
from tests.support.conditions import eventually
from tests.support.stores import Stores


async def two_running(ledger: Ledger) -> tuple[bytes, bytes]:
    """Two running tasks with adjacent ids, of which the larger lies before the smaller in the table."""
    small, large = new_id(), new_id()
    for task_id in (large, small):
        await create(ledger, a_task(task_id=task_id))
    for task_id in (large, small):
        await restarted(ledger, task_id)
    return small, large


async def attempts_of(connection: asyncpg.Connection[asyncpg.Record], *task_ids: bytes) -> list[bytes]:
    return [
        await connection.fetchval("SELECT attempt_id FROM tasks WHERE task_id = $1", task_id)
        for task_id in task_ids
    ]


async def is_waiting(connection: asyncpg.Connection[asyncpg.Record], process: int) -> bool:
    return await connection.fetchval(
        "SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = $1", process
    )


@pytest.mark.parametrize("name", ["task_lock", "progress_write"])
async def test_rows_are_locked_in_the_order_of_their_ids(stores: Stores, name: str) -> None:
    """Fails without ORDER BY: the statement, which waits for the smaller id, holds the larger one meanwhile. Another
    batch, which has the smaller, would then wait for the larger, and this one for the smaller."""
    with stores.database() as url:
        async with open_ledger(url) as ledger:
            small, large = await two_running(ledger)
        assert await is_free(url, QUERIES[name], small, large)


async def is_free(postgres_url: str, statement: Statement, small: bytes, large: bytes) -> bool:
    """Whether a statement about both tasks leaves the larger one alone while it waits for the smaller one."""
    async with (
        connected(postgres_url) as holder,
        connected(postgres_url) as other,
        connected(postgres_url) as us,
    ):
        values: dict[str, Any] = {"task_ids": [large, small], "low": small, "high": large}
        if "attempt_ids" in statement.params:
            attempts = await attempts_of(other, large, small)
            values |= {"attempt_ids": attempts, "stages": ["compare"] * 2, "dones": [1.0, 1.0]}
            values |= {"totals": [2.0, 2.0], "units": ["", ""], "messages": ["", ""], "most": 9}
        # Nothing but an ORDER BY sorts then: rows are found as they lie in the table.
        await us.execute("ALTER TABLE tasks DROP CONSTRAINT tasks_pkey")
        await us.execute("SET enable_seqscan = on; SET enable_indexscan = off; SET enable_bitmapscan = off")
        await holder.execute("BEGIN")
        await holder.execute("SELECT FROM tasks WHERE task_id = $1 FOR UPDATE", small)
        running = asyncio.create_task(us.fetch(statement.text, *statement.bind(values)))
        process = us.get_server_pid()
        await eventually(lambda: is_waiting(other, process))
        free = await other.fetch("SELECT FROM tasks WHERE task_id = $1 FOR UPDATE SKIP LOCKED", large)
        await holder.execute("ROLLBACK")
        await running
    return len(free) == 1


async def test_progress_waits_for_whoever_is_just_ending_its_attempt(
    postgres_url: str, ledger: Ledger
) -> None:
    """Fails without FOR SHARE: the attempt that ends meanwhile still looks current, and its report is kept."""
    task_id, _ = await two_running(ledger)
    async with (
        connected(postgres_url) as ending,
        connected(postgres_url) as other,
        connected(postgres_url) as us,
    ):
        values: dict[str, Any] = {"task_ids": [task_id], "attempt_ids": await attempts_of(other, task_id)}
        values |= {"stages": ["compare"], "dones": [7.0], "totals": [9.0], "units": [""], "messages": [""]}
        values |= {"low": task_id, "high": task_id, "most": 9}
        await ending.execute("BEGIN")
        await ending.execute(
            "UPDATE tasks SET task_status = 'queued', executor_id = '' WHERE task_id = $1", task_id
        )
        statement = QUERIES["progress_write"]
        keeping = asyncio.create_task(us.fetch(statement.text, *statement.bind(values)))
        process = us.get_server_pid()

        async def is_decided() -> bool:
            return keeping.done() or await is_waiting(other, process)

        await eventually(is_decided)
        await ending.execute("COMMIT")
        await keeping
        kept = await other.fetch("SELECT FROM task_stages WHERE task_id = $1", task_id)
    assert not kept
