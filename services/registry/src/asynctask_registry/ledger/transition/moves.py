"""What the change of a task counts as: from which state to which it moved, and what curves show of it.

The set-based statements of the hot paths (create, start, complete) write the moves of their own changes.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from asynctask_core.states import AttemptResult, TaskState
from asynctask_core.task import TaskFacts


class TaskMove(NamedTuple):
    """One row of `task_moves`, for one task: its states are words, or None while it is not counted."""

    task_id: bytes
    former: str | None
    state: str | None
    event: str | None


def moves_of(
    before: TaskFacts, after: TaskFacts, results: Collection[str], *, has_started: bool
) -> list[TaskMove]:
    """The moves of one changed task; `results` are the words of its attempts that ended.

    A task that is deleted is not counted. Of several events the first one carries the change of the state.
    """
    former, state = _counted(before), _counted(after)
    events = _events(before, after, results, has_started=has_started)
    if former != state:
        first, *events = events or [None]
        return [
            TaskMove(after.task_id, former, state, first),
            *(TaskMove(after.task_id, None, None, event) for event in events),
        ]
    return [TaskMove(after.task_id, None, None, event) for event in events]


def _counted(facts: TaskFacts) -> str | None:
    return None if facts.deleted else facts.state.value


def _events(
    before: TaskFacts, after: TaskFacts, results: Collection[str], *, has_started: bool
) -> list[str | None]:
    """Words of `task_moves.event`."""
    events: list[str | None] = []
    if has_started:
        events.append("started")
    if after.state.is_final and before.state is not after.state:
        events.append(after.state.value)
    if AttemptResult.LOST.value in results:
        events.append("lost")
    if AttemptResult.FAILED.value in results and after.state is not TaskState.FAILED:
        events.append("retried")
    return events
