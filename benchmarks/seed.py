"""Puts queued tasks into Postgres by COPY, as if they had been submitted before.

Redis gets them in one of the usual ways: by a rebuild, or by applying standings.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import asyncpg

from asynctask_core.ids import new_id
from asynctask_protos.registry.v1.standing_pb2 import PLACE_READY, Standing
from asynctask_protos.task.v1.state_pb2 import TASK_STATE_QUEUED
from benchmarks.work import PAYLOAD, noop

CHUNK = 20_000
CONFIG = json.dumps({"payload": PAYLOAD})
PRIORITY = 3
QUEUE = "default"
COLUMNS = [
    *("task_id", "submit_time", "ready_at", "priority", "task_status", "task_type", "queue", "task_config"),
]


async def seed(database: asyncpg.Connection, count: int) -> list[Standing]:
    """Insert `count` queued no-op tasks; returns their standings, which the caller must apply to Redis."""
    standings: list[Standing] = []
    for start in range(0, count, CHUNK):
        chunk = list(_standings(min(CHUNK, count - start)))
        await database.copy_records_to_table("tasks", records=map(_row, chunk), columns=COLUMNS)
        standings += chunk
    return standings


def _standings(count: int) -> Iterator[Standing]:
    now_us = int(datetime.now(UTC).timestamp() * 1e6)
    for index in range(count):
        yield Standing(
            task_id=new_id(),
            version=1,
            place=PLACE_READY,
            state=TASK_STATE_QUEUED,
            queue=QUEUE,
            task_type=noop.name,
            priority=PRIORITY,
            ready_at_us=now_us + index,
        )


def _row(standing: Standing) -> tuple[object, ...]:
    time = datetime.fromtimestamp(standing.ready_at_us / 1e6, UTC)
    return (UUID(bytes=standing.task_id), time, time, PRIORITY, "queued", noop.name, QUEUE, CONFIG)
