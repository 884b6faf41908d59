"""Tasks that have ended, by COPY in chunks: with their attempts, what lists find them by, and what counts must hear."""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from asynctask_core.error_fingerprint import error_fingerprint
from asynctask_protos.task.v1.task_pb2 import Failure
from asynctask_registry.ledger.failures import failure_json
from asynctask_registry.ledger.terms import TermKind
from benchmarks.large.kinds import FAILURES, HOSTS, KINDS, TEAMS, SeededKind

CHUNK = 20_000
SPAN = timedelta(hours=23)
"""Tasks are spread over so long until now: the registry has partitions from yesterday on."""
SHARES = {"completed": 92, "failed": 5, "cancelled": 3}
LABELLED = 0.3
TASKS = [
    *("task_id", "submit_time", "ready_at", "start_time", "end_time"),
    *("attempt_id", "lease_epoch", "last_event", "attempt_count", "error_count"),
    *(
        "priority",
        "task_status",
        "task_type",
        "queue",
        "task_config",
        "result",
        "failure",
        "labels",
        "version",
    ),
]
ATTEMPTS = [
    *("history_id", "task_id", "start_time", "end_time"),
    *("lease_epoch", "run", "executor_id", "execution_result", "failure"),
]
TERMS = ["task_id", "kind", "term"]
MOVES = (Path(__file__).parent / "moves.sql").read_text("utf-8")
TRACEBACK = 'Traceback (most recent call last):\n  File "handlers.py", line 42, in run\n    copy(source)\n'


@dataclass(slots=True)
class EndedTasks:
    """What was written: tasks by state, the fingerprints of errors, and one task of each state."""

    states: Counter[str] = field(default_factory=Counter[str])
    fingerprints: Counter[str] = field(default_factory=Counter[str])
    samples: dict[str, str] = field(default_factory=dict[str, str])


async def write_ended(database: asyncpg.Connection, count: int) -> EndedTasks:
    """Write `count` tasks, oldest first."""
    written = EndedTasks()
    dice = random.Random(8)  # the same tasks each time, but for their ids and times
    start = datetime.now(UTC) - SPAN
    times = (start + SPAN * number / count for number in range(count))
    for begin in range(0, count, CHUNK):
        chunk, size = _Chunk(dice, written), min(CHUNK, count - begin)
        kinds = dice.choices(KINDS, [kind.share for kind in KINDS], k=size)
        states = dice.choices(list(SHARES), list(SHARES.values()), k=size)
        for kind, state in zip(kinds, states, strict=True):
            chunk.add(kind, state, next(times))
        async with database.transaction():
            await database.copy_records_to_table("tasks", records=chunk.tasks, columns=TASKS)
            await database.copy_records_to_table(
                "task_execution_history", records=chunk.attempts, columns=ATTEMPTS
            )
            await database.copy_records_to_table("task_terms", records=chunk.terms, columns=TERMS)
            await database.execute(MOVES, [row[0] for row in chunk.tasks])
    return written


def id_at(moment: datetime) -> UUID:
    """A UUIDv7 of this time."""
    random_bits = int.from_bytes(os.urandom(10), "big")
    return UUID(
        int=int(moment.timestamp() * 1000) << 80
        | 0x7 << 76
        | (random_bits >> 68) << 64
        | 0x2 << 62
        | random_bits & ((1 << 62) - 1)
    )


class _Chunk:
    """Rows of one transaction."""

    def __init__(self, dice: random.Random, written: EndedTasks) -> None:
        self.tasks: list[tuple[Any, ...]] = []
        self.attempts: list[tuple[Any, ...]] = []
        self.terms: list[tuple[Any, ...]] = []
        self._dice = dice
        self._written = written

    def add(self, kind: SeededKind, state: str, submit_time: datetime) -> None:
        """Add a task that has ended."""
        dice, task_id = self._dice, id_at(submit_time)
        started, ended = _times(kind, submit_time, dice)
        has_run = state != "cancelled"
        attempt_id = id_at(started) if has_run else None
        failure = _failure(kind, dice) if state == "failed" else None
        failed = failure_json(failure) if failure else None
        labels = (
            {"host": dice.choice(HOSTS), "team": dice.choice(TEAMS)} if dice.random() < LABELLED else None
        )
        self.tasks.append(
            (
                *(task_id, submit_time, submit_time, started if has_run else None, ended),
                *(attempt_id, int(has_run), int(has_run), int(has_run), int(failure is not None)),
                *(dice.choice((2, 3, 3, 3, 4)), state, kind.name, kind.queue),
                json.dumps({"source": f"/volume1/share-{dice.randrange(500)}"}),
                json.dumps({"files": dice.randrange(10_000)}) if state == "completed" else None,
                *(failed, json.dumps(labels) if labels else None, 3 if has_run else 2),
            )
        )
        if has_run:
            result = "success" if state == "completed" else "failed"
            executor = f"{dice.choice(HOSTS)}-{dice.randrange(300, 9_000)}"
            self.attempts.append((attempt_id, task_id, started, ended, 1, 1, executor, result, failed))
        if failure:
            fingerprint = error_fingerprint(kind.name, failure)
            self.terms.append((task_id, TermKind.ERROR.value, fingerprint))
            self._written.fingerprints[fingerprint] += 1
        self._written.states[state] += 1
        self._written.samples[state] = str(task_id)


def _times(kind: SeededKind, submit_time: datetime, dice: random.Random) -> tuple[datetime, datetime]:
    """When it started and ended: never in the future, so what was submitted a moment ago was short."""
    most = (datetime.now(UTC) - submit_time).total_seconds() / 2
    started = submit_time + timedelta(seconds=min(most, dice.expovariate(2)))
    return started, started + timedelta(seconds=min(most, kind.seconds * dice.lognormvariate(0, 0.5)))


def _failure(kind: SeededKind, dice: random.Random) -> Failure:
    reason, error_type, message = dice.choice(FAILURES)
    said = message.format(
        number=dice.randrange(10**6), small=dice.randrange(256), letter=dice.choice("abcdef")
    )
    traceback = f"{TRACEBACK}{error_type}: {said}\n" if error_type else ""
    return Failure(
        reason=reason, error_type=error_type, message=said, traceback=traceback, stage=kind.stages[-1]
    )
