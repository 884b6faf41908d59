"""Task types in pages, their bounds, and the deletion of one, also at the same time as submits and registrations."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest
from google.protobuf import json_format

from asynctask_core import limits
from asynctask_core.errors import (
    InvalidInput,
    StoreUnavailable,
    TaskTypeDeleted,
    TaskTypeInUse,
    TaskTypeNotFound,
    TaskTypesFull,
    TokenExpired,
    UnknownTaskType,
    WrongState,
)
from asynctask_core.ids import id_text, new_id
from asynctask_protos.registry.v1 import ledger_service_pb2 as pb
from asynctask_protos.task.v1.task_type_pb2 import StageSpec, TaskType
from asynctask_registry.catalogue.feed import TypeFeed
from asynctask_registry.catalogue.registrar import GUARD_KEY, TypeRegistrar
from asynctask_registry.ledger.ledger import Ledger
from asynctask_registry.store import migrate
from tests.integration.registry.kit import (
    a_registrar,
    a_task,
    command,
    connected,
    create,
    created,
    record,
    restarted,
    success,
)
from tests.support.conditions import eventually


def a_type(name: str, description: str = "", **fields: object) -> TaskType:
    return TaskType(
        name=name,
        stages=[StageSpec(name="a", weight=1)],
        description=description,
        **fields,  # pyright: ignore[reportArgumentType]
    )


async def everything(
    feed: TypeFeed, token: str = "", *, page_size: int = 0
) -> tuple[Mapping[str, int], str, int]:
    """Versions by name, deletions as 0, the token at the end, and how many pages it took."""
    found: dict[str, int] = {}
    pages, more = 0, True
    while more:
        page = await feed.page(token, page_size=page_size)
        found |= {one.name: one.version for one in page.types} | dict.fromkeys(page.deleted, 0)
        token, more, pages = page.token, page.more, pages + 1
    return found, token, pages


async def test_types_come_in_pages_by_count_and_bytes_and_then_only_what_changed(ledger: Ledger) -> None:
    await ledger.registrar.register([a_type(f"paged{n}", "x" * 1000) for n in range(7)])
    whole, token, pages = await everything(ledger.type_feed)
    assert pages == 1
    assert {f"paged{n}" for n in range(7)} | {"copy"} <= whole.keys()
    for feed, page_size in ((ledger.type_feed, 2), (TypeFeed(ledger.hot, page_bytes=2500), 0)):
        found, _, pages = await everything(feed, page_size=page_size)
        assert found == whole
        assert pages >= len(whole) // 3
    assert (await everything(ledger.type_feed, token))[0] == {}

    await ledger.registrar.register([a_type("paged1", "y" * 1000), a_type("paged7"), a_type("paged8")])
    await ledger.registrar.delete("paged2")
    expected = {"paged1": 2, "paged2": 0, "paged7": 1, "paged8": 1}
    assert (await everything(ledger.type_feed, token))[0] == expected
    found, later, pages = await everything(ledger.type_feed, token, page_size=1)
    assert (found, pages > 4) == (expected, True)
    assert (await everything(ledger.type_feed, later))[0] == {}
    assert "paged2" not in (await everything(ledger.type_feed))[0]


async def test_a_change_that_commits_after_a_later_one_was_read_is_not_missed(
    ledger: Ledger, postgres_url: str
) -> None:
    await ledger.registrar.register([a_type("late"), a_type("early")])
    _, token, _ = await everything(ledger.type_feed)
    async with connected(postgres_url) as slow:
        change = slow.transaction()
        await change.start()
        await slow.execute(
            "UPDATE task_types SET version = 9, change_xid = pg_current_xact_id() WHERE name = 'late'"
        )
        await ledger.registrar.register([a_type("early", "changed")])
        found, token, _ = await everything(ledger.type_feed, token)
        assert found == {"early": 2}
        await change.commit()
    assert (await everything(ledger.type_feed, token))[0] == {"early": 2, "late": 9}


async def test_a_change_by_a_registry_of_an_older_release_is_not_missed(
    ledger: Ledger, postgres_url: str
) -> None:
    """Fails when: what stamps no row is in no page of changes, so new definitions and limits are ignored."""
    await ledger.registrar.register([a_type("aged"), a_type("reborn")])
    await ledger.registrar.delete("reborn")
    _, token, _ = await everything(ledger.type_feed)
    async with connected(postgres_url) as older:
        for name in ("aged", "reborn"):
            await older.execute(
                "UPDATE task_types SET version = version + 1, definition = $2 WHERE name = $1",
                name,
                f'{{"name": "{name}", "description": "changed"}}',
            )
    assert (await everything(ledger.type_feed, token))[0] == {"aged": 2, "reborn": 3}
    assert "reborn" in await ledger.types.latest()


async def test_a_token_of_another_database_is_refused(ledger: Ledger) -> None:
    _, token, _ = await everything(ledger.type_feed)
    system, base = token.split(":")
    for other in (
        f"{int(system) + 1}:{base}",
        f"{system}:{int(base) + 1000}",
        "x",
        f"{token}:q:1",
        "1:2:c:3",
    ):
        with pytest.raises(TokenExpired):
            await ledger.type_feed.page(other)


async def test_types_beyond_a_bound_are_refused_and_those_that_are_there_may_change(ledger: Ledger) -> None:
    await ledger.registrar.register([a_type("bounded", "x" * 500)])
    count, size = await totals(ledger)
    few = TypeRegistrar(ledger.hot, ledger.reads, ledger.types, most_types=count)
    with pytest.raises(
        TaskTypesFull, match=rf"at most {count} task types, and with these it would be {count + 2}"
    ):
        await few.register([a_type("one-more"), a_type("two-more")])
    small = TypeRegistrar(ledger.hot, ledger.reads, ledger.types, most_bytes=size - 100)
    with pytest.raises(TaskTypesFull, match="bytes of definitions"):
        await small.register([a_type("bounded", "x" * 501)])
    assert await totals(ledger) == (count, size)
    (changed,) = await small.register([a_type("bounded", "y" * 490)])
    assert changed.version == 2
    await few.delete("bounded")
    assert [one.name for one in await few.register([a_type("one-more")])] == ["one-more"]


async def totals(ledger: Ledger) -> tuple[int, int]:
    (row,) = await ledger.hot.run(lambda session: session.fetch("type_totals"))
    return row["count"], row["bytes"]


async def test_a_type_has_had_at_most_so_many_queues(ledger: Ledger) -> None:
    for number in range(limits.QUEUES_OF_TYPE):
        await ledger.registrar.register([a_type("restless", queue=f"q{number}")])
    with pytest.raises(InvalidInput, match=r"task_types\[restless\].queue: a type may have had at most 100"):
        await ledger.registrar.register([a_type("restless", queue="one-more")])
    (back,) = await ledger.registrar.register([a_type("restless", queue="q7")])
    assert back.queue == "q7"
    await ledger.registrar.delete("restless")
    (anew,) = await ledger.registrar.register([a_type("restless", queue="one-more")])
    assert list(anew.queues) == ["one-more"]


async def test_a_type_is_deleted_once_its_tasks_are_final_and_declared_anew_with_a_higher_version(
    ledger: Ledger,
) -> None:
    kind = a_type("passing")
    (stored,) = await ledger.registrar.register([kind])
    waiting, running, done = await created(ledger, 3, task_type="passing")
    attempts = {task_id: await restarted(ledger, task_id) for task_id in (running, done)}
    await record(ledger, success(done, attempts[done]))
    with pytest.raises(TaskTypeInUse, match="not final, such as"):
        await ledger.registrar.delete("passing")
    await command(ledger, waiting, pb.COMMAND_KIND_CANCEL)
    with pytest.raises(TaskTypeInUse, match=id_text(running)):
        await ledger.registrar.delete("passing")
    await record(ledger, success(running, attempts[running]))

    other = a_registrar(ledger)
    assert [one.version for one in await other.register([kind])] == [1]
    assert await ledger.registrar.delete("passing") == 2
    with pytest.raises(TaskTypeNotFound):
        await ledger.registrar.delete("passing")
    (refused,) = await create(ledger, a_task(task_type="passing"))
    assert isinstance(refused.error, UnknownTaskType)
    (refused,) = await create(ledger, a_task(task_type="passing", request_id="a word"))
    assert isinstance(refused.error, UnknownTaskType)
    with pytest.raises(
        TaskTypeDeleted, match=f"{id_text(done)} cannot be restarted: its task type 'passing' was"
    ):
        await command(ledger, done, pb.COMMAND_KIND_RESTART)
    # What is for other states says that, and what needs no type goes on.
    with pytest.raises(WrongState, match="it is completed"):
        await command(ledger, done, pb.COMMAND_KIND_PAUSE)
    await command(ledger, waiting, pb.COMMAND_KIND_DELETE)
    # Another replica whose copy still has the type, as an executor declares it that knows of nothing.
    (anew,) = await other.register([kind])
    assert (anew.version, stored.version) == (3, 1)
    assert "passing" in await ledger.types.latest()
    await command(ledger, done, pb.COMMAND_KIND_RESTART)
    with pytest.raises(TaskTypeInUse):
        await ledger.registrar.delete("passing")


async def test_a_task_that_is_being_written_is_seen_by_the_deletion_and_the_deletion_by_the_next_one(
    ledger: Ledger, postgres_url: str
) -> None:
    """Law 1. Broken on purpose: without the lock both go on, and a task of no type is left."""
    await ledger.registrar.register([a_type("raced"), a_type("innocent")])
    task = a_task(task_type="raced")
    async with connected(postgres_url) as slow, connected(postgres_url) as watcher:
        insert = slow.transaction()
        await insert.start()
        await slow.execute(
            "INSERT INTO tasks (task_id, submit_time, task_type, queue, priority, task_status, task_config) "
            "VALUES ($1, now(), 'raced', 'q', 3, 'queued', '{}')",
            task.task_id,
        )
        # While somebody writes tasks it waits for a moment, and gives up before others wait long behind it.
        with pytest.raises(StoreUnavailable, match="lock timeout"):
            await ledger.registrar.delete("raced")
        deleting = asyncio.create_task(deleted_at_last(ledger, "raced"))
        await eventually(lambda: waits_for_a_lock(watcher))
        await insert.commit()
        with pytest.raises(TaskTypeInUse):
            await deleting
        await slow.execute("DELETE FROM tasks WHERE task_id = $1", task.task_id)

        deletion = slow.transaction()
        await deletion.start()
        await slow.execute("LOCK TABLE ONLY tasks IN SHARE MODE")
        starts = [pb.AttemptStart(task_id=task.task_id, attempt_id=new_id(), executor_id="e")]
        creating = asyncio.create_task(
            create(ledger, a_task(task_type="raced"), a_task(task_type="innocent"))
        )
        beginning = asyncio.create_task(ledger.eager_start_writer.write([task], starts))
        await eventually(lambda: waits_for_a_lock(watcher, 2))
        await slow.execute("UPDATE task_types SET deleted_at = now() WHERE name = 'raced'")
        await deletion.commit()
        refused, accepted = await creating
        begun = await beginning
        assert isinstance(refused.error, UnknownTaskType)
        assert accepted.standing is not None
        assert begun == {}


async def test_a_restart_never_meets_a_deletion_halfway(ledger: Ledger, postgres_url: str) -> None:
    """Law 1. Fails without `type_keep`: the restart sees no deletion, the deletion no live task, and both go on."""
    await ledger.registrar.register([a_type("revived")])
    (task_id,) = await created(ledger, task_type="revived")
    await record(ledger, success(task_id, await restarted(ledger, task_id)))
    async with connected(postgres_url) as slow, connected(postgres_url) as watcher:
        # A restart that is not committed yet is waited for, and seen.
        restart = slow.transaction()
        await restart.start()
        await slow.execute(
            "UPDATE tasks SET task_status = 'queued', change_xid = pg_current_xact_id() WHERE task_id = $1",
            task_id,
        )
        deleting = asyncio.create_task(deleted_at_last(ledger, "revived"))
        await eventually(lambda: waits_for_a_lock(watcher))
        await restart.commit()
        with pytest.raises(TaskTypeInUse):
            await deleting
        await slow.execute("UPDATE tasks SET task_status = 'completed' WHERE task_id = $1", task_id)

        # So is a deletion, by a restart.
        deletion = slow.transaction()
        await deletion.start()
        await slow.execute("LOCK TABLE ONLY tasks IN SHARE MODE")
        restarting = asyncio.create_task(command(ledger, task_id, pb.COMMAND_KIND_RESTART))
        await eventually(lambda: waits_for_a_lock(watcher))
        await slow.execute("UPDATE task_types SET deleted_at = now() WHERE name = 'revived'")
        await deletion.commit()
        with pytest.raises(TaskTypeDeleted):
            await restarting


async def test_a_registry_of_an_older_release_can_read_the_row_of_a_deleted_type(
    ledger: Ledger, postgres_url: str
) -> None:
    """Fails when the row has an empty definition: it reads all rows at once, and could answer nothing any more."""
    await ledger.registrar.register([a_type("gone"), a_type("emptied")])
    await ledger.registrar.delete("gone")
    await ledger.registrar.delete("emptied")
    (step,) = [one for one in migrate.load() if one.name == "deleted_definitions"]
    async with connected(postgres_url) as older, older.transaction():
        gone = await older.fetchval("SELECT definition FROM task_types WHERE name = 'gone'")
        # As a release left it that wrote no definition at all.
        await older.execute("ALTER TABLE task_types DISABLE TRIGGER stamp_task_type")
        await older.execute("UPDATE task_types SET definition = '' WHERE name = 'emptied'")
        await older.execute(step.source)
        emptied = await older.fetchrow("SELECT definition, deleted_at FROM task_types WHERE name = 'emptied'")
    assert json_format.Parse(gone, TaskType()) == TaskType(name="gone")
    assert emptied is not None
    assert emptied["deleted_at"] is not None
    assert json_format.Parse(emptied["definition"], TaskType()) == TaskType(name="emptied")


async def test_who_stores_types_waits_for_whoever_is_just_storing_others(
    ledger: Ledger, postgres_url: str
) -> None:
    """Fails when: both count the types before the other commits, and together they are more than the bound."""
    async with connected(postgres_url) as slow, connected(postgres_url) as watcher:
        other = slow.transaction()
        await other.start()
        await slow.execute("SELECT pg_advisory_xact_lock($1)", GUARD_KEY)
        storing = asyncio.create_task(ledger.registrar.register([a_type("waits")]))
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'advisory'"
        while not storing.done() and not await watcher.fetchval(waiting):
            await asyncio.sleep(0.005)
        assert not storing.done()
        await other.commit()
        assert [one.name for one in await storing] == ["waits"]


async def deleted_at_last(ledger: Ledger, name: str) -> int:
    while True:
        try:
            return await ledger.registrar.delete(name)
        except StoreUnavailable:
            continue


async def waits_for_a_lock(connection, number: int = 1) -> bool:
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'tasks'::regclass"
    return await connection.fetchval(waiting) >= number
