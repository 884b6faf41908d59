"""The remaining time of a stage, on recorded progress."""

from collections.abc import Callable
from math import isfinite

import pytest

from asynctask_core.remaining import RemainingMeter

Said = dict[float, tuple[float, float] | None]


def said(
    seconds: float, done: Callable[[float], float], total: float | Callable[[float], float] = 1000.0
) -> Said:
    """What is said at each report of four a second."""
    meter, answers = RemainingMeter(), Said()
    for tick in range(int(seconds * 4) + 1):
        at_s = tick / 4
        answers[at_s] = meter.add(5000 + at_s, done(at_s), total(at_s) if callable(total) else total)
    return answers


def first(answers: Said) -> float:
    return next(at_s for at_s, answer in answers.items() if answer is not None)


def test_steady_work_has_one_remaining_time_after_five_seconds_and_one_percent():
    answers = said(60, lambda at_s: 2 * at_s)
    assert first(answers) == 5.25, "the first movement does not count"
    assert answers[20.0] == pytest.approx((480, 480))
    assert first(said(60, lambda at_s: at_s, total=3000)) == 30.0
    assert set(said(60, lambda at_s: at_s, total=0).values()) == {None}


def test_work_in_bursts_is_measured_over_many_of_them():
    """Files of 40 units, each copied in a second, of which one begins every ten seconds."""
    answers = said(120, lambda at_s: 40 * (at_s // 10) + 40 * min(1.0, at_s % 10), total=10_000)
    for at_s, answer in answers.items():
        if at_s > 60:
            assert answer == pytest.approx(((10_000 - 4 * at_s) / 4,) * 2, rel=0.15)


def test_changed_bandwidth_is_a_range_first_and_then_the_new_pace():
    answers = said(400, lambda at_s: 10 * min(at_s, 120) + max(0, at_s - 120), total=10_000)
    assert answers[120.0] == pytest.approx((880, 880))
    least, most = answers[130.0] or (0, 0)
    assert least < 0.8 * most
    assert answers[400.0] == pytest.approx((8520, 8520), rel=0.15)


def test_work_that_stands_still_has_no_remaining_time():
    answers = said(60, lambda at_s: min(at_s, 30) * 10)
    assert answers[30.0]
    assert {answer for at_s, answer in answers.items() if at_s >= 45} == {None}


def test_work_that_goes_on_after_a_stall_has_a_remaining_time_again():
    answers = said(120, lambda at_s: min(at_s, 30) if at_s < 60 else at_s - 30)
    assert answers[59.0] is None
    assert answers[120.0] is not None


def test_total_that_grows_by_more_than_one_percent_has_no_remaining_time_for_half_a_minute():
    answers = said(120, lambda at_s: at_s, lambda at_s: 1000 if at_s < 40 else 1005 if at_s < 60 else 2000)
    assert answers[40.0] == pytest.approx((965, 965))
    assert {answer for at_s, answer in answers.items() if 60 <= at_s < 90} == {None}
    assert answers[90.0] == pytest.approx((1910, 1910))


def test_what_an_earlier_attempt_did_does_not_count():
    answers = said(30, lambda at_s: 900 + at_s)
    assert answers[30.0] == pytest.approx((70, 70))
    late = said(30, lambda at_s: 0 if at_s < 1 else 900 + at_s)
    assert late[30.0] == pytest.approx((70, 70)), "nor if it is reported only after the first report"


def test_work_that_begins_anew_is_measured_anew():
    answers = said(60, lambda at_s: 20 * at_s if at_s < 30 else at_s - 30)
    assert {answer for at_s, answer in answers.items() if 30 <= at_s < 35} == {None}
    assert answers[60.0] == pytest.approx((970, 970))


def test_slow_steps_are_measured_from_one_to_the_next():
    """A step each ten seconds, and a report each quarter of a second."""
    answers = said(100, lambda at_s: at_s // 10, total=100)
    assert answers[30.0] == pytest.approx((970, 970), rel=0.1)


def test_whole_work_has_nothing_left_and_the_largest_numbers_are_no_time():
    assert said(20, lambda at_s: 100 * at_s, total=1000)[15.0] == (0.0, 0.0)
    meter = RemainingMeter()
    for at_s, done in enumerate((0.0, 1e-300, 1.7e308, 1.7e308, 0.0, 1.7e307, 1.7e308)):
        assert all(map(isfinite, meter.add(at_s * 6.0, done, 1.7e308) or ()))
