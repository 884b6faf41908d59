"""Tasks that are created and started in one commit: the same as one after the other, or left alone."""

from __future__ import annotations

import time
from typing import Any, Final

import asyncpg
import pytest

from asynctask_core import limits
from asynctask_core.errors import StoreUnavailable
from asynctask_core.ids import RECENT_MS, new_id
from asynctask_protos.registry.v1 import ledger_service_pb2 as pb
from asynctask_registry.ledger.ledger import Ledger
from asynctask_registry.ledger.start import StartedAttempt
from tests.integration.registry.kit import (
    a_task,
    connected,
    create,
    created,
    get,
    history,
    record,
    row,
    start,
    success,
)

OWN: Final = {
    "task_id",
    "attempt_id",
    "history_id",
    "change_xid",
    "submit_time",
    "ready_at",
    "start_time",
    "ready_at_us",
}
"""What differs between any two tasks."""


def a_start(task_id: bytes, attempt_id: bytes | None = None) -> pb.AttemptStart:
    return pb.AttemptStart(task_id=task_id, attempt_id=attempt_id or new_id(), executor_id="e1")


async def begin(ledger: Ledger, *tasks: pb.NewTask) -> dict[int, StartedAttempt]:
    return await ledger.eager_start_writer.write(tasks, [a_start(task.task_id) for task in tasks])


async def count(url: str) -> int:
    async with connected(url) as connection:
        return await connection.fetchval("SELECT count(*) FROM tasks") + await connection.fetchval(
            "SELECT count(*) FROM task_execution_history"
        )


def traits(record: asyncpg.Record) -> dict[str, Any]:
    return {name: value is not None if name in OWN else value for name, value in record.items()}


def shape(message: Any) -> Any:
    """The message with nothing in what differs, which it must have."""
    for name in OWN & set(message.DESCRIPTOR.fields_by_name):
        assert getattr(message, name)
        message.ClearField(name)
    return message


async def test_it_leaves_what_creation_and_start_leave(postgres_url: str, ledger: Ledger) -> None:
    """Law 2. Broken once on purpose: fails with another version, epoch or attempt count in task_start_eagerly.sql."""
    fields: dict[str, Any] = {"task_config": '{"深": 1}', "priority": 2, "labels": {"a": "b"}}
    slow, quick = a_task(**fields), a_task(**fields)
    await create(ledger, slow)
    (expected,) = await start(ledger, (slow.task_id, new_id()))
    begun = (await begin(ledger, quick))[0]
    assert traits(await row(postgres_url, quick.task_id)) == traits(await row(postgres_url, slow.task_id))
    (attempt,), (other,) = (
        await history(postgres_url, quick.task_id),
        await history(postgres_url, slow.task_id),
    )
    assert traits(attempt) == traits(other)
    assert shape(begun.result.assignment) == shape(expected.result.assignment)
    assert shape(begun.result) == shape(expected.result)
    assert shape(begun.standing) == shape(expected.standing)
    assert (await get(ledger, quick.task_id)).labels == {"a": "b"}


async def test_its_task_ends_as_any_other(ledger: Ledger) -> None:
    task, attempt_id = a_task(), new_id()
    await ledger.eager_start_writer.write([task], [a_start(task.task_id, attempt_id)])
    (answer,) = await record(ledger, success(task.task_id, attempt_id))
    assert answer.acks[0].ended


async def test_repeated_it_changes_nothing_and_its_start_is_known(ledger: Ledger) -> None:
    """The answer of the first call was lost; its attempt goes on."""
    task, attempt_id = a_task(), new_id()
    starts = [a_start(task.task_id, attempt_id)]
    (first,) = (await ledger.eager_start_writer.write([task], starts)).values()
    assert await ledger.eager_start_writer.write([task], starts) == {}
    (repeated,) = await create(ledger, task)
    assert (repeated.existing_task_id, repeated.standing) == (task.task_id, first.standing)
    (again,) = await start(ledger, (task.task_id, attempt_id))
    assert again.result.verdict == pb.START_VERDICT_ALREADY_STARTED
    assert again.result.assignment == first.result.assignment


@pytest.mark.parametrize(
    "fields",
    [
        {"delay_ms": 60_000},
        {"start_at_us": 1},
        {"request_id": "mine"},
        {"task_id": b"\x01" * 6 + b"\x70\x01\x80" + b"\x01" * 7},
        {"task_config": '"\x00"'},
        {"priority": 9},
    ],
    ids=["delayed", "with a start time", "with a key", "out of time", "with a NUL", "with a wrong priority"],
)
async def test_what_is_not_simply_inserted_is_left_alone(
    postgres_url: str, ledger: Ledger, fields: dict[str, Any]
) -> None:
    before = await count(postgres_url)
    assert await begin(ledger, a_task(**fields)) == {}
    assert await count(postgres_url) == before


async def test_id_of_some_minutes_ago_is_not_taken_as_new(postgres_url: str, ledger: Ledger) -> None:
    """Its table is there, so nothing but the statement refuses it."""
    old = (time.time_ns() // 1_000_000 - 2 * RECENT_MS).to_bytes(6, "big") + new_id()[6:]
    before = await count(postgres_url)
    assert await begin(ledger, a_task(task_id=old)) == {}
    assert await count(postgres_url) == before


async def test_that_the_store_is_away_is_only_said_when_nothing_was_committed(
    postgres_url: str, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when types are read once the tasks are committed: a read that fails would deny them."""

    async def away(names: object) -> object:
        raise StoreUnavailable("away")

    before = await count(postgres_url)
    monkeypatch.setattr(ledger.types, "with_types", away)
    with pytest.raises(StoreUnavailable):
        await begin(ledger, a_task())
    assert await count(postgres_url) == before


async def test_an_attempt_that_history_knows_begins_nothing(postgres_url: str, ledger: Ledger) -> None:
    (known,) = await created(ledger)
    attempt_id = new_id()
    await start(ledger, (known, attempt_id))
    before = await count(postgres_url)
    task = a_task()
    assert await ledger.eager_start_writer.write([task], [a_start(task.task_id, attempt_id)]) == {}
    assert await count(postgres_url) == before


async def test_only_what_starts_name_begins_in_the_place_it_has(ledger: Ledger) -> None:
    there, plain, late, twin = a_task(), a_task(), a_task(delay_ms=60_000), a_task()
    await create(ledger, there)
    tasks = [there, late, twin, plain, twin, a_task()]
    starts = [a_start(task.task_id) for task in (twin, plain, there, late)]
    begun = await ledger.eager_start_writer.write(tasks, starts)
    assert {number: one.result.task_id for number, one in begun.items()} == {
        2: twin.task_id,
        3: plain.task_id,
    }
    assert {one.result.attempt_id for one in begun.values()} == {start.attempt_id for start in starts[:2]}


async def test_as_many_begin_at_once_as_a_call_may_name(ledger: Ledger) -> None:
    tasks = [a_task() for _ in range(limits.BATCH_ITEMS)]
    assert len(await begin(ledger, *tasks)) == len(tasks)
