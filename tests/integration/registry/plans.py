"""The plans that Postgres keeps for our statements."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from types import MappingProxyType
from typing import Any

import asyncpg

from asynctask_core.ids import id_text, new_id
from asynctask_registry.store.partitions import ensure_partitions
from asynctask_registry.store.pool import HOT
from asynctask_registry.store.statements import QUERIES


@asynccontextmanager
async def planner(url: str) -> AsyncIterator[asyncpg.Connection[asyncpg.Record]]:
    """A connection with the settings of the pool of commands, over many partitions."""
    connection = await asyncpg.connect(url, server_settings={"jit": "off", **HOT})
    try:
        await ensure_partitions(connection, ahead=30)
        yield connection
    finally:
        await connection.close()


async def plan_of(
    connection: asyncpg.Connection[asyncpg.Record], name: str, given: Mapping[str, str] = MappingProxyType({})
) -> dict[str, Any]:
    """The plan that is kept for a statement, as it opens for ids of this moment, or for what is given."""
    statement = QUERIES[name]
    await connection.execute(f"PREPARE {name} AS {statement.text}")
    values = ", ".join(given.get(param) or argument(param) for param in statement.params)
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
