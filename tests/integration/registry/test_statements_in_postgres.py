"""Every statement fits the schema, is used, and none of the hot ones scans."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg

import asynctask_registry
from asynctask_core.ids import id_text, new_id
from asynctask_registry.store import codecs
from asynctask_registry.store.partitions import ensure_partitions
from asynctask_registry.store.pool import HOT
from asynctask_registry.store.statements import QUERIES

SOURCE = Path(asynctask_registry.__file__).parent

# Statements on the way of every task, or repeated while tasks wait: they must not depend on how much there is.
HOT_STATEMENTS = sorted(
    name
    for name in QUERIES
    if name
    not in {
        "task_list",
        "task_changes",
        "change_horizon",
        "type_read",
        "type_write",
        "key_forget",
        "manifest_sweep",
    }
)


async def test_every_statement_is_valid_in_every_version(every_postgres_url: str) -> None:
    connection = await asyncpg.connect(every_postgres_url)
    try:
        await codecs.install(connection)
        for statement in QUERIES.values():
            prepared = await connection.prepare(statement.text)
            assert len(prepared.get_parameters()) == len(statement.params), statement.name
    finally:
        await connection.close()


def test_every_statement_is_used() -> None:
    code = "\n".join(path.read_text("utf-8") for path in SOURCE.rglob("*.py"))
    unused = [name for name in QUERIES if f'"{name}"' not in code]
    assert not unused


async def test_hot_statements_never_scan_whatever_the_number_of_partitions(postgres_url: str) -> None:
    async with planner(postgres_url) as connection:
        scanning = [
            name
            for name in HOT_STATEMENTS
            if any(node["Node Type"] == "Seq Scan" for node in nodes(await plan_of(connection, name)))
        ]
    assert not scanning


async def test_hot_updates_take_rows_in_the_order_of_their_arrays(every_postgres_url: str) -> None:
    """Rows locked in the order of ids: a nested loop whose outer side is the sorted array."""
    async with planner(every_postgres_url) as connection:
        for name in ("task_start", "task_complete", "task_write"):
            plan = await plan_of(connection, name)
            update = next(node for node in nodes(plan) if node.get("Operation") == "Update")
            join = update["Plans"][0]
            assert join["Node Type"] == "Nested Loop", name
            assert join["Plans"][0]["Node Type"] == "Function Scan", name


async def test_hot_statements_open_only_the_partitions_of_their_ids(every_postgres_url: str) -> None:
    async with planner(every_postgres_url) as connection:
        for name in ("task_lock", "task_facts", "task_start", "task_complete", "task_write", "attempt_end"):
            plan = await plan_of(connection, name)
            removed = max(node.get("Subplans Removed", 0) for node in nodes(plan))
            assert removed >= 30, name


@asynccontextmanager
async def planner(url: str) -> AsyncIterator[asyncpg.Connection[asyncpg.Record]]:
    """A connection with the settings of the pool of commands, over many partitions."""
    connection = await asyncpg.connect(url, server_settings={"jit": "off", **HOT})
    try:
        await ensure_partitions(connection, ahead=30)
        yield connection
    finally:
        await connection.close()


async def plan_of(connection: asyncpg.Connection[asyncpg.Record], name: str) -> dict[str, Any]:
    """The plan that is kept for a statement, as it opens for ids of this moment."""
    statement = QUERIES[name]
    await connection.execute(f"PREPARE {name} AS {statement.text}")
    values = ", ".join(argument(param) for param in statement.params)
    call = f"{name} ({values})" if values else name
    (found,) = json.loads(await connection.fetchval(f"EXPLAIN (FORMAT JSON) EXECUTE {call}"))
    return found["Plan"]


def argument(param: str) -> str:
    """A value that lets partitions be chosen as in real calls."""
    now = id_text(new_id())
    if param in {"task_ids", "attempt_ids"}:
        return f"'{{{now}}}'"
    if param in {"low", "high", "attempt_low", "attempt_high", "task_id", "attempt_id"}:
        return f"'{now}'"
    if param in {"after", "after_id", "after_attempt"}:
        return f"'{id_text(bytes(16))}'" if param != "after" else "NULL"
    return "NULL"


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A plan's nodes, itself first."""
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)
