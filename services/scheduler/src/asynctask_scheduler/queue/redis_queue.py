"""The queue port on Redis 7.0 and later, and Valkey 7.2 and later."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator, Sequence
from typing import Final, Self

from asynctask_core.limits import AGEING_STEP_US, LEASE_MS
from asynctask_scheduler.queue.answers import (
    CellOptions,
)
from asynctask_scheduler.queue.connection import TIMEOUT_S, RedisConnection
from asynctask_scheduler.queue.keys import CHANNELS, Keys
from asynctask_scheduler.queue.redis_executors import RedisExecutors
from asynctask_scheduler.queue.redis_repair import RedisRepair
from asynctask_scheduler.queue.redis_tasks import RedisTasks
from asynctask_scheduler.queue.redis_upkeep import RedisUpkeep

ID_BYTES: Final = 16


class RedisQueue:
    """`Queue` on Redis. The verbs' contracts are the heads of `lua/*.lua`."""

    def __init__(self, connection: RedisConnection, keys: Keys, options: CellOptions) -> None:
        self._connection = connection
        self._keys = keys
        self.tasks = RedisTasks(connection, keys, options)
        self.executors = RedisExecutors(connection, keys, options)
        self.upkeep = RedisUpkeep(connection, keys, options)
        self.repair = RedisRepair(connection, keys, options)

    @classmethod
    def connect(
        cls,
        url: str,
        *,
        cell: str = "main",
        lease_ms: int = LEASE_MS,
        ageing_step_us: int = AGEING_STEP_US,
        timeout_s: float = TIMEOUT_S,
    ) -> Self:
        """The queue of a cell in the store at `url`; connects when first used. ValueError when the URL is wrong.

        `lease_ms` and `ageing_step_us` must be the same on every replica of a cell. No call takes longer than
        `timeout_s`.
        """
        connection = RedisConnection(url, timeout_s=timeout_s)
        return cls(connection, Keys(cell), CellOptions(lease_ms, ageing_step_us))

    async def subscribe(self, channels: Sequence[str]) -> AsyncGenerator[tuple[str, bytes]]:
        """Listen to hints: pairs of a channel's short name and a message; ("", b"") when some may have been missed.

        Never ends by itself and raises no error of the store: it reconnects for as long as necessary.
        """
        if unknown := set(channels) - set(CHANNELS):
            raise ValueError(f"there is no channel {', '.join(sorted(unknown))}")
        names = {self._keys.below(channel): channel for channel in channels} | {b"": ""}
        async with contextlib.aclosing(self._connection.listen([name for name in names if name])) as messages:
            async for channel, data in messages:
                yield names[channel], data

    async def publish(self, channel: str, data: bytes) -> None:
        """Send a hint to every replica."""
        await self._connection.command("PUBLISH", self._keys.below(channel), data)

    async def close(self) -> None:
        """Give every connection back."""
        await self._connection.close()
