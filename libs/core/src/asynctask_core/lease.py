"""How the times of one lease fit together: when an executor stops, and when another one may start.

Times are parts of the lease, counted from the moment at which the executor *sent* its last acknowledged renewal. The
scheduler extends the lease later than that, so the executor's times are always early.

    0 %       the renewal is sent
    33 %      the next renewal is due (RENEWALS per lease); until it is acknowledged, no new assignment starts
    85 %      STOP_AT: the executor stops its handlers and begins nothing more: no stage, item or call of `ctx`
    95 %      STOP_AT + END_AFTER: the process ends if a handler is still alive
    100 %     the reaper may end the attempt, and another executor may start the task

The last line holds by two clocks: a whole lease must have passed on the clock of Redis *and* on the reaper's own
monotonic clock (`asynctask_scheduler.queue.lease_clock`). So a step of Redis' clock of any size shortens no
lease. The margin of 5 % is only for the rates of two monotonic clocks, which differ by less than 0.1 %.

Two bounds remain, beyond which all leases are extended as a whole and later losses are excused:

- GAP: for this part of a lease no reaper checked deadlines, since Redis or every scheduler was down. Executors need
  time to connect again. It is a third, so that a check that is late by seconds is no gap: repeated stalls of 2 s under
  a lease of 15 s delay the reaper but do not stop it.
- STEP: Redis' clock and the reaper's differ by this part, summed over one lease. It is below the margin of the fence,
  1 - STOP_AT: even if a step of this size were believed, every handler would be stopped before its lease ends. The time
  that a call to Redis takes does not count as a step: only the certain part of a difference counts.
"""

from typing import Final

RENEWALS: Final = 3
"""Renewals per lease. An executor starts a new assignment only within one such part of a lease after a renewal, and the
scheduler hands out no task in the last such part of a lease."""
STOP_AT: Final = 0.85
"""Part of the lease after which an executor begins nothing and stops its handlers: they need time to end."""
END_AFTER: Final = 0.10
"""Part of the lease that stopped handlers have to end themselves before the process ends."""
GAP: Final = 1 / 3
"""Part of the lease without any check of deadlines after which all leases are extended."""
STEP: Final = 0.10
"""Part of the lease by which Redis' clock may step, summed over one lease, before all leases are extended."""


def renew_every_ms(lease_ms: int) -> int:
    """Time between two renewals; also the last part of a lease, in which the scheduler hands out nothing."""
    return lease_ms // RENEWALS


def gap_ms(lease_ms: int) -> int:
    """Longest time between two checks of deadlines that extends no lease."""
    return int(lease_ms * GAP)


def step_ms(lease_ms: int) -> int:
    """Largest step of Redis' clock, summed over one lease, that extends no lease."""
    return int(lease_ms * STEP)
