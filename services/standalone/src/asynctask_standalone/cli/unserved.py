"""Finds tasks that no connected executor runs: otherwise they look just like tasks that wait for a free slot."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from asynctask_core.printable import one_line
from asynctask_standalone.cli.due import is_due
from asynctask_standalone.cli.output import stderr
from asynctask_standalone.cli.plain import HintText
from asynctask_standalone.cli.starting import start_words
from asynctask_standalone.cli.wording import command

if TYPE_CHECKING:
    from asynctask import ExecutorInfo, TaskInfo, TaskTypeInfo
    from asynctask.blocking import Client


DEFAULT_QUEUE = "default"
"""Queue of a type that names none."""
FEW_TYPES = 8
"""So many types are read one by one. If more are needed, all are read in pages, with their schemas."""
MOST_TOLD = 3
"""Sentences below a list."""
LOOK_AGAIN_S = 5.0
"""Seconds after which a watched task that waits is checked again: its executor may be gone by then."""
UNLESS_IT_IS_BACK = "unless it comes back, its tasks are queued again once their leases end, within seconds"
"""What happens to the tasks of an executor that was killed or has lost its connection."""


@dataclass(frozen=True, slots=True)
class Unserved:
    """Tasks that no connected executor runs: which, and what starts one."""

    which: str
    start: str


QueuesOfType = Callable[[str], Collection[str]]
"""Gives the queues that executors without `--queue` serve for a type."""


class ServingExecutors:
    """Which connected executors run tasks of a type in a queue. Each fact is read from the cluster only once.

    An executor without `queues` serves the queues that the definitions of its types name, but not a queue that only a
    submit names. `queues_of` is called only if the answer depends on it.
    """

    def __init__(self, executors: Sequence[ExecutorInfo], queues_of: QueuesOfType) -> None:
        self._able = [one for one in executors if one.connected and not one.draining]
        self._queues_of = queues_of

    def count(self, task_type: str, queue: str) -> int:
        """How many there are."""
        able = self._able_to(task_type)
        named = sum(queue in one.queues for one in able)
        unnamed = sum(not one.queues for one in able)
        return named + (unnamed if unnamed and queue in self._queues_of(task_type) else 0)

    def missing(self, task_type: str, queue: str) -> Unserved | None:
        """What is missing for tasks of a type in a queue; None where an executor runs them."""
        able = self._able_to(task_type)
        if not able:
            return Unserved(f"of type {task_type}", start_words(task_type))
        if any(queue in one.queues for one in able) or self.count(task_type, queue):
            return None
        return Unserved(f"of type {task_type} in queue {queue}", start_words(task_type, queue))

    def _able_to(self, task_type: str) -> list[ExecutorInfo]:
        return [one for one in self._able if task_type in one.task_types]


def serving_executors(connected: Client) -> ServingExecutors:
    """Read the connected executors from the cluster."""
    return ServingExecutors(connected.executors(), queues_of_types(connected))


def unserved(connected: Client, lines: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Unserved]:
    """What is missing for those pairs of type and queue that no executor serves; without pairs it asks nothing.

    It is a hint for people and never fails: if the cluster does not answer, the result is empty.
    """
    from asynctask.errors import AsyncTaskError

    wanted = dict.fromkeys(lines)
    if wanted:
        with suppress(AsyncTaskError):
            serving = serving_executors(connected)
            return {line: missing for line in wanted if (missing := serving.missing(*line)) is not None}
    return {}


def queues_of_types(connected: Client) -> QueuesOfType:
    """Read the queues of each type from the cluster, once; a deleted type has no queues, so no executor serves it."""
    known: dict[str, Collection[str]] = {}
    has_all = False

    def ask(task_type: str) -> Collection[str]:
        nonlocal has_all
        from asynctask.errors import TaskTypeNotFound

        if task_type in known or has_all:
            return known.get(task_type, ())
        if len(known) == FEW_TYPES:
            known.update((one.name, _queues(one)) for one in connected.task_types())
            has_all = True
            return ask(task_type)
        try:
            known[task_type] = _queues(connected.task_type(task_type))
        except TaskTypeNotFound:
            known[task_type] = ()
        return known[task_type]

    return ask


def waits_for_an_executor(task: TaskInfo) -> bool:
    """Whether the task would be run now if an executor had a free slot for it."""
    return str(task.state) == "queued" or is_due(task)


def unserved_words(missing: Unserved) -> str:
    """The sentence for people."""
    return one_line(f"no connected executor runs tasks {missing.which}: {missing.start}")


def print_unserved(found: Iterable[Unserved]) -> None:
    """Say what would start executors for the types and queues that have none, one sentence for each.

    On stderr: programs read the list itself.
    """
    said = [HintText(unserved_words(one)) for one in dict.fromkeys(found)]
    shown = said if len(said) <= 2 * MOST_TOLD else said[:MOST_TOLD]
    for line in shown:
        stderr.print(line)
    if left := len(said) - len(shown):
        more = f"… and {left} more: `{command('doctor')}` lists all"
        stderr.print(more, style="bright_black")


class UnservedNotice:
    """Says once that no executor runs a task that could run, and again if the task has run in between.

    For a running task without news it says that the task's executor is gone, before the lease ends.

    It is a hint for people and never fails: if the cluster does not answer, it says nothing.
    """

    def __init__(self, connected: Client, clock: Callable[[], float] = time.monotonic) -> None:
        self._connected = connected
        self._clock = clock
        self._told: set[tuple[str, str] | str] = set()
        self._looked: dict[tuple[str, str] | str, float] = {}
        self._waiting: set[str] = set()
        self._no_answer_until = 0.0

    def __call__(self, task: TaskInfo) -> HintText | None:
        """What to say about the task now; reads the executors only if it waits for one, and not again at once."""
        line = (task.task_type, task.queue)
        if not waits_for_an_executor(task):
            self._forget(task.executor_id)
            # News of other tasks in the lane, such as progress, change nothing for those that wait.
            if task.task_id in self._waiting:
                self._waiting.remove(task.task_id)
                self._forget(line)
            return None
        self._waiting.add(task.task_id)
        return self._tell(line, lambda: self._unserved(line, self._connected.executors()))

    def of_silent(self, task: TaskInfo) -> HintText | None:
        """What to say about a task without news for a moment."""
        if str(task.state) == "running" and task.executor_id:
            return self._tell(
                task.executor_id, lambda: self._executor_gone(task, self._connected.executors())
            )
        return self(task) if waits_for_an_executor(task) else None

    def _forget(self, about: tuple[str, str] | str) -> None:
        self._told.discard(about)
        self._looked.pop(about, None)

    def _tell(self, about: tuple[str, str] | str, find: Callable[[], str]) -> HintText | None:
        now = self._clock()
        if about in self._told or now < max(self._looked.get(about, now), self._no_answer_until):
            return None
        from asynctask.errors import AsyncTaskError

        try:
            said = find()
        except AsyncTaskError:
            # The call for each other task would wait as long as this one did, and the display would wait too.
            self._no_answer_until = self._clock() + LOOK_AGAIN_S
            return None
        self._looked[about] = now + LOOK_AGAIN_S
        if not said:
            return None
        self._told.add(about)
        return HintText(said)

    def _unserved(self, line: tuple[str, str], executors: Sequence[ExecutorInfo]) -> str:
        missing = ServingExecutors(executors, queues_of_types(self._connected)).missing(*line)
        return unserved_words(missing) if missing else ""

    def _executor_gone(self, task: TaskInfo, executors: Sequence[ExecutorInfo]) -> str:
        if any(one.connected and one.executor_id == task.executor_id for one in executors):
            return ""
        gone = one_line(f"executor {task.executor_id} is not connected: {UNLESS_IT_IS_BACK}")
        line = (task.task_type, task.queue)
        if not (missing := self._unserved(line, executors)):
            return gone
        self._told.add(line)
        return f"{gone}; {missing}"


def _queues(kind: TaskTypeInfo) -> Collection[str]:
    return {kind.queue or DEFAULT_QUEUE, *kind.queues}
