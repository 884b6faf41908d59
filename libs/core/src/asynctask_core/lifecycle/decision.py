"""The answer of the life cycle: new facts of one task, and commands for other tasks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from asynctask_core.errors import WrongState
from asynctask_core.ids import id_text
from asynctask_core.states import TaskState
from asynctask_core.task import TaskFacts

RESTART_HINT: Final = "restart it to run it again"
if TYPE_CHECKING:
    from asynctask_core.lifecycle.by_people import Cancel, Pause, Resume

EffectCommand: TypeAlias = "Pause | Resume | Cancel"
"""Commands that a decision may give to another task: those that need only the life cycle."""


@dataclass(frozen=True, slots=True)
class TaskEffect:
    """A command that one decision gives to another task. The registry carries it out in the same transaction."""

    task_id: bytes
    command: EffectCommand


@dataclass(frozen=True, slots=True)
class Decision:
    """What a command does to a task.

    `facts` are the new facts: the same object when nothing changes. `event` is the event's word in `task_events`, for
    people's commands. `failure_reason` is set when the platform itself fails the task. With `forget` the registry
    deletes stage rows and manifests of the previous run. `effects` are commands for other tasks.
    """

    facts: TaskFacts
    event: str | None = None
    failure_reason: str | None = None
    forget: bool = False
    effects: tuple[TaskEffect, ...] = ()


def wrong_state(facts: TaskFacts, verb: str, hint: str = "") -> WrongState:
    """The error for a command that the state does not allow."""
    stands = "has failed" if facts.state is TaskState.FAILED else f"is {facts.state}"
    text = f"cannot {verb} task {id_text(facts.task_id)}: it {stands}"
    return WrongState(f"{text}; {hint}" if hint else text, metadata={"state": facts.state, "command": verb})
