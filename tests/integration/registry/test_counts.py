"""Counts by type and state are exact after every commit, and know nothing of what was rolled back."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from typing import Any

import pytest

from asynctask_core.errors import AsyncTaskError
from asynctask_core.ids import id_text, new_id
from asynctask_core.states import AttemptResult
from asynctask_protos.registry.v1 import ledger_service_pb2 as pb
from asynctask_registry.counts.folding import FOLDING_LOCK
from asynctask_registry.ledger.housekeeping import Housekeeper
from asynctask_registry.ledger.ledger import Ledger
from asynctask_registry.store.faults import ContentRefused
from asynctask_registry.store.migrate import migrate
from asynctask_registry.store.pool import StoreConnection
from tests.integration.registry.counted import a_recounter, all_due, counts, fold, moves, really, recount
from tests.integration.registry.kit import (
    a_task,
    command,
    connected,
    created,
    end,
    failure,
    open_ledger,
    outcome,
    record,
    restarted,
    start,
    started,
    success,
)
from tests.integration.registry.schemas import schema_of
from tests.support.stores import Stores


@pytest.fixture
def postgres_url(stores: Stores) -> Iterator[str]:
    """A database of the test's own: counts are of all tasks."""
    with stores.database() as url:
        yield url


async def test_every_state_is_counted_before_and_after_folding(postgres_url: str, ledger: Ledger) -> None:
    await a_task_in_every_state(ledger)
    expected = {
        "copy": {
            "pending": 2, "queued": 3, "running": 2, "paused": 1, "completed": 2, "failed": 1, "cancelled": 1,
        }
    }  # fmt: skip
    assert await counts(ledger) == await really(postgres_url) == expected
    assert await fold(ledger) > 0
    assert await moves(postgres_url) == 0
    assert await counts(ledger) == expected


async def test_counts_are_equal_to_a_recount_after_many_writers_at_once(
    postgres_url: str, ledger: Ledger
) -> None:
    """Writers of two registries change tasks at random while two folders fold and recounts correct.

    Fails when a statement of a hot path counts another change than it makes, when folding loses or doubles a move, or
    when a recount takes for drift what others commit meanwhile.
    """
    async with open_ledger(postgres_url) as other:
        done = asyncio.Event()

        async def keep(work: Any) -> None:
            while not done.is_set():
                await work()
                await asyncio.sleep(0)

        async def count_again() -> None:
            await all_due(postgres_url)
            assert await recount(ledger) == 0

        async with asyncio.TaskGroup() as group:
            for one in (ledger, other):
                group.create_task(keep(lambda one=one: fold(one)))
            group.create_task(keep(count_again))
            async with asyncio.TaskGroup() as writers:
                for number in range(8):
                    writers.create_task(live(other if number % 2 else ledger, random.Random(number)))
            done.set()
        await all_due(postgres_url)
        assert await counts(ledger) == await really(postgres_url)
        assert await recount(other) == 0
        await fold(ledger)
        assert await counts(ledger) == await really(postgres_url)


async def test_what_is_rolled_back_is_not_counted(postgres_url: str, ledger: Ledger) -> None:
    (task_id,) = await created(ledger)
    before = await counts(ledger), await moves(postgres_url)

    class Undo(Exception):
        pass

    async def undone(connection: StoreConnection) -> None:
        async with connection.transaction():
            rows = await connection.fetch(
                "task_start",
                task_ids=[task_id],
                attempt_ids=[new_id()],
                executor_ids=["e1"],
                low=task_id,
                high=task_id,
            )
            assert rows
            raise Undo

    with pytest.raises(Undo):
        await ledger.hot.run(undone)
    refused = await ledger.task_writer.create([a_task(task_config='{"a": "\x00"}')])
    assert refused[0].error is not None
    assert (await counts(ledger), await moves(postgres_url)) == before


async def test_nobody_waits_for_an_open_transaction_that_counts(postgres_url: str, ledger: Ledger) -> None:
    """Fails when two transactions that change tasks of one type write the same row: the second would wait."""
    (held, free) = await created(ledger, 2)
    async with connected(postgres_url) as connection:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute(
            "INSERT INTO task_moves (task_type, former_status, task_status, event, tasks) "
            "VALUES ('copy', 'queued', 'running', 'started', 1)"
        )
        attempt_id = await restarted(ledger, free)
        await record(ledger, success(free, attempt_id))
        await created(ledger)
        assert await fold(ledger) > 0
        await transaction.rollback()
    await restarted(ledger, held)
    assert await counts(ledger) == await really(postgres_url)


