"""The clients' answers about types, executors and queues. A program that lists tasks does not load them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asynctask._client.info import Info
from asynctask._options import Retry
from asynctask_core.states import TaskState


@dataclass(frozen=True, slots=True)
class StageSpecInfo(Info):
    """One declared stage of a task type."""

    name: str
    weight: float
    """Its share of the task's percentage, relative to the other stages."""
    timeout_s: float | None
    """Longest time of one attempt at it; None means no limit."""


@dataclass(frozen=True, slots=True)
class TaskTypeInfo(Info):
    """A registered task type."""

    name: str
    stages: tuple[str, ...]
    """Their names; `stage_specs` says more."""
    config_schema: Any
    retry: Retry
    queue: str
    priority: int
    max_running: int
    crash_budget: int
    description: str
    update_time: datetime | None
    version: int
    stage_specs: tuple[StageSpecInfo, ...]
    queues: tuple[str, ...] = ()
    """Every `queue` that its definitions have named: executors that name no queues of their own serve these."""


@dataclass(frozen=True, slots=True)
class ExecutorInfo(Info):
    """A process that runs tasks."""

    executor_id: str
    display_name: str
    slots: int
    running: int
    task_types: tuple[str, ...]
    queues: tuple[str, ...]
    """Queues that it named; empty means that it serves the `queues` of each of its types, and no others."""
    connected: bool
    last_seen_ms: int
    session_time: datetime | None
    draining: bool
    sdk_version: str
    deleted_task_types: tuple[str, ...] = ()
    """Types that it declared and that were deleted since: it runs nothing of them until they are declared again."""


@dataclass(frozen=True, slots=True)
class QueueTypeInfo(Info):
    """One lane: a queue's tasks of one type."""

    task_type: str
    depth: int
    running: int
    max_running: int
    oldest_ready_ms: int


@dataclass(frozen=True, slots=True)
class QueueInfo(Info):
    """A named queue of ready tasks."""

    name: str
    depth: int
    running: int
    oldest_ready_ms: int
    types: tuple[QueueTypeInfo, ...]


@dataclass(frozen=True, slots=True)
class TypeCountsInfo(Info):
    """How many tasks of one type there are in each state."""

    task_type: str
    states: Mapping[TaskState, int]


@dataclass(frozen=True, slots=True)
class OverviewInfo(Info):
    """How the cluster stands; deleted tasks do not count."""

    states: Mapping[TaskState, int]
    """All tasks by state; every state is there."""
    types: tuple[TypeCountsInfo, ...]
    """The same by type, in the order of the names: types that have tasks."""
    oldest_waiting_time: datetime | None
    """Since when the task that waits longest could have been started; None when no task waits for an executor."""
    oldest_waiting_task_id: str
    oldest_waiting_task_type: str
    completed_last_day: int
    """Tasks that completed within the last 24 hours, counted from a full hour."""
    failed_last_day: int
    success_rate: float | None
    """Completed tasks among those that completed or failed within that time, 0 to 1; None without any."""
    uncounted_types: int
    """Types whose tasks of a release before 0.3 are still being counted: until this is 0, the counts lack them."""


@dataclass(frozen=True, slots=True)
class FailureGroupInfo(Info):
    """Tasks that stand at failed with errors of one kind."""

    fingerprint: str
    """What their errors have in common, as `list` takes it."""
    task_type: str
    reason: str
    error_type: str
    """Class of the exceptions; empty for failures that AsyncTask itself reports."""
    message: str
    """Of the task that failed last."""
    count: int
    first_time: datetime
    """When the first of them failed."""
    last_time: datetime
    last_task_id: str


@dataclass(frozen=True, slots=True)
class FailuresInfo(Info):
    """Why tasks failed: groups of tasks that stand at failed, the group that failed last first."""

    failures: tuple[FailureGroupInfo, ...]
    looked_back_to: datetime | None
    """Only tasks that were submitted at or after this time are in the groups; None when there are no others."""


@dataclass(frozen=True, slots=True)
class SeriesPointInfo(Info):
    """What happened to tasks during one step of a series."""

    start_time: datetime
    submitted: int
    started: int
    """Attempts that executors began."""
    completed: int
    failed: int
    """Tasks that failed for good."""
    cancelled: int
    lost: int
    """Attempts that ended because their executor was lost."""
    retried: int
    """Attempts that failed, of tasks that will be tried again."""
    wait_p50_ms: int | None
    """Half of the tasks that began in this step had waited at most so long; about 10 % exact, None without any."""
    wait_p95_ms: int | None
    run_p50_ms: int | None
    """Half of the tasks that completed in this step had taken at most so long, from the first start of the run."""
    run_p95_ms: int | None


@dataclass(frozen=True, slots=True)
class SeriesInfo(Info):
    """What happened to tasks over time: one point for each step, the oldest first."""

    step_s: float
    points: tuple[SeriesPointInfo, ...]
