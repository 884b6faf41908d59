"""Registries, schedulers, executors and clients of the last version work with those of this one, in every mixture."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest

from tests.support.conditions import eventually
from tests.support.former_version import former_python_path
from tests.support.processes import ChildProcess, Processes

FORMER, NEW = "former", "new"
Of = Callable[[ChildProcess, str], ChildProcess]


@pytest.fixture(scope="module")
def former(tmp_path_factory: pytest.TempPathFactory) -> str:
    return former_python_path(tmp_path_factory.mktemp("former") / "sources")


@pytest.fixture
def of(former: str) -> Of:
    """Makes a program one of a version."""

    def of_version(process: ChildProcess, version: str) -> ChildProcess:
        if version == FORMER:
            process.env["PYTHONPATH"] = former
        return process

    return of_version


class Mixture:
    """A cluster of which each part is of some version."""

    def __init__(self, processes: Processes, of: Of, postgres_url: str, redis_url: str, folder: Path) -> None:
        self.processes = processes
        self.of = of
        self.postgres_url = postgres_url
        self.redis_url = redis_url
        self.diary = folder / "diary"

    async def registry(self, version: str) -> str:
        """Start one; gives its address."""
        process = self.processes.service("registry", POSTGRES_URL=self.postgres_url)
        await self.of(process, version).start()
        return process.address

    async def scheduler(self, version: str, *registries: str) -> str:
        """Start one; gives its address."""
        process = self.processes.service(
            "scheduler", REDIS_URL=self.redis_url, REGISTRY_ADDRESS=",".join(registries)
        )
        await self.of(process, version).start()
        return process.address

    def executor(self, version: str, address: str) -> None:
        """Start one that takes the tasks of the queue that is called like its version."""
        name = f"executor-{version}-{len(self.processes.all)}"
        process = self.processes.python(
            name,
            "-m",
            "tests.cluster.workload",
            name,
            version,
            ASYNCTASK_ADDRESS=address,
            ASYNCTASK_TEST_DIARY=str(self.diary),
        )
        self.of(process, version).spawn()

    async def client(self, version: str, address: str, queue: str) -> None:
        """Run a client to its end, and look at what it found."""
        process = self.processes.python(
            f"client-{version}-{queue}-{len(self.processes.all)}",
            "-m",
            "tests.cluster.mixed_client",
            queue,
            ASYNCTASK_ADDRESS=address,
        )
        self.of(process, version).spawn()
        assert await process.wait(240) == 0, process.tail()
        found = json.loads(process.output().splitlines()[-1])
        assert ("/sources/" in found.pop("code")) == (version == FORMER), (
            "it runs the code of the other version"
        )
        assert found == {
            "short": ["completed"],
            "listed": 20,
            "failed": "failed",
            "attempts": 1,
            "events": ["created", "started", "stage_finished", "stage_finished", "completed"],
            "items": 3,
        }

    async def clients(self, address: str) -> None:
        """A client of each version for executors of each version, all at once."""
        async with asyncio.TaskGroup() as group:
            for version in (FORMER, NEW):
                for queue in (FORMER, NEW):
                    group.create_task(self.client(version, address, queue))


@pytest.mark.parametrize(
    ("registry", "scheduler"), [(FORMER, NEW), (NEW, FORMER), (FORMER, FORMER), (NEW, NEW)]
)
async def test_executors_and_clients_of_both_versions_work_with_services_of_either(
    processes: Processes,
    of: Of,
    empty_postgres_url: str,
    redis_url: str,
    tmp_path: Path,
    registry: str,
    scheduler: str,
) -> None:
    mixture = Mixture(processes, of, empty_postgres_url, redis_url, tmp_path)
    address = await mixture.scheduler(scheduler, await mixture.registry(registry))
    for version in (FORMER, NEW):
        mixture.executor(version, address)
    await mixture.clients(address)


async def test_replicas_of_both_versions_share_their_stores(
    processes: Processes, of: Of, empty_postgres_url: str, redis_url: str, tmp_path: Path
) -> None:
    """As in a rolling upgrade: the first registry of this version adds what the tables of the last one lack, while that
    one is at work.
    """
    mixture = Mixture(processes, of, empty_postgres_url, redis_url, tmp_path)
    registries = [await mixture.registry(version) for version in (FORMER, NEW)]
    schedulers = [
        await mixture.scheduler(version, *registries[::step]) for version, step in ((FORMER, 1), (NEW, -1))
    ]
    address = ",".join(schedulers)
    for version in (FORMER, NEW):
        mixture.executor(version, address)
    await mixture.clients(address)


async def test_what_a_former_registry_changes_gets_its_terms_from_one_of_today(
    processes: Processes, of: Of, empty_postgres_url: str, redis_url: str, tmp_path: Path
) -> None:
    """Fails when the failures and labels that it writes after the upgrade are found by no list and in no group."""
    mixture = Mixture(processes, of, empty_postgres_url, redis_url, tmp_path)
    former = await mixture.registry(FORMER)
    await mixture.registry(NEW)
    address = await mixture.scheduler(NEW, former)
    mixture.executor(NEW, address)
    await mixture.client(NEW, address, NEW)
    connection = await asyncpg.connect(empty_postgres_url)

    async def terms() -> list[tuple[str, str]]:
        rows = await connection.fetch(
            "SELECT e.kind, left(e.term, 16) AS term FROM tasks AS t JOIN task_terms AS e USING (task_id) "
            "WHERE t.task_status = 'failed' AND e.kind = 'error' OR t.labels ? 'more' AND e.kind = 'label'"
        )
        return sorted((row["kind"], re.sub("^[0-9a-f]{16}$", "fingerprint", row["term"])) for row in rows)

    async def are_all_there() -> bool:
        return await terms() == [("error", "fingerprint"), ("label", "labels=more")]

    try:
        await eventually(are_all_there, timeout=60)
    finally:
        await connection.close()
