"""Why a task does not go on, in one line: what its last attempt ended with, when it is due, why people stopped it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from asynctask_core.printable import one_line
from asynctask_standalone.cli.due import is_due, overdue, soon
from asynctask_standalone.cli.output import asked, failure_text

if TYPE_CHECKING:
    from asynctask import TaskInfo

STOPS = {
    "pause": "its handler stops at its next checkpoint or safe point; one that has none can only be cancelled",
    "cancel": "its handler stops at its next await or call of ctx, one in a process within seconds; a thread that"
    " makes no such call runs to its end; the executor's log says what to do",
}
"""Until when a running task has not followed a request."""


def why(task: TaskInfo) -> str:
    """One line for people; empty for a task that goes on, or if there is nothing to add to its state.

    `unserved` says if no executor runs a task that could start.
    """
    state = str(task.state)
    said: list[str] = []
    if state == "pending":
        if task.failure is not None:
            said.append(failure_text(task.failure).partition("\n")[0])
        if is_due(task):
            said.append(f"{overdue(task)}, it waits for an executor that runs it and has a free slot")
        elif task.due_time is not None:
            verb = "tried again" if task.failure is not None else "starts"
            said.append(f"{verb} {soon(task.due_time)}")
    if (task.requested or state in ("paused", "cancelled")) and task.command_reason.strip():
        said.append(f"reason given: {task.command_reason}")
    if task.requested and asked(task).endswith("reacted"):
        said.append(STOPS[str(task.requested)])
    return one_line("; ".join(said))
