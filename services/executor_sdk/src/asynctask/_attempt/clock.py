"""Time for self-fencing: by the larger of boot-time clock and wall clock, so that neither a suspended host nor a
clock that is set back makes a lease look younger than it is.
"""

import time
from collections.abc import Callable
from typing import NamedTuple, Protocol


class ClockReading(NamedTuple):
    """A reading of both clocks, in nanoseconds."""

    boot_ns: int
    wall_ns: int


class Clock(Protocol):
    """Something that can be read; tests bring their own."""

    def read(self) -> ClockReading:
        """Both clocks, now."""
        ...


class SystemClock:
    """The machine's clocks. Where there is no boot-time clock (macOS, Windows) the monotonic one is used, and the wall
    clock shows that a host was suspended.
    """

    __slots__ = ()

    def read(self) -> ClockReading:
        """Both clocks, now."""
        boot_ns = time.monotonic_ns() if _BOOT_CLOCK is None else time.clock_gettime_ns(_BOOT_CLOCK)
        # A named tuple's own constructor is Python code, and this is read at every call of `ctx.progress`.
        return _new(ClockReading, (boot_ns, time.time_ns()))


def elapsed_ms(since: ClockReading, now: ClockReading) -> float:
    """Milliseconds between two readings, by the clock that advanced more."""
    boot_ns, wall_ns = now.boot_ns - since.boot_ns, now.wall_ns - since.wall_ns
    return (boot_ns if boot_ns > wall_ns else wall_ns) / 1e6  # noqa: FURB136 - `max` costs as much as all else


_BOOT_CLOCK: int | None = getattr(time, "CLOCK_BOOTTIME", None)
_new: Callable[[type[ClockReading], tuple[int, int]], ClockReading] = tuple[int, int].__new__
