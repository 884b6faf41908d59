"""What the rest of the scheduler sees of a Redis that is down, slow, restarted, full, or not fit for use."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from asynctask_core.errors import InternalError, StoreUnavailable
from asynctask_core.ids import new_id
from asynctask_scheduler.queue.answers import SessionInfo, SessionVerdict, StoreUnsuitable
from asynctask_scheduler.queue.connection import CONNECTIONS, LISTENING_CONNECTIONS
from asynctask_standalone.stores.redis import EmbeddedRedis
from tests.contract.queue.lab import LANE, a_ready
from tests.support.conditions import eventually
from tests.support.faults import FaultProxy
from tests.support.mounts import Mounted, fill
from tests.support.promptness import in_time
from tests.support.whole_queue import WholeRedisQueue

INFO = SessionInfo("e1", "host", 4, ("noop",), ("default",), "1.0")


@pytest.fixture
async def queue(own_redis: EmbeddedRedis) -> AsyncIterator[WholeRedisQueue]:
    queue = WholeRedisQueue.connect(own_redis.url)
    yield queue
    await queue.close()


async def rebuilt(queue: WholeRedisQueue) -> None:
    rebuild = await queue.begin_rebuild()
    assert rebuild
    assert await queue.finish_rebuild(rebuild)


async def test_killed_redis_is_unavailable_and_comes_back(
    own_redis: EmbeddedRedis, queue: WholeRedisQueue
) -> None:
    await queue.apply([a_ready(new_id())])
    await own_redis.kill()
    with pytest.raises(StoreUnavailable) as raised:
        await queue.apply([a_ready(new_id())])
    assert raised.value.retry_after_ms
    await own_redis.start()
    applied = await queue.apply([a_ready(new_id())])
    assert applied.changed == 1


async def test_restart_between_two_calls_costs_no_error_where_repeating_is_safe(
    own_redis: EmbeddedRedis, queue: WholeRedisQueue
) -> None:
    await queue.apply([a_ready(new_id())])
    await own_redis.kill()
    await own_redis.start()
    assert (await queue.apply([a_ready(new_id())])).changed == 1


async def test_restarted_redis_hands_out_nothing_before_it_is_rebuilt(
    own_redis: EmbeddedRedis, queue: WholeRedisQueue
) -> None:
    """Not even in the moment before anybody has noticed. Fails when: the marker is only looked for, not compared."""
    await rebuilt(queue)
    session = (await queue.open_session(INFO)).number
    await queue.apply([a_ready(new_id())])
    await asyncio.sleep(1.1)  # appendfsync everysec: what is older is on disk
    await own_redis.kill()
    await own_redis.start()
    state = await queue.store_state()
    assert not state.marked
    with contextlib.suppress(StoreUnavailable):
        leased = await queue.lease("e1", session, 4, [LANE], [new_id()])
        assert leased.verdict is SessionVerdict.NO_MARKER
    await rebuilt(queue)
    leased = await queue.lease("e1", session, 4, [LANE], [new_id()])
    assert (leased.verdict, len(leased.leases)) == (SessionVerdict.OK, 1)


async def test_scripts_are_loaded_again_after_they_were_flushed(queue: WholeRedisQueue) -> None:
    await queue.apply([a_ready(new_id())])
    await queue._connection.command("SCRIPT FLUSH")
    assert (await queue.apply([a_ready(new_id())])).changed == 1


async def test_silent_redis_is_given_up_within_the_time_out(own_redis: EmbeddedRedis) -> None:
    async with FaultProxy(f"127.0.0.1:{own_redis.port}") as proxy:
        url = own_redis.url.replace(f"127.0.0.1:{own_redis.port}", proxy.address)
        queue = WholeRedisQueue.connect(url)
        await queue.apply([a_ready(new_id())])
        proxy.blackhole()

        async def took_s() -> float:
            began = time.monotonic()
            with pytest.raises(StoreUnavailable):
                await queue.apply([a_ready(new_id())])
            return time.monotonic() - began

        await in_time(4, took_s)
        proxy.heal()
        await eventually(queue.stats)
        await queue.close()


async def test_pop_whose_answer_was_lost_is_not_sent_twice(own_redis: EmbeddedRedis) -> None:
    """Fails when: lease is repeated by the driver: the attempt ids would stand for two tasks each."""
    async with FaultProxy(f"127.0.0.1:{own_redis.port}") as proxy:
        direct = WholeRedisQueue.connect(own_redis.url)
        queue = WholeRedisQueue.connect(own_redis.url.replace(f"127.0.0.1:{own_redis.port}", proxy.address))
        await rebuilt(direct)
        session = (await queue.open_session(INFO)).number
        await queue.apply([a_ready(new_id()) for _ in range(8)])
        assert len((await queue.lease("e1", session, 8, [LANE], [new_id()])).leases) == 1
        proxy.half_open(silent="client")
        pop = asyncio.create_task(queue.lease("e1", session, 8, [LANE], [new_id(), new_id()]))

        async def popped() -> bool:
            return (await direct.stats()).leases == 3

        await eventually(popped)
        proxy.reset()
        with pytest.raises(StoreUnavailable):
            await pop
        proxy.heal()
        assert (await queue.stats()).leases == 3
        await queue.close()
        await direct.close()


async def test_subscription_outlives_a_restart_and_says_that_something_was_missed(
    own_redis: EmbeddedRedis, queue: WholeRedisQueue
) -> None:
    heard: list[tuple[str, bytes]] = []

    async def listen() -> None:
        async for message in queue.subscribe(["wake"]):
            heard.append(message)  # noqa: PERF401 - what is heard counts while it still listens

    task = asyncio.create_task(listen())
    await eventually(lambda: heard == [("", b"")])
    await own_redis.kill()
    await own_redis.start()
    await eventually(lambda: heard == [("", b"")] * 2)
    await queue.apply([a_ready(new_id())])
    await eventually(lambda: heard[-1] == ("wake", b"default\x1fnoop"))
    task.cancel()
    await asyncio.wait([task])


async def test_redis_that_may_evict_is_refused(queue: WholeRedisQueue) -> None:
    await queue.check()
    await queue._connection.command("CONFIG SET", "maxmemory-policy", "allkeys-lru")
    with pytest.raises(StoreUnsuitable, match="noeviction"):
        await queue.check()


async def test_full_redis_is_unavailable_and_keeps_what_it_has(queue: WholeRedisQueue) -> None:
    await queue.apply([a_ready(new_id())])
    await queue._connection.command("CONFIG SET", "maxmemory", "1mb")
    with pytest.raises(StoreUnavailable) as raised:
        await queue.apply([a_ready(new_id()) for _ in range(1000)])
    # In words alone: the line of a script at which it happened says nothing to those who read this.
    assert raised.value.message.startswith("Redis refuses writes: its memory is full (maxmemory): ")
    assert raised.value.message.endswith(" 'maxmemory'")
    assert "its memory is full" in await queue.try_write()
    await queue._connection.command("CONFIG SET", "maxmemory", "0")
    assert await queue.try_write() == ""
    assert (await queue.stats()).lanes[0].ready == 1


@pytest.mark.parametrize(
    ("refuse", "take", "cause"),
    [
        (
            ("CONFIG", "SET", "min-replicas-to-write", "1"),
            ("CONFIG", "SET", "min-replicas-to-write", "0"),
            "replicas",
        ),
        (("REPLICAOF", "127.0.0.1", "1"), ("REPLICAOF", "NO", "ONE"), "it is a replica"),
    ],
)
async def test_redis_that_refuses_writes_says_why_to_callers_and_to_a_probe(
    queue: WholeRedisQueue, refuse: tuple[str, ...], take: tuple[str, ...], cause: str
) -> None:
    assert await queue.try_write() == ""
    await queue._connection.command(*refuse)
    assert cause in await queue.try_write()
    with pytest.raises(StoreUnavailable, match=f"Redis refuses writes: .*{cause}"):
        await queue.apply([a_ready(new_id())])
    await queue._connection.command(*take)
    assert await queue.try_write() == ""
    assert await queue._connection.command("KEYS", "*try*") == []


async def test_redis_whose_disk_is_full_says_so(mounted: Mounted, tmp_path: Path) -> None:
    """Its append-only file cannot grow: it answers MISCONF until there is room again."""
    folder = mounted("full", size="2m")
    redis = EmbeddedRedis(folder)
    queue = WholeRedisQueue.connect(await redis.start())
    try:
        ballast = folder / "ballast"
        fill(ballast)

        async def is_refused() -> bool:
            with contextlib.suppress(StoreUnavailable):
                await queue.apply([a_ready(new_id()) for _ in range(50)])
            return "cannot save to its disk" in await queue.try_write()

        await eventually(is_refused, 60)
        ballast.unlink()

        async def is_taken() -> bool:
            return await queue.try_write() == ""

        await eventually(is_taken, 60)
    finally:
        await queue.close()
        await redis.stop()


async def test_wrong_password_is_told_by_name(own_redis: EmbeddedRedis) -> None:
    queue = WholeRedisQueue.connect(f"redis://:wrong@127.0.0.1:{own_redis.port}/0")
    with pytest.raises(StoreUnavailable, match=r"(?i)auth|password"):
        await queue.stats()
    await queue.close()


async def test_refused_command_is_a_fault_of_ours_and_no_exception_of_the_driver(
    queue: WholeRedisQueue,
) -> None:
    with pytest.raises(InternalError, match="NOSUCH"):
        await queue._connection.command("NOSUCH")


async def test_burst_of_renewals_waits_for_connections_instead_of_failing(own_redis: EmbeddedRedis) -> None:
    """Fails when: a call is refused because every connection of the pool is in use."""
    queue = WholeRedisQueue.connect(own_redis.url, timeout_s=60)
    await rebuilt(queue)
    opened = [await queue.open_session(replace(INFO, executor_id=f"e{n}")) for n in range(300)]
    pages = asyncio.gather(*[queue.stats() for _ in range(300)])
    renewed = await asyncio.gather(*[queue.renew(f"e{n}", one.number, ()) for n, one in enumerate(opened)])
    assert {one.verdict for one in renewed} == {SessionVerdict.OK}
    await pages
    found: Any = await queue._connection.command("INFO", "clients")
    connected = int(
        found["connected_clients"] if isinstance(found, dict) else found.split(b"\r\n")[1].split(b":")[1]
    )
    assert connected <= CONNECTIONS + LISTENING_CONNECTIONS
    await queue.close()


async def test_calls_that_wait_for_a_redis_that_hangs_end_when_their_own_time_is_up(
    own_redis: EmbeddedRedis,
) -> None:
    """Those in line, too; and once Redis answers again, so does every place."""
    async with FaultProxy(f"127.0.0.1:{own_redis.port}") as proxy:
        queue = WholeRedisQueue.connect(own_redis.url.replace(f"127.0.0.1:{own_redis.port}", proxy.address))
        await queue.apply([a_ready(new_id())])
        proxy.blackhole()
        calls = [queue.renew("e1", 1, ()) for _ in range(3 * CONNECTIONS)]
        assert all(
            isinstance(one, StoreUnavailable) for one in await asyncio.gather(*calls, return_exceptions=True)
        )
        assert queue._connection._gate.waiting == 0
        proxy.heal()
        await eventually(queue.stats)
        places = queue._connection._gate
        assert all(places.try_enter(urgent=True) for _ in range(CONNECTIONS))
        await queue.close()
