"""Reports the state of a service's store to operators: whether it accepts writes, and how full its folder is.

    watch = StoreWatch("Postgres", folder=settings.postgres_folder, takes_writes=gauge, free_bytes=gauge)
    watch.refused("its disk is full")     # logged once, when it begins
    watch.accepted()                      # logged once, when writes are accepted again
    watch.answered(0.002)                 # how long the last answer took
    watch.unanswered("connection refused")    # the store did not answer
    watch.look()                          # checks the folder; a change is logged

Each log line has a `reason` that is a whole sentence; `asynctask up` prints it, and `asynctask doctor` shows the state.
A folder is watched only if the service's settings name it: the store must run on the same machine for that.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final, Protocol

from asynctask_chassis.logs import get_logger

log = get_logger(__name__)

LOW_BYTES: Final = 512 << 20
LOW_SHARE: Final = 0.03
"""LOW is below the smaller of the two: half a GiB is enough for hours of work, but is much of a small disk."""
FULL_BYTES: Final = 16 << 20
FULL_SHARE: Final = 0.002
"""FULL is below the smaller of the two: Postgres extends its log by 16 MiB at once, and stops if it cannot."""
ANSWERS_KEPT: Final = 15
"""Of so many answers the slowest is told: single ones differ each time, and say little."""
WELL_AGAIN: Final = 1.25
"""A level ends only at its threshold times this, so that a disk near the threshold is not reported repeatedly."""


class DiskLevel(Enum):
    """How much room a folder has left."""

    WELL = "well"
    LOW = "low"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class DiskSpace:
    """The free space of a folder's file system, for users other than its administrator."""

    free_bytes: int
    total_bytes: int
    has_free_files: bool = True
    """False if the file system can hold no more files, even if bytes are free."""

    def level(self, before: DiskLevel) -> DiskLevel:
        """The level of the free space, given the level before."""
        if not self.has_free_files or self._is_below(FULL_BYTES, FULL_SHARE, before is DiskLevel.FULL):
            return DiskLevel.FULL
        if self._is_below(LOW_BYTES, LOW_SHARE, before is not DiskLevel.WELL):
            return DiskLevel.LOW
        return DiskLevel.WELL

    def _is_below(self, most: int, share: float, is_there: bool) -> bool:
        edge = min(most, self.total_bytes * share)
        return self.free_bytes < edge * (WELL_AGAIN if is_there else 1)


def disk_space(folder: Path) -> DiskSpace:
    """Ask the file system of `folder`.

    Raises:
        OSError: there is no such folder, or its file system cannot be read.
    """
    about = os.statvfs(folder)
    # Some file systems do not count files: they report 0 of 0.
    has_free_files = about.f_files == 0 or about.f_favail > 0
    return DiskSpace(about.f_bavail * about.f_frsize, about.f_blocks * about.f_frsize, has_free_files)


class NumberGauge(Protocol):
    """A gauge of the metrics."""

    def set(self, value: float) -> None:
        """Set the value."""
        ...


class StoreWatch:
    """One store of a service. Not thread-safe; belongs to the event loop."""

    def __init__(
        self,
        store: str,
        *,
        folder: Path | None,
        takes_writes: NumberGauge,
        free_bytes: NumberGauge,
        space: Callable[[Path], DiskSpace] = disk_space,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.store = store
        self.folder = folder
        self.space: DiskSpace | None = None
        """Free space at the last look; None without a folder, or if its file system cannot be read."""
        self.refusal = ""
        """Why the store refuses writes, as a clause; empty while it accepts them."""
        self.refusals = 0
        """How many refusals were noted."""
        self.outage = ""
        """Why the store does not answer, as a clause or a sentence about the store; empty while it answers."""
        self._answers_ms: deque[int] = deque(maxlen=ANSWERS_KEPT)
        self._level = DiskLevel.WELL
        self._ask = space
        self._clock = clock
        self._since = 0.0
        self._takes_writes = takes_writes
        self._free_bytes = free_bytes
        takes_writes.set(1)

    def refused(self, cause: str) -> None:
        """Note that a write was refused because of `cause`, so that the store answers; logged if the one before was
        accepted.
        """
        self.outage = ""
        was_refused, self.refusal = bool(self.refusal), cause
        self.refusals += 1
        if was_refused:
            return
        self._since = self._clock()
        self._takes_writes.set(0)
        self.look()
        log.error("store.writes_refused", store=self.store, reason=self.sentence())

    def accepted(self) -> None:
        """Note that a write was accepted; logged if the one before was refused."""
        if not self.refusal:
            return
        self.refusal = ""
        self._takes_writes.set(1)
        elapsed = round(self._clock() - self._since)
        log.warning(
            "store.writes_accepted",
            store=self.store,
            reason=f"{self.store} takes writes again, after {elapsed} s",
        )

    def answered(self, seconds: float) -> None:
        """Note that the store answered, also if it answered with an error."""
        self.outage = ""
        self._answers_ms.append(max(1, round(seconds * 1000)))

    def unanswered(self, cause: str) -> None:
        """Note that the store did not answer because of `cause`, a clause or a sentence that begins with its name."""
        self.outage = cause

    @property
    def latency_ms(self) -> int | None:
        """What the slowest of the last answers took, at least 1; None before the first one."""
        return max(self._answers_ms, default=None)

    @property
    def takes_writes(self) -> bool:
        """Whether the store answers and accepts writes, as far as is known."""
        return not self.refusal and not self.outage

    def look(self) -> None:
        """Check the folder's free space; a change of the level is logged."""
        if self.folder is None:
            return
        try:
            self.space = self._ask(self.folder)
        except OSError:
            self.space = None
            return
        self._free_bytes.set(self.space.free_bytes)
        before, self._level = self._level, self.space.level(self._level)
        if self._level is before:
            return
        if self._level is DiskLevel.FULL:
            log.error("store.disk_full", store=self.store, reason=self.sentence())
        elif self._level is DiskLevel.LOW:
            log.warning("store.disk_low", store=self.store, reason=self.sentence())
        else:
            log.warning("store.disk_well", store=self.store, reason=self.sentence())

    @property
    def is_full(self) -> bool:
        """True while the folder has no room left, as of the last look."""
        return self._level is DiskLevel.FULL

    @property
    def is_low(self) -> bool:
        """True while the folder has little room left, or none, as of the last look."""
        return self._level is not DiskLevel.WELL

    def sentence(self) -> str:
        """The state of the store in one sentence for people: whether it accepts writes, and how much room is left."""
        if self.outage:
            is_whole = self.outage.startswith(self.store)
            head = self.outage if is_whole else f"{self.store} does not answer: {self.outage}"
        elif self.refusal:
            head = f"{self.store} refuses writes: {self.refusal}"
        else:
            head = f"{self.store} takes writes"
        if self.space is None or self.folder is None:
            return head
        words = {
            DiskLevel.WELL: "",
            DiskLevel.LOW: "little room is left, ",
            DiskLevel.FULL: "the disk is full, ",
        }
        free, total = readable_size(self.space.free_bytes), readable_size(self.space.total_bytes)
        files = "" if self.space.has_free_files else ", but no more files can be made"
        return f"{head}; {words[self._level]}{free} of {total} are free in {self.folder}{files}"


def readable_size(count: int) -> str:
    """Write `count` bytes with at most three digits, rounded down: `1.5 GiB`."""
    for unit, scale in (("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)):
        if count >= scale:
            tenths = count * 10 // scale
            return f"{tenths / 10:g} {unit}" if tenths < 100 else f"{tenths // 10} {unit}"
    return f"{count} B"
