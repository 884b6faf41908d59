"""The threads of the transfer: small changes in groups, as many at once as pays; and the list that they work off."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from asynctask_nas import crew
from asynctask_nas.ahead import ahead
from asynctask_nas.crew import Beside, Crew
from asynctask_nas.small import SMALL_BYTES

LONG = crew._LONG_BYTES + 1


def test_small_jobs_come_back_in_groups() -> None:
    with ThreadPoolExecutor(2) as pool:
        threads: Crew[int] = Crew(pool, 2, 3, lambda jobs, _: (jobs, []))
        for job in range(5):
            threads.give(job, 1)
        assert threads.ended.get(timeout=60) == [0, 1, 2]
        threads.hand_over()
        assert threads.ended.get(timeout=60) == [3, 4]


def test_large_jobs_begin_after_small_ones_that_came_before() -> None:
    released = threading.Event()

    def perform(jobs: list[int], _: Beside) -> tuple[list[int], list[int]]:
        if jobs[0] >= 1000:
            assert released.wait(60)
        return jobs, []

    with ThreadPoolExecutor(2) as pool:
        threads: Crew[int] = Crew(pool, 2, 3, perform)
        threads.give(0, 1)
        threads.give(1000, SMALL_BYTES + 1)
        threads.give(1001, SMALL_BYTES + 1)
        threads.hand_over()
        try:
            assert threads.ended.get(timeout=20) == [0]
        finally:
            released.set()
        assert sorted(job for _ in range(2) for job in threads.ended.get(timeout=60)) == [1000, 1001]


@pytest.mark.parametrize("small_come_first", [True, False])
def test_large_jobs_leave_small_ones_a_thread(small_come_first: bool) -> None:
    """Fails when as many large files as there are threads keep every small one waiting, for hours."""
    released = threading.Event()
    large_at_work = threading.Semaphore(0)

    def perform(jobs: list[int], _: Beside) -> tuple[list[int], list[int]]:
        if jobs[0] >= 1000:
            large_at_work.release()
            assert released.wait(60)
        return jobs, []

    with ThreadPoolExecutor(4) as pool:
        threads: Crew[int] = Crew(pool, 4, 8, perform)

        def give_large() -> None:
            for job in range(1000, 1006):
                threads.give(job, LONG)

        def give_small() -> None:
            for job in range(300):
                threads.give(job, 1, "folder")
            threads.hand_over()

        try:
            for give in (give_small, give_large) if small_come_first else (give_large, give_small):
                give()
            done = [job for _ in range(19) for job in threads.ended.get(timeout=60)]
            assert sorted(done) == list(range(300))
            for _ in range(3):
                assert large_at_work.acquire(timeout=60), "large files use the other threads"
            assert not large_at_work.acquire(blocking=False), "more small ones may come"
            threads.hand_over_all()
            assert large_at_work.acquire(timeout=60), "nothing else comes: all threads are theirs"
        finally:
            released.set()
        assert sorted(job for _ in range(6) for job in threads.ended.get(timeout=60)) == list(
            range(1000, 1006)
        )


def test_large_jobs_that_end_soon_use_every_thread() -> None:
    all_at_once = threading.Barrier(4)

    def perform(jobs: list[int], _: Beside) -> tuple[list[int], list[int]]:
        all_at_once.wait(60)
        return jobs, []

    with ThreadPoolExecutor(4) as pool:
        threads: Crew[int] = Crew(pool, 4, 8, perform)
        for job in range(8):
            threads.give(job, SMALL_BYTES + 1)
        assert sorted(job for _ in range(8) for job in threads.ended.get(timeout=60)) == list(range(8))


def test_jobs_that_wait_for_their_file_system_get_every_thread() -> None:
    all_at_once = threading.Barrier(4)

    def perform(jobs: list[int], _: Beside) -> tuple[list[int], list[int]]:
        if jobs[0] < 8:
            threading.Event().wait(0.05)
        else:
            all_at_once.wait(60)
        return jobs, []

    with ThreadPoolExecutor(4) as pool:
        threads: Crew[int] = Crew(pool, 4, 1, perform)
        for job in range(12):
            threads.give(job, 0)
        done = [job for _ in range(12) for job in threads.ended.get(timeout=60)]
    assert sorted(done) == list(range(12))
    assert not all_at_once.broken


@pytest.mark.parametrize(("computed_s", "most"), [(0.0, 6), (1.0, 4)], ids=["wait", "compute"])
def test_processes_get_threads_while_they_wait_and_two_for_each_processor_while_they_compute(
    computed_s: float, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew, "PROCESSORS", 2)
    lock = threading.Lock()
    at_work: list[int] = []
    seen: list[int] = []
    all_at_once = threading.Barrier(most)

    def perform(jobs: list[int], beside: Beside) -> tuple[list[int], list[int]]:
        with lock:
            at_work.append(jobs[0])
            seen.append(len(at_work))
        if jobs[0] >= 16:
            all_at_once.wait(60)
        beside.add(computed_s, 1.0)
        with lock:
            at_work.remove(jobs[0])
        return jobs, []

    with ThreadPoolExecutor(6) as pool:
        threads: Crew[int] = Crew(pool, 6, 1, perform)
        for job in range(16 + most):
            threads.give(job, 0)
        done = [job for _ in range(16 + most) for job in threads.ended.get(timeout=60)]
    assert sorted(done) == list(range(16 + most))
    assert max(seen) == threads._width == most


@pytest.mark.parametrize("error", [RuntimeError("can't start new thread"), MemoryError()])
def test_no_job_is_taken_where_a_thread_is_missing_for_it(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when a job waits for a thread that cannot be started, and a backup for that job, for ever."""
    started: list[threading.Thread] = []
    start = threading.Thread.start

    def refuse(thread: threading.Thread) -> None:
        if len(started) == 2:
            raise error
        started.append(thread)
        start(thread)

    with ThreadPoolExecutor(4) as pool:
        monkeypatch.setattr(threading.Thread, "start", refuse)
        with pytest.raises(type(error)):
            Crew[int](pool, 4, 1, lambda jobs, _: (jobs, []))
        monkeypatch.undo()


