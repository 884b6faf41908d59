"""The benchmark's own two calls to Redis."""

from __future__ import annotations

import redis.asyncio


async def used_bytes(url: str) -> int:
    """Memory that Redis has allocated."""
    async with _open(url) as store:
        memory: dict[str, int] = await store.info("memory")  # pyright: ignore[reportUnknownMemberType]
    return memory["used_memory"]


async def lose_everything(url: str) -> None:
    """FLUSHALL: Redis is then as empty as after the loss of its disk."""
    async with _open(url) as store:
        await store.flushall()  # pyright: ignore[reportUnknownMemberType]


def _open(url: str) -> redis.asyncio.Redis:
    return redis.asyncio.Redis.from_url(url, protocol=3)  # pyright: ignore[reportUnknownMemberType]
