"""Is anybody there to run it? A task that no executor runs looks just like one that waits its turn."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text

from asynctask_core.printable import one_line
from asynctask_standalone.cli.wording import command_name

if TYPE_CHECKING:
    from asynctask import ExecutorInfo, TaskInfo
    from asynctask.blocking import Client


DEFAULT_QUEUE = "default"
"""Queue of a type that names none."""


@dataclass(frozen=True, slots=True)
class Unserved:
    """Tasks that no connected executor runs: which, and what starts one."""

    which: str
    start: str


QueuesOfType = Callable[[str], Collection[str]]
"""Gives the queues that executors without `--queue` serve for a type."""


def unserved(
    executors: Sequence[ExecutorInfo], task_type: str, queue: str, queues_of: QueuesOfType
) -> Unserved | None:
    """What is missing for tasks of a type in a queue; None where an executor runs them.

    An executor that names no queues serves those that definitions of its types have named, and not another one that
    only a submit names. `queues_of` is asked only where the answer depends on it.
    """
    able = [one for one in executors if one.connected and not one.draining and task_type in one.task_types]
    start = f"{command_name()} executor MODULE:NAME"
    if not able:
        return Unserved(f"of type {task_type}", f"start one with `{start}`")
    if any(queue in one.queues for one in able):
        return None
    if not all(one.queues for one in able) and queue in queues_of(task_type):
        return None
    return Unserved(f"of type {task_type} in queue {queue}", f"start one with `{start} --queue {queue}`")


def queues_of_types(connected: Client) -> QueuesOfType:
    """Ask the cluster, once for each type; a type that is deleted has no queues, so nobody serves it."""
    known: dict[str, Collection[str]] = {}

    def ask(task_type: str) -> Collection[str]:
        from asynctask.errors import TaskTypeNotFound

        if task_type not in known:
            try:
                found = connected.task_type(task_type)
                known[task_type] = {found.queue or DEFAULT_QUEUE, *found.queues}
            except TaskTypeNotFound:
                known[task_type] = ()
        return known[task_type]

    return ask


class Notice:
    """Says once of queued tasks that nobody runs them, and again when they have been running since.

    It is for people, and never a reason to fail: where the cluster does not answer, nothing is said.
    """

    def __init__(self, connected: Client) -> None:
        self._connected = connected
        self._seen: set[tuple[str, str]] = set()

    def __call__(self, task: TaskInfo) -> Text | None:
        """What to say of the task now; asks for the executors only where it is queued."""
        line = (task.task_type, task.queue)
        if str(task.state) != "queued":
            self._seen.discard(line)
            return None
        if line in self._seen:
            return None
        from asynctask.errors import AsyncTaskError

        try:
            missing = unserved(self._connected.executors(), *line, queues_of_types(self._connected))
        except AsyncTaskError:
            return None
        self._seen.add(line)
        if missing is None:
            return None
        said = f"no connected executor runs tasks {missing.which}: {missing.start}"
        return Text.assemble(("! ", "bold yellow"), one_line(said))