async def test_a_folder_leaves_the_work_to_another_one(postgres_url: str, ledger: Ledger) -> None:
    await created(ledger)
    async with connected(postgres_url) as connection:
        await connection.execute("SELECT pg_advisory_lock($1)", FOLDING_LOCK)
        assert await fold(ledger) == 0
    assert await fold(ledger) == 1


async def test_a_due_task_leaves_the_pending_ones(postgres_url: str, ledger: Ledger) -> None:
    """Both ways to start: set-based, and under locks."""
    for way in (ledger.attempt_start_writer.start, ledger.attempt_start_writer._start_singly):
        (task_id,) = await created(ledger, delay_ms=3_600_000)
        async with connected(postgres_url) as connection:
            await connection.execute("UPDATE tasks SET due_at = now() WHERE task_id = $1", task_id)
        await way([pb.AttemptStart(task_id=task_id, attempt_id=new_id(), executor_id="e1")])
    assert await counts(ledger) == {"copy": {"running": 2}}


async def test_recount_leaves_out_what_others_commit_meanwhile(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A task is submitted after the tasks were counted, and before the counts are read."""
    await created(ledger)
    fetch = StoreConnection.fetch

    async def interrupted(self: StoreConnection, name: str, /, **values: Any) -> Any:
        if name == "recount_write":
            monkeypatch.undo()
            await created(ledger)
        return await fetch(self, name, **values)

    monkeypatch.setattr(StoreConnection, "fetch", interrupted)
    assert await recount(ledger) == 0
    assert await counts(ledger) == {"copy": {"queued": 2}}


async def test_recount_corrects_what_an_older_registry_changed(postgres_url: str, ledger: Ledger) -> None:
    """A registry of an older release changes tasks and counts nothing."""
    task_ids = await created(ledger, 5)
    async with connected(postgres_url) as connection:
        await connection.execute(
            "UPDATE tasks SET task_status = 'paused' WHERE task_id = ANY ($1)", task_ids[:2]
        )
        await connection.execute("UPDATE tasks SET deleted_at = now() WHERE task_id = $1", task_ids[4])
    assert await counts(ledger) == {"copy": {"queued": 5}}
    await all_due(postgres_url)
    assert await recount(ledger) == 2 + 3
    assert await counts(ledger) == {"copy": {"queued": 2, "paused": 2}}
    assert await recount(ledger) == 0  # not due yet


async def test_tasks_of_an_older_release_are_counted_in_the_background(
    empty_postgres_url: str,
) -> None:
    """The migration only makes the tables; until the recount, the overview says that counts are not complete."""
    with pytest.MonkeyPatch.context() as patched:
        schema_of(patched, "commands")
        await migrate(empty_postgres_url)
    async with connected(empty_postgres_url) as connection:
        for name, tasks in (("copy", 3), ("scan", 2)):
            await connection.execute("INSERT INTO task_types VALUES ($1, 1, now(), '{}')", name)
            await connection.executemany(
                "INSERT INTO tasks "
                "(task_id, submit_time, ready_at, task_type, queue, priority, task_config, task_status) "
                "VALUES ($1, now(), now(), $2, 'default', 3, '{}', 'queued')",
                [(new_id(), name) for _ in range(tasks)],
            )
    await migrate(empty_postgres_url)
    async with open_ledger(empty_postgres_url) as ledger:
        recounter = a_recounter(ledger)
        left: list[int] = [(await ledger.overview_reader.overview()).uncounted_types]
        while (await recounter.run_once()).more:
            left.append((await ledger.overview_reader.overview()).uncounted_types)
        assert left == [2, 1, 0]
        assert await counts(ledger) == {"copy": {"queued": 3}, "scan": {"queued": 2}}


async def test_of_two_recounts_of_one_type_one_corrects(postgres_url: str, ledger: Ledger) -> None:
    """Fails when the second of two recounts, with an older snapshot, corrects once more."""
    (task_id,) = await created(ledger)
    await recount(ledger)
    await all_due(postgres_url)
    async with connected(postgres_url) as connection:
        await connection.execute("UPDATE tasks SET task_status = 'paused' WHERE task_id = $1", task_id)

    async def slow(connection: StoreConnection) -> None:
        async with connection.transaction(one_snapshot=True):
            await connection.fetch("recount_walk", task_type="copy", after=bytes(16), most=10)
            assert await recount(ledger) == 2
            await connection.fetch(
                "recount_write", task_type="copy", statuses=["paused"], tasks="{1}", due_in_ms=0
            )

    tries = 0

    async def once(connection: StoreConnection) -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            await slow(connection)

    await ledger.hot.run(once)
    assert tries == 2  # the first one ended in a conflict
    assert await counts(ledger) == {"copy": {"paused": 1}}


async def test_counts_of_nothing_are_forgotten(postgres_url: str, ledger: Ledger) -> None:
    task_id, attempt_id = await started(ledger)
    await record(ledger, success(task_id, attempt_id))
    await fold(ledger)
    await Housekeeper(ledger.hot).run_once()
    async with connected(postgres_url) as connection:
        rows = await connection.fetch("SELECT task_status, tasks FROM task_counts")
    assert [tuple(row) for row in rows] == [("completed", 1)]


async def test_oldest_waiting_task_is_ready_or_due(postgres_url: str, ledger: Ledger) -> None:
    assert not (await ledger.overview_reader.overview()).oldest_waiting_task_id
    await created(ledger, delay_ms=3_600_000)
    assert not (await ledger.overview_reader.overview()).HasField("oldest_waiting_time")
    _, second, due = await created(ledger, 3)
    async with connected(postgres_url) as connection:
        await connection.execute(
            "UPDATE tasks SET ready_at = now() - interval '1 hour', priority = 5 WHERE task_id = $1", second
        )
        overview = await ledger.overview_reader.overview()
        assert overview.oldest_waiting_task_id == id_text(second)
        assert overview.oldest_waiting_task_type == "copy"
        await connection.execute(
            "UPDATE tasks SET task_status = 'pending', due_at = now() - interval '2 hours' WHERE task_id = $1",
            due,
        )
    overview = await ledger.overview_reader.overview()
    assert overview.oldest_waiting_task_id == id_text(due)


async def a_task_in_every_state(ledger: Ledger) -> None:
    """Twelve tasks and two deleted ones, by every statement that changes tasks."""
    await created(ledger, delay_ms=3_600_000)
    await created(ledger, 2)
    eager = a_task()
    await ledger.eager_start_writer.write(
        [eager], [pb.AttemptStart(task_id=eager.task_id, attempt_id=new_id(), executor_id="e1")]
    )
    await started(ledger)
    retried = await started(ledger)
    await record(ledger, failure(*retried))
    lost = await started(ledger)
    await end(ledger, *lost)
    failed = await started(ledger)
    await record(ledger, failure(*failed, retryable=False))
    plain = await started(ledger)
    await record(ledger, success(*plain))
    again = await started(ledger)
    await record(ledger, success(*again))
    await command(ledger, again[0], pb.COMMAND_KIND_RESTART)
    await record(ledger, success(again[0], await restarted(ledger, again[0])))
    (paused, cancelled, gone) = await created(ledger, 3)
    await command(ledger, paused, pb.COMMAND_KIND_PAUSE)
    await command(ledger, cancelled, pb.COMMAND_KIND_CANCEL)
    await command(ledger, gone, pb.COMMAND_KIND_CANCEL)
    await command(ledger, gone, pb.COMMAND_KIND_DELETE)
    deleted = await started(ledger)
    await command(ledger, deleted[0], pb.COMMAND_KIND_FORCE_DELETE)
    await record(ledger, success(*deleted))


async def live(ledger: Ledger, draw: random.Random) -> None:
    """Change some tasks in every way, many at once; what is refused is refused."""
    for _ in range(12):
        task_ids = await created(ledger, draw.randint(1, 6), delay_ms=draw.choice((0, 0, 1)))
        pairs = [(task_id, new_id()) for task_id in task_ids]
        await start(ledger, *draw.sample(pairs, draw.randint(0, len(pairs))))
        for task_id, attempt_id in pairs:
            match draw.randrange(7):
                case 0 | 1 | 2:
                    await record(ledger, success(task_id, attempt_id))
                case 3:
                    await record(ledger, failure(task_id, attempt_id, retryable=draw.random() < 0.5))
                case 4:
                    await end(
                        ledger, task_id, attempt_id, draw.choice((AttemptResult.LOST, AttemptResult.RELEASED))
                    )
                case 5:
                    await record(ledger, outcome(task_id, attempt_id, AttemptResult.RELEASED))
                case _:
                    pass
        for task_id in draw.sample(task_ids, min(2, len(task_ids))):
            kind = draw.choice(
                (
                    pb.COMMAND_KIND_PAUSE,
                    pb.COMMAND_KIND_RESUME,
                    pb.COMMAND_KIND_CANCEL,
                    pb.COMMAND_KIND_RESTART,
                    pb.COMMAND_KIND_DELETE,
                    pb.COMMAND_KIND_FORCE_DELETE,
                )
            )
            try:
                await command(ledger, task_id, kind)
            except (AsyncTaskError, ContentRefused):
                continue
