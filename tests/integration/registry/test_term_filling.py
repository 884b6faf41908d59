"""Tasks of an older release get their terms in the background, and lists find them before, meanwhile and after."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from asynctask_core.error_fingerprint import error_fingerprint
from asynctask_core.ids import id_text, new_id
from asynctask_protos.task.v1.task_pb2 import Failure
from asynctask_registry.ledger.conditions import TaskConditions
from asynctask_registry.ledger.ledger import Ledger
from asynctask_registry.ledger.term_filling import TermFiller
from asynctask_registry.store.migrate import migrate
from tests.integration.registry.kit import connected, created, open_ledger
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
    failure = json.dumps({"reason": ERROR.reason, "error_type": ERROR.error_type, "message": ERROR.message})
    async with connected(empty_postgres_url) as connection:
        await connection.executemany(
            INSERT,
            [
                (
                    task_id,
                    "nas" if number % 2 else "default",
                    "failed" if number % 3 == 0 else "queued",
                    json.dumps({"Team": "Red"}) if number % 5 == 0 else None,
                    failure if number % 3 == 0 else None,
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


async def test_new_database_has_nothing_to_fill(postgres_url: str) -> None:
    async with open_ledger(postgres_url) as ledger:
        assert not (await TermFiller(ledger.hot).run_once()).more
