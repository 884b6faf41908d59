"""Percentiles of durations that are kept as counts by class; `duration_bucket` in Postgres chooses the class."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

NO_DURATION: Final = -1
"""The class of an event without a duration."""


def percentile_ms(counts: Mapping[int, int], share: float) -> int | None:
    """The duration that this share of all durations does not exceed; None without any.

    Within a class durations are taken as spread evenly on a scale of logarithms, each in the middle of its part: of one
    duration every percentile is the same.
    """
    total = sum(counts.values())
    if not total:
        return None
    place = max(1, math.ceil(share * total))
    for bucket, tasks in sorted(counts.items()):
        if place <= tasks:
            return round(_within(bucket, (place - 0.5) / tasks))
        place -= tasks
    raise AssertionError("a share is at most 1")


def _within(bucket: int, part: float) -> float:
    """The duration that this part of a class does not exceed, in milliseconds."""
    return math.pow(2, (bucket - 1 + part) / 2) if bucket else part
