"""How the times of one lease fit together: when an executor stops, and when somebody else may start.

Times are parts of the lease, counted from the moment at which the executor *sent* its last acknowledged renewal. The
scheduler gives the lease later, so everything that the executor counts from here is early.

    0 %       the renewal is sent
    33 %      the next one is due (RENEWALS a lease)
    67 %      without an acknowledged one, nothing begins any more
    85 %      STOP_AT: handlers are stopped
    95 %      STOP_AT + END_AFTER: the process ends if a handler is still alive
    100 %     the reaper may end the attempt, and another executor may start the task

The last line holds by two clocks: a whole lease must have passed on the clock of Redis *and* on the reaper's own
monotonic clock (`asynctask_scheduler.queue.lease_clock`). So a step of Redis' clock shortens no lease, whatever its
size, and what is left of the margin of 5 % is for the rates of two monotonic clocks, which differ by less than 0.1 %.

Two bounds remain, beyond which leases are extended as a whole and losses that follow are excused:

- GAP: nobody looked for this part of a lease, since Redis or every scheduler was away. Executors need time to come
  back. It is a third, so that a look that is late by seconds is no gap: stalls of 2 s under a lease of 15 s, again and
  again, delay the reaper and do not stop it.
- STEP: Redis' clock and the reaper's disagree by this part, summed over one lease. It is below the margin of the fence,
  1 - STOP_AT: were a step of this size believed, every handler would still be stopped before its lease ends. The time
  that a call to Redis takes is no step: only what is certain counts.
"""

from typing import Final

RENEWALS: Final = 3
"""An executor renews so many times a lease. In the last part of a lease that it could not renew, nothing begins."""
STOP_AT: Final = 0.85
"""Part of the lease after which nothing begins any more and handlers are stopped: leaves them time to unwind."""
END_AFTER: Final = 0.10
"""Part of the lease that stopped handlers have to unwind before the process ends."""
GAP: Final = 1 / 3
"""Part of the lease for which nobody may look at deadlines before all leases are extended."""
STEP: Final = 0.10
"""Part of the lease by which Redis' clock may step, summed over one lease, before all leases are extended."""


def renew_every_ms(lease_ms: int) -> int:
    """Time between two renewals; also the last part of a lease, in which nothing begins without one."""
    return lease_ms // RENEWALS


def gap_ms(lease_ms: int) -> int:
    """Longest time between two looks at deadlines that extends no lease."""
    return int(lease_ms * GAP)


def step_ms(lease_ms: int) -> int:
    """Largest step of Redis' clock, summed over one lease, that extends no lease."""
    return int(lease_ms * STEP)
