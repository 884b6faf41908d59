"""Partitions, one per day, made in advance.

Tables keyed by a UUIDv7 are cut at the ids of midnight UTC, the others at midnight itself. There is no default
partition: Postgres would have to scan it at each attachment of a new one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import asyncpg

DAYS_AHEAD: Final = 14
DAYS_BEHIND: Final = 1
"""Just after midnight, ids may still be of the day before: they may be five minutes old when they arrive."""

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Partitioned:
    """A table cut by day; `storage` are the storage parameters of its partitions."""

    table: str
    by_id: bool = True
    storage: str = ""


# Rows of these are updated a few times soon after their insert: free space on the page holds the new versions.
_UPDATED: Final = "fillfactor = 60, autovacuum_vacuum_scale_factor = 0.1"

# Each item is written once and marked once: with space for both on its page, marking it does not touch the index.
_MARKED: Final = "fillfactor = 48, autovacuum_vacuum_scale_factor = 0.1"

PARTITIONED: Final = (
    Partitioned("tasks", storage=_UPDATED),
    Partitioned("task_execution_history", storage=_UPDATED),
    Partitioned("task_stages", storage=_UPDATED),
    Partitioned("task_manifests", storage=_UPDATED),
    Partitioned("task_manifest_items", storage=_MARKED),
    Partitioned("task_logs"),
    Partitioned("task_terms"),
    Partitioned("task_events", by_id=False),
)

# The advisory lock for all changes of the schema ("at", "sch").
SCHEMA_LOCK: Final = 0x6174_7363_68


async def ensure_partitions(connection: asyncpg.Connection, *, ahead: int = DAYS_AHEAD) -> int:
    """Make every missing partition from yesterday to `ahead` days from now; returns how many were made.

    A partition is made as a table of its own and then attached, which delays neither reads nor writes. Replicas may
    do this at once: an advisory lock makes them take turns.
    """
    made = 0
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", SCHEMA_LOCK)
        today = await connection.fetchval("SELECT (now() AT TIME ZONE 'UTC')::date")
        existing = {
            row["relname"]
            for row in await connection.fetch(
                "SELECT c.relname FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid "
                "JOIN pg_class AS p ON p.oid = i.inhparent WHERE p.relname = ANY ($1)",
                [partitioned.table for partitioned in PARTITIONED],
            )
        }
        first = datetime(today.year, today.month, today.day, tzinfo=UTC) - _DAY * DAYS_BEHIND
        commands: list[str] = []
        for partitioned in PARTITIONED:
            for number in range(DAYS_BEHIND + ahead + 1):
                day = first + _DAY * number
                name = f"{partitioned.table}_{day:%Y%m%d}"
                if name not in existing:
                    commands += _commands(partitioned, name, day)
                    made += 1
        if commands:
            await connection.execute(";\n".join(commands))
    return made


def _commands(partitioned: Partitioned, name: str, day: datetime) -> list[str]:
    options = f" WITH ({partitioned.storage})" if partitioned.storage else ""
    low, high = _bound(partitioned, day), _bound(partitioned, day + _DAY)
    return [
        f"CREATE TABLE {name} (LIKE {partitioned.table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS){options}",
        f"ALTER TABLE {partitioned.table} ATTACH PARTITION {name} FOR VALUES FROM ('{low}') TO ('{high}')",
    ]


def _bound(partitioned: Partitioned, instant: datetime) -> str:
    if not partitioned.by_id:
        return instant.isoformat()
    digits = f"{int(instant.timestamp() * 1000):012x}"
    return f"{digits[:8]}-{digits[8:]}-0000-0000-000000000000"
