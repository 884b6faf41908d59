"""A clock that tests move by hand."""

from asynctask._attempt.clock import ClockReading


class ManualClock:
    def __init__(self) -> None:
        self.boot_ms = 1_000_000.0
        self.wall_ms = 5_000_000.0

    def read(self) -> ClockReading:
        return ClockReading(int(self.boot_ms * 1e6), int(self.wall_ms * 1e6))

    def advance(self, ms: float, *, boot: bool = True, wall: bool = True) -> None:
        self.boot_ms += ms if boot else 0
        self.wall_ms += ms if wall else 0
