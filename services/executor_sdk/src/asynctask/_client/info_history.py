"""The clients' answers about a task's past: attempts, history, log. A program that lists tasks does not load them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asynctask._client.info import FailureInfo, Info
from asynctask_core.states import AttemptResult


@dataclass(frozen=True, slots=True)
class AttemptInfo(Info):
    """One attempt at a task."""

    attempt_id: str
    task_id: str
    epoch: int
    """Number of the attempt from 1: the fencing token."""
    executor_id: str
    start_time: datetime | None
    end_time: datetime | None
    result: AttemptResult | None
    """How it ended; None while it runs."""
    failure: FailureInfo | None
    run: int


@dataclass(frozen=True, slots=True)
class TaskEventInfo(Info):
    """One event of a task's history."""

    time: datetime | None
    kind: str
    """What happened, such as `started`, `stage_finished`, `lost`, `retried`, `paused`; docs/events.md has all."""
    detail: Any
    """Facts by name, such as the attempt, its executor and the reason."""
    version: int
    """The row version after a person's command; 0 for every other event."""
    actor: str = ""
    """Who gave the command: `unknown` where no trusted program named them. Empty for events without a command."""


@dataclass(frozen=True, slots=True)
class LogLineInfo(Info):
    """One log line of a task."""

    time: datetime | None
    level: str
    """DEBUG, INFO, WARNING or ERROR."""
    stage: str
    message: str
    logger: str
    sequence: int
    """Number within the attempt; a hole means that lines were dropped."""
    attempt_id: str
