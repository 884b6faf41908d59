"""The same suite on the model, the packaged Valkey, Redis 7.0, a real cluster, and behind Sentinels."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.contract.queue.lab import Bench, Lab, ModelLab, RedisLab
from tests.support.apart import run_apart
from tests.support.redis_topologies import RedisClusterNodes, RedisSentinels
from tests.support.stores import OLDEST, Stores


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisClusterNodes]:
    nodes = RedisClusterNodes(tmp_path_factory.mktemp("cluster"))
    run_apart(nodes.start())
    yield nodes
    run_apart(nodes.stop())


@pytest.fixture(scope="session")
def sentinels(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisSentinels]:
    servers = RedisSentinels(tmp_path_factory.mktemp("sentinels"))
    run_apart(servers.start())
    yield servers
    run_apart(servers.stop())


BACKENDS = ["model", "valkey", pytest.param("redis7", marks=pytest.mark.oldstores), "cluster", "sentinel"]


@pytest.fixture(params=BACKENDS)
async def lab(request: pytest.FixtureRequest) -> AsyncIterator[Lab]:
    """A store of each lane, empty."""
    made = make_lab(request.param, request)
    if isinstance(made, RedisLab):
        await made.flush()
    yield made
    await made.close()


def make_lab(backend: str, request: pytest.FixtureRequest) -> Lab:
    if backend == "model":
        return ModelLab()
    if backend == "cluster":
        nodes: RedisClusterNodes = request.getfixturevalue("cluster")
        return RedisLab(nodes.url, nodes.flush)
    if backend == "sentinel":
        servers: RedisSentinels = request.getfixturevalue("sentinels")
        lab = RedisLab(servers.url, lambda: flush_all(lab))
        return lab
    stores: Stores = request.getfixturevalue("stores")
    server = stores.redis(OLDEST) if backend == "redis7" else stores.redis()
    lab = RedisLab(server.url, lambda: flush_all(lab))
    return lab


async def flush_all(lab: RedisLab) -> None:
    await lab.queue._connection.command("FLUSHALL")


@pytest.fixture
async def bench(lab: Lab) -> Bench:
    """A rebuilt, empty store and short words."""
    made = Bench(lab)
    await made.mark()
    return made
