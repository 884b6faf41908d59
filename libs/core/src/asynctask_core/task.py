"""What the life cycle needs to know of a task, and the rules of its type."""

from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Final

from asynctask_core import limits
from asynctask_core.retry import RetryPolicy
from asynctask_core.states import Requested, TaskState, WaitingFor

DEFAULT_MANIFEST: Final = "items"
"""Name of a task's manifest if the caller names none."""


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """A task's facts for the life cycle; one row of `tasks` without payloads.

    Times are microseconds by Postgres' clock. `attempt_id` and `executor_id` are set only while the task runs. `epoch`
    grows with each start: the fencing token. `ready_at_us` is the first time the task was (or will be) ready in this
    run; loss, retry, release and resume keep it.
    """

    task_id: bytes
    state: TaskState
    version: int
    queue: str
    task_type: str
    priority: int
    waiting_for: WaitingFor | None = None
    requested: Requested | None = None
    ready_at_us: int | None = None
    due_at_us: int | None = None
    attempt_id: bytes | None = None
    executor_id: str = ""
    epoch: int = 0
    last_event: int = 0
    last_chunk: int = 0
    run: int = 1
    attempt_count: int = 0
    error_count: int = 0
    lost_count: int = 0
    undelivered_count: int = 0
    release_count: int = 0
    stage: str = ""
    deleted: bool = False
    delete_requested: bool = False
    postpone_count: int = 0
    """How many of the releases a handler asked for."""


_NAMES: Final = tuple(one.name for one in fields(TaskFacts))
_PLACES: Final = {name: place for place, name in enumerate(_NAMES)}
_values = attrgetter(*_NAMES)


def replace(facts: TaskFacts, **changes: object) -> TaskFacts:
    """Return changed facts, three times as fast as `dataclasses.replace`: each event needs one call."""
    values = list(_values(facts))
    for name, value in changes.items():
        values[_PLACES[name]] = value
    return TaskFacts(*values)


@dataclass(frozen=True, slots=True)
class TypeRules:
    """What a task's type says: its stages in order, and how many errors and losses it allows.

    `stages` is empty for a type that is not known.
    """

    retry: RetryPolicy = field(default_factory=RetryPolicy)
    crash_budget: int = limits.CRASH_BUDGET
    undelivered_budget: int = limits.UNDELIVERED_BUDGET
    stages: tuple[str, ...] = ()
