"""A schema that costs for ever holds up nobody but its own submits, over real services."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import grpc
import pytest

from asynctask_core.errors import ConfigCheckTimedOut, SchemaTooCostly
from asynctask_core.status import from_rpc_error
from tests.integration.scheduler.cell import Cell, error_of
from tests.integration.scheduler.raw_executor import a_type

StartCell = Callable[..., Awaitable[Cell]]


def fan(count: int) -> str:
    defs: dict[str, Any] = {
        f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}, {"$ref": f"#/$defs/d{n + 1}"}]}
        for n in range(count)
    }
    return json.dumps({"$ref": "#/$defs/d0", "$defs": defs | {f"d{count}": {"type": "object"}}})


async def test_a_costly_type_from_before_there_was_a_bound_is_refused_and_everybody_else_goes_on(
    start_cell: StartCell, postgres_url: str
) -> None:
    cell = await start_cell()
    executor = await cell.executor(a_type("good"))
    definition = {"name": "evil", "config_schema_json": fan(60), "stages": [{"name": "a", "weight": 1}]}
    connection = await asyncpg.connect(postgres_url)
    await connection.execute(
        "INSERT INTO task_types (name, version, update_time, definition, queues) VALUES ('evil', 1, now(), $1, '{}')",
        json.dumps(definition),
    )
    await connection.close()
    bad = asyncio.create_task(error_of(cell.submit("evil")))
    good = 0
    while not bad.done():
        await cell.submit("good")
        await executor.finish(await executor.assignment())
        good += 1
    assert isinstance(bad.result(), ConfigCheckTimedOut)
    assert good > 1  # one at least from beginning to end while the check was under way
    # Nobody declares it anew, nor anything like it.
    assert isinstance(
        await error_of(cell.register(a_type("evil2", config_schema_json=fan(60)))), SchemaTooCostly
    )
    declaring = await cell.executor(a_type("evil", config_schema_json=fan(60)), opened=False)
    with pytest.raises((AssertionError, grpc.aio.AioRpcError)) as caught:
        await declaring.open()
    if isinstance(caught.value, grpc.aio.AioRpcError):
        assert isinstance(from_rpc_error(caught.value), SchemaTooCostly)


async def test_a_type_whose_schema_has_no_bound_is_served(start_cell: StartCell) -> None:
    cell = await start_cell()
    schema = {"$dynamicAnchor": "n", "type": "object", "additionalProperties": {"$dynamicRef": "#n"}}
    executor = await cell.executor(a_type("deep", config_schema_json=json.dumps(schema)))
    await cell.submit("deep", '{"a": {"b": {}}}')
    assert (await executor.assignment()).task_config == '{"a": {"b": {}}}'
    assert "task_config.a.b" in str(await error_of(cell.submit("deep", '{"a": {"b": 1}}')))
