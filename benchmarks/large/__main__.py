"""Fill a cluster that `./dev up --data DATA` runs with a large installation's data.

Prints what it wrote as JSON. Tasks that run do so until Ctrl-C.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
import time
from pathlib import Path
from typing import Any

import asyncpg

import asynctask
from asynctask_standalone.stores.postgres import EmbeddedPostgres
from asynctask_standalone.supervisor.folder import PORTS
from asynctask_standalone.supervisor.ports import PortBook
from benchmarks.large.ended import write_ended
from benchmarks.large.kinds import task_types
from benchmarks.large.longest import write_longest
from benchmarks.large.running import running_tasks
from benchmarks.large.waiting import submit_waiting
from benchmarks.waiting import until

WAITING_SHARES = {"queued": 0.01, "pending": 0.01, "paused": 0.001}
FOLDED_WITHIN_S = 900
UNFOLDED = "SELECT EXISTS (SELECT FROM task_moves)"
WRONG = """
SELECT count(*) FROM (
    SELECT task_type, task_status, count(*) AS tasks FROM tasks WHERE deleted_at IS NULL GROUP BY 1, 2
) AS t FULL JOIN (SELECT * FROM task_counts WHERE tasks <> 0) AS c USING (task_type, task_status)
WHERE t.tasks IS DISTINCT FROM c.tasks
"""
VACUUM = ("tasks", "task_execution_history", "task_terms", "task_logs", "task_manifest_items", "task_series")


def main() -> None:
    """Read the command line and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.large", description=__doc__)
    parser.add_argument("data", type=Path, metavar="DATA", help="the folder of `./dev up --data`")
    parser.add_argument("--address", default="127.0.0.1:7600", help="where its scheduler is (127.0.0.1:7600)")
    parser.add_argument("--tasks", type=int, default=1_000_000, help="tasks of all states (1000000)")
    parser.add_argument("--running", type=int, default=5_000, help="of these so many run (5000)")
    parser.add_argument("--lines", type=int, default=1_000_000, help="lines of one log (1000000)")
    parser.add_argument("--items", type=int, default=1_000_000, help="items of one manifest (1000000)")
    sys.exit(asyncio.run(_run(parser.parse_args())))


async def _run(arguments: argparse.Namespace) -> int:
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    data: Path = arguments.data.expanduser().absolute()
    if not (port := PortBook(data / PORTS).last("postgres")):
        raise SystemExit(
            f"large: {data} is not the folder of a cluster: start one with `./dev up --data {data}`"
        )
    database = await asyncpg.connect(EmbeddedPostgres(data / "postgres", port=port).url)
    async with asynctask.Client(arguments.address) as client:
        for kind in (*task_types(served=False), *task_types(served=True)):
            await client.register_task_type(kind)
        waiting = {state: round(arguments.tasks * share) for state, share in WAITING_SHARES.items()}
        ended = arguments.tasks - sum(waiting.values()) - arguments.running - 1
        log = data / "large-executors.log"
        with_logs = await _timed(
            "the long log and manifest",
            write_longest(database, lines=arguments.lines, items=arguments.items),
        )
        written = await _timed(f"{ended:,} ended tasks", write_ended(database, ended))
        samples = await _timed(f"{sum(waiting.values()):,} waiting tasks", submit_waiting(client, **waiting))
        async with running_tasks(client, arguments.address, arguments.running, log) as busy:
            await _timed("folding of counts", _settle(database))
            facts = {
                "states": {**written.states, **waiting, "running": arguments.running},
                "fingerprints": dict(written.fingerprints.most_common(20)),
                "samples": {**written.samples, **samples, **({"running": busy[0]} if busy else {})},
                "task_with_log_and_items": with_logs,
                "wrong_counts": await database.fetchval(WRONG),
            }
            print(json.dumps(facts, indent=2), flush=True)
            await database.close()
            if busy:
                print("large: tasks run until Ctrl-C", file=sys.stderr, flush=True)
                await stopped.wait()
    return 1 if facts["wrong_counts"] else 0


async def _settle(database: asyncpg.Connection) -> None:
    """Wait until counts and curves have heard of everything, and let Postgres learn what the tables hold now."""

    async def folded() -> bool:
        return not await database.fetchval(UNFOLDED)

    await until(folded, every=0.5, seconds=FOLDED_WITHIN_S)
    for table in VACUUM:
        await database.execute(f"VACUUM ANALYZE {table}")


async def _timed(what: str, work: Any) -> Any:
    begin = time.perf_counter()
    done = await work
    print(f"large: {what}: {time.perf_counter() - begin:.1f} s", file=sys.stderr, flush=True)
    return done


if __name__ == "__main__":
    main()
