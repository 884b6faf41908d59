"""One completed task with a long log and a long manifest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from benchmarks.large.ended import ATTEMPTS, MOVES, TASKS, id_at
from benchmarks.large.kinds import KINDS, SeededKind

CHUNK = 50_000
TOOK = timedelta(hours=2)
MANIFEST = "files"
LOGS = ["task_id", "attempt_id", "sequence", "time", "level", "stage", "logger", "message"]
ITEMS = ["task_id", "manifest", "generation", "position", "key", "size", "item_status", "error"]
DEBUG, INFO, WARNING, ERROR = 10, 20, 30, 40


async def write_longest(database: asyncpg.Connection, *, lines: int, items: int) -> str:
    """Write the task; gives its id."""
    kind = KINDS[0]
    start = datetime.now(UTC) - TOOK
    task_id, attempt_id = id_at(start), id_at(start)
    await _write_task(database, kind, task_id, attempt_id, start)
    for chunk in _chunks(lines):
        rows = (_line(kind, task_id, attempt_id, number, start + TOOK * number / lines) for number in chunk)
        await database.copy_records_to_table("task_logs", records=rows, columns=LOGS)
    counts: Counter[str] = Counter()
    for chunk in _chunks(items):
        rows = [_item(task_id, number) for number in chunk]
        await database.copy_records_to_table("task_manifest_items", records=rows, columns=ITEMS)
        for *_, size, state, _ in rows:
            counts[f"{state}_items"] += 1
            counts[f"{state}_size"] += size
    await database.execute(
        "INSERT INTO task_manifests (task_id, manifest, sealed, done_items, done_size, failed_items, failed_size, "
        "skipped_items, skipped_size) VALUES ($1, $2, true, $3, $4, $5, $6, $7, $8)",
        *(task_id, MANIFEST, counts["done_items"], counts["done_size"], counts["failed_items"]),
        *(counts["failed_size"], counts["skipped_items"], counts["skipped_size"]),
    )
    return str(task_id)


async def _write_task(
    database: asyncpg.Connection, kind: SeededKind, task_id: UUID, attempt_id: UUID, start: datetime
) -> None:
    end = start + TOOK
    task = (
        *(task_id, start, start, start, end, attempt_id, 1, 1, 1, 0, 3, "completed", kind.name, kind.queue),
        *('{"source": "/volume1/photos"}', '{"files": 1000000}', None, '{"host": "nas-01"}', 3),
    )
    attempt = (attempt_id, task_id, start, end, 1, 1, "nas-01-4711", "success", None)
    async with database.transaction():
        await database.copy_records_to_table("tasks", records=[task], columns=TASKS)
        await database.copy_records_to_table("task_execution_history", records=[attempt], columns=ATTEMPTS)
        await database.execute(MOVES, [task_id])


def _chunks(count: int) -> Iterator[range]:
    for start in range(0, count, CHUNK):
        yield range(start, min(count, start + CHUNK))


def _line(kind: SeededKind, task_id: UUID, attempt_id: UUID, number: int, time: datetime) -> tuple[Any, ...]:
    level = ERROR if number % 5_000 == 7 else WARNING if number % 500 == 3 else DEBUG if number % 3 else INFO
    stage = kind.stages[min(len(kind.stages) - 1, number * len(kind.stages) // 1_000_000)]
    message = f"copied /volume1/photos/{number // 1_000:05}/{number % 1_000:03}.jpg in {number % 97} ms"
    return (task_id, attempt_id, number + 1, time, level, stage, "backup", message)


def _item(task_id: UUID, number: int) -> tuple[Any, ...]:
    state = "failed" if number % 1_000 == 5 else "skipped" if number % 200 == 9 else "done"
    error = f"[Errno 13] Permission denied: '{number:07}.jpg'" if state == "failed" else ""
    key = f"{number // 1_000:05}/{number % 1_000:03}.jpg".encode()
    return (task_id, MANIFEST, 1, number, key, 1_000 + number * 7919 % 5_000_000, state, error)
