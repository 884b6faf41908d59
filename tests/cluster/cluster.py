"""A whole cluster of real processes, a steady load on it, and what must be true afterwards."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from asynctask import Client, TaskInfo, TaskState
from asynctask.errors import AsyncTaskError
from asynctask_core.ids import id_text
from asynctask_registry.store.migrate import migrate
from asynctask_standalone.stores.postgres import EmbeddedPostgres
from asynctask_standalone.stores.redis import EmbeddedRedis
from tests.support.processes import ChildProcess, Processes, ServiceProcess
from tests.support.replies import ReplyEater

LEASE_S = 6.0
"""Shorter than in production, so that minutes of faults fit into a test run."""
LONG_LEASE_S = 30.0
"""For faults that must cost no lease: longer than a process of a busy machine stands still."""
PATIENCE_S = 120.0
"""How long nothing at all may move: what takes long on a busy machine is no mistake, what stands still is."""


@dataclass(slots=True)
class Cluster:
    """Two registries, two schedulers, executors, and the stores below them."""

    postgres: EmbeddedPostgres
    redis: EmbeddedRedis | None
    registries: list[ServiceProcess]
    schedulers: list[ServiceProcess]
    executors: list[ChildProcess]
    eaters: list[ReplyEater]
    diary: Path
    processes: Processes

    @property
    def address(self) -> str:
        """Both schedulers, for clients."""
        return ",".join(scheduler.address for scheduler in self.schedulers)

    def executor(self, name: str, address: str = "") -> ChildProcess:
        """Prepare one more executor; not started."""
        executor = self.processes.python(
            name,
            "-m",
            "tests.cluster.workload",
            name,
            ASYNCTASK_ADDRESS=address or self.address,
            ASYNCTASK_TEST_DIARY=str(self.diary),
        )
        self.executors.append(executor)
        return executor

    async def rows(self, query: str, *arguments: object) -> Sequence[asyncpg.Record]:
        """Ask Postgres itself, past all services."""
        connection = await asyncpg.connect(self.postgres.url)
        try:
            return await connection.fetch(query, *arguments)
        finally:
            await connection.close()

    async def holder_of_a_long_task(self) -> ChildProcess:
        """An executor that runs a long task right now."""
        while True:
            rows = await self.rows(
                "SELECT executor_id FROM tasks WHERE task_status = 'running' AND task_type = 'long' LIMIT 1"
            )
            for row in rows:
                for executor in self.executors:
                    if executor.is_running and f"-{executor.pid}-" in row["executor_id"]:
                        return executor
            await asyncio.sleep(0.05)


@asynccontextmanager
async def a_cluster(
    folder: Path,
    processes: Processes,
    *,
    redis: EmbeddedRedis | None = None,
    redis_url: str = "",
    postgres_programs: Path | None = None,
    eat_replies_of_registries: bool = False,
    executors: int = 2,
    lease_s: float = LEASE_S,
) -> AsyncIterator[Cluster]:
    """Start everything; the schedulers may reach the registries through proxies that eat replies (`eaters`).

    Args:
        folder: for the stores and the diary.
        processes: for the services.
        redis: a running one, instead of the cluster's own.
        redis_url: of running servers that no test kills.
        postgres_programs: of another version than the packaged one.
        eat_replies_of_registries: put the proxies in between.
        executors: how many are started.
        lease_s: the schedulers' setting.
    """
    async with AsyncExitStack() as stack:
        postgres = EmbeddedPostgres(folder / "cluster-postgres", programs=postgres_programs)
        await postgres.start()
        stack.push_async_callback(postgres.stop)
        if redis is None and not redis_url:
            redis = EmbeddedRedis(folder / "cluster-redis")
            await redis.start()
            stack.push_async_callback(redis.stop)
        await migrate(postgres.url)
        registries = [processes.service("registry", POSTGRES_URL=postgres.url) for _ in range(2)]
        await asyncio.gather(*(registry.start() for registry in registries))
        addresses, eaters = [registry.address for registry in registries], list[ReplyEater]()
        if eat_replies_of_registries:
            eaters = [await stack.enter_async_context(ReplyEater(address)) for address in addresses]
            addresses = [eater.address for eater in eaters]
        schedulers = [
            processes.service(
                "scheduler",
                REDIS_URL=redis_url or (redis.url if redis else ""),
                REGISTRY_ADDRESS=",".join(addresses),
                LEASE=f"{lease_s:g}s",
            )
            for _ in range(2)
        ]
        await asyncio.gather(*(scheduler.start() for scheduler in schedulers))
        cluster = Cluster(postgres, redis, registries, schedulers, [], eaters, folder / "diary", processes)
        cluster.diary.touch()
        for number in range(executors):
            cluster.executor(f"executor-{number}").spawn()
        yield cluster
        # Frozen processes would not hear the end of their tests.
        for process in processes.all:
            process.clean_up()


class Load:
    """Submits short and long tasks steadily and remembers every one that was acknowledged."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.acknowledged: set[str] = set()
        self.refused: Counter[str] = Counter()
        self._stopped = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Load:
        self._task = asyncio.create_task(self._run())
        await self.until(20)
        return self

    async def __aexit__(self, *reason: object) -> None:
        await self.stop()

    async def until(self, count: int) -> None:
        """Wait until so many tasks are acknowledged in all."""

        async def are_acknowledged() -> bool:
            return len(self.acknowledged) >= count

        await _while_it_moves(are_acknowledged, lambda: len(self.acknowledged))

    async def more(self, count: int = 30) -> None:
        """Wait until so many more are acknowledged: the cluster takes work again."""
        await self.until(len(self.acknowledged) + count)

    async def stop(self) -> None:
        """Submit nothing more."""
        self._stopped.set()
        if self._task is not None:
            await self._task

    async def _run(self) -> None:
        async with Client(self.cluster.address) as client, asyncio.TaskGroup() as group:
            number = 0
            while not self._stopped.is_set():
                number += 1
                group.create_task(self._submit(client, "long" if number % 5 == 0 else "short"))
                await asyncio.sleep(0.04)

    async def _submit(self, client: Client, task_type: str) -> None:
        try:
            self.acknowledged.add(await client.submit(task_type, {"items": 6, "pause_s": 0.1}, timeout=60))
        except AsyncTaskError as error:
            self.refused[error.reason] += 1


