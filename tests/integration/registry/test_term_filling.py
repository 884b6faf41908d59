"""Tasks of an older release get their terms in the background, and lists find them before, meanwhile and after."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio

from asynctask_core.error_fingerprint import error_fingerprint
from asynctask_core.ids import id_text, id_time_ms, new_id
from asynctask_protos.task.v1.task_pb2 import Failure
from asynctask_registry.ledger import term_filling
from asynctask_registry.ledger.conditions import TaskConditions
from asynctask_registry.ledger.ledger import Ledger
from asynctask_registry.ledger.term_filling import TermFiller
from asynctask_registry.store.migrate import migrate
from asynctask_registry.store.pool import StoreConnection
from tests.integration.registry.kit import connected, created, failure, get, open_ledger, record, started
from tests.integration.registry.schemas import schema_of

ERROR = Failure(reason="HANDLER_ERROR", error_type="OSError", message="no space on disk 7")
INSERT = (
    "INSERT INTO tasks (task_id, submit_time, task_type, queue, priority, task_status, task_config, labels, failure, "
    "end_time) VALUES ($1, now(), 'copy', $2, 3, $3, '{}', $4, $5, now())"
)


@dataclass
class Upgraded:
    """A database that a release without terms has left, with this release's schema."""

    url: str
    ledger: Ledger
    old: list[bytes]


@pytest_asyncio.fixture
async def upgraded(empty_postgres_url: str) -> AsyncIterator[Upgraded]:
    with pytest.MonkeyPatch.context() as patched:
        schema_of(patched, "counts")
        await migrate(empty_postgres_url)
    old = [new_id() for _ in range(30)]
    error = stored(ERROR.message)
    async with connected(empty_postgres_url) as connection:
        await connection.executemany(
            INSERT,
            [
                (
                    task_id,
                    "nas" if number % 2 else "default",
                    "failed" if number % 3 == 0 else "queued",
                    json.dumps({"Team": "Red"}) if number % 5 == 0 else None,
                    error if number % 3 == 0 else None,
                )
                for number, task_id in enumerate(old)
            ],
        )
    await migrate(empty_postgres_url)
    async with open_ledger(empty_postgres_url) as ledger:
        yield Upgraded(empty_postgres_url, ledger, old)


async def found(ledger: Ledger, conditions: TaskConditions) -> list[str]:
    page = await ledger.lister.page(conditions, page_size=1000)
    assert not page.before
    return [task.task_id for task in page.tasks]


async def test_older_tasks_are_found_before_and_while_and_after_they_are_filled(upgraded: Upgraded) -> None:
    ledger, old = upgraded.ledger, upgraded.old
    new = await created(ledger, 3, labels={"Team": "Red"}, queue="nas")
    print_of = error_fingerprint("copy", ERROR)
    filler = TermFiller(ledger.hot, step=7)
    filled = 0
    while True:
        for conditions, ids in (
            (TaskConditions(queue="nas"), [*old[1::2], *new]),
            (TaskConditions(labels={"Team": "Red"}), [*old[::5], *new]),
            (TaskConditions(text="red"), [*old[::5], *new]),
            (TaskConditions(error_fingerprint=print_of), old[::3]),
            (TaskConditions(labels={"Team": "Red"}, error_fingerprint=print_of), old[::15]),
        ):
            assert await found(ledger, conditions) == [id_text(one) for one in sorted(ids, reverse=True)], (
                conditions,
                filled,
            )
        groups, looked_back_to = await ledger.failure_group_reader.groups()
        report = await filler.run_once()
        if not report.more:
            assert (looked_back_to, [group.count for group in groups]) == (None, [10])
            break
        assert looked_back_to is not None
        assert looked_back_to <= time.time() * 1000, "nothing is filled yet"
        filled += 1
    assert filled == 5
    async with connected(upgraded.url) as connection:
        terms = await connection.fetch("SELECT kind, count(*) FROM task_terms GROUP BY kind ORDER BY kind")
    assert [tuple(row) for row in terms] == [("error", 10), ("label", 6 + 3), ("queue", 15 + 3)]


async def test_two_registries_fill_in_turns(upgraded: Upgraded) -> None:
    one, other = (TermFiller(upgraded.ledger.hot, step=10) for _ in range(2))
    async with connected(upgraded.url) as connection, connection.transaction():
        await connection.execute("SELECT * FROM task_terms_filling FOR UPDATE")
        assert not (await one.run_once()).more, "another registry is at it"
    while (await one.run_once()).more:
        await other.run_once()
    assert len(await found(upgraded.ledger, TaskConditions(queue="nas"))) == 15


