"""The remaining time of a stage: the one rule for it. Schedulers measure by it, clients show what they say."""

from __future__ import annotations

from math import exp, inf, isfinite

STEADY_S = 60.0
RECENT_S = 15.0
"""Both averages fade over about so long."""
EVIDENCE_S = 5.0
"""A pace that was measured for less says nothing."""
LEAST_SHARE = 0.01
"""Nor does work of which less is done."""
STILL_S = 15.0
"""Work that has not moved for so long stands still: its end is not known."""
GROWN_SHARE = 0.01
GROWN_S = 30.0
"""A total that grew by more than this share makes every remaining time wrong for so long."""
UNSURE = 1.3
"""Averages that differ by more give a range."""
UNKNOWN = 4.0
"""A range that is wider says nothing."""


class RemainingMeter:
    """The seconds that a stage still takes, from (clock, done, total) samples of one attempt.

    Two averages of the pace, over a minute and over a quarter of it, give one time if they agree, otherwise a range.
    What was done before the first sample does not count: an earlier attempt may have done it. Nor does the first
    movement: nobody knows when it began.
    """

    __slots__ = (
        "_at_s",
        "_begun_at_s",
        "_done",
        "_grown_at_s",
        "_moved_at_s",
        "_recent",
        "_steady",
        "_total",
    )

    def __init__(self) -> None:
        self._done = inf
        self._at_s = self._total = self._moved_at_s = 0.0
        self._begun_at_s: float | None = None
        """When the work moved for the first time."""
        self._grown_at_s = -inf
        self._steady, self._recent = _FadingPace(STEADY_S), _FadingPace(RECENT_S)

    def add(self, at_s: float, done: float, total: float) -> tuple[float, float] | None:
        """Take a sample by a monotonic clock in seconds; returns the least and the most seconds left, often equal.

        None while nobody can know: too little was seen, the total is not known or just grew, or the work stands still.
        """
        elapsed, moved = at_s - self._at_s, done - self._done
        if 0 < self._total < total / (1 + GROWN_SHARE):
            self._grown_at_s = at_s
        self._at_s, self._done, self._total = at_s, done, total
        if moved < 0:
            self._begun_at_s = None
        if moved > 0:
            self._moved_at_s = at_s
        if self._begun_at_s is None:
            self._steady, self._recent = _FadingPace(STEADY_S), _FadingPace(RECENT_S)
            self._begun_at_s = at_s if moved > 0 else None
            return None
        self._steady.add(elapsed, moved)
        self._recent.add(elapsed, moved)
        is_known = (
            done >= total * LEAST_SHARE > 0
            and at_s - self._begun_at_s >= EVIDENCE_S
            and at_s - self._moved_at_s < STILL_S
            and at_s - self._grown_at_s >= GROWN_S
        )
        return self._range(max(0.0, total - done)) if is_known else None

    def _range(self, left: float) -> tuple[float, float] | None:
        steady, recent = self._steady.per_second, self._recent.per_second
        if not (0 < steady < inf and 0 < recent < inf):
            return None
        least, most = left / max(steady, recent), left / min(steady, recent)
        if not isfinite(most) or most > least * UNKNOWN:
            return None
        return (least, most) if most > least * UNSURE else (left / steady, left / steady)


class _FadingPace:
    """An amount divided by the time it took, both fading."""

    __slots__ = ("_horizon_s", "_moved", "_seconds")

    def __init__(self, horizon_s: float) -> None:
        self._horizon_s = horizon_s
        self._moved = self._seconds = 0.0

    def add(self, elapsed: float, moved: float) -> None:
        faded = exp(-max(0.0, elapsed) / self._horizon_s)
        self._moved = self._moved * faded + moved
        self._seconds = self._seconds * faded + elapsed

    @property
    def per_second(self) -> float:
        return self._moved / self._seconds if self._seconds > 0 else 0.0
