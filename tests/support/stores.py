"""Real stores for tests: started once per session, a fresh database for each test."""

from __future__ import annotations

import hashlib
import inspect
import itertools
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import pytest
import redis

from asynctask_standalone.stores.postgres import EmbeddedPostgres
from asynctask_standalone.stores.redis import EmbeddedRedis
from tests.support.apart import run_apart
from tests.support.lent_stores import LentServer, lent_servers
from tests.support.redis_topologies import RedisClusterNodes

PACKAGED = "packaged"
OLDEST = "oldest"
VERSIONS = [PACKAGED, pytest.param(OLDEST, marks=pytest.mark.oldstores)]
"""For parametrised fixtures: the embedded version, and the oldest supported one, which CI installs from Debian."""

# Tests that need durability kill a server of their own; the shared one only has to be quick.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}


class Stores:
    """The session's servers, each started when first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        lent = lent_servers()
        self._postgres: dict[str, EmbeddedPostgres | LentServer] = {}
        self._redis: dict[str, EmbeddedRedis | LentServer] = {}
        self._clusters: dict[str, RedisClusterNodes] = {}
        self._templates: set[str] = set()
        if lent:
            self._postgres[PACKAGED], self._redis[PACKAGED] = lent["postgres"], lent["redis"]
        self._numbers = itertools.count(1)

    def postgres(self, version: str = PACKAGED) -> EmbeddedPostgres | LentServer:
        """Give the shared Postgres of a version; skips the test when it is not installed."""
        if version not in self._postgres:
            programs = oldest_postgres() if version == OLDEST else None
            server = EmbeddedPostgres(
                self._folder / f"postgres-{version}", programs=programs, settings=FORGETFUL
            )
            run_apart(server.start())
            self._postgres[version] = server
        return self._postgres[version]

    def postgres_with_template(self) -> EmbeddedPostgres | LentServer:
        """Give the shared Postgres with the database of which fresh ones are copies."""
        self._template(PACKAGED)
        return self.postgres()

    def redis(self, version: str = PACKAGED) -> EmbeddedRedis | LentServer:
        """Give the shared Redis of a version, emptied; skips the test when it is not installed."""
        if version not in self._redis:
            program = oldest_redis() if version == OLDEST else None
            server = EmbeddedRedis(
                self._folder / f"redis-{version}", program=program, settings={"appendonly": "no"}
            )
            run_apart(server.start())
            self._redis[version] = server
        server = self._redis[version]
        with redis.Redis.from_url(server.url) as client:
            client.flushall()
        return server

    def redis_cluster(self, version: str = PACKAGED) -> RedisClusterNodes:
        """Give the shared three-node cluster of a version, emptied; skips the test when it is not installed."""
        if version not in self._clusters:
            program = oldest_redis() if version == OLDEST else None
            cluster = RedisClusterNodes(self._folder / f"redis-cluster-{version}", program)
            self._clusters[version] = cluster
            run_apart(cluster.start())
        run_apart(self._clusters[version].flush())
        return self._clusters[version]

    @contextmanager
    def database(self, version: str = PACKAGED, *, migrated: bool = True) -> Iterator[str]:
        """Give the URL of a fresh database, with the registry's schema or empty; it is dropped afterwards."""
        server = self.postgres(version)
        template = self._template(version) if migrated else "template1"
        name = f"test_{os.getpid()}_{next(self._numbers)}"
        run_apart(execute(server.url, f"CREATE DATABASE {name} TEMPLATE {template}"))
        try:
            yield server.url_of(name)
        finally:
            run_apart(execute(server.url, f"DROP DATABASE {name} WITH (FORCE)"))

    def stop(self) -> None:
        """Stop them all."""
        for server in (*self._postgres.values(), *self._redis.values(), *self._clusters.values()):
            run_apart(server.stop())

    def _template(self, version: str) -> str:
        # Named by what it was made of: a lent server may have that of other migrations, without a planted fault.
        name = f"migrated_{migrations_digest()}"
        if version not in self._templates:
            server = self.postgres(version)
            if not run_apart(has_database(server.url, name)):
                run_apart(execute(server.url, f"CREATE DATABASE {name}"))
                run_apart(migrate(server.url_of(name)))
            self._templates.add(version)
        return name


async def execute(url: str, statement: str) -> None:
    """Run one statement over a connection of its own."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def has_database(url: str, name: str) -> bool:
    """Whether a server has this database."""
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name) is not None
    finally:
        await connection.close()


def migrations_digest() -> str:
    """What the registry's schema is made of, in a few digits."""
    from asynctask_registry.store import (
        migrate as registry_pb,  # a part under test, of no concern to the others
    )

    return hashlib.sha256("".join(one.source for one in registry_pb.load()).encode()).hexdigest()[:16]


async def migrate(url: str) -> None:
    """Make the registry's schema."""
    from asynctask_registry.store import (
        migrate as registry_pb,  # a part under test, of no concern to the others
    )

    outcome = registry_pb.migrate(url)
    if inspect.isawaitable(outcome):
        await outcome


def oldest_postgres() -> Path:
    """Give the programs of PostgreSQL 15; skips the test when they are not installed."""
    programs = Path("/usr/lib/postgresql/15/bin")
    if not (programs / "initdb").is_file():
        pytest.skip(
            "PostgreSQL 15, the oldest supported, is not installed (Debian 12: apt install postgresql-15)"
        )
    return programs


def oldest_redis() -> Path:
    """Give the program of Redis 7.0; skips the test when it is not installed."""
    for folder in os.get_exec_path():
        program = shutil.which("redis-server", path=folder)
        if program and "v=7.0." in _version(program):
            return Path(program)
    pytest.skip("Redis 7.0, the oldest supported, is not installed (Debian 12: apt install redis-server)")


def _version(program: str) -> str:
    return subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