def test_a_list_that_is_read_ahead_is_the_same_list_and_fails_where_it_fails() -> None:
    def pages() -> Iterator[list[int]]:
        yield [0, 1, 2]
        yield [3]
        raise KeyboardInterrupt

    assert list(ahead(iter([[0, 1], [2], [3, 4]]))) == [*range(5)]
    seen: list[int] = []
    with pytest.raises(KeyboardInterrupt):
        seen.extend(ahead(pages()))
    assert seen == [*range(4)]
    assert list(ahead(iter(()))) == []


def test_jobs_of_one_place_stay_together() -> None:
    """Fails when threads wait for each other, since each has begun the folder that the other goes on with."""
    with ThreadPoolExecutor(4) as pool:
        threads: Crew[str] = Crew(pool, 4, 3, lambda jobs, _: (jobs, []))

        def given(*jobs: str) -> list[list[str]]:
            for job in jobs:
                threads.give(job, 1, job[0])
            threads.hand_over()
            groups: list[list[str]] = []
            while len(groups) < 1 or not threads.ended.empty():
                groups.append(list(threads.ended.get(timeout=60)))
            return groups

        assert given("a1", "a2", "b1") == [["a1", "a2"]], "more of b may come"
        assert given("b2", "c1") == [["b1", "b2"]]
        assert given() == [["c1"]], "nothing else is gathered"
        for number in range(7):
            threads.give(f"d{number}", 1, "d")
        assert threads.ended.get(timeout=60) == [f"d{number}" for number in range(6)], (
            "a large place is divided"
        )
        threads.hand_over()
        assert threads.ended.get(timeout=60) == ["d6"]
        for job in ("e1", "f1"):
            threads.give(job, 1, job[0])
        threads.hand_over_all()
        assert threads.ended.get(timeout=60) == ["e1", "f1"], "who stops waits for all"
