"""Reads the pages of a list until there are enough tasks, and says how far back it has looked."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from asynctask_standalone.cli.wording import local, zoned

if TYPE_CHECKING:
    from datetime import datetime

    from asynctask import TaskInfo, TaskInfoPage

PATIENCE_S = 10.0
"""A list with a limit ends after this time: with 10,000,000 tasks a text that is nowhere would take minutes."""
MOST = 500
"""Tasks of one page."""


class TaskPages:
    """The tasks of a list, at most `limit` of them; 0 means all."""

    def __init__(
        self,
        read: Callable[[int, str], TaskInfoPage],
        limit: int,
        *,
        patience_s: float = PATIENCE_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._read = read
        self._limit = limit
        self._clock = clock
        self._give_up_at = clock() + patience_s
        self._given = 0
        self._looked_back_to: datetime | None = None

    def __iter__(self) -> Iterator[TaskInfo]:
        """Read page after page."""
        token, more = "", True
        while more:
            left = self._limit - self._given if self._limit else MOST
            page = self._read(min(left, MOST), token)
            tasks, token = page
            self._looked_back_to = page.looked_back_to
            self._given += len(tasks)
            yield from tasks
            more = bool(token) and not (self._is_full or self._is_late)

    @property
    def gave_up(self) -> bool:
        """Whether there may be more tasks, and fewer than the limit were found in time."""
        return self._looked_back_to is not None and not self._is_full

    @property
    def note(self) -> str:
        """What the list leaves out; empty when it has all."""
        if self._looked_back_to is None:
            return ""
        if not self.gave_up:
            return f"The newest {self._limit:,}, back to {local(self._looked_back_to)}; --limit 0 lists all."
        return (
            f"Looked back to {local(self._looked_back_to)}: --until {zoned(self._looked_back_to)} goes on from there, "
            "--limit 0 looks at all."
        )

    @property
    def _is_full(self) -> bool:
        return 0 < self._limit <= self._given

    @property
    def _is_late(self) -> bool:
        return self._limit > 0 and self._clock() >= self._give_up_at
