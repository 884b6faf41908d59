"""That the gateway stops: event streams tell their readers, and end."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Stopping:
    """Set once, when the drain begins."""

    def __init__(self) -> None:
        self._stopped: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.streams: set[object] = set()
        """The open event streams."""

    def is_set(self) -> bool:
        """Whether the gateway stops."""
        return self._stopped.done()

    def set(self) -> None:
        """Tell every stream."""
        if not self._stopped.done():
            self._stopped.set_result(None)

    def wait(self) -> asyncio.Future[None]:
        """Is done once the gateway stops."""
        return self._stopped

    @contextmanager
    def stream(self) -> Iterator[None]:
        """Count a stream while it is open."""
        one = object()
        self.streams.add(one)
        try:
            yield
        finally:
            self.streams.discard(one)
