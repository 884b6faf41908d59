"""The commands of people and programs, one class each: its word, its events in a task's story, and what it decides.

A command that asks for the present state changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final, get_args

from asynctask_core.errors import TaskNotFound
from asynctask_core.ids import id_text
from asynctask_core.lifecycle.decision import RESTART_HINT, Decision, wrong_state
from asynctask_core.lifecycle.waiting import queued, waits_until
from asynctask_core.state_words import FINAL_TASK_STATES, TASK_STATES
from asynctask_core.states import Requested, TaskState, WaitingFor
from asynctask_core.task import TaskFacts, replace

S = TaskState

_CANCEL_HINT: Final = "it is being cancelled, which cannot be withdrawn; restart it once it is cancelled"


@dataclass(frozen=True, slots=True)
class Pause:
    """Stop at the next safe point and keep the position."""

    word: ClassVar = "pause"
    fits: ClassVar = ("pending", "queued", "running")
    events: ClassVar = {
        "pause_requested": "A pause was asked for while it ran. `reason`.",
        "paused": "It is paused: at once if no executor ran it, else when its executor had stopped. `reason`, or "
        "`attempt`, `executor`.",
    }

    def decide(self, facts: TaskFacts, now_us: int) -> Decision:
        """See `apply`."""
        if facts.state is S.PAUSED or facts.requested is Requested.PAUSE:
            return Decision(facts)
        if facts.state is S.RUNNING:
            if facts.requested is Requested.CANCEL:
                raise wrong_state(facts, "pause", _CANCEL_HINT)
            return Decision(_bumped(facts, requested=Requested.PAUSE), "pause_requested")
        if facts.state.is_final:
            raise wrong_state(facts, "pause", f"only tasks that have not ended can be paused; {RESTART_HINT}")
        return Decision(_bumped(facts, state=S.PAUSED, waiting_for=None), "paused")


@dataclass(frozen=True, slots=True)
class Resume:
    """Go on, or withdraw a pause that is not carried out yet."""

    word: ClassVar = "resume"
    fits: ClassVar = ("paused", "running")
    events: ClassVar = {"resumed": "It goes on, or a pause was withdrawn. `reason`."}

    def decide(self, facts: TaskFacts, now_us: int) -> Decision:
        """See `apply`."""
        if facts.requested is Requested.PAUSE:
            return Decision(_bumped(facts, requested=None), "resumed")
        if facts.requested is Requested.CANCEL:
            raise wrong_state(facts, "resume", _CANCEL_HINT)
        if facts.state.is_final:
            raise wrong_state(
                facts, "resume", f"only tasks that have not ended can be resumed; {RESTART_HINT}"
            )
        if facts.state is not S.PAUSED:
            return Decision(facts)
        if facts.due_at_us is not None and facts.due_at_us > now_us:
            why = WaitingFor.RETRY if facts.error_count or facts.release_count else WaitingFor.START_TIME
            return Decision(waits_until(_bumped(facts), facts.due_at_us, why), "resumed")
        return Decision(queued(_bumped(facts), now_us), "resumed")


@dataclass(frozen=True, slots=True)
class Cancel:
    """Stop for good."""

    word: ClassVar = "cancel"
    fits: ClassVar = ("pending", "queued", "running", "paused")
    events: ClassVar = {
        "cancel_requested": "A cancel was asked for while it ran. `reason`.",
        "cancelled": "It is cancelled: at once, or when its executor had stopped. As `paused`.",
    }

    def decide(self, facts: TaskFacts, now_us: int) -> Decision:
        """See `apply`."""
        if facts.state is S.CANCELLED or facts.requested is Requested.CANCEL:
            return Decision(facts)
        if facts.state.is_final:
            raise wrong_state(
                facts, "cancel", "only tasks that have not ended can be cancelled; delete it to hide it"
            )
        if facts.state is S.RUNNING:
            return Decision(_bumped(facts, requested=Requested.CANCEL), "cancel_requested")
        return Decision(_bumped(facts, state=S.CANCELLED, waiting_for=None, due_at_us=None), "cancelled")


@dataclass(frozen=True, slots=True)
class Restart:
    """Begin a new run of a final task, from the first stage or from its last checkpoint.

    A task that ended before its start time still waits for that time, unless `start_now` is set.
    """

    word: ClassVar = "restart"
    fits: ClassVar = FINAL_TASK_STATES
    events: ClassVar = {
        "restarted": "A new run began. `reason`; `from` is `checkpoint` if it goes on from its checkpoint, else "
        "`warnings` by code until then.",
    }

    from_checkpoint: bool = False
    start_now: bool = False

    def decide(self, facts: TaskFacts, now_us: int) -> Decision:
        """See `apply`."""
        if not facts.state.is_final:
            first = "resume it, or cancel it first" if facts.state is S.PAUSED else "cancel it first"
            raise wrong_state(facts, "restart", f"only tasks that have ended can be restarted; {first}")
        fresh = _bumped(
            facts,
            run=facts.run + 1,
            error_count=0,
            lost_count=0,
            undelivered_count=0,
            release_count=0,
            postpone_count=0,
            stage=facts.stage if self.from_checkpoint else "",
        )
        start_us = facts.ready_at_us
        if start_us is not None and start_us > now_us and not self.start_now:
            fresh = waits_until(fresh, start_us, WaitingFor.START_TIME)
        else:
            fresh = queued(replace(fresh, ready_at_us=now_us), now_us)
        return Decision(fresh, "restarted", forget=not self.from_checkpoint)


@dataclass(frozen=True, slots=True)
class Delete:
    """Hide a final task; with `force` also one that is not final, once it is cancelled."""

    word: ClassVar = "delete"
    fits: ClassVar = TASK_STATES
    events: ClassVar = {
        "delete_requested": "It is to be hidden once its executor has stopped. `reason`.",
        "deleted": "It is hidden. `reason`.",
    }

    force: bool = False

    def decide(self, facts: TaskFacts, now_us: int) -> Decision:
        """See `apply`."""
        if facts.state.is_final:
            return Decision(_bumped(facts, deleted=True), "deleted")
        if not self.force:
            hint = "only tasks that have ended can be deleted; cancel it first, or delete it with force"
            raise wrong_state(facts, "delete", hint)
        if facts.state is S.RUNNING:
            if facts.delete_requested:
                return Decision(facts)
            return Decision(
                _bumped(facts, requested=Requested.CANCEL, delete_requested=True), "delete_requested"
            )
        gone = _bumped(
            facts, state=S.CANCELLED, waiting_for=None, due_at_us=None, delete_requested=True, deleted=True
        )
        return Decision(gone, "deleted")


@dataclass(frozen=True, slots=True)
class Update:
    """Change the priority, or replace all labels, which the life cycle ignores. None keeps the present value."""

    word: ClassVar = "update"
    fits: ClassVar = TASK_STATES
    events: ClassVar = {"updated": "Priority or labels were changed. `priority`, `labels`."}

    priority: int | None = None
    labels: Mapping[str, str] | None = None

    def decide(self, facts: TaskFacts, now_us: int) -> Decision:
        """See `apply`."""
        if self.priority is None:
            return Decision(_bumped(facts), "updated")
        if facts.state.is_final:
            hint = "only tasks that have not ended have a priority that counts; its labels can be changed"
            raise wrong_state(facts, "change the priority of", hint)
        return Decision(_bumped(facts, priority=self.priority), "updated")


PersonCommand = Pause | Resume | Cancel | Restart | Delete | Update
COMMANDS: Final[Mapping[str, type[PersonCommand]]] = {one.word: one for one in get_args(PersonCommand)}
"""By word: the name of the command in the contract and on the command line."""


def apply(facts: TaskFacts, command: PersonCommand, now_us: int) -> Decision:
    """Decide a command.

    Raises:
        WrongState: the task's state does not allow it.
        TaskNotFound: the task is deleted.
    """
    if facts.deleted:
        raise TaskNotFound(f"task {id_text(facts.task_id)} is deleted")
    return command.decide(facts, now_us)


def _bumped(facts: TaskFacts, **changes: object) -> TaskFacts:
    return replace(facts, version=facts.version + 1, **changes)
