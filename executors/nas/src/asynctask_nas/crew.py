"""The threads that make changes: small ones in groups, on as many threads as are useful.

If a file system makes its callers wait (a network mount, a busy disk), several threads can wait at once. If it answers
at once, more threads would only wait for each other: Python runs one of them at a time, and copy processes are not
faster if there are more of them than processors. So the share of computing in the time of a group decides how many
groups run at once. Large changes use the other threads: they may take hours, and small ones must not wait for them.
"""

from __future__ import annotations

import os
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

from asynctask_nas.small import SMALL_BYTES

J = TypeVar("J")

PROCESSORS = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
"""How many this process may use."""
BUSY, IDLE = 0.8, 0.5
"""Shares of computing: with more than the first, more threads do not help; with less than the second, they do."""
_LONG_BYTES = 16 << 20
"""A larger change takes long. While more changes may come, one thread is kept free of such changes."""
_GROUPS_MOST = 2
"""How many times the usual size a group may have, to keep the changes of one place together."""


@dataclass(slots=True)
class Beside:
    """What the copy processes did for a group of changes, in seconds."""

    computed_s: float = 0.0
    took_s: float = 0.0

    def add(self, computed_s: float, took_s: float) -> None:
        """Add the times of one request."""
        self.computed_s += computed_s
        self.took_s += took_s


Perform = Callable[[list[J], Beside], tuple[list[J], list[J]]]
"""Makes some of the changes, at least one, and never raises. It returns after about a twentieth of a second.

Returns those that have ended, and those that are left; adds the times of copy processes.
"""


class Crew(Generic[J]):
    """Calls `perform` on its threads until nothing is left; jobs that have ended arrive in the queue `ended`."""

    def __init__(
        self,
        pool: ThreadPoolExecutor,
        threads: int,
        group: int,
        perform: Perform[J],
    ) -> None:
        """Start the threads.

        Raises:
            RuntimeError: that many cannot be started.
        """
        self.ended: queue.SimpleQueue[Sequence[J]] = queue.SimpleQueue()
        self._pool = pool
        self._threads = threads
        self._group = group
        self._perform = perform
        self._gathered: list[J] = []
        self._place: object = None
        self._place_begins = 0
        """Index of the first gathered job of the last place."""
        self._lock = threading.Lock()
        self._waiting: deque[list[J]] = deque()
        """Groups of small jobs that have not begun."""
        self._large: deque[tuple[J, int]] = deque()
        """Large jobs that have not begun, with their sizes."""
        self._more_may_come = True
        self._at_work = 0
        """Groups that are running."""
        self._large_at_work = 0
        self._width = min(2, threads)
        """How many groups may run at once."""
        _start(pool, threads)

    def give(self, job: J, size: int, place: object = None) -> None:
        """Have a job done. It may wait until `hand_over`, to form a group.

        Callers give small jobs of one place in a row. They stay in one group: otherwise two threads would wait for each
        other.
        """
        self._more_may_come = True
        if size > SMALL_BYTES:
            with self._lock:
                self._large.append((job, size))
                self._begin()
            return
        if place != self._place:
            if len(self._gathered) >= self._group:
                self._hand_over(len(self._gathered))
            self._place, self._place_begins = place, len(self._gathered)
        self._gathered.append(job)
        if len(self._gathered) >= self._group * (1 if place is None else _GROUPS_MOST):
            self._hand_over(len(self._gathered))

    def hand_over(self) -> None:
        """Let the gathered jobs begin, since no more come for the moment.

        Jobs of the last place wait for the next call if there are others, since more of that place may come.
        """
        self._hand_over(self._place_begins or len(self._gathered))

    def hand_over_all(self) -> None:
        """Let all jobs begin: no more come, and the caller waits for all of them."""
        self._more_may_come = False
        self._hand_over(len(self._gathered))

    def _hand_over(self, count: int) -> None:
        jobs, self._gathered = self._gathered[:count], self._gathered[count:]
        self._place_begins = 0
        with self._lock:
            if jobs:
                self._waiting.append(jobs)
            self._begin()

    def _begin(self) -> None:
        """Begin jobs on the free threads, as far as they may."""
        while self._waiting and self._at_work < self._width and self._free:
            self._at_work += 1
            self._pool.submit(self._work_and_learn, self._waiting.popleft())
        while self._large and self._may_begin(self._large[0][1]):
            self._large_at_work += 1
            self._pool.submit(self._work_on_large, self._large.popleft()[0])

    @property
    def _free(self) -> int:
        """Threads without work."""
        return self._threads - self._at_work - self._large_at_work

    def _may_begin(self, size: int) -> bool:
        """Tell whether a large change may begin now."""
        if self._gathered:  # they came before it
            return False
        return self._free > (1 if self._more_may_come and size > _LONG_BYTES else 0)

    def _work_on_large(self, job: J) -> None:
        self._work([job])
        with self._lock:
            self._large_at_work -= 1
            self._begin()

    def _work_and_learn(self, jobs: list[J]) -> None:
        began, computed = time.monotonic(), time.thread_time()
        beside = self._work(jobs)
        with self._lock:
            at_work = self._at_work
            self._at_work -= 1
            if beside.took_s:
                # Two for each processor: one prepares the next request while the process executes the other's.
                least = min(2 * PROCESSORS, self._threads)
                share = at_work / PROCESSORS * beside.computed_s / beside.took_s
            else:
                took_s = max(time.monotonic() - began, 1e-6)
                least, share = 1, at_work * (time.thread_time() - computed) / took_s
            if self._width < least or share > BUSY:
                self._width = max(least, self._width - 1)
            elif share < IDLE:
                self._width = min(self._threads, self._width + 1)
            self._begin()

    def _work(self, jobs: list[J]) -> Beside:
        beside = Beside()
        while jobs:
            done, jobs = self._perform(jobs, beside)
            # This wakes the stage's own thread.
            self.ended.put(done)
        return beside


def _start(pool: ThreadPoolExecutor, threads: int) -> None:
    """Start all threads of a pool now, so that no later job fails because its thread cannot be started."""
    all_there = threading.Barrier(threads)

    def wait() -> None:
        with suppress(threading.BrokenBarrierError):
            all_there.wait()

    try:
        for _ in range(threads):
            pool.submit(wait)
    except BaseException:
        all_there.abort()
        raise
