"""Logs what a starting service waits for: at once, when the reason changes, and every half minute.

`asynctask up` shows these messages; operators find them in the log of the service.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from asynctask_chassis.logs import get_logger

log = get_logger(__name__)

REPEAT_S: Final = 30.0


class WaitNotice:
    """Logs what a start waits for; create it when the start begins."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began = clock()
        self._told = ("", "")
        self._told_at = 0.0

    def tell(self, what: str, why: str) -> None:
        """Note that the start waits for `what`, such as Postgres, because of `why`."""
        now = self._clock()
        if self._told == (what, why) and now - self._told_at < REPEAT_S:
            return
        self._told, self._told_at = (what, why), now
        log.warning(
            "service.waiting", reason=f"it waits for {what}: {why}", elapsed_s=round(now - self._began)
        )

    def over(self) -> None:
        """Note that the wait has ended; logged if the wait itself was logged."""
        if self._told[0]:
            elapsed = round(self._clock() - self._began)
            log.info("service.wait_ended", reason=f"it waited for {self._told[0]}", elapsed_s=elapsed)
            self._told = ("", "")
