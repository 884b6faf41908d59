"""Waiting for something that can only be asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable


async def until(
    condition: Callable[[], Awaitable[bool]], *, every: float = 0.05, seconds: float = 120
) -> None:
    """Ask again and again until `condition` holds.

    Raises:
        TimeoutError: it did not within `seconds`.
    """
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 - the other side offers no signal
            await asyncio.sleep(every)
