"""A primary dies, its replica takes over, and the other way round: the queue follows, and trusts nothing it finds."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from asynctask_core.errors import StoreUnavailable
from asynctask_core.ids import new_id
from asynctask_scheduler.queue.answers import SessionInfo, SessionVerdict
from tests.contract.queue.lab import LANE, a_ready
from tests.support.conditions import eventually
from tests.support.redis_topologies import RedisSentinels
from tests.support.whole_queue import WholeRedisQueue

pytestmark = pytest.mark.slow

INFO = SessionInfo("e1", "host", 40, ("noop",), ("default",), "1.0")


@pytest.fixture
async def sentinels(tmp_path: Path) -> AsyncIterator[RedisSentinels]:
    servers = RedisSentinels(tmp_path / "sentinels")
    await servers.start()
    yield servers
    await servers.stop()


@pytest.mark.timeout(180)
async def test_queue_follows_the_primary_there_and_back(sentinels: RedisSentinels) -> None:
    queue = WholeRedisQueue.connect(sentinels.url)
    for _ in ("there", "back"):
        rebuild = await queue.begin_rebuild()
        assert rebuild, "the new primary was not rebuilt yet"
        assert await queue.finish_rebuild(rebuild)
        session = (await queue.open_session(INFO)).number
        await queue.apply([a_ready(new_id()) for _ in range(2)])
        answer = await queue.lease("e1", session, 40, [LANE], [new_id()])
        assert len(answer.leases) == 1
        old = await sentinels.primary()
        await sentinels.fail_over()

        async def refuses(session: int = session) -> bool:
            try:
                verdict = (await queue.lease("e1", session, 40, [LANE], [new_id()])).verdict
            except StoreUnavailable:
                return False
            # What was written last may be lost, the session with it; in no case is anything handed out.
            assert verdict in {SessionVerdict.NO_MARKER, SessionVerdict.NO_SESSION}
            return True

        await eventually(refuses)
        assert not (await queue.store_state()).marked
        await sentinels.bring_back(old)
    await queue.close()


@pytest.mark.timeout(120)
async def test_demoted_primary_is_left(sentinels: RedisSentinels) -> None:
    """The connection to the old primary is still open and refuses writes. Fails when: READONLY is not followed up."""
    queue = WholeRedisQueue.connect(sentinels.url)
    await queue.apply([a_ready(new_id())])
    before = await sentinels.primary()
    sentinel = WholeRedisQueue.connect(f"redis://127.0.0.1:{sentinels._sentinel_ports[0]}/0")
    await sentinel._connection.command("SENTINEL FAILOVER", "asynctask")

    async def moved() -> bool:
        return await sentinels.primary() is not before

    await eventually(moved)

    async def writes() -> bool:
        try:
            await queue.apply([a_ready(new_id())])
        except StoreUnavailable:
            return False
        return True

    await eventually(writes)
    await sentinel.close()
    await queue.close()
