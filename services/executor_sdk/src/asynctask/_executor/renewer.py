"""Renewal of all leases, from a thread of its own over a synchronous channel of its own: a handler that blocks the
event loop, or a stream that is being opened again, loses no lease.
"""

import logging
import random
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final

import grpc

from asynctask._attempt.attempt import Attempt, Holdings
from asynctask._attempt.clock import Clock
from asynctask._executor.fence import Fence
from asynctask_protos.scheduler.v1 import executor_service_pb2

_log = logging.getLogger("asynctask.executor")

RenewCall = Callable[..., executor_service_pb2.RenewResponse]
"""The stub's `Renew`: `(request, timeout=seconds)`."""

JITTER: Final = (0.75, 0.95)
"""Renewals come a little more often than asked for: each third of the lease holds at least one."""
SOON_S: Final = 0.5
"""Least time between renewals that only confirm new assignments while the last one is fresh."""
AGAIN_S: Final = (0.1, 0.5)
"""Pause after a failed renewal."""


class Renewer:
    """Renews the leases of all held attempts. `connect(n)` gives the call to the n-th address, modulo their number;
    `answer` takes every response, in the renewal thread.
    """

    def __init__(
        self,
        executor_id: str,
        holdings: Holdings,
        fence: Fence,
        clock: Clock,
        *,
        connect: Callable[[int], RenewCall],
        answer: Callable[[executor_service_pb2.RenewResponse], object],
    ) -> None:
        self._executor_id = executor_id
        self._holdings = holdings
        self._fence = fence
        self._clock = clock
        self._connect = connect
        self._answer = answer
        self._changed = threading.Condition()
        self._session = 0
        self._every_s = 5.0
        self._timeout_s = 5.0
        self._due_s = float("inf")
        self._sent_s = 0.0
        self._failures = 0
        self._failing = False
        self._closed = False
        self._thread: threading.Thread | None = None

    def open(self, session: int, lease_ms: int, renew_every_ms: int) -> None:
        """Renew under this session from now on, at once for the first time."""
        with self._changed:
            self._session = session
            self._every_s = renew_every_ms / 1000
            self._timeout_s = lease_ms / 5000
            self._due_s = 0.0
            self._changed.notify()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="asynctask-renewals", daemon=True)
                self._thread.start()

    def confirm(self) -> None:
        """Renew soon, since new assignments came; at once if none of them may start before a renewal."""
        soon_s = self._sent_s + SOON_S if self._fence.is_fresh() else 0.0
        if soon_s < self._due_s:
            with self._changed:
                self._due_s = min(self._due_s, soon_s)
                self._changed.notify()

    def close(self) -> None:
        """Stop renewing."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(self._timeout_s)

    def renew(self) -> bool:
        """Send one renewal; whether it was acknowledged."""
        attempts = list(self._holdings)
        request = executor_service_pb2.RenewRequest(
            executor_id=self._executor_id,
            session=self._session,
            attempts=[
                executor_service_pb2.HeldAttempt(task_id=attempt.task_id, attempt_id=attempt.attempt_id)
                for attempt in attempts
            ],
        )
        sent = self._clock.read()
        try:
            response = self._connect(self._failures)(request, timeout=self._timeout_s)
        except grpc.RpcError as error:
            why = error.code().name if isinstance(error, grpc.Call) else type(error).__name__
            return self._failed(why, len(attempts))
        lost = frozenset(response.lost_attempt_ids)
        kept = [attempt for attempt in attempts if attempt.attempt_id not in lost]
        if self._failing:
            self._failing = False
            _log.warning("lease.renewed: a scheduler answers again: %s", _what_became_of(attempts, kept))
        self._fence.renewed(kept, sent, response.lease_ms)
        self._answer(response)
        return True

    def _failed(self, why: str, held: int) -> bool:
        self._failures += 1
        if not self._failing:
            self._failing = True
            _log.warning(
                "lease.renewal_failed: no scheduler renewed the leases of this executor (%s; tasks held: %d); it tries"
                " again, and stops each handler before its lease ends",
                why,
                held,
            )
        return False

    def _try(self) -> bool:
        try:
            return self.renew()
        except Exception as error:  # noqa: BLE001 - it must not end unseen
            # This thread must not end: an executor that renews nothing looks alive and loses every lease.
            _log.exception("lease.renewal_broken: a fault of the SDK")
            return self._failed(type(error).__name__, len(self._holdings))

    def _run(self) -> None:
        while not self._closed:
            try:
                self._renew_when_due()
            except BaseException as error:  # noqa: BLE001 - code that ends threads may raise this in any thread
                _log.error("lease.thread_interrupted: renewals go on after %s", type(error).__name__)
                self._due_s = 0.0

    def _renew_when_due(self) -> None:
        while self._wait():
            self._sent_s = _now_s()
            again_s = random.uniform(*JITTER) * self._every_s if self._try() else random.uniform(*AGAIN_S)
            with self._changed:
                # A confirmation requested meanwhile stays, unless the next renewal comes first.
                self._due_s = min(self._due_s, _now_s() + again_s)

    def _wait(self) -> bool:
        """Wait until a renewal is due; False when closed."""
        with self._changed:
            while not self._closed:
                wait_s = self._due_s - _now_s()
                if wait_s <= 0:
                    self._due_s = float("inf")
                    return True
                self._changed.wait(None if wait_s == float("inf") else wait_s)
            return False


def _what_became_of(held: Sequence[Attempt], kept: Sequence[Attempt]) -> str:
    """What became of the held tasks, at the first renewal that succeeds after failures."""
    stopped = sum(attempt.fenced_at is not None for attempt in kept)
    counts = {
        "going on": len(kept) - stopped,
        "stopped, since their leases were not renewed in time": stopped,
        "lost to other executors": len(held) - len(kept),
    }
    said = [f"{what}: {count}" for what, count in counts.items() if count]
    return f"tasks {', '.join(said)}" if said else "this executor holds no task"


def _now_s() -> float:
    return time.monotonic()
