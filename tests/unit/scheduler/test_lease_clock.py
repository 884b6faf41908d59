"""Which deadlines have passed: one passes only after a whole lease, also when Redis' clock jumps."""

from __future__ import annotations

from dataclasses import dataclass

import hypothesis.strategies as st
from hypothesis import given, settings

from asynctask_core.lease import step_ms
from asynctask_scheduler.queue.lease_clock import Judgement, LeaseClock, Tick

LEASE_MS = 15_000
REDIS_BEGAN_MS = 1_800_000_000_000.0


@dataclass
class World:
    """True time in ms, Redis' clock, which may step, and one process that looks."""

    true_ms: float = 0.0
    ahead_ms: float = REDIS_BEGAN_MS

    def __post_init__(self) -> None:
        self.clock = LeaseClock(LEASE_MS)
        self.last: Tick | None = None

    @property
    def redis_ms(self) -> float:
        return self.true_ms + self.ahead_ms

    def look(
        self, before_ms: float = 0.0, after_ms: float = 0.0, stored_ms: float | None = None
    ) -> Judgement:
        """Look at the clock; so long Redis takes before and after it reads its own."""
        asked_s = self.true_ms / 1000
        self.true_ms += before_ms
        now_ms = self.redis_ms
        self.true_ms += after_ms
        answered_s = self.true_ms / 1000
        judgement = self.clock.judge(self.last, now_ms, asked_s, answered_s, stored_ms=stored_ms)
        self.last = (now_ms, answered_s)
        return judgement


def passed(world: World, judgement: Judgement, deadline_ms: float) -> bool:
    return deadline_ms <= min(judgement.judged_ms, world.redis_ms)


some_ms = st.floats(0, 2_000)
a_step = st.tuples(st.floats(0, 4_000), st.floats(0, 6_000), some_ms, some_ms)
"""Time that passes, by how much the clock goes ahead, and how long the look takes."""


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(st.lists(a_step, min_size=5, max_size=40))
def test_no_lease_ends_before_its_whole_length_has_passed_whatever_redis_clock_leaps_ahead(
    steps: list[tuple[float, float, float, float]],
) -> None:
    """Law 2. Fails when: a step of the clock below any tolerance is believed, or those of a lease are not summed."""
    world = World()
    world.look()
    renewals: list[tuple[float, float]] = []
    for wait_ms, leap_ms, before_ms, after_ms in steps:
        renewals.append((world.true_ms, world.redis_ms + LEASE_MS))
        world.true_ms += wait_ms / 2
        world.ahead_ms += leap_ms
        renewals.append((world.true_ms, world.redis_ms + LEASE_MS))
        world.true_ms += wait_ms / 2
        judgement = world.look(before_ms, after_ms)
        for renewed_ms, deadline_ms in renewals:
            if passed(world, judgement, deadline_ms):
                assert world.true_ms - renewed_ms >= LEASE_MS - 0.01


def test_stalls_of_two_seconds_again_and_again_delay_the_end_of_a_lease_by_little_more_than_one() -> None:
    """A guard that extends every lease at each of them would never let one end."""
    world = World()
    world.look()
    deadline_ms = world.redis_ms + LEASE_MS
    while not passed(world, judgement := world.look(1_000, 1_000), deadline_ms):
        assert not judgement.stepped
        world.true_ms += 1_000
    assert world.true_ms <= LEASE_MS + 3 * 3_000


def test_clock_that_leaps_again_and_again_delays_the_end_of_a_lease_by_no_more_than_one_lease() -> None:
    world = World()
    world.look()
    deadline_ms = world.redis_ms + LEASE_MS
    while not passed(world, world.look(), deadline_ms):
        world.ahead_ms += 300
        world.true_ms += 1_000
    assert LEASE_MS <= world.true_ms <= 2 * LEASE_MS


def test_steps_are_summed_over_one_lease() -> None:
    world = World()
    world.look()
    small = step_ms(LEASE_MS) * 0.6
    for forward in (True, False):
        world.ahead_ms += small if forward else -small
        world.true_ms += 1_000
        assert not world.look().stepped
        world.ahead_ms += small if forward else -small
        world.true_ms += 1_000
        assert world.look().stepped
        world.clock.restart()
    # Further apart than a lease they are what clocks are corrected by.
    for _ in range(5):
        world.ahead_ms += small
        for _ in range(20):
            world.true_ms += 1_000
            assert not world.look().stepped


def test_first_look_goes_on_where_another_process_has_judged() -> None:
    """A scheduler that was started again ends what had run out before, and trusts no step while it was away."""
    world = World()
    known_ms = world.redis_ms
    deadline_ms = known_ms + 1_000
    world.true_ms += 500
    world.ahead_ms += 5_000
    assert not passed(world, world.look(stored_ms=known_ms), deadline_ms)
    world.true_ms += 999
    assert not passed(world, world.look(), deadline_ms)
    world.true_ms += 2
    assert passed(world, world.look(), deadline_ms)


def test_clock_that_goes_back_is_not_overtaken() -> None:
    world = World()
    world.look()
    world.ahead_ms -= 10_000
    world.true_ms += 1_000
    judgement = world.look()
    assert judgement.stepped
    assert min(judgement.judged_ms, world.redis_ms) == world.redis_ms
