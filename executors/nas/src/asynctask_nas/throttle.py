"""The bandwidth limit: one token bucket for all files that are copied at once, and for both sides of a checksum."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Throttle:
    """Gives out bytes at `bytes_per_s`, first come, first served; None means no limit.

    Thread-safe. The bucket holds a quarter of a second, so that no long burst follows a pause.
    """

    def __init__(self, bytes_per_s: int | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = bytes_per_s
        self._clock = clock
        self._lock = threading.Lock()
        self._free_at = clock()

    @property
    def is_limited(self) -> bool:
        """True if there is a limit."""
        return self._rate is not None

    @property
    def chunk_bytes(self) -> int:
        """How much to ask for at once: a tenth of a second, from 4 KiB to 1 MiB, so that waits stay short."""
        return 1 << 20 if self._rate is None else max(4096, min(1 << 20, self._rate // 10))

    def reserve(self, count: int) -> float:
        """Reserve `count` bytes; returns the seconds to wait before moving them."""
        if self._rate is None:
            return 0.0
        with self._lock:
            now = self._clock()
            self._free_at = max(self._free_at, now - 0.25) + count / self._rate
            return max(0.0, self._free_at - now)

    def give_back(self, count: int) -> None:
        """Cancel a reservation of `count` bytes that were not moved."""
        if self._rate is not None:
            with self._lock:
                self._free_at -= count / self._rate
