"""Remembers how late executors renewed their leases, for reports of health."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from asynctask_core.lease import renew_every_ms
from asynctask_protos.task.v1.health_pb2 import RenewalState

MINUTE_S: Final = 60.0
MINUTES_KEPT: Final = 60


@dataclass(slots=True)
class RenewalMinute:
    """What happened within one minute."""

    begin: float
    renewals: int = 0
    late: int = 0
    most_late_ms: int = 0
    expired: int = 0


class RenewalRecord:
    """Counts the renewals of the last hour at this replica, and the leases that it found expired."""

    def __init__(self, lease_ms: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._lease_ms = lease_ms
        self._late_from_ms = renew_every_ms(lease_ms)
        """Later than this, an executor has begun to take no new task; see `core.lease`."""
        self._clock = clock
        self._minutes: deque[RenewalMinute] = deque(maxlen=MINUTES_KEPT)
        self._late_at = self._expired_at = float("-inf")

    def renewed(self, least_left_ms: int | None) -> None:
        """Note a renewal of leases of which so much was left at least; None if the executor held none."""
        if least_left_ms is None:
            return
        late_ms = max(0, self._lease_ms - renew_every_ms(self._lease_ms) - least_left_ms)
        minute = self._minute()
        minute.renewals += 1
        minute.most_late_ms = max(minute.most_late_ms, late_ms)
        if late_ms > self._late_from_ms:
            minute.late += 1
            self._late_at = self._clock()

    def expired(self, leases: int) -> None:
        """Note that so many leases ran out."""
        self._minute().expired += leases
        self._expired_at = self._clock()

    def state(self) -> RenewalState:
        """What is known now."""
        now = self._clock()
        minutes = [one for one in self._minutes if now - one.begin < MINUTES_KEPT * MINUTE_S]
        state = RenewalState(
            lease_ms=self._lease_ms,
            renewals=sum(one.renewals for one in minutes),
            late=sum(one.late for one in minutes),
            most_late_ms=max((one.most_late_ms for one in minutes), default=0),
            expired=sum(one.expired for one in minutes),
        )
        if state.late:
            state.last_late_ms = round((now - self._late_at) * 1000)
        if state.expired:
            state.last_expired_ms = round((now - self._expired_at) * 1000)
        return state

    def _minute(self) -> RenewalMinute:
        now = self._clock()
        if not self._minutes or now - self._minutes[-1].begin >= MINUTE_S:
            self._minutes.append(RenewalMinute(now))
        return self._minutes[-1]
