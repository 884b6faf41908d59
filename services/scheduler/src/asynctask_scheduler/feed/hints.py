"""The channels between replicas: fast, and without guarantee of delivery."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from typing import Protocol

FEED = "feed"
"""Standings that changed."""
WAKE = "wake"
"""Lanes that have tasks to hand out."""
CONTROL = "control"
"""Pause and cancel requests, and lost leases."""
DRAIN = "drain"
"""Executors that an operator asked to end."""
PROGRESS = "progress"
"""Live progress: serialized `ProgressBatch`."""


class Hints(Protocol):
    """Publish and subscribe; a replica misses all messages while it is not connected."""

    def subscribe(self, channels: Sequence[str]) -> AsyncGenerator[tuple[str, bytes]]:
        """Yield (channel, message) for ever, and ("", b"") after each (re)connect: something may have been missed."""
        ...

    async def publish(self, channel: str, data: bytes) -> None:
        """Send to all current subscribers. Raises `StoreUnavailable`."""
        ...
