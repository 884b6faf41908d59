"""Times of calls over REST."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Mapping
from typing import Any

from benchmarks.http import HttpFailed, HttpPool, request_bytes

CALLS = 5


class RestCalls:
    """Calls of one gateway."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._pool = HttpPool(address)

    async def read(self, path: str) -> Any:
        """The JSON at a path."""
        return json.loads(await self._pool.ask(request_bytes(self._address, "GET", path)))

    async def times(self, paths: Mapping[str, str]) -> dict[str, tuple[float, float] | None]:
        """Milliseconds of the first call of each path, and the median of the next ones; None if it was refused."""
        return {name: await self._time(path) for name, path in paths.items()}

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()

    async def _time(self, path: str) -> tuple[float, float] | None:
        request = request_bytes(self._address, "GET", path)
        took: list[float] = []
        for _ in range(1 + CALLS):
            begin = time.perf_counter()
            try:
                await self._pool.ask(request)
            except HttpFailed:
                return None
            took.append((time.perf_counter() - begin) * 1000)
        return took[0], statistics.median(took[1:])
