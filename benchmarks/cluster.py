"""The cluster that is measured: embedded stores that sync as in production, one process per service, two executors."""

from __future__ import annotations

import asyncio
import json
import os
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg

import asynctask
from asynctask_standalone.stores.postgres import EmbeddedPostgres
from asynctask_standalone.stores.redis import EmbeddedRedis
from benchmarks.probes import Listener
from benchmarks.processes import ProgramFailed, output, program, python, stop, tail
from benchmarks.usage import Usage, usage
from benchmarks.waiting import until

READY_WITHIN_S = 60
EXECUTORS = 2
SLOTS = 1_000
"""Tasks at once in one executor: the scheduler hands out no-op tasks in hundreds."""


@dataclass(slots=True)
class Cluster:
    """A running cluster, the connections that measure it, and the processes behind each part."""

    folder: Path
    address: str
    postgres_url: str
    redis_url: str
    client: asynctask.Client
    database: asyncpg.Connection
    services: dict[str, list[int]]
    listener: Listener = field(default_factory=Listener)
    profile: str = ""
    """The part whose stacks are sampled while a window is open."""
    _executors: dict[Process, AsyncExitStack] = field(default_factory=dict[Process, AsyncExitStack])

    @property
    def executors(self) -> list[Process]:
        """Executor processes that run."""
        return [process for process in self._executors if process.returncode is None]

    def parts(self) -> dict[str, list[int]]:
        """The processes of every part; each counts with its children."""
        return {**self.services, "executors": [process.pid for process in self._executors]}

    def usage(self) -> Usage:
        """Processor time of every part until now; `client` is this process without its children."""
        return usage(self.parts(), alone={"client": os.getpid()})

    async def start_executors(self, count: int = EXECUTORS, *, slots: int = SLOTS) -> None:
        """Start executors until there are `count`, and wait until all are connected."""
        while len(self.executors) < count:
            await self._start_executor(slots)

        async def connected() -> bool:
            return sum(executor.connected for executor in await self.client.executors()) >= count

        await until(connected, seconds=READY_WITHIN_S)

    async def stop_executors(self) -> None:
        """Let them drain and wait until they are gone."""
        processes = dict(self._executors)
        await asyncio.gather(*[stop(process) for process in processes])
        self._executors.clear()
        for stack in processes.values():
            await stack.aclose()

    @asynccontextmanager
    async def gateway(self) -> AsyncIterator[str]:
        """A gateway until the end of the block; its address. All other figures are of a cluster without one."""
        own = {
            "ASYNCTASK_GATEWAY_ADDRESS": "127.0.0.1:0",
            "ASYNCTASK_GATEWAY_SCHEDULER_ADDRESS": self.address,
        }
        async with _service("gateway", self.folder, own) as (process, address):
            self.services["gateway"] = [process.pid]
            try:
                yield address
            finally:
                del self.services["gateway"]

    async def depth(self) -> int:
        """Ready tasks in the queue of the benchmark's types."""
        return sum(queue.depth for queue in await self.client.queues())

    async def empty(self, seconds: float = 120) -> None:
        """Wait until nothing is queued and nothing runs."""

        async def done() -> bool:
            return not any(queue.depth or queue.running for queue in await self.client.queues())

        await until(done, every=0.1, seconds=seconds)

    async def _start_executor(self, slots: int) -> None:
        stack = AsyncExitStack()
        log = self.folder / "executor.log"
        command = python("benchmarks.executor", str(slots))
        process = await stack.enter_async_context(
            program(command, log, settings={"ASYNCTASK_ADDRESS": self.address})
        )
        listening = asyncio.create_task(self.listener.listen(process))
        stack.callback(listening.cancel)
        self._executors[process] = stack


@asynccontextmanager
async def running(folder: Path, *, profile: str = "") -> AsyncIterator[Cluster]:
    """Start a cluster in `folder` without executors; everything is stopped at the end of the block."""
    async with AsyncExitStack() as stack:
        postgres = await start_postgres(stack, folder)
        redis = EmbeddedRedis(folder / "redis")
        await redis.start()
        stack.push_async_callback(redis.stop)
        registry, registry_address = await start_registry(stack, folder, postgres.url)
        own = {
            "ASYNCTASK_SCHEDULER_ADDRESS": "127.0.0.1:0",
            "ASYNCTASK_SCHEDULER_REDIS_URL": redis.url,
            "ASYNCTASK_SCHEDULER_REGISTRY_ADDRESS": registry_address,
        }
        scheduler, address = await stack.enter_async_context(_service("scheduler", folder, own))

        database = await asyncpg.connect(postgres.url)
        stack.push_async_callback(database.close)
        client = await stack.enter_async_context(asynctask.Client(address))
        services = {
            "registry": [registry.pid],
            "scheduler": [scheduler.pid],
            "postgres": [postgres.pid],
            "redis": [redis.pid],
        }
        cluster = Cluster(
            folder, address, postgres.url, redis.url, client, database, services, profile=profile
        )
        stack.push_async_callback(cluster.stop_executors)
        yield cluster


async def start_postgres(stack: AsyncExitStack, folder: Path) -> EmbeddedPostgres:
    """A Postgres that syncs every commit; stopped with `stack`."""
    postgres = EmbeddedPostgres(folder / "postgres")
    await postgres.start()
    stack.push_async_callback(postgres.stop)
    return postgres


async def start_registry(stack: AsyncExitStack, folder: Path, postgres_url: str) -> tuple[Process, str]:
    """A registry on a fresh schema, and its address; stopped with `stack`."""
    settings = {"ASYNCTASK_REGISTRY_ADDRESS": "127.0.0.1:0", "ASYNCTASK_REGISTRY_POSTGRES_URL": postgres_url}
    await output(
        python("asynctask_registry", "migrate"), folder / "registry.log", settings=settings, seconds=60
    )
    return await stack.enter_async_context(_service("registry", folder, settings))


@asynccontextmanager
async def _service(
    name: str, folder: Path, settings: Mapping[str, str]
) -> AsyncIterator[tuple[Process, str]]:
    log = folder / f"{name}.log"
    command = python(f"asynctask_{name}", "--stop-with-parent")
    async with program(command, log, settings=settings) as process:
        try:
            async with asyncio.timeout(READY_WITHIN_S):
                ready = await _ready_line(process)
        except TimeoutError:
            raise ProgramFailed(f"{name} was not ready within {READY_WITHIN_S} s; {tail(log)}") from None
        if ready is None:
            raise ProgramFailed(f"{name} ended before it was ready; {tail(log)}")
        rest = asyncio.create_task(_read_on(process))
        try:
            yield process, str(ready["address"])
        finally:
            rest.cancel()


async def _ready_line(process: Process) -> dict[str, Any] | None:
    assert process.stdout
    async for line in process.stdout:
        if line.startswith(b'{"ready"'):
            return json.loads(line)
    return None


async def _read_on(process: Process) -> None:
    """Keep the pipe empty, so that the service never blocks on a full pipe."""
    assert process.stdout
    while await process.stdout.read(1 << 16):
        pass
