"""The times of one lease leave room for each other: what stops a handler comes before what may start it elsewhere."""

from __future__ import annotations

import pytest

from asynctask._attempt import attempt
from asynctask._executor import fence
from asynctask_core import lease
from asynctask_core.limits import LEASE_MS
from asynctask_scheduler.queue.lease_clock import LeaseClock

RATE = 0.001
"""Two monotonic clocks differ by less than this part, ten times what quartz does."""


def test_executor_has_a_second_try_to_renew_before_its_handlers_stop() -> None:
    assert 2 / lease.RENEWALS < lease.STOP_AT


def test_process_has_ended_before_somebody_else_may_start_by_both_clocks() -> None:
    """The reaper trusts no step of Redis' clock, so only the rates of two clocks are left to differ."""
    assert lease.STOP_AT + lease.END_AFTER + RATE < 1


def test_step_that_extends_no_lease_is_below_the_margin_of_the_fence() -> None:
    """Fails when: a step of a third of a lease is tolerated while handlers stop at 85 %."""
    assert lease.STEP < 1 - lease.STOP_AT


def test_look_that_is_late_by_stalls_of_two_seconds_is_no_gap_under_the_default_lease() -> None:
    assert lease.gap_ms(LEASE_MS) > 2 * 2_000


@pytest.mark.parametrize("lease_ms", [1_000, LEASE_MS, 600_000])
def test_bounds_of_a_lease_in_milliseconds_keep_their_order(lease_ms: int) -> None:
    assert (
        0 < lease.step_ms(lease_ms) < lease.gap_ms(lease_ms) <= lease.renew_every_ms(lease_ms) + 1 < lease_ms
    )


def test_fence_and_guard_take_their_numbers_from_there() -> None:
    for module, name in ((attempt, "STOP_AT"), (fence, "STOP_AT"), (fence, "END_AFTER")):
        assert vars(module)[name] == vars(lease)[name]
    assert LeaseClock(LEASE_MS)._step_ms == lease.step_ms(LEASE_MS)
