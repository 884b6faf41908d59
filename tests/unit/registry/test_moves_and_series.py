"""What a change of a task counts as; which spans a series may have; percentiles from classes of durations."""

from __future__ import annotations

import math
import random

import pytest

from asynctask_core.errors import InvalidInput
from asynctask_core.ids import new_id
from asynctask_core.states import TaskState
from asynctask_core.task import TaskFacts, replace
from asynctask_registry.counts.durations import percentile_ms
from asynctask_registry.counts.series import SeriesSpan
from asynctask_registry.ledger.transition.moves import moves_of

RUNNING = TaskFacts(new_id(), TaskState.RUNNING, 3, "default", "copy", 3)
NOW_S = 1_800_000_123.0
NOW_MS = int(NOW_S * 1000)
HOUR_MS = 3_600_000


@pytest.mark.parametrize(
    ("changes", "results", "has_started", "expected"),
    [
        ({"state": TaskState.COMPLETED}, {"success"}, False, [("running", "completed", "completed")]),
        ({"state": TaskState.FAILED}, {"failed"}, False, [("running", "failed", "failed")]),
        ({"state": TaskState.PENDING}, {"failed"}, False, [("running", "pending", "retried")]),
        ({"state": TaskState.QUEUED}, {"lost"}, False, [("running", "queued", "lost")]),
        (
            {"state": TaskState.FAILED},
            {"lost"},
            False,
            [("running", "failed", "failed"), (None, None, "lost")],
        ),
        ({"state": TaskState.QUEUED}, {"released"}, False, [("running", "queued", None)]),
        (
            {"state": TaskState.COMPLETED, "deleted": True},
            {"success"},
            False,
            [("running", None, "completed")],
        ),
        ({"priority": 1}, set(), False, []),
        ({"attempt_id": new_id()}, set(), True, [(None, None, "started")]),
    ],
)
def test_a_change_counts_once(
    changes: dict[str, object],
    results: set[str],
    has_started: bool,
    expected: list[tuple[str | None, str | None, str | None]],
) -> None:
    found = moves_of(RUNNING, replace(RUNNING, **changes), results, has_started=has_started)
    assert [(one.former, one.state, one.event) for one in found] == expected


def test_a_span_has_every_step_that_it_touches() -> None:
    span = SeriesSpan.of(NOW_MS - HOUR_MS, None, 60_000, NOW_S)
    assert (span.step_s, span.kept_s) == (60, 60)
    assert span.first == (NOW_MS - HOUR_MS) // 60_000
    assert span.last == NOW_MS // 60_000


@pytest.mark.parametrize(
    ("hours", "step_s"),
    [(1, 60), (3, 120), (24, 900), (26, 900), (27, 3600), (7 * 24, 7200), (40 * 24, 43_200)],
)
def test_a_usual_step_is_chosen(hours: int, step_s: int) -> None:
    assert SeriesSpan.of(NOW_MS - hours * HOUR_MS, None, 0, NOW_S).step_s == step_s


def test_the_future_has_no_points() -> None:
    assert SeriesSpan.of(NOW_MS - HOUR_MS, NOW_MS + 40 * HOUR_MS, 60_000, NOW_S).last == NOW_MS // 60_000


@pytest.mark.parametrize(
    ("start_ms", "end_ms", "step_ms", "field", "text"),
    [
        (NOW_MS, NOW_MS - 1, 0, "start_time", "must not be after end_time"),
        (NOW_MS - 41 * 24 * HOUR_MS, None, 0, "start_time", "must be within the last 40 days"),
        (None, None, 90_000, "step_ms", "must be a multiple of 60000; got 90000"),
        (None, None, 59, "step_ms", "must be a multiple of 60000; got 59"),
        (
            NOW_MS - 30 * HOUR_MS,
            None,
            60_000,
            "step_ms",
            "must be a multiple of 3600000, since the span begins more than 26 hours ago; got 60000",
        ),
    ],
)
def test_a_wrong_span_is_refused(
    start_ms: int | None, end_ms: int | None, step_ms: int, field: str, text: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        SeriesSpan.of(start_ms, end_ms, step_ms, NOW_S)
    (violation,) = refused.value.violations
    assert (violation.field, violation.description) == (field, text)


def test_every_span_that_is_kept_fits_with_its_shortest_step() -> None:
    for hours, step_ms in ((26, 60_000), (40 * 24, 3_600_000)):
        assert SeriesSpan.of(NOW_MS - hours * HOUR_MS, None, step_ms, NOW_S)


def test_a_percentile_is_about_ten_percent_exact() -> None:
    draw = random.Random(1)
    durations = sorted(math.exp(draw.gauss(8, 1.5)) for _ in range(5000))
    counts: dict[int, int] = {}
    for ms in durations:
        bucket = max(0, math.ceil(2 * math.log2(ms)))
        counts[bucket] = counts.get(bucket, 0) + 1
    for share in (0.5, 0.95):
        found = percentile_ms(counts, share)
        assert found is not None
        assert found == pytest.approx(durations[int(share * len(durations))], rel=0.1)


def test_a_percentile_of_nothing_is_absent() -> None:
    assert percentile_ms({}, 0.5) is None
    assert percentile_ms({0: 3}, 0.95) == 1


def test_of_one_duration_every_percentile_is_the_same() -> None:
    assert percentile_ms({16: 1}, 0.5) == percentile_ms({16: 1}, 0.95) == percentile_ms({16: 1}, 1.0) == 215
    assert percentile_ms({0: 1}, 0.5) == percentile_ms({0: 1}, 0.95)
