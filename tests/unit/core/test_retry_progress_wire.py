"""Arithmetic of retries and progress, and text that stores accept."""

from math import isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asynctask_core.progress import RateMeter, StageShare, percent
from asynctask_core.retry import RetryPolicy, delay_ms
from asynctask_core.states import StageState
from asynctask_core.wire import cut_middle, cut_text, escape_nul


def test_delays_double_up_to_the_cap() -> None:
    policy = RetryPolicy(initial_delay_ms=1000, max_delay_ms=5000)
    assert [delay_ms(policy, n, 0.999999) for n in (1, 2, 3, 4)] == [999, 1999, 3999, 4999]
    assert delay_ms(policy, 1, 0.0) == 500


@given(st.integers(1, 10_000), st.floats(0, 1, exclude_max=True), st.floats(1, 100))
def test_no_delay_is_over_the_cap_or_fails_to_compute(count: int, draw: float, multiplier: float) -> None:
    policy = RetryPolicy(max_delay_ms=300_000, multiplier=multiplier)
    assert 0 < delay_ms(policy, count, draw) <= 300_000


def test_policy_reads_back_and_zero_fields_are_defaults() -> None:
    policy = RetryPolicy(7, 10, 20, 1.5)
    assert RetryPolicy.from_proto(policy.to_proto()) == policy
    assert RetryPolicy.from_proto(RetryPolicy().to_proto().__class__()) == RetryPolicy()


def test_percentage_is_weighted_over_stages() -> None:
    stages = [
        StageShare(1, StageState.COMPLETED),
        StageShare(3, StageState.RUNNING, done=50, total=100),
        StageShare(1, StageState.WAITING),
    ]
    assert percent(stages) == 50.0
    assert percent([]) == 0.0
    assert percent([StageShare(1, StageState.RUNNING, done=200, total=100)]) == 99.0


@pytest.mark.parametrize("state", [StageState.RUNNING, StageState.FAILED])
def test_stage_that_has_not_ended_well_is_not_done(state: StageState) -> None:
    """Fails when a verification that read everything shows 100 %, then finds a difference and goes back to 99 %."""
    done = StageShare(85, StageState.COMPLETED)
    assert percent([done, StageShare(15, state, 7, 7)]) == pytest.approx(99.85)
    assert percent([done, StageShare(15, state, 1, 10)]) == pytest.approx(86.5)


def test_rate_follows_the_samples_and_does_not_count_what_was_done_before_a_resume() -> None:
    meter = RateMeter(horizon_s=10)
    assert meter.add(0.0, 1_000_000) == 0.0
    assert meter.add(1.0, 1_000_100) == 100.0
    assert 100.0 < meter.add(2.0, 1_000_400) < 300.0
    assert meter.add(3.0, 5) == 0.0


def test_rate_does_not_count_the_wait_for_the_first_movement() -> None:
    meter = RateMeter(horizon_s=5)
    for second in range(60):
        assert meter.add(second, 700) == 0.0
    assert meter.add(60.0, 800) == pytest.approx(100.0)
    assert meter.add(61.0, 900) == pytest.approx(100.0)


def test_rate_of_what_begins_late_does_not_count_the_first_movement_however_long_it_waits_for_it() -> None:
    meter = RateMeter(horizon_s=5, begins_late=True)
    assert [meter.add(second, 100) for second in range(3)] == [0.0] * 3
    assert meter.add(3.0, 10_000) == 0.0
    assert meter.add(4.0, 10_012) == pytest.approx(12)


def test_rate_of_a_slow_first_moment_is_corrected_within_seconds() -> None:
    meter = RateMeter(horizon_s=5)
    meter.add(0.0, 0)
    meter.add(0.2, 1)
    for tick in range(1, 26):
        meter.add(0.2 + tick / 5, 1 + tick * 200)
    assert meter.rate == pytest.approx(1000, rel=0.05)


def test_rate_fades_while_nothing_moves() -> None:
    meter = RateMeter(horizon_s=5)
    for second in range(10):
        meter.add(second, second * 100)
    assert 1 < meter.add(15.0, 900) < 50
    for second in range(16, 40):
        meter.add(second, 900)
    assert meter.rate == 0.0, "the least rate that is left gives a remaining time of days"
    assert 1 < meter.add(40.0, 1000) < 100


def test_rate_of_rare_reports_is_that_since_the_last_one() -> None:
    meter = RateMeter(horizon_s=5)
    meter.add(0.0, 0)
    meter.add(60.0, 60)
    assert meter.add(120.0, 660) == pytest.approx(10.0, rel=0.01)


def test_rate_of_the_largest_numbers_is_a_number() -> None:
    """Fails when it is infinite: that is no JSON."""
    meter = RateMeter(horizon_s=5)
    for at_s, done in ((0.0, -1.7e308), (0.1, 0.0), (0.2, 1.7e308), (0.3, 1.7e308)):
        assert isfinite(meter.add(at_s, done))
    assert meter.add(10_000.0, 0.0) == 0.0
    assert meter.add(10_001.0, 10.0) == 10.0


@given(st.text(st.characters(codec=None)))
def test_escaped_text_is_accepted_by_every_store(text: str) -> None:
    escaped = escape_nul(text)
    assert "\x00" not in escaped
    escaped.encode()


@given(st.text(), st.integers(40, 200))
def test_cut_text_keeps_its_limit(text: str, limit: int) -> None:
    for cut in (cut_text(text, limit), cut_middle(text, limit)):
        assert len(cut.encode()) <= limit
        assert cut == text or "[cut]" in cut
