"""Waits for a condition by polling."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable


async def until(
    condition: Callable[[], Awaitable[bool]], *, every: float = 0.05, seconds: float = 120
) -> None:
    """Poll until `condition` is true.

    Raises:
        TimeoutError: it did not become true within `seconds`.
    """
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 - the other side offers no signal
            await asyncio.sleep(every)
