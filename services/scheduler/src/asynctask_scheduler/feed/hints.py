"""The channels between replicas: quick, and lossy."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from typing import Protocol

FEED = "feed"
"""Standings that changed."""
WAKE = "wake"
"""Kinds that have something to hand out."""
CONTROL = "control"
"""Pause and cancel requests, and lost leases."""
DRAIN = "drain"
"""Executors that shall end."""
PROGRESS = "progress"
"""Live progress: serialized `ProgressBatch`."""


class Hints(Protocol):
    """Publish and subscribe; a replica that was not connected has missed something."""

    def subscribe(self, channels: Sequence[str]) -> AsyncGenerator[tuple[str, bytes]]:
        """Yield (channel, message) for ever, and ("", b"") after each (re)connect: something may have been missed."""
        ...

    async def publish(self, channel: str, data: bytes) -> None:
        """Send to all who listen now. Raises `StoreUnavailable`."""
        ...
