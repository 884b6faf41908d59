"""Remembers what a periodic comparison of two stores mended, for reports of health."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import Final

from asynctask_protos.task.v1.health_pb2 import DriftState

KEPT_S: Final = 86_400.0
STEP_S: Final = 600.0
"""Differences of so long a time are kept as one entry, so a process keeps few entries however often it compares."""


class DriftRecord:
    """Counts the differences that this process mended within the last day."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._mended: deque[tuple[float, int]] = deque()
        """When an entry begins, and its differences."""
        self._mended_at = self._compared_at = float("-inf")
        self._tasks = 0

    def compared(self, tasks: int, mended: int) -> None:
        """Note that a comparison of so many tasks has ended, in which so many differences were mended."""
        now = self._clock()
        self._compared_at, self._tasks = now, tasks
        if not mended:
            return
        self._mended_at = now
        if self._mended and now - self._mended[-1][0] < STEP_S:
            began, before = self._mended.pop()
            self._mended.append((began, before + mended))
        else:
            self._mended.append((now, mended))

    def state(self) -> DriftState:
        """What is known now."""
        now = self._clock()
        while self._mended and now - self._mended[0][0] > KEPT_S:
            self._mended.popleft()
        state = DriftState(mended=sum(count for _, count in self._mended), tasks_compared=self._tasks)
        if state.mended:
            state.last_mended_ms = round((now - self._mended_at) * 1000)
        if self._compared_at > float("-inf"):
            state.last_compared_ms = round((now - self._compared_at) * 1000)
        return state
