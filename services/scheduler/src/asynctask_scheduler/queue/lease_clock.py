"""Judges by two clocks which deadlines have passed: the clock of Redis, which wrote them, and this process' own.

A deadline is a time of Redis' clock. With that clock alone, a step ahead would end leases whose executors still work.
So each look compares both clocks, and a deadline has passed once a whole lease has passed on both since its renewal.
This process' time is converted with the lowest difference between the clocks that was seen within the last lease.

    difference = Redis' time - own time, known from a look as an interval: Redis answered between `asked` and `answered`
    judged     = own time now + the lowest difference within the last lease  <=  Redis' time now

Why that is right: a renewal at own time `m` wrote the deadline `m + difference(m) + lease`. If it is at or before
`judged`, then `now - m >= lease + difference(m) - lowest >= lease`. A renewal older than the last lease needs no proof.
A look whose answer was slow lowers the lowest difference, so a stall delays the judgement by its own length and no
more. It does not notice a step ahead and a step back between two looks that cancel each other out.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from asynctask_core.lease import step_ms

Tick = tuple[float, float]
"""Redis' time of a look in ms, and own time in seconds when it was answered."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The result of one look."""

    judged_ms: float
    """Deadlines up to this time of Redis' clock have passed."""
    stepped: bool
    """The difference of the clocks has certainly changed by more than `lease.STEP` since a look in the last lease."""


@dataclass(slots=True)
class _Look:
    """An earlier look: its difference of the clocks minus that of the last look, as an interval in ms."""

    at_s: float
    lowest: float
    highest: float


class LeaseClock:
    """The looks of one process. They are kept relative to the last one, whose tick the caller keeps."""

    def __init__(self, lease_ms: int) -> None:
        self._lease_s = lease_ms / 1000
        self._step_ms = step_ms(lease_ms)
        self._looks: deque[_Look] = deque()

    def judge(
        self, last: Tick | None, now_ms: float, asked_s: float, answered_s: float, *, stored_ms: float | None
    ) -> Judgement:
        """Take in a look at Redis' clock.

        Args:
            last: the tick of the look before; None at the first.
            now_ms: Redis' time, at some moment between `asked_s` and `answered_s` of the own clock.
            stored_ms: the time up to which another process, or this one before a restart, has judged. Only used at the
                first look, when this process knows nothing else of the time before.
        """
        looks = self._looks
        if last is None:
            looks.clear()
            if stored_ms is not None:
                looks.append(_Look(answered_s, min(stored_ms - now_ms, 0.0), float("inf")))
        else:
            moved = (now_ms - last[0]) - (answered_s - last[1]) * 1000
            for look in looks:
                look.lowest -= moved
                look.highest -= moved
        taken_ms = (answered_s - asked_s) * 1000
        # Use the bounds of the intervals that prove a step: a slow answer alone is not one.
        ahead = max((-look.highest for look in looks), default=0.0)
        back = max((look.lowest - taken_ms for look in looks), default=0.0)
        looks.append(_Look(answered_s, 0.0, taken_ms))
        # Keep one look from before the last lease: it covers the time until the next look.
        while len(looks) > 1 and looks[1].at_s <= answered_s - self._lease_s:
            looks.popleft()
        return Judgement(now_ms + min(look.lowest for look in looks), max(ahead, back) > self._step_ms)

    def restart(self) -> None:
        """Drop all looks but the last: every lease was extended by a whole lease, so older ones are not needed."""
        while len(self._looks) > 1:
            self._looks.popleft()
