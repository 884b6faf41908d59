"""When a task that waits for a time starts, or since when it could have."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from asynctask_standalone.cli.wording import local

if TYPE_CHECKING:
    from asynctask import TaskInfo

_COUNTED_S = 100
"""Seconds up to which a time is shown as its distance from now; one further away is shown as a date."""
_AT_ONCE = timedelta(seconds=2)
"""A task that became due within this time is about to start, or the cluster's clock differs from ours."""


def is_due(task: TaskInfo, now: datetime | None = None) -> bool:
    """Whether a delayed task, or a retry, could have started by now; it stays `pending` until an executor takes it."""
    if str(task.state) != "pending" or task.due_time is None:
        return False
    return task.due_time + _AT_ONCE <= (now or datetime.now(UTC))


def overdue(task: TaskInfo) -> str:
    """Words that say since when the task could have started."""
    return f"due since {local(task.due_time)}"


def soon(due: datetime, now: datetime | None = None) -> str:
    """How long until `due`, or its date if that is long. Just past is "now": the scheduler's clock is not ours."""
    seconds = (due - (now or datetime.now(UTC))).total_seconds()
    if seconds < 0.5:
        return "now"
    return f"in {seconds:.0f} s" if seconds < _COUNTED_S else f"at {local(due)}"
