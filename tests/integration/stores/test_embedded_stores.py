"""Embedded Postgres and Redis: life, death and owners."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
import redis.asyncio

from asynctask_standalone.stores.child import EmbeddedStore
from asynctask_standalone.stores.errors import StoreError
from asynctask_standalone.stores.postgres import EmbeddedPostgres
from asynctask_standalone.stores.processes import command_line
from asynctask_standalone.stores.redis import EmbeddedRedis
from tests.support.conditions import eventually
from tests.support.ports import reserve_port
from tests.support.stores import VERSIONS, Stores


async def add_row(store: EmbeddedStore) -> int:
    """Add a row or element; gives how many there are."""
    if isinstance(store, EmbeddedPostgres):
        connection = await asyncpg.connect(store.url)
        try:
            await connection.execute("CREATE TABLE IF NOT EXISTS kept (item int)")
            await connection.execute("INSERT INTO kept VALUES (1)")
            return await connection.fetchval("SELECT count(*) FROM kept")
        finally:
            await connection.close()
    async with redis.asyncio.from_url(store.url) as client:
        count = await client.rpush("kept", 1)
        # appendfsync everysec may lose a second's worth; this waits until it is on the disk.
        await client.execute_command("WAITAOF", 1, 0, 5000)
        return count


@pytest.fixture(params=[EmbeddedPostgres, EmbeddedRedis], ids=["postgres", "redis"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[EmbeddedStore]:
    store = request.param(tmp_path / "a folder")
    yield store
    await store.stop()


async def test_it_starts_in_an_empty_folder_on_a_free_port_and_keeps_its_data(store: EmbeddedStore):
    await store.start()
    assert await add_row(store) == 1
    await store.stop()
    await store.start()
    assert await add_row(store) == 2


async def test_two_run_side_by_side(store: EmbeddedStore, tmp_path: Path):
    await store.start()
    other = type(store)(tmp_path / "another")
    try:
        await other.start()
        assert other.port != store.port
        assert await add_row(other) == 1
        assert await add_row(store) == 1
    finally:
        await other.stop()


async def test_after_kill_9_of_the_server_it_starts_again_on_its_port_with_every_commit(store: EmbeddedStore):
    url = await store.start()
    for count in (1, 2, 3):
        assert await add_row(store) == count
        await store.kill()
        assert await store.wait() == -signal.SIGKILL
        assert await store.start() == url


async def test_wait_answers_when_the_server_ends(store: EmbeddedStore):
    await store.start()
    waiting = asyncio.create_task(store.wait())
    os.kill(store.pid, signal.SIGKILL)
    async with asyncio.timeout(60):
        assert await waiting == -signal.SIGKILL
    assert not store.is_running


async def test_a_folder_has_one_owner(store: EmbeddedStore):
    await store.start()
    with pytest.raises(StoreError, match=f"in use by process {os.getpid()}"):
        await type(store)(store.data_dir).start()
    assert await add_row(store) == 1


OWNER = """
import asyncio, sys
from asynctask_standalone.stores.postgres import EmbeddedPostgres
from asynctask_standalone.stores.redis import EmbeddedRedis

async def main():
    store = {kind}({folder!r})
    await store.start()
    print(store.pid, store.port, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_a_server_whose_owner_was_killed_is_stopped_by_the_next_owner(store: EmbeddedStore):
    program = textwrap.dedent(OWNER).format(kind=type(store).__name__, folder=str(store.data_dir))
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        left_behind, port = map(int, owner.stdout.readline().split())
        owner.kill()
    assert command_line(left_behind), "the server outlives its owner"
    store.port = 0
    await store.start()
    assert store.port != port
    await eventually(lambda: not command_line(left_behind))
    assert await add_row(store) == 1


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="needs /proc")
async def test_a_stranger_with_the_old_pid_is_left_alone(store: EmbeddedStore):
    await store.start()
    await add_row(store)
    await store.kill()
    file = store.data_dir / ("data/postmaster.pid" if isinstance(store, EmbeddedPostgres) else "redis.pid")
    with subprocess.Popen(["sleep", "100"]) as stranger:
        file.write_text("\n".join([str(stranger.pid), *file.read_text().split("\n")[1:]]))
        await store.start()
        assert stranger.poll() is None
        stranger.kill()
    assert await add_row(store) == 2


async def test_a_given_port_is_used_and_a_taken_one_refused(tmp_path: Path):
    port = reserve_port()
    store = EmbeddedRedis(tmp_path, port=port)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        with pytest.raises(StoreError, match=f"port {port} for redis is in use"):
            await store.start()
    await store.start()
    assert store.port == port
    await store.stop()


