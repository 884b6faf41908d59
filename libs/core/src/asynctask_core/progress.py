"""A task's percentage, and the rate of a stage."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, isfinite

from asynctask_core.states import StageState

_OPEN_MOST = 0.99
"""The most that a stage counts before it has succeeded: a verification may have read all and then find a difference."""


@dataclass(frozen=True, slots=True)
class StageShare:
    """One stage's part in the percentage: its weight, state and counts (`total` 0 when unknown)."""

    weight: float
    state: StageState
    done: float = 0.0
    total: float = 0.0


def percent(stages: Sequence[StageShare]) -> float:
    """The weighted percentage over all stages, 0 to 100; a stage of unknown total counts when it is finished.

    A stage that has not succeeded counts at most 99 %: 100 is only for a task whose stages have all succeeded, and the
    percentage of a task that fails at its very end does not go back.
    """
    weight = sum(stage.weight for stage in stages)
    if weight <= 0 or not isfinite(weight):  # types from before weights had a bound
        return 0.0
    return 100.0 * sum(stage.weight * _fraction(stage) for stage in stages) / weight


def _fraction(stage: StageShare) -> float:
    if stage.state is StageState.COMPLETED:
        return 1.0
    if stage.state is StageState.WAITING or stage.total <= 0:
        return 0.0
    return min(_OPEN_MOST, max(0.0, stage.done / stage.total))


class RateMeter:
    """The smoothed rate of something counted, from (clock, done) samples.

    The amount divided by the time it took, both fading over about `horizon_s` seconds: right from the start, steady
    enough to read, quick enough to follow a changed bandwidth. Work from before a resume and the wait for
    the first movement do not count. With `begins_late` the first movement does not count either, since the first
    sample may be much older than its clock says. Without movement for three horizons the rate is 0.
    """

    __slots__ = ("_at_s", "_begins_late", "_done", "_horizon_s", "_moved", "_moved_at_s", "_seconds", "rate")

    def __init__(self, horizon_s: float = 10.0, *, begins_late: bool = False) -> None:
        self._horizon_s = horizon_s
        self._begins_late = begins_late
        self._at_s: float | None = None
        self._done = self._moved = self._moved_at_s = self._seconds = self.rate = 0.0

    def add(self, at_s: float, done: float) -> float:
        """Take a sample by a monotonic clock in seconds and return the rate per second."""
        if self._at_s is None or done < self._done:
            self._at_s, self._done = at_s, done
            self._moved = self._seconds = self.rate = 0.0
            return self.rate
        elapsed, moved = at_s - self._at_s, done - self._done
        if elapsed <= 0:
            return self.rate
        self._at_s, self._done = at_s, done
        if self._begins_late or (moved == 0 and self._moved == 0):
            self._begins_late = moved == 0 and self._begins_late
            return self.rate
        faded = exp(-elapsed / self._horizon_s)
        self._moved = self._moved * faded + moved
        self._seconds = self._seconds * faded + elapsed
        if moved:
            self._moved_at_s = at_s
        stands_still = at_s - self._moved_at_s >= 3 * self._horizon_s
        self.rate = 0.0 if stands_still else self._moved / self._seconds
        if not isfinite(self.rate):  # a jump beyond the range of floats is not a rate
            self._moved = self._seconds = self.rate = 0.0
        return self.rate
