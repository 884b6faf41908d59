"""The clients' answer about why a task does not run. A program that lists tasks does not load it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from asynctask._client.info import Info
from asynctask_core.states import TaskState


@dataclass(frozen=True, slots=True)
class ReasonInfo(Info):
    """One reason why a task does not run; or that it runs, or has ended."""

    kind: str
    """`start_time`, `retry`, `postponed`, `no_executor`, `limit_full`, `slots_full`, `behind_others`, `next`,
    `starting`, `running`, `executor_lost`, `not_queued_yet`, `paused` or `ended`; later versions add more."""
    summary: str
    """One sentence for people, with the facts."""
    facts: Mapping[str, Any]
    """The facts as plain JSON values, by the names of REST: `facts["limit"]["running"]`."""


@dataclass(frozen=True, slots=True)
class ExplanationInfo(Info):
    """Why a task does not run now."""

    task_id: str
    state: TaskState
    summary: str
    """One sentence for people: that of the first reason."""
    reasons: tuple[ReasonInfo, ...]
    """Every reason that holds, at least one; the first one is the one to act on."""
