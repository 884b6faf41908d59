"""What people ask for: pause, resume, cancel, restart, delete and update."""

from collections.abc import Callable
from typing import Final

from asynctask_core.commands import Cancel, Command, Delete, Pause, Restart, Resume, Update
from asynctask_core.errors import TaskNotFound
from asynctask_core.ids import id_text
from asynctask_core.lifecycle.decision import RESTART_HINT, Decision, wrong_state
from asynctask_core.lifecycle.waiting import queued, waits_until
from asynctask_core.states import Requested, TaskState, WaitingFor
from asynctask_core.task import TaskFacts, replace

S = TaskState

_CANCEL_HINT: Final = "a cancel was asked for, which nothing withdraws; restart it once it is cancelled"


def apply(facts: TaskFacts, command: Command, now_us: int) -> Decision:
    """Decide a person's command. A command that asks for what is so already changes nothing."""
    if facts.deleted:
        raise TaskNotFound(f"task {id_text(facts.task_id)} is deleted")
    return _PEOPLE[type(command)](facts, command, now_us)


def _pause(facts: TaskFacts, command: Command, now_us: int) -> Decision:
    if facts.state is S.PAUSED or facts.requested is Requested.PAUSE:
        return Decision(facts)
    if facts.state is S.RUNNING:
        if facts.requested is Requested.CANCEL:
            raise wrong_state(facts, "pause", _CANCEL_HINT)
        return Decision(_bumped(facts, requested=Requested.PAUSE), "pause_requested")
    if facts.state.is_final:
        raise wrong_state(facts, "pause", f"only tasks that have not ended can be paused; {RESTART_HINT}")
    return Decision(_bumped(facts, state=S.PAUSED, waiting_for=None), "paused")


def _resume(facts: TaskFacts, command: Command, now_us: int) -> Decision:
    if facts.requested is Requested.PAUSE:
        return Decision(_bumped(facts, requested=None), "resumed")
    if facts.requested is Requested.CANCEL:
        raise wrong_state(facts, "resume", _CANCEL_HINT)
    if facts.state.is_final:
        raise wrong_state(facts, "resume", f"only tasks that have not ended can be resumed; {RESTART_HINT}")
    if facts.state is not S.PAUSED:
        return Decision(facts)
    if facts.due_at_us is not None and facts.due_at_us > now_us:
        why = WaitingFor.RETRY if facts.error_count or facts.release_count else WaitingFor.START_TIME
        return Decision(waits_until(_bumped(facts), facts.due_at_us, why), "resumed")
    return Decision(queued(_bumped(facts), now_us), "resumed")


def _cancel(facts: TaskFacts, command: Command, now_us: int) -> Decision:
    if facts.state is S.CANCELLED or facts.requested is Requested.CANCEL:
        return Decision(facts)
    if facts.state.is_final:
        raise wrong_state(
            facts, "cancel", "only tasks that have not ended can be cancelled; delete it to hide it"
        )
    if facts.state is S.RUNNING:
        return Decision(_bumped(facts, requested=Requested.CANCEL), "cancel_requested")
    return Decision(_bumped(facts, state=S.CANCELLED, waiting_for=None, due_at_us=None), "cancelled")


def _restart(facts: TaskFacts, command: Command, now_us: int) -> Decision:
    assert isinstance(command, Restart)
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
        stage=facts.stage if command.from_checkpoint else "",
    )
    start_us = facts.ready_at_us
    if start_us is not None and start_us > now_us and not command.start_now:
        fresh = waits_until(fresh, start_us, WaitingFor.START_TIME)
    else:
        fresh = queued(replace(fresh, ready_at_us=now_us), now_us)
    return Decision(fresh, "restarted", forget=not command.from_checkpoint)


def _delete(facts: TaskFacts, command: Command, now_us: int) -> Decision:
    assert isinstance(command, Delete)
    if facts.state.is_final:
        return Decision(_bumped(facts, deleted=True), "deleted")
    if not command.force:
        hint = "only tasks that have ended can be deleted; cancel it first, or delete it with force"
        raise wrong_state(facts, "delete", hint)
    if facts.state is S.RUNNING:
        if facts.delete_requested:
            return Decision(facts)
        return Decision(_bumped(facts, requested=Requested.CANCEL, delete_requested=True), "delete_requested")
    gone = _bumped(
        facts, state=S.CANCELLED, waiting_for=None, due_at_us=None, delete_requested=True, deleted=True
    )
    return Decision(gone, "deleted")


def _update(facts: TaskFacts, command: Command, now_us: int) -> Decision:
    assert isinstance(command, Update)
    if command.priority is None:
        return Decision(_bumped(facts), "updated")
    if facts.state.is_final:
        hint = "only tasks that have not ended have a priority that counts; its labels can be changed"
        raise wrong_state(facts, "change the priority of", hint)
    return Decision(_bumped(facts, priority=command.priority), "updated")


_PEOPLE: Final[dict[type, Callable[[TaskFacts, Command, int], Decision]]] = {
    Pause: _pause,
    Resume: _resume,
    Cancel: _cancel,
    Restart: _restart,
    Delete: _delete,
    Update: _update,
}


def _bumped(facts: TaskFacts, **changes: object) -> TaskFacts:
    return replace(facts, version=facts.version + 1, **changes)
