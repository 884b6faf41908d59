"""Task types over real services: large ones, deleted ones, and the executors that declare them."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from typing import Any

import asyncpg
import redis.asyncio

from asynctask_core.errors import TaskTypeInUse, TaskTypeNotFound, UnknownTaskType
from asynctask_core.ids import id_text
from asynctask_protos.scheduler.v1 import task_type_service_pb2 as pb
from asynctask_protos.scheduler.v1.executor_service_pb2 import ListExecutorsRequest
from asynctask_protos.scheduler.v1.task_service_pb2 import CancelTaskRequest
from asynctask_protos.task.v1.state_pb2 import TASK_STATE_CANCELLED
from tests.integration.scheduler.cell import CALL_S, Cell, error_of
from tests.integration.scheduler.raw_executor import a_type

StartCell = Callable[..., Coroutine[Any, Any, Cell]]


async def listed(cell: Cell, replica: int = 0, **options: Any) -> list[str]:
    """Names of all types, page by page."""
    names: list[str] = []
    token, more = "", True
    while more:
        request = pb.ListTaskTypesRequest(page_token=token, **options)
        answer = await cell.replicas[replica].types.ListTaskTypes(request, timeout=CALL_S)
        names += [one.name for one in answer.task_types]
        token, more = answer.next_page_token, bool(answer.next_page_token)
    return names


def delete(cell: Cell, name: str, replica: int = 0) -> Any:
    return cell.replicas[replica].types.DeleteTaskType(pb.DeleteTaskTypeRequest(name=name), timeout=CALL_S)


async def test_a_lost_redis_is_rebuilt_under_more_types_than_a_message_holds(
    start_cell: StartCell, postgres_url: str, redis_url: str
) -> None:
    """They were stored before there was a bound on them; 19 MB are more than one message of 16 MiB."""
    cell = await start_cell()
    executor = await cell.executor(a_type("good", max_running=1))
    first = await cell.submit("good")
    running = await executor.assignment()  # before there is another, which might be started first
    second = await cell.submit("good")
    await put_large_types(postgres_url, count=75, size=250_000)
    client = redis.asyncio.from_url(redis_url)
    await client.flushall()
    await client.aclose()
    third = await cell.submit("good")
    await executor.finish(running)
    later = {id_text((await executor.assignment()).task_id)}
    await executor.finish(next(iter(executor.held.values())))
    later.add(id_text((await executor.assignment()).task_id))
    assert later == {second, third}
    assert {f"fat{n}" for n in range(75)} <= set(await listed(cell))
    assert first not in later
    # What is there already may change; only more is refused.
    await cell.register(a_type("good", max_running=2))


async def put_large_types(url: str, *, count: int, size: int) -> None:
    schema = json.dumps({"type": "object", "description": "x" * size})
    connection = await asyncpg.connect(url)
    try:
        await connection.executemany(
            "INSERT INTO task_types (name, version, update_time, definition, queues) VALUES ($1, 1, now(), $2, '{}')",
            [
                (
                    f"fat{n}",
                    json.dumps(
                        {
                            "name": f"fat{n}",
                            "config_schema_json": schema,
                            "stages": [{"name": "a", "weight": 1}],
                        }
                    ),
                )
                for n in range(count)
            ],
        )
    finally:
        await connection.close()


async def test_types_are_listed_in_pages(start_cell: StartCell) -> None:
    cell = await start_cell()
    await cell.register(*(a_type(f"page{n}") for n in range(5)))
    names = [f"page{n}" for n in range(5)]
    assert await listed(cell, page_size=2) == await listed(cell) == names
    first = await cell.replicas[0].types.ListTaskTypes(pb.ListTaskTypesRequest(page_size=2), timeout=CALL_S)
    assert [one.name for one in first.task_types] == names[:2]


async def test_a_type_without_tasks_is_deleted_everywhere_and_comes_back_with_the_executor_that_declares_it(
    start_cell: StartCell, redis_url: str
) -> None:
    cell = await start_cell(2)
    kind = a_type("passing", max_running=3)
    executor = await cell.executor(kind, replica=1)
    task_id = await cell.submit("passing", delay_ms=3_600_000)
    assert isinstance(await error_of(delete(cell, "passing")), TaskTypeInUse)
    assert isinstance(await error_of(delete(cell, "nothing")), TaskTypeNotFound)
    await cell.tasks.CancelTask(CancelTaskRequest(task_id=task_id), timeout=CALL_S)
    await cell.until_state(task_id, TASK_STATE_CANCELLED)

    await delete(cell, "passing")
    assert isinstance(await error_of(cell.submit("passing")), UnknownTaskType)
    assert await listed(cell, replica=1) == []
    for replica in cell.replicas:
        (one,) = (await replica.executors.ListExecutors(ListExecutorsRequest(), timeout=CALL_S)).executors
        assert (list(one.task_types), list(one.deleted_task_types)) == ([], ["passing"])
    client = redis.asyncio.from_url(redis_url)
    assert [key async for key in client.scan_iter("*limits*")] == []

    # The other scheduler's copy may be older: a Hello looks again, and the type is there with its limit.
    executor.cut()
    await executor.open()
    await delete(cell, "passing")
    executor.cut()
    await executor.open()
    assert await listed(cell) == ["passing"]
    (one,) = (
        await cell.replicas[0].executors.ListExecutors(ListExecutorsRequest(), timeout=CALL_S)
    ).executors
    assert (list(one.task_types), list(one.deleted_task_types)) == (["passing"], [])
    await cell.submit("passing")
    await executor.assignment()
    (limits,) = [key async for key in client.scan_iter("*limits*")]
    assert await client.hgetall(limits) == {b"passing": b"3"}
    await client.aclose()
