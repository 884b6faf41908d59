"""Brings the schema up to date: numbered files of plain SQL, forward only, each once, in one transaction each.

Several replicas may do this at once: an advisory lock makes them take turns, and the second one finds nothing left
to do. A file that was applied may not change any more: its hash is stored.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Final

import asyncpg

from asynctask_chassis.logs import get_logger
from asynctask_registry.store.partitions import SCHEMA_LOCK, ensure_partitions

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record]

log = get_logger(__name__)

CONNECT_S: Final = 10.0
LOCK_S: Final = 120.0
BRIEF_LOCK_S: Final = 1.0
"""So long a migration waits for a lock of a table, and pauses before it tries again."""


class SchemaMismatch(Exception):
    """The database has a schema that these migrations do not produce."""


MIGRATION_FAULTS: Final = (
    SchemaMismatch,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    OSError,
    TimeoutError,
)
"""Every exception of a failed migration."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One step: `version` is the number in its file's name."""

    version: int
    name: str
    source: str

    @property
    def label(self) -> str:
        """Number and name."""
        return f"{self.version:04}_{self.name}"

    @property
    def digest(self) -> str:
        """SHA-256 of the file."""
        return hashlib.sha256(self.source.encode()).hexdigest()


def load() -> Sequence[Migration]:
    """Read every migration, in order."""
    found: list[Migration] = []
    for file in files("asynctask_registry.store").joinpath("sql", "migrations").iterdir():
        stem, dot, suffix = file.name.rpartition(".")
        if dot and suffix == "sql":
            number, _, name = stem.partition("_")
            found.append(Migration(int(number), name, file.read_text("utf-8")))
    return sorted(found, key=lambda migration: migration.version)


async def migrate(url: str) -> list[str]:
    """Apply what is missing and make the partitions; returns the names of the applied migrations.

    Raises:
        SchemaMismatch: an applied file was changed, or the database is newer than this program.
        asyncpg.PostgresError, OSError: Postgres does not answer, or refused a step, which is rolled back.
    """
    async with _connected(url) as connection:
        await connection.execute("SELECT pg_advisory_lock($1)", SCHEMA_LOCK, timeout=LOCK_S)
        await connection.execute(
            "CREATE TABLE IF NOT EXISTS schema_migrations ("
            "version integer PRIMARY KEY, name text NOT NULL, sha256 text NOT NULL, "
            "applied_at timestamptz NOT NULL DEFAULT now())"
        )
        applied: list[str] = []
        for migration in await _missing(connection):
            await _apply(connection, migration)
            applied.append(migration.label)
        partitions = await ensure_partitions(connection)
        if applied or partitions:
            log.info("schema.migrated", migrations=applied, partitions=partitions)
        return applied


async def _apply(connection: Connection, migration: Migration) -> None:
    """Apply one, again until it gets its locks: all calls wait behind a lock that a migration waits for."""
    give_up = time.monotonic() + LOCK_S
    while True:
        try:
            async with connection.transaction():
                await connection.execute(f"SET LOCAL lock_timeout = '{int(BRIEF_LOCK_S * 1000)}ms'")
                await connection.execute(migration.source)
                await connection.execute(
                    "INSERT INTO schema_migrations (version, name, sha256) VALUES ($1, $2, $3)",
                    migration.version,
                    migration.name,
                    migration.digest,
                )
        except asyncpg.LockNotAvailableError:
            if time.monotonic() > give_up:
                raise
            log.info("schema.locked", migration=migration.label)
            await asyncio.sleep(BRIEF_LOCK_S)
        else:
            return


async def check_schema(url: str) -> None:
    """Check that no migration is missing.

    Raises:
        SchemaMismatch: a migration is missing, or the schema is another program's.
        asyncpg.PostgresError, OSError: Postgres does not answer.
    """
    async with _connected(url) as connection:
        has_table = await connection.fetchval("SELECT to_regclass('schema_migrations') IS NOT NULL")
        missing = await _missing(connection) if has_table else load()
    if missing:
        names = ", ".join(migration.label for migration in missing)
        raise SchemaMismatch(f"the database lacks {names}: run `asynctask-registry migrate`")


async def make_partitions(url: str) -> int:
    """Make the partitions that the next days need; returns how many were made."""
    async with _connected(url) as connection:
        made = await ensure_partitions(connection)
    if made:
        log.info("partitions.made", count=made)
    return made


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(
        url,
        timeout=CONNECT_S,
        command_timeout=LOCK_S,
        server_settings={"application_name": "asynctask-migrate", "lock_timeout": f"{int(LOCK_S)}s"},
    )
    try:
        yield connection
    finally:
        # Closing the connection always releases its advisory locks.
        await connection.close(timeout=CONNECT_S)


async def _missing(connection: Connection) -> list[Migration]:
    """Migrations that were not applied yet, in order."""
    rows = await connection.fetch("SELECT version, name, sha256 FROM schema_migrations ORDER BY version")
    known = {migration.version: migration for migration in load()}
    for row in rows:
        migration = known.pop(row["version"], None)
        if migration is None:
            raise SchemaMismatch(
                f"the database has migration {row['version']} ({row['name']}), which is newer than this program"
            )
        if migration.digest != row["sha256"]:
            raise SchemaMismatch(
                f"migration {migration.version} ({migration.name}) was changed after it was applied"
            )
    return list(known.values())