async def test_strangers_are_kept_out(store: EmbeddedStore):
    url = await store.start()
    wrong = url.replace(url.split("@")[0].rpartition(":")[2], "wrong")
    if isinstance(store, EmbeddedPostgres):
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(wrong)
    else:
        async with redis.asyncio.from_url(wrong) as client:
            with pytest.raises(redis.AuthenticationError):
                await client.ping()
    assert store.data_dir.stat().st_mode & 0o077 == 0
    assert (store.data_dir / "password").stat().st_mode & 0o077 == 0
    assert "password" not in " ".join(command_line(store.pid))
    assert (store.data_dir / "password").read_text() not in " ".join(command_line(store.pid))


def test_what_is_made_once_is_on_the_disk_before_anything_depends_on_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Fails when a power cut soon after the first start may leave an empty password, which locks everybody out, or
    the cluster under the name of its draft, which the next start would remove with all its tasks."""
    server = EmbeddedPostgres(tmp_path / "it")
    folder = server.data_dir
    folder.mkdir()
    synced: set[tuple[str, bool]] = set()

    def fsync(descriptor: int) -> None:
        inode = os.fstat(descriptor).st_ino
        if inode == folder.stat().st_ino:
            synced.add(("folder", server.cluster.exists()))
        else:
            synced.add(("password", (folder / "password").exists()))

    monkeypatch.setattr(os, "fsync", fsync)
    try:
        server._prepare()
    finally:
        server.folder.release()
    assert synced == {("password", False), ("folder", False), ("folder", True)}


async def test_the_unix_socket_works_below_a_very_long_path(tmp_path: Path):
    folder = tmp_path / ("long" * 20) / ("deep" * 20)
    postgres, cache = EmbeddedPostgres(folder / "postgres"), EmbeddedRedis(folder / "redis")
    try:
        await postgres.start()
        connection = await asyncpg.connect(postgres.socket_url)
        assert (
            await connection.fetchval("SELECT current_user || '@' || current_database()")
            == "asynctask@asynctask"
        )
        await connection.close()
        await cache.start()
        async with redis.asyncio.from_url(cache.socket_url) as client:
            assert await client.ping()
    finally:
        await postgres.stop()
        await cache.stop()


async def test_stopping_removes_the_sockets_and_leaves_no_process(store: EmbeddedStore):
    await store.start()
    sockets = store.folder.sockets()
    await store.stop()
    assert not sockets.exists()
    assert not command_line(store.pid)


async def test_a_start_that_is_cancelled_leaves_no_process(
    store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(type(store), "_is_ready", lambda self, process: False)
    starting = asyncio.create_task(store.start())
    await eventually(lambda: store.is_running)
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert not store.is_running


async def test_a_server_that_ends_by_itself_is_reported_with_the_end_of_its_log(tmp_path: Path):
    store = EmbeddedRedis(tmp_path, settings={"appendfsync": "whenever"})
    with pytest.raises(StoreError, match=r"(?s)redis ends by itself.*appendfsync"):
        await store.start()


async def test_postgres_writes_through_to_the_disk(own_postgres: EmbeddedPostgres):
    connection = await asyncpg.connect(own_postgres.url)
    for name in ("fsync", "synchronous_commit", "full_page_writes"):
        assert await connection.fetchval(f"SHOW {name}") == "on"
    await connection.close()


async def test_data_of_another_postgres_version_is_refused_and_not_touched(own_postgres: EmbeddedPostgres):
    await own_postgres.stop()
    version = own_postgres.cluster / "PG_VERSION"
    made_by = version.read_text()
    version.write_text("14\n")
    with pytest.raises(StoreError, match="was made by Postgres 14"):
        await own_postgres.start()
    version.write_text(made_by)
    await own_postgres.start()


async def test_redis_never_evicts(own_redis: EmbeddedRedis):
    async with redis.asyncio.from_url(own_redis.url) as client:
        assert (await client.config_get("maxmemory-policy"))["maxmemory-policy"] == "noeviction"


@pytest.mark.parametrize("version", VERSIONS)
async def test_every_supported_version_runs(stores: Stores, version: str):
    async with redis.asyncio.from_url(stores.redis(version).url) as client:
        assert await client.ping()
    connection = await asyncpg.connect(stores.postgres(version).url)
    assert await connection.fetchval("SELECT 1") == 1
    await connection.close()
