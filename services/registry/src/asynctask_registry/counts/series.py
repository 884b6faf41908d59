"""What happened to tasks over time: one point for each step of a span."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from asynctask_core import limits
from asynctask_core.errors import FieldViolation, InvalidInput
from asynctask_core.wire import to_timestamp
from asynctask_protos.task.v1.overview_pb2 import SeriesPoint
from asynctask_registry.counts.durations import NO_DURATION, percentile_ms
from asynctask_registry.store.pool_share import WorkRunner

MINUTE_S: Final = 60
HOUR_S: Final = 3600
_USUAL_STEPS_S: Final = tuple(
    [MINUTE_S * minutes for minutes in (1, 2, 5, 10, 15, 30)]
    + [HOUR_S * hours for hours in (1, 2, 3, 6, 12, 24)]
)
_USUAL_POINTS: Final = 120

Buckets = Mapping[str, Mapping[int, int]]
"""Of one step: how often each event happened, by class of duration."""


@dataclass(frozen=True, slots=True)
class SeriesSpan:
    """Steps of `step_s` seconds, from the one with the number `first` to that with the number `last`."""

    step_s: int
    first: int
    last: int

    @property
    def kept_s(self) -> int:
        """Length of the stored steps that the series is made of."""
        return HOUR_S if self.step_s % HOUR_S == 0 else MINUTE_S

    @classmethod
    def of(cls, start_ms: int | None, end_ms: int | None, step_ms: int, now_s: float) -> SeriesSpan:
        """The span that a caller asks for.

        Raises:
            InvalidInput: it is not within what is kept, or has too many steps.
        """
        end_s = now_s if end_ms is None else end_ms / 1000
        start_s = end_s - HOUR_S if start_ms is None else start_ms / 1000
        if start_s > end_s:
            raise InvalidInput([FieldViolation("start_time", "must not be after end_time")])
        if start_s < now_s - limits.HOURS_KEPT_S:
            days = limits.HOURS_KEPT_S // 86_400
            raise InvalidInput([FieldViolation("start_time", f"must be within the last {days} days")])
        end_s = min(end_s, max(now_s, start_s))
        has_minutes = start_s >= now_s - limits.MINUTES_KEPT_S
        shortest_s = MINUTE_S if has_minutes else HOUR_S
        step_s = step_ms // 1000 or _usual_step(end_s - start_s, shortest_s)
        span = cls(step_s, int(start_s // step_s), int(end_s // step_s))
        fault = _step_fault(span, step_ms, shortest_s)
        if fault:
            raise InvalidInput([FieldViolation("step_ms", f"{fault}; got {step_ms}")])
        return span


def _usual_step(length_s: float, shortest_s: int) -> int:
    fitting = (one for one in _USUAL_STEPS_S if one >= shortest_s and length_s <= one * _USUAL_POINTS)
    return next(fitting, _USUAL_STEPS_S[-1])


def _step_fault(span: SeriesSpan, step_ms: int, shortest_s: int) -> str | None:
    if step_ms % (shortest_s * 1000):
        hours = limits.MINUTES_KEPT_S // 3600
        return (
            f"must be a multiple of {MINUTE_S * 1000}"
            if shortest_s == MINUTE_S
            else f"must be a multiple of {HOUR_S * 1000}, since the span begins more than {hours} hours ago"
        )
    steps = span.last - span.first + 1
    if steps > limits.SERIES_POINTS:
        return f"must be longer: the span has {steps} steps, and at most {limits.SERIES_POINTS} fit into an answer"
    return None


class SeriesReader:
    """Reads series."""

    def __init__(self, runner: WorkRunner, clock: Callable[[], float] = time.time) -> None:
        self._runner = runner
        self._clock = clock

    async def points(
        self, task_type: str, *, start_ms: int | None = None, end_ms: int | None = None, step_ms: int = 0
    ) -> tuple[list[SeriesPoint], int]:
        """The points of a span, the oldest first, and the length of a step in milliseconds.

        An empty `task_type` means all types.

        Raises:
            InvalidInput: the span is not within what is kept, or has too many steps.
        """
        span = SeriesSpan.of(start_ms, end_ms, step_ms, self._clock())
        found = await read_steps(self._runner, task_type, span)
        points = [
            _point(number * span.step_s, found.get(number, {})) for number in range(span.first, span.last + 1)
        ]
        return points, span.step_s * 1000


async def read_steps(runner: WorkRunner, task_type: str, span: SeriesSpan) -> dict[int, Buckets]:
    """The steps of a span in which something happened, by number."""
    rows = await runner.run(
        lambda connection: connection.fetch(
            "series_read",
            task_type=task_type,
            step_s=span.kept_s,
            point_s=span.step_s,
            low=span.first * span.step_s * 1_000_000,
            high=(span.last + 1) * span.step_s * 1_000_000,
        )
    )
    found: defaultdict[int, defaultdict[str, Counter[int]]] = defaultdict(lambda: defaultdict(Counter))
    for number, event, bucket, tasks in rows:
        found[number][event][bucket] += tasks
    return dict(found)


def happened(step: Buckets, event: str) -> int:
    """How often an event happened in a step."""
    return sum(step.get(event, {}).values())


def _point(start_s: int, step: Buckets) -> SeriesPoint:
    waits, runs = _timed(step, "started"), _timed(step, "completed")
    return SeriesPoint(
        start_time=to_timestamp(start_s * 1_000_000),
        submitted=happened(step, "submitted"),
        started=happened(step, "started"),
        completed=happened(step, "completed"),
        failed=happened(step, "failed"),
        cancelled=happened(step, "cancelled"),
        lost=happened(step, "lost"),
        retried=happened(step, "retried"),
        wait_p50_ms=percentile_ms(waits, 0.5),
        wait_p95_ms=percentile_ms(waits, 0.95),
        run_p50_ms=percentile_ms(runs, 0.5),
        run_p95_ms=percentile_ms(runs, 0.95),
    )


def _timed(step: Buckets, event: str) -> dict[int, int]:
    return {bucket: tasks for bucket, tasks in step.get(event, {}).items() if bucket != NO_DURATION}
