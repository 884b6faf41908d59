"""Redis as production has it: a cluster of three nodes, and a primary with its replica behind three Sentinels."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import redis.asyncio

from asynctask_standalone.stores.binaries import redis_program
from asynctask_standalone.stores.processes import port_is_free
from asynctask_standalone.stores.redis import EmbeddedRedis
from tests.support.conditions import eventually
from tests.support.ports import reserve_port
from tests.support.processes import ChildProcess

PASSWORD = "for-tests-only"
SLOTS = 16384
PRIMARY_NAME = "asynctask"


def _server(folder: Path, settings: Mapping[str, str], program: Path | None) -> EmbeddedRedis:
    folder.mkdir(mode=0o700, parents=True)
    (folder / "password").write_text(PASSWORD)  # one for all servers of a group
    settings = {"appendonly": "no", **settings}
    return EmbeddedRedis(folder, port=reserve_port(), program=program, settings=settings)


def _client(server: EmbeddedRedis) -> Any:
    return redis.asyncio.from_url(server.url, decode_responses=True)


async def _settles(check: Callable[[], Awaitable[bool]]) -> None:
    """Wait for `check`; servers that change their role drop connections meanwhile."""

    async def holds() -> bool:
        try:
            return await check()
        except (redis.RedisError, OSError):
            return False

    await eventually(holds, timeout=90)


class RedisClusterNodes:
    """Three primaries that share the slots; `url` names them all."""

    def __init__(self, folder: Path, program: Path | None = None) -> None:
        def node(number: int) -> EmbeddedRedis:
            settings = {
                "cluster-enabled": "yes",
                "cluster-port": str(reserve_port()),
                "cluster-node-timeout": "2000",
                "cluster-announce-ip": "127.0.0.1",
            }
            return _server(folder / f"node-{number}", settings, program)

        self.nodes = [node(number) for number in (1, 2, 3)]

    @property
    def url(self) -> str:
        hosts = ",".join(f"127.0.0.1:{node.port}" for node in self.nodes)
        return f"redis+cluster://:{PASSWORD}@{hosts}"

    async def start(self) -> str:
        """Start the nodes, or start them again, and return the URL when every slot is served."""
        first_time = not (self.nodes[0].data_dir / "nodes.conf").exists()
        await asyncio.gather(*(node.start() for node in self.nodes))
        if first_time:
            await self._join()
        await _settles(self._is_whole)
        return self.url

    async def stop(self) -> None:
        await asyncio.gather(*(node.stop() for node in self.nodes))

    async def flush(self) -> None:
        """Empty all nodes."""
        for node in self.nodes:
            async with _client(node) as client:
                await client.flushall()

    async def _join(self) -> None:
        share = SLOTS // len(self.nodes) + 1
        for number, node in enumerate(self.nodes):
            async with _client(node) as client:
                first, last = number * share, min((number + 1) * share, SLOTS) - 1
                await client.execute_command("CLUSTER", "ADDSLOTSRANGE", first, last)
                await client.execute_command("CLUSTER", "SET-CONFIG-EPOCH", number + 1)
        # Only now: a node that has met others takes no epoch.
        async with _client(self.nodes[0]) as client:
            for other in self.nodes[1:]:
                bus = other._settings["cluster-port"]
                await client.execute_command("CLUSTER", "MEET", "127.0.0.1", other.port, bus)

    async def _is_whole(self) -> bool:
        for node in self.nodes:
            async with _client(node) as client:
                info = cast(Mapping[str, str], await client.cluster("INFO"))
                if info["cluster_state"] != "ok" or int(info["cluster_known_nodes"]) != len(self.nodes):
                    return False
        return True


class RedisSentinels:
    """Two servers, one of them the primary, watched by three Sentinels, which notice a death after two seconds."""

    def __init__(self, folder: Path, program: Path | None = None) -> None:
        self._program = program or redis_program()
        self.servers = [_server(folder / f"server-{number}", {}, program) for number in (1, 2)]
        self._sentinel_ports = [reserve_port() for _ in range(3)]
        self._sentinels = [
            self._sentinel(folder, number, port) for number, port in enumerate(self._sentinel_ports, 1)
        ]

    @property
    def url(self) -> str:
        hosts = ",".join(f"127.0.0.1:{port}" for port in self._sentinel_ports)
        return f"redis+sentinel://:{PASSWORD}@{hosts}/{PRIMARY_NAME}/0"

    async def start(self) -> str:
        """Start everything, and return the URL when the Sentinels know one another and the replica."""
        primary, replica = self.servers
        await asyncio.gather(primary.start(), replica.start())
        async with _client(replica) as client:
            await client.replicaof("127.0.0.1", primary.port)
        for sentinel in self._sentinels:
            sentinel.spawn()
        await _settles(self._is_complete)
        return self.url

    async def stop(self) -> None:
        for sentinel in self._sentinels:
            sentinel.clean_up()
        await asyncio.gather(*(server.stop() for server in self.servers))

    async def primary(self) -> EmbeddedRedis:
        """Ask the Sentinels for the present primary."""
        async with self._sentinel_client(self._sentinel_ports[0]) as client:
            _, port = await client.execute_command("SENTINEL", "GET-MASTER-ADDR-BY-NAME", PRIMARY_NAME)
        return next(server for server in self.servers if server.port == int(port))

    async def fail_over(self) -> EmbeddedRedis:
        """Kill the primary, wait until the other has its place, and give that one; the killed one stays down."""
        old = await self.primary()
        new = next(server for server in self.servers if server is not old)
        await old.kill()

        async def took_over() -> bool:
            async with _client(new) as client:
                role = await client.execute_command("ROLE")
            return role[0] == "master" and await self._agree_on(new)

        await _settles(took_over)
        return new

    async def bring_back(self, server: EmbeddedRedis) -> None:
        """Start a killed server again, and wait until the Sentinels have made it a replica that is up to date."""
        await server.start()

        async def follows() -> bool:
            async with _client(server) as client:
                role = await client.execute_command("ROLE")
            return role[0] == "slave" and role[3] == "connected"

        await _settles(follows)
        await _settles(self._is_complete)

    def _sentinel(self, folder: Path, number: int, port: int) -> ChildProcess:
        name = f"sentinel-{number}"
        config = folder / f"{name}.conf"
        lines: Sequence[str] = (
            f"port {port}",
            "bind 127.0.0.1",
            f'dir "{folder}"',
            'logfile ""',
            f"sentinel monitor {PRIMARY_NAME} 127.0.0.1 {self.servers[0].port} 2",
            f"sentinel auth-pass {PRIMARY_NAME} {PASSWORD}",
            f"sentinel down-after-milliseconds {PRIMARY_NAME} 2000",
            f"sentinel failover-timeout {PRIMARY_NAME} 5000",
        )
        config.write_text("\n".join(lines) + "\n")
        return ChildProcess(name, [str(self._program), str(config), "--sentinel"], folder / f"{name}.log", {})

    def _sentinel_client(self, port: int) -> Any:
        return redis.asyncio.Redis(port=port, decode_responses=True)

    async def _agree_on(self, primary: EmbeddedRedis) -> bool:
        for port in self._sentinel_ports:
            async with self._sentinel_client(port) as client:
                state = _pairs(await client.execute_command("SENTINEL", "MASTER", PRIMARY_NAME))
            if int(state["port"]) != primary.port or state["flags"] != "master":
                return False
        return True

    async def _is_complete(self) -> bool:
        for sentinel, port in zip(self._sentinels, self._sentinel_ports, strict=True):
            assert sentinel.is_running, f"{sentinel.name} ended:\n{sentinel.tail()}"
            if port_is_free(port):
                return False
            async with self._sentinel_client(port) as client:
                state = _pairs(await client.execute_command("SENTINEL", "MASTER", PRIMARY_NAME))
                replicas = [
                    _pairs(one) for one in await client.execute_command("SENTINEL", "REPLICAS", PRIMARY_NAME)
                ]
            healthy = [
                one for one in replicas if "down" not in one["flags"] and one["master-link-status"] == "ok"
            ]
            assert state["num-other-sentinels"] == "2", f"{state}\n{sentinel.tail()}"
            assert "down" not in state["flags"], f"{state}\n{sentinel.tail()}"
            assert healthy, f"{replicas}\n{sentinel.tail()}"
        return True


def _pairs(answer: Any) -> Mapping[str, str]:
    if isinstance(answer, dict):
        return cast(Mapping[str, str], answer)
    return dict(zip(answer[::2], answer[1::2], strict=True))
