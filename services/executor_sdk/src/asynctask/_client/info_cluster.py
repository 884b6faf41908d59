"""The clients' answers about types, executors and queues. A program that lists tasks does not load them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asynctask._client.info import Info
from asynctask._options import Retry


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
