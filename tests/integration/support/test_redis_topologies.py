"""The Redis Cluster and the Sentinels that other tests rely on."""

import pytest
import redis.asyncio
from redis.asyncio.cluster import RedisCluster

from tests.support.redis_topologies import PASSWORD, PRIMARY_NAME, RedisSentinels
from tests.support.stores import Stores


async def test_the_cluster_serves_every_slot(stores: Stores):
    port = stores.redis_cluster().nodes[0].port
    async with RedisCluster(host="127.0.0.1", port=port, password=PASSWORD) as client:
        for number in range(30):
            await client.set(f"key-{number}", number)
        assert [await client.get(f"key-{number}") for number in range(30)] == [b"%d" % n for n in range(30)]
        assert len(client.get_primaries()) == 3


@pytest.mark.slow
async def test_sentinels_fail_over_there_and_back(redis_sentinels: RedisSentinels):
    hosts = [tuple(host.split(":")) for host in redis_sentinels.url.split("@")[1].split("/")[0].split(",")]
    sentinel = redis.asyncio.Sentinel([(host, int(port)) for host, port in hosts])
    first = await redis_sentinels.primary()
    second = await redis_sentinels.fail_over()
    assert second is not first
    async with sentinel.master_for(PRIMARY_NAME, password=PASSWORD) as client:
        await client.set("kept", 1)
    await redis_sentinels.bring_back(first)
    assert await redis_sentinels.fail_over() is first
    async with sentinel.master_for(PRIMARY_NAME, password=PASSWORD) as client:
        assert await client.get("kept") == b"1"
    for one in sentinel.sentinels:
        await one.aclose()
