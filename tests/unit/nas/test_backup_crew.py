"""The threads of the transfer: small changes in groups, as many at once as pays."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from asynctask_nas.crew import SMALL_BYTES, Crew


def test_small_jobs_come_back_in_groups_and_a_large_one_waits_for_none_of_them() -> None:
    with ThreadPoolExecutor(2) as pool:
        crew: Crew[int] = Crew(pool, 2, 3, lambda _: None)
        for job in range(5):
            crew.give(job, 1)
        crew.give(99, SMALL_BYTES + 1)
        first = sorted([tuple(crew.ended.get(timeout=60)), tuple(crew.ended.get(timeout=60))])
        assert first == [(0, 1, 2), (99,)]
        assert crew.ended.empty()
        crew.hand_over()
        assert crew.ended.get(timeout=60) == [3, 4]


def test_jobs_that_wait_for_their_file_system_get_every_thread() -> None:
    all_at_once = threading.Barrier(4)

    def perform(job: int) -> None:
        if job < 8:
            threading.Event().wait(0.05)
        else:
            all_at_once.wait(60)

    with ThreadPoolExecutor(4) as pool:
        crew: Crew[int] = Crew(pool, 4, 1, perform)
        for job in range(12):
            crew.give(job, 0)
        done = [job for _ in range(12) for job in crew.ended.get(timeout=60)]
    assert sorted(done) == list(range(12))
    assert not all_at_once.broken
