"""Child processes, clocks and databases that other tests rely on."""

import signal
import sys
import time
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest
import redis.asyncio

from asynctask_standalone.stores.redis import EmbeddedRedis
from tests.support.clocks import JumpingClock
from tests.support.conditions import eventually
from tests.support.processes import Processes

SERVICE = """
import json, os, signal, sys, threading
print(json.dumps({"ready": True, "address": "x", "metrics_port": 7}), flush=True)
print("heard", os.environ.get("WORD"), flush=True)
signal.signal(signal.SIGTERM, lambda *_: sys.exit(5))
threading.Event().wait()
"""


async def test_a_process_is_started_killed_and_started_again(processes: Processes):
    child = processes.python("child", "-c", SERVICE, WORD="soup")
    await child.start()
    assert child.ready == {"ready": True, "address": "x", "metrics_port": 7}
    first = child.pid
    await child.kill()
    assert await child.wait() == -signal.SIGKILL
    await child.start()
    assert child.pid != first
    assert await child.stop() == 5
    assert child.output().count("heard soup") == 2


async def test_a_frozen_process_can_be_killed(processes: Processes):
    child = processes.python("child", "-c", SERVICE)
    await child.start()
    child.send(signal.SIGSTOP)
    await child.kill()
    assert not child.is_running


async def test_a_process_that_ends_before_it_is_ready_shows_its_log(processes: Processes):
    child = processes.program("child", [sys.executable, "-c", "import sys; sys.exit('no store')"])
    with pytest.raises(AssertionError, match=r"(?s)child ended with 1.*no store"):
        await child.start()


async def test_a_service_keeps_its_address_and_gets_its_settings(processes: Processes):
    one, two = processes.service("registry", POSTGRES_URL="u"), processes.service("registry")
    assert one.address != two.address
    assert one.env["ASYNCTASK_REGISTRY_ADDRESS"] == one.address
    assert one.env["ASYNCTASK_REGISTRY_POSTGRES_URL"] == "u"
    assert (one.name, two.name) == ("registry-1", "registry-2")


async def test_the_clock_of_a_redis_jumps(jumping_clock: JumpingClock, tmp_path: Path):
    server = EmbeddedRedis(tmp_path / "redis", env=jumping_clock.env)
    await server.start()
    try:
        async with redis.asyncio.from_url(server.url) as client:

            async def is_ahead(hours: int) -> bool:
                seconds, _ = await client.time()
                return abs(seconds - time.time() - 3600 * hours) < 60

            assert await is_ahead(0)
            jumping_clock.jump(timedelta(hours=1))
            await eventually(lambda: is_ahead(1))
            jumping_clock.jump(timedelta(hours=-2))
            await eventually(lambda: is_ahead(-1))
    finally:
        await server.stop()


async def test_each_database_is_fresh(empty_postgres_url: str):
    connection = await asyncpg.connect(empty_postgres_url)
    tables = await connection.fetch("SELECT * FROM pg_tables WHERE schemaname = 'public'")
    await connection.close()
    assert tables == []


async def test_the_redis_is_empty(redis_url: str):
    async with redis.asyncio.from_url(redis_url) as client:
        assert await client.dbsize() == 0
        await client.set("left", "over")


async def test_the_redis_is_empty_again(redis_url: str):
    async with redis.asyncio.from_url(redis_url) as client:
        assert await client.dbsize() == 0


async def test_a_database_has_the_registrys_schema(every_postgres_url: str):
    connection = await asyncpg.connect(every_postgres_url)
    tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    await connection.close()
    assert {"tasks", "task_execution_history"} <= {row["tablename"] for row in tables}
