"""Migrations and partitions."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from structlog.testing import capture_logs

from asynctask_core.ids import new_id
from asynctask_registry.store import migrate as migrations
from asynctask_registry.store.migrate import SchemaMismatch, check_schema, load, make_partitions, migrate
from asynctask_registry.store.partitions import PARTITIONED, ensure_partitions
from tests.integration.registry.kit import a_task, connected, create, open_ledger
from tests.integration.registry.schemas import schema_of
from tests.support.conditions import eventually

STEPS = [migration.label for migration in load()]


async def test_schema_is_made_once_and_then_left_alone(every_empty_postgres_url: str) -> None:
    assert await migrate(every_empty_postgres_url) == STEPS
    assert await migrate(every_empty_postgres_url) == []
    assert await make_partitions(every_empty_postgres_url) == 0
    await check_schema(every_empty_postgres_url)


async def test_replicas_that_migrate_at_once_apply_each_step_once(empty_postgres_url: str) -> None:
    applied = await asyncio.gather(*(migrate(empty_postgres_url) for _ in range(5)))
    assert sorted(applied, key=len) == [[], [], [], [], STEPS]


async def test_database_without_schema_is_refused_with_the_command_to_run(empty_postgres_url: str) -> None:
    with pytest.raises(SchemaMismatch, match="asynctask-registry migrate"):
        await check_schema(empty_postgres_url)


async def test_migration_that_was_changed_after_it_was_applied_is_refused(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = [replace(migration, source=migration.source + "\n-- later") for migration in load()]
    monkeypatch.setattr(migrations, "load", lambda: changed)
    with pytest.raises(SchemaMismatch, match="was changed"):
        await migrate(postgres_url)


async def test_database_ahead_of_the_program_is_refused(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "load", list)
    with pytest.raises(SchemaMismatch, match="newer"):
        await migrate(postgres_url)


async def test_step_that_fails_leaves_nothing_behind(
    empty_postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = load()[0]
    broken = replace(first, version=2, name="broken", source="CREATE TABLE half (); SELECT 1 / 0")
    monkeypatch.setattr(migrations, "load", lambda: [first, broken])
    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate(empty_postgres_url)
    async with connected(empty_postgres_url) as connection:
        assert await connection.fetchval("SELECT to_regclass('half')") is None
        assert await connection.fetchval("SELECT max(version) FROM schema_migrations") == 1


async def test_every_table_has_partitions_from_yesterday_to_two_weeks_ahead(empty_postgres_url: str) -> None:
    before = datetime.now(UTC).date()
    await migrate(empty_postgres_url)
    after = datetime.now(UTC).date()  # another day when it is midnight: made by either
    wanted = [
        {f"{today + timedelta(days=number):%Y%m%d}" for number in range(-1, 15)} for today in (before, after)
    ]
    async with connected(empty_postgres_url) as connection:
        for partitioned in PARTITIONED:
            rows = await connection.fetch(
                "SELECT relname FROM pg_inherits JOIN pg_class ON oid = inhrelid WHERE inhparent = $1::regclass",
                partitioned.table,
            )
            made = {row["relname"].rpartition("_")[2] for row in rows}
            assert any(days <= made for days in wanted), partitioned.table


async def test_missing_partitions_are_made_while_tasks_are_being_inserted(empty_postgres_url: str) -> None:
    await migrate(empty_postgres_url)
    async with open_ledger(empty_postgres_url) as ledger, connected(empty_postgres_url) as holder:
        # An open transaction that has written: what makes them must not wait for it.
        (answer,) = await create(ledger, a_task())
        assert answer.error is None
        async with holder.transaction():
            await holder.execute("UPDATE tasks SET priority = 2")
            async with connected(empty_postgres_url) as connection, asyncio.timeout(60):
                assert await ensure_partitions(connection, ahead=20) == 6 * len(PARTITIONED)
            (answer,) = await create(ledger, a_task())
            assert answer.error is None


async def test_ids_up_to_five_minutes_old_have_a_partition_just_after_midnight(postgres_url: str) -> None:
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    late = int((midnight - timedelta(minutes=5)).timestamp() * 1000).to_bytes(6, "big") + new_id()[6:]
    async with connected(postgres_url) as connection:
        await connection.execute(
            "INSERT INTO tasks (task_id, submit_time, task_type, queue, priority, task_status, task_config) "
            "VALUES ($1, now(), 't', 'q', 3, 'queued', '{}')",
            late,
        )


async def test_tables_and_columns_that_users_were_promised_exist(postgres_url: str) -> None:
    promised = {
        "tasks": "task_id task_type submit_time priority task_status task_config",
        "task_execution_history": "history_id task_id start_time end_time execution_result",
    }
    async with connected(postgres_url) as connection:
        for table, columns in promised.items():
            await connection.execute(f"SELECT {', '.join(columns.split())} FROM {table}")


async def test_migration_that_waits_for_a_long_reader_holds_up_no_other(
    empty_postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when everybody who uses a table waits behind a migration that waits for somebody's long look at it."""
    # The one that adds a column to `tasks`.
    steps = schema_of(monkeypatch, "counts")
    monkeypatch.setattr(migrations, "load", lambda: steps[:-1])
    await migrate(empty_postgres_url)
    monkeypatch.setattr(migrations, "load", lambda: steps)
    monkeypatch.setattr(migrations, "BRIEF_LOCK_S", 0.05)
    async with connected(empty_postgres_url) as reader, connected(empty_postgres_url) as other:
        async with reader.transaction():
            await reader.fetch("SELECT * FROM tasks LIMIT 1")
            with capture_logs() as lines:
                migrating = asyncio.create_task(migrate(empty_postgres_url))
                await eventually(
                    lambda: len([line for line in lines if line["event"] == "schema.locked"]) > 1
                )
            # It may stand in line for a moment; then it lets the others go first.
            await asyncio.wait_for(other.fetch("SELECT * FROM tasks LIMIT 1"), 30)
            assert not migrating.done()
        assert await migrating == [steps[-1].label]