OLD_UPDATE = (
    "UPDATE tasks SET task_status = $2, failure = $3, labels = coalesce($4::jsonb, labels), executor_id = '', "
    "end_time = now() WHERE task_id = $1"
)
"""What matters here of `task_write` in releases without terms; such a registry writes nothing else."""


def stored(message: str) -> str:
    return json.dumps({"reason": ERROR.reason, "error_type": ERROR.error_type, "message": message})


async def terms_of(url: str, task_id: bytes) -> list[str]:
    async with connected(url) as connection:
        rows = await connection.fetch("SELECT term FROM task_terms WHERE task_id = $1 ORDER BY term", task_id)
    return [row["term"] for row in rows]


async def test_what_an_older_registry_changes_beside_a_newer_one_is_found(postgres_url: str) -> None:
    """Fails when failures and labels that it writes after the upgrade are in no list or group, or in that of before."""
    first, second = (
        error_fingerprint("copy", Failure(reason=ERROR.reason, error_type=ERROR.error_type, message=text))
        for text in ("no space on disk", "disk is gone")
    )
    async with open_ledger(postgres_url) as ledger, connected(postgres_url) as older:
        (task_id,) = await created(ledger, labels={"Team": "Red"})
        (other,) = await created(ledger)
        filler = TermFiller(ledger.hot)
        await older.execute(OLD_UPDATE, task_id, "failed", stored("no space on disk"), None)
        assert await found(ledger, TaskConditions(error_fingerprint=first)) == [id_text(task_id)]
        assert await found(ledger, TaskConditions(error_fingerprint=second)) == []
        await filler.run_once()
        assert await terms_of(postgres_url, task_id) == [first, "red=team"]
        groups, _ = await ledger.failure_group_reader.groups(start_ms=id_time_ms(task_id))
        assert [(group.fingerprint, group.count) for group in groups] == [(first, 1)]

        await older.execute(OLD_UPDATE, task_id, "queued", None, '{"Team": "Blue"}')
        assert await terms_of(postgres_url, task_id) == ["blue=team"]
        assert await found(ledger, TaskConditions(text="blue")) == [id_text(task_id)]
        await older.execute(OLD_UPDATE, task_id, "failed", stored("disk is gone"), None)
        await older.execute(OLD_UPDATE, other, "failed", stored("disk is gone"), None)
        await filler.run_once()
        groups, _ = await ledger.failure_group_reader.groups(start_ms=id_time_ms(task_id))
        assert [(group.fingerprint, group.count) for group in groups] == [(second, 2)]
        assert await found(ledger, TaskConditions(error_fingerprint=first)) == []


async def test_failure_that_a_newer_registry_records_waits_for_no_filling(postgres_url: str) -> None:
    async with open_ledger(postgres_url) as ledger:
        task_id, attempt_id = await started(ledger)
        await record(ledger, failure(task_id, attempt_id, retryable=False))
        assert await terms_of(postgres_url, task_id) == [(await get(ledger, task_id)).failure.fingerprint]


async def test_errors_are_read_a_bounded_number_at_a_time(
    upgraded: Upgraded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when one statement reads the errors of all tasks of a step: each may have 80 KiB."""
    monkeypatch.setattr(term_filling, "ERRORS", 3)
    read: list[int] = []
    fetch = StoreConnection.fetch

    async def noted(session: StoreConnection, name: str, /, **values: Any) -> list[Any]:
        rows = await fetch(session, name, **values)
        if name == "failure_read":
            read.append(len(rows))
        return rows

    monkeypatch.setattr(StoreConnection, "fetch", noted)
    while (await TermFiller(upgraded.ledger.hot).run_once()).more:
        pass
    assert read == [3, 3, 3, 1]


async def test_filling_rests_while_there_is_more(upgraded: Upgraded) -> None:
    """Fails when it takes a connection and Postgres without a pause until millions of tasks are filled."""
    rests: list[float] = []

    async def rest(seconds: float) -> None:
        rests.append(seconds)

    filler = TermFiller(upgraded.ledger.hot, step=7, rest=rest)
    while (await filler.run_once()).more:
        pass
    assert len(rests) == 5
    assert min(rests) > 0


async def test_new_database_has_nothing_to_fill(postgres_url: str) -> None:
    async with open_ledger(postgres_url) as ledger:
        assert not (await TermFiller(ledger.hot).run_once()).more