async def all_end_once(cluster: Cluster, acknowledged: set[str], *, frozen: str = "") -> None:
    """Laws 1 to 3: every acknowledged task completes, once, and nothing acknowledged was done again.

    A host that is frozen between a handler's look at its lease and what it does next does that when it wakes, and
    nothing can stop it; `ctx.fencing_token` is there for storage that must not be written then. `frozen` is a pattern
    of its executor id: its lost attempts may have begun one thing late between them, for one event loop does one thing
    at a time.
    """
    await _all_are_final(cluster, acknowledged)
    await _history_holds(cluster, acknowledged)
    rows = await cluster.rows(
        "SELECT task_id, lease_epoch FROM task_execution_history "
        "WHERE execution_result = 'lost' AND executor_id LIKE $1",
        frozen,
    )
    _nothing_was_done_again(cluster.diary, {(str(row["task_id"]), row["lease_epoch"]) for row in rows})


async def _while_it_moves(holds: Callable[[], Awaitable[bool]], position: Callable[[], int]) -> None:
    """Wait until `holds`, for as long as `position` changes at least every `PATIENCE_S`."""
    last, since = position(), time.monotonic()
    while not await holds():
        if position() != last:
            last, since = position(), time.monotonic()
        assert time.monotonic() - since < PATIENCE_S, f"nothing moved for {PATIENCE_S} s at {last}"
        await asyncio.sleep(0.1)


async def _all_are_final(cluster: Cluster, acknowledged: set[str]) -> None:
    still_open = 0

    async def are_final() -> bool:
        nonlocal still_open
        states = "('pending', 'queued', 'running')"
        still_open = len(await cluster.rows(f"SELECT 1 FROM tasks WHERE task_status IN {states}"))
        return still_open == 0

    with contextlib.suppress(AssertionError):  # which ones did not end is told below
        await _while_it_moves(are_final, lambda: still_open)
    rows = await cluster.rows(
        "SELECT task_id, task_status, task_type, failure, executor_id, ready_at, due_at FROM tasks"
    )
    states = {str(row["task_id"]): row["task_status"] for row in rows}
    lost = acknowledged - states.keys()
    assert not lost, f"{len(lost)} acknowledged tasks do not exist"
    unfinished = [dict(row) for row in rows if row["task_status"] != "completed"]
    assert not unfinished, f"{len(unfinished)} of {len(rows)} tasks did not complete: {unfinished[:5]}"
    async with Client(cluster.address) as client:
        for task_id in random.Random(1).sample(sorted(acknowledged), min(5, len(acknowledged))):
            task: TaskInfo = await client.get(task_id)
            assert task.state is TaskState.COMPLETED


async def _history_holds(cluster: Cluster, acknowledged: set[str]) -> None:
    successes = await cluster.rows(
        "SELECT task_id, count(*) AS n FROM task_execution_history WHERE execution_result = 'success' GROUP BY 1"
    )
    counts = {str(row["task_id"]): row["n"] for row in successes}
    assert all(counts.get(task_id) == 1 for task_id in acknowledged), "a task ended more or less than once"
    running = await cluster.rows("SELECT history_id FROM task_execution_history WHERE end_time IS NULL")
    assert not running, f"{len(running)} attempts never ended"
    overlapping = await cluster.rows(
        """
        SELECT a.task_id FROM task_execution_history a JOIN task_execution_history b USING (task_id)
        WHERE a.lease_epoch < b.lease_epoch AND a.end_time > b.start_time
        """
    )
    assert not overlapping, (
        f"two attempts of one task ran at once: {id_text(overlapping[0]['task_id'].bytes)}"
    )


def _nothing_was_done_again(diary: Path, frozen: set[tuple[str, int]]) -> None:
    kept: dict[tuple[str, str], int] = {}
    began_processing: dict[str, int] = {}
    again: list[str] = []
    late: list[str] = []
    for line in diary.read_text().splitlines():
        task_id, attempt, act, position = line.split(" ")
        found = late if (task_id, int(attempt)) in frozen else again
        if act == "kept":
            kept[task_id, position] = int(attempt)
        elif act == "begun" and (task_id, position) in kept:
            before = kept[task_id, position]
            found.append(f"item {position} of {task_id}, kept by attempt {before}, begun again by {attempt}")
        elif act == "processing":
            began_processing.setdefault(task_id, int(attempt))
        elif act == "collected" and task_id in began_processing:
            found.append(f"stage 1 of {task_id} ran again after stage 2 had begun")
    assert not again, again
    assert len(late) <= 1, f"a frozen host began more than what it was about to begin: {late}"
