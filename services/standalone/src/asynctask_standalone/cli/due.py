"""When a task that waits for a time starts, or since when it could have."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from asynctask_standalone.cli.wording import age, local

if TYPE_CHECKING:
    from asynctask import TaskInfo

_AT_ONCE = timedelta(seconds=2)
"""A task that was due no longer ago is about to start, or its cluster's clock differs from ours."""


def is_due(task: TaskInfo, now: datetime | None = None) -> bool:
    """Whether a delayed task, or a retry, could have started by now; it stays `pending` until an executor takes it."""
    if str(task.state) != "pending" or task.due_time is None:
        return False
    return task.due_time + _AT_ONCE <= (now or datetime.now(UTC))


def overdue(task: TaskInfo) -> str:
    """Since when a task could have started."""
    return f"due since {local(task.due_time)} ({age(task.due_time)})"


def soon(due: datetime) -> str:
    """In how long and when. A time that has just come is now: the scheduler's clock is not ours."""
    text = age(due)
    return f"{'now' if text.endswith('ago') or text == 'in 0 s' else text}, at {local(due)}"
