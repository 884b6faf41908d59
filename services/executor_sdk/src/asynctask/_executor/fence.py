"""Self-fencing: an executor that cannot renew its leases stops its handlers before the leases end.

    sent ──────────────── 85 % ───────── 95 % ─────── 100 % of the lease
    of the last           handlers       process      another
    acknowledged          are stopped    ends if a    executor
    renewal                              handler is   may start
                                         alive        the task

Counted from the moment the last acknowledged renewal was *sent*, by the larger of boot-time and wall clock: the
scheduler counts from a later moment. `asynctask_core.lease` has all times of a lease together. The process ends only if
no renewal succeeded since its handlers were stopped: all its leases have ended then.
"""

import logging
import threading
from collections.abc import Callable, Iterable
from typing import Final

from asynctask._attempt.attempt import Attempt
from asynctask._attempt.clock import Clock, ClockReading, elapsed_ms
from asynctask_core import limits
from asynctask_core.lease import END_AFTER, RENEWALS, STOP_AT

_log = logging.getLogger("asynctask.executor")

LONGEST_WAIT_MS: Final = 1000.0
"""A suspended host or a stepped clock is noticed within this time; with short leases within a tenth of one."""


class Fence:
    """Watches the leases of live handlers from a thread of its own.

    `stop` is called from that thread with an attempt whose handler must stop; `end_process` if it does not stop.
    """

    def __init__(
        self,
        attempts: Callable[[], Iterable[Attempt]],
        clock: Clock,
        *,
        stop: Callable[[Attempt], object],
        end_process: Callable[[], object],
    ) -> None:
        self._attempts = attempts
        self._clock = clock
        self._stop = stop
        self._end_process = end_process
        self._wake = threading.Event()
        self._idle = True
        self._closed = False
        self._thread: threading.Thread | None = None
        self._renewed: ClockReading | None = None
        self._lease_ms = float(limits.LEASE_MS)

    def start(self) -> None:
        """Begin to watch."""
        self._thread = threading.Thread(target=self._run, name="asynctask-fence", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop watching."""
        self._closed = True
        self._wake.set()
        if self._thread is not None:
            self._thread.join()

    def wake(self) -> None:
        """Begin to check, if nothing was held before: attempts were added."""
        if self._idle:
            self._wake.set()

    def renewed(self, attempts: Iterable[Attempt], sent: ClockReading, lease_ms: int) -> None:
        """A renewal that was sent at `sent` is acknowledged for these attempts."""
        self._renewed, self._lease_ms = sent, float(lease_ms)
        for attempt in attempts:
            # The fence may read between these two lines, which is safe: each only moves the deadline later.
            attempt.lease_from = sent
            attempt.lease_ms = float(lease_ms)
            attempt.renewed = True
            if (told := attempt.on_renewed) is not None:
                told()

    def is_fresh(self) -> bool:
        """Whether a renewal was acknowledged in the last third of a lease, so that tasks may start."""
        renewed = self._renewed
        return renewed is not None and elapsed_ms(renewed, self._clock.read()) < self._lease_ms / RENEWALS

    def check(self) -> float | None:
        """Stop handlers whose time is up; returns the seconds until the next check, None when nothing is held."""
        now = self._clock.read()
        wait_ms: float | None = None
        for attempt in self._attempts():
            if attempt.fenced_at is None:
                left_ms = attempt.lease_ms * STOP_AT - elapsed_ms(attempt.lease_from, now)
                if left_ms <= 0:
                    attempt.fenced_at = now
                    self._stop(attempt)
                    left_ms = attempt.lease_ms * END_AFTER
            else:
                left_ms = attempt.lease_ms * END_AFTER - elapsed_ms(attempt.fenced_at, now)
                if left_ms <= 0:
                    if not self._renewed_since(attempt.fenced_at):
                        self._end_process()
                    left_ms = LONGEST_WAIT_MS
            wait_ms = left_ms if wait_ms is None else min(wait_ms, left_ms)
        if wait_ms is None:
            return None
        return min(max(wait_ms, 1.0), LONGEST_WAIT_MS, max(self._lease_ms / 10, 10.0)) / 1000

    def _renewed_since(self, fenced_at: ClockReading) -> bool:
        renewed = self._renewed
        return renewed is not None and renewed.boot_ns >= fenced_at.boot_ns

    def _run(self) -> None:
        while not self._closed:
            try:
                self._watch()
            except Exception:  # noqa: BLE001 - it must not end unseen
                # Without this thread a handler may run on after its lease, beside the next executor's handler.
                _log.exception("lease.fence_broken: a fault of the SDK")
                self._end_process()
                return
            except BaseException as error:  # noqa: BLE001 - code that ends threads may raise this in any thread
                _log.error("lease.thread_interrupted: the fence goes on after %s", type(error).__name__)

    def _watch(self) -> None:
        while not self._closed:
            self._wake.clear()
            # Set before the check: an attempt that is added after the check sees it set and wakes this thread.
            self._idle = True
            wait = self.check()
            self._idle = wait is None
            self._wake.wait(wait)
