"""Everything that belongs into Redis, in order, in pages, from any cursor."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from asynctask_core.errors import InvalidInput, TokenExpired
from asynctask_core.ids import new_id
from asynctask_protos.registry.v1 import ledger_service_pb2 as pb
from asynctask_protos.registry.v1.standing_pb2 import PLACE_LEASED, PLACE_TIMED, Standing
from asynctask_registry.ledger import dispatchable
from asynctask_registry.ledger.ledger import Ledger
from tests.integration.registry.kit import (
    command,
    connected,
    created,
    open_ledger,
    record,
    restarted,
    start,
    success,
)

HOUR_US = 3_600_000_000


@pytest_asyncio.fixture
async def alone(postgres_url: str) -> AsyncIterator[Ledger]:
    """A ledger whose database has no other test's tasks any more."""
    async with connected(postgres_url) as connection:
        await connection.execute("TRUNCATE tasks, task_execution_history")
    async with open_ledger(postgres_url) as ledger:
        yield ledger


async def stream(ledger: Ledger, scope: Any, **fields: Any) -> list[Standing]:
    pages = dispatchable.stream(ledger.reads, pb.StreamDispatchableRequest(scope=scope, **fields))
    return [standing async for page in pages async for standing in _each(page)]


async def _each(page: pb.StreamDispatchableResponse) -> AsyncIterator[Standing]:
    for standing in page.standings:
        yield standing


async def test_every_scope_answers_its_tasks_in_its_order(alone: Ledger) -> None:
    queued = [(await created(alone, priority=priority))[0] for priority in (3, 1, 5, 2, 4, 1)]
    running = await created(alone, 3)
    for task_id in running:
        await restarted(alone, task_id)
    timed = [(await created(alone, delay_ms=delay))[0] for delay in (90_000, 30_000, 3_600_000)]
    (paused, done) = await created(alone, 2)
    await command(alone, paused, pb.COMMAND_KIND_PAUSE)
    await record(alone, success(done, await restarted(alone, done)))

    found = await stream(alone, pb.DISPATCHABLE_SCOPE_RUNNING, page_size=2)
    assert [standing.task_id for standing in found] == running
    assert {standing.place for standing in found} == {PLACE_LEASED}

    found = await stream(alone, pb.DISPATCHABLE_SCOPE_QUEUED, page_size=2)
    order = [1, 5, 3, 0, 4, 2]  # by priority: an ageing step of an hour outweighs the moments between them
    assert [standing.task_id for standing in found] == [queued[n] for n in order]

    found = await stream(alone, pb.DISPATCHABLE_SCOPE_DUE, due_within_ms=600_000, page_size=1)
    assert [standing.task_id for standing in found] == [timed[1], timed[0]]
    assert {standing.place for standing in found} == {PLACE_TIMED}

    found = await stream(alone, pb.DISPATCHABLE_SCOPE_ALL, page_size=4)
    assert [standing.task_id for standing in found] == sorted([*queued, *running, *timed, paused])


async def test_queued_tasks_come_by_score_across_priorities(postgres_url: str, alone: Ledger) -> None:
    """The order is that of a sort by score, for every ageing step and page size."""
    ids = await created(alone, 60)
    async with connected(postgres_url) as connection:
        await connection.execute(
            "UPDATE tasks SET priority = 1 + n % 5, ready_at = ready_at - (n * 37 % 97) * interval '1 minute' "
            "FROM (SELECT task_id, row_number() OVER (ORDER BY task_id) AS n FROM tasks) AS o "
            "WHERE o.task_id = tasks.task_id"
        )
        rows = await connection.fetch("SELECT task_id, priority, ready_at FROM tasks")
    for step_us in (1, 600_000_000, HOUR_US, 50 * 365 * 24 * HOUR_US):
        wanted = sorted(
            rows, key=lambda row: (row["ready_at"] + (row["priority"] - 1) * step_us, row["task_id"])
        )
        found = await stream(alone, pb.DISPATCHABLE_SCOPE_QUEUED, page_size=7, ageing_step_us=step_us)
        assert [standing.task_id for standing in found] == [row["task_id"] for row in wanted]
    assert len(ids) == len(found)


@pytest.mark.parametrize("scope", [pb.DISPATCHABLE_SCOPE_QUEUED, pb.DISPATCHABLE_SCOPE_ALL])
async def test_stream_that_broke_goes_on_at_its_cursor(alone: Ledger, scope: Any) -> None:
    for priority in (1, 3, 5):
        await created(alone, 4, priority=priority)
    whole = await stream(alone, scope)
    assert len(whole) == 12
    seen: list[Standing] = []
    cursor = ""
    while len(seen) < len(whole):
        request = pb.StreamDispatchableRequest(scope=scope, page_size=5, cursor=cursor)
        page = await anext(dispatchable.stream(alone.reads, request))
        seen += page.standings
        cursor = page.cursor
    assert seen == whole


async def test_limit_ends_the_stream(alone: Ledger) -> None:
    await created(alone, 10)
    assert len(await stream(alone, pb.DISPATCHABLE_SCOPE_QUEUED, limit=7, page_size=3)) == 7
    assert len(await stream(alone, pb.DISPATCHABLE_SCOPE_QUEUED, limit=70)) == 10


async def test_wrong_requests_are_refused(ledger: Ledger) -> None:
    with pytest.raises(InvalidInput):
        await stream(ledger, pb.DISPATCHABLE_SCOPE_UNSPECIFIED)
    with pytest.raises(InvalidInput):
        await stream(ledger, pb.DISPATCHABLE_SCOPE_ALL, page_size=5001)
    for cursor in ("x", "0.00", f"0.{'00' * 16};0.{'00' * 16}"):
        with pytest.raises(TokenExpired):
            await stream(ledger, pb.DISPATCHABLE_SCOPE_RUNNING, cursor=cursor)


async def test_start_between_two_pages_changes_no_order(alone: Ledger) -> None:
    ids = await created(alone, 9)
    pages = dispatchable.stream(
        alone.reads, pb.StreamDispatchableRequest(scope=pb.DISPATCHABLE_SCOPE_QUEUED, page_size=3)
    )
    seen: list[bytes] = []
    async for page in pages:
        seen += [standing.task_id for standing in page.standings]
        if len(seen) == 3:
            await start(alone, (ids[4], new_id()))
    assert seen == [task_id for task_id in ids if task_id != ids[4]]
