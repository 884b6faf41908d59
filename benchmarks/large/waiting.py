"""Tasks that wait: queued, pending until tomorrow, and paused; submitted as users do, so Redis has them too."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import asynctask
from benchmarks.large.kinds import HOSTS, Source, task_types

BATCH = 500
CALLERS = 4
COMMANDS = 64


async def submit_waiting(
    client: asynctask.Client, *, queued: int, pending: int, paused: int
) -> dict[str, str]:
    """Submit them, of types that no executor serves; gives a task of each state."""
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    ready = await submit(client, task_types(served=False), queued + paused)
    later = await submit(client, task_types(served=False), pending, start_time=tomorrow)
    commands = iter(ready[:paused])

    async def pause() -> None:
        for task_id in commands:
            await client.pause(task_id)

    await asyncio.gather(*[pause() for _ in range(COMMANDS)])
    samples = {"queued": ready[paused:], "pending": later, "paused": ready[:paused]}
    return {state: ids[-1] for state, ids in samples.items() if ids}


async def submit(
    client: asynctask.Client,
    types: Iterable[asynctask.TaskType],
    count: int,
    *,
    start_time: datetime | None = None,
    report_every_s: float = 30,
) -> list[str]:
    """Submit `count` tasks of these types by turns; gives their ids.

    Raises:
        asynctask.AsyncTaskError: one was refused.
    """
    kinds, hosts = itertools.cycle(types), itertools.cycle(HOSTS)
    all_of_them = [
        asynctask.Submission(
            next(kinds),
            Source(f"/volume1/share-{number % 500}", report_every_s),
            start_time=start_time,
            labels={"host": next(hosts)} if number % 3 == 0 else None,
        )
        for number in range(count)
    ]
    batches = iter([all_of_them[start : start + BATCH] for start in range(0, count, BATCH)])
    ids: list[str] = []

    async def caller() -> None:
        for batch in batches:
            for answer in await client.submit_many(batch):
                if not isinstance(answer, str):
                    raise answer
                ids.append(answer)

    await asyncio.gather(*[caller() for _ in range(CALLERS)])
    return ids
