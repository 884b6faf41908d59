"""The ratio to a reference program: a machine's speed changes from hour to hour, but a ratio within an hour less.

`ASYNCTASK_BENCH_FLOOR_COMMAND` is a shell command that prints JSON with `e2e_per_s` on its last line. It gets an empty
Postgres and an empty Redis, as the cluster has them, in FLOOR_POSTGRES_URL and FLOOR_REDIS_URL.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import AsyncExitStack
from pathlib import Path

from asynctask_standalone.stores.postgres import EmbeddedPostgres
from asynctask_standalone.stores.redis import EmbeddedRedis
from benchmarks.processes import ProgramFailed, output

COMMAND = "ASYNCTASK_BENCH_FLOOR_COMMAND"


async def floor_per_s(folder: Path) -> float | None:
    """Tasks per second of the reference program; None if there is none, or if it failed, after a message."""
    command = os.environ.get(COMMAND)
    if not command:
        return None
    async with AsyncExitStack() as stack:
        postgres, redis = EmbeddedPostgres(folder / "postgres"), EmbeddedRedis(folder / "redis")
        for store in (postgres, redis):
            await store.start()
            stack.push_async_callback(store.stop)
        stores = {"FLOOR_POSTGRES_URL": postgres.url, "FLOOR_REDIS_URL": redis.url}
        try:
            said = await output(["sh", "-c", command], folder / "floor.log", settings=stores, seconds=300)
        except ProgramFailed as failure:
            print(f"bench: no ratio to the reference program: {failure}", file=sys.stderr)
            return None
    return float(json.loads(said.strip().splitlines()[-1])["e2e_per_s"])
