"""Clusters that a console looks at: services and executors as processes of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from asynctask import Client
from tests.support.conditions import eventually
from tests.support.processes import ChildProcess, Processes, ServiceProcess

NAS = ("-m", "asynctask_standalone", "executor", "asynctask_nas:backup_file", "--slots", "1", "--grace", "2s")


@dataclass(slots=True)
class BareCluster:
    """Registry, scheduler and gateway, and the executors that a test starts."""

    processes: Processes
    registry: ServiceProcess
    scheduler: ServiceProcess
    gateway: ServiceProcess
    client: Client

    @property
    def url(self) -> str:
        return f"http://{self.gateway.address}{self.gateway.env.get('ASYNCTASK_GATEWAY_BASE_PATH', '')}"

    async def start_executor(self, name: str, *arguments: str, runs: str) -> ChildProcess:
        """Start a Python program that is an executor, and wait until it serves the type `runs`."""
        before = {one.executor_id for one in await self.client.executors()}
        executor = self.processes.python(name, *arguments, ASYNCTASK_ADDRESS=self.scheduler.address)
        executor.spawn()

        async def serves() -> bool:
            known = await self.client.executors()
            return any(runs in one.task_types for one in known if one.executor_id not in before)

        await eventually(serves)
        return executor

    async def start_backups(self, name: str) -> ChildProcess:
        """Start an executor that runs one backup at a time."""
        options = ("--name", name, "--address", self.scheduler.address)
        return await self.start_executor(name, *NAS, *options, runs="backup_file")


@dataclass(slots=True)
class Gate:
    """The file that says how many steps tasks of the type `gated` may do."""

    allowed: Path

    def allow(self, steps: int) -> None:
        """Let tasks go on to this step. The file is replaced, so that nobody reads half a number."""
        new = self.allowed.with_suffix(".new")
        new.write_text(str(steps))
        new.rename(self.allowed)


@dataclass(slots=True)
class ConsoleCluster(BareCluster):
    """A cluster with an executor of the type `gated`."""

    executor: ChildProcess
    gate: Gate

    def allow(self, steps: int) -> None:
        """See `Gate`."""
        self.gate.allow(steps)


@asynccontextmanager
async def bare_cluster(
    processes: Processes, postgres_url: str, redis_url: str, *, lease: str = "60s", **gateway: str
) -> AsyncIterator[BareCluster]:
    """Start the services, and end them at the end; executors are the test's. `gateway` are its settings."""
    registry = processes.service("registry", POSTGRES_URL=postgres_url)
    await registry.start()
    scheduler = processes.service(
        "scheduler", REDIS_URL=redis_url, REGISTRY_ADDRESS=registry.address, LEASE=lease
    )
    await scheduler.start()
    served = processes.service("gateway", SCHEDULER_ADDRESS=scheduler.address, **gateway)
    await served.start()
    async with Client(scheduler.address) as client:
        yield BareCluster(processes, registry, scheduler, served, client)
    for one in reversed(processes.all):
        if one.is_running:
            await one.stop()
