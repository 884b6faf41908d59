"""The life cycle of a task: one pure function from facts and a command to a decision.

No I/O and no clock: `now_us` is Postgres' time of the transaction, `draw` a random number drawn outside. The registry
writes what is decided here under the task's row lock; the set-based SQL of the hot transitions (start, complete)
encodes the same guards, and a test proves that both agree on every (state, command) pair.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from asynctask_core.commands import (
    Cancel,
    Checkpointed,
    Command,
    Delete,
    Ended,
    Pause,
    Restart,
    Resume,
    StageFinished,
    Start,
    Update,
)
from asynctask_core.errors import AttemptSuperseded, ExecutorLost, TaskNotFound, Undelivered, WrongState
from asynctask_core.ids import id_text
from asynctask_core.limits import POSTPONE_LEAST_MS, POSTPONE_MOST_MS, POSTPONES
from asynctask_core.retry import delay_ms
from asynctask_core.states import AttemptResult, Requested, TaskState, WaitingFor
from asynctask_core.task import Rules, TaskFacts, replace
from asynctask_protos.registry.v1.standing_pb2 import (
    PLACE_LEASED,
    PLACE_NOWHERE,
    PLACE_READY,
    PLACE_TIMED,
    Standing,
)

S = TaskState

_AGAIN: Final = "restart it to run it again"


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a task.

    `facts` are the new facts: the same object when nothing changes. `event` is the word for `task_events`, for what
    people did. `failure_reason` is set when the platform itself fails the task. `forget` says that stage rows and
    manifests of the run before are to be dropped.
    """

    facts: TaskFacts
    event: str | None = None
    failure_reason: str | None = None
    forget: bool = False


def decide(facts: TaskFacts, command: Command, rules: Rules, now_us: int) -> Decision:
    """Decide what `command` does to the task.

    Raises:
        WrongState: the state does not allow a person's command, or a start.
        AttemptSuperseded: an executor's command names another attempt than the current one.
        TaskNotFound: a person's command for a deleted task.
    """
    match command:
        case Start():
            return _start(facts, command, now_us)
        case Checkpointed():
            _must_be_current(facts, command.attempt_id)
            # Nothing that Redis or a watcher knows changes by the position itself.
            version = facts.version + command.is_news
            return Decision(
                replace(
                    facts, version=version, last_event=command.sequence, lost_count=0, undelivered_count=0
                )
            )
        case StageFinished():
            return _stage_finished(facts, command)
        case Ended():
            return _ended(facts, command, rules, now_us)
        case Pause() | Resume() | Cancel() | Restart() | Delete() | Update():
            if facts.deleted:
                raise TaskNotFound(f"task {id_text(facts.task_id)} is deleted")
            return _PEOPLE[type(command)](facts, command, now_us)


def standing_of(facts: TaskFacts, now_us: int) -> Standing:
    """Where a task belongs in Redis, as of these facts."""
    if facts.state is S.QUEUED:
        return Standing(
            task_id=facts.task_id,
            version=facts.version,
            place=PLACE_READY,
            state=facts.state.number,  # pyright: ignore[reportArgumentType]
            queue=facts.queue,
            task_type=facts.task_type,
            priority=facts.priority,
            ready_at_us=facts.ready_at_us or 0,
        )
    if facts.state is S.PENDING and facts.due_at_us is not None:
        return Standing(
            task_id=facts.task_id,
            version=facts.version,
            place=PLACE_TIMED,
            state=facts.state.number,  # pyright: ignore[reportArgumentType]
            queue=facts.queue,
            task_type=facts.task_type,
            priority=facts.priority,
            ready_at_us=facts.ready_at_us if facts.ready_at_us is not None else facts.due_at_us,
            # Rounded up: a timer that fires early would only be answered "not due".
            due_in_ms=max(0, -((now_us - facts.due_at_us) // 1000)),
        )
    if facts.state is S.RUNNING:
        return Standing(
            task_id=facts.task_id,
            version=facts.version,
            place=PLACE_LEASED,
            state=facts.state.number,  # pyright: ignore[reportArgumentType]
            queue=facts.queue,
            task_type=facts.task_type,
            priority=facts.priority,
            ready_at_us=facts.ready_at_us or 0,
            attempt_id=facts.attempt_id or b"",
            executor_id=facts.executor_id,
            requested=facts.requested.number if facts.requested else 0,  # pyright: ignore[reportArgumentType]
        )
    return Standing(
        task_id=facts.task_id,
        version=facts.version,
        place=PLACE_NOWHERE,
        state=facts.state.number,  # pyright: ignore[reportArgumentType]
    )


# --- by the scheduler and executors ---------------------------------------------------------------------------------


def is_due(facts: TaskFacts, now_us: int) -> bool:
    """True for a pending task whose start or retry time has passed."""
    return facts.state is S.PENDING and facts.due_at_us is not None and facts.due_at_us <= now_us


def _start(facts: TaskFacts, command: Start, now_us: int) -> Decision:
    if facts.state is S.RUNNING:
        if facts.attempt_id == command.attempt_id:
            return Decision(facts)
        raise _superseded(facts, command.attempt_id)
    if facts.deleted or not (facts.state is S.QUEUED or is_due(facts, now_us)):
        raise _wrong_state(facts, "start")
    return Decision(
        replace(
            facts,
            state=S.RUNNING,
            version=facts.version + 1,
            waiting_for=None,
            ready_at_us=facts.ready_at_us if facts.ready_at_us is not None else facts.due_at_us,
            due_at_us=None,
            attempt_id=command.attempt_id,
            executor_id=command.executor_id,
            epoch=facts.epoch + 1,
            last_event=0,
            last_chunk=0,
            attempt_count=facts.attempt_count + 1,
        )
    )


def _stage_finished(facts: TaskFacts, command: StageFinished) -> Decision:
    _must_be_current(facts, command.attempt_id)
    return Decision(
        replace(
            facts,
            version=facts.version + 1,
            last_event=command.sequence,
            stage=command.next_stage,
            lost_count=0,
            undelivered_count=0,
        )
    )


def _ended(facts: TaskFacts, command: Ended, rules: Rules, now_us: int) -> Decision:
    _must_be_current(facts, command.attempt_id)
    left = _without_attempt(facts)
    if command.sequence:
        left = replace(left, last_event=command.sequence)
    match command.result:
        case AttemptResult.SUCCESS:
            return _final(left, S.COMPLETED)
        case AttemptResult.FAILED:
            return _failed(facts, left, command, rules, now_us)
        case AttemptResult.LOST | AttemptResult.UNDELIVERED if command.excused:
            return _stopped(facts, left, now_us) or _requeued(left, now_us)
        case AttemptResult.LOST:
            return _lost(facts, left, command, rules, now_us)
        case AttemptResult.UNDELIVERED:
            return _undelivered(facts, left, rules, now_us)
        case AttemptResult.RELEASED | AttemptResult.PAUSED | AttemptResult.CANCELLED:
            # An executor that stopped for a request which was withdrawn meanwhile has merely given the task back.
            counted = replace(left, release_count=left.release_count + 1)
            if command.result is AttemptResult.RELEASED and command.retry_after_ms:
                return _postponed(facts, counted, command, now_us)
            return _stopped(facts, counted, now_us) or _requeued(counted, now_us)


def _failed(facts: TaskFacts, left: TaskFacts, command: Ended, rules: Rules, now_us: int) -> Decision:
    left = replace(left, error_count=left.error_count + 1)
    if not command.retryable or left.error_count >= rules.retry.max_attempts:
        return _final(left, S.FAILED)
    wait_ms = max(delay_ms(rules.retry, left.error_count, command.draw), command.retry_after_ms)
    left = replace(left, due_at_us=now_us + wait_ms * 1000)
    stopped = _stopped(facts, left, now_us)
    return stopped or Decision(replace(left, state=S.PENDING, waiting_for=WaitingFor.RETRY))


def _postponed(facts: TaskFacts, left: TaskFacts, command: Ended, now_us: int) -> Decision:
    """The handler asked to be tried again later: no error, so the retry policy does not count it."""
    wait_ms = min(max(command.retry_after_ms, POSTPONE_LEAST_MS), POSTPONE_MOST_MS)
    left = replace(left, due_at_us=now_us + wait_ms * 1000, postpone_count=left.postpone_count + 1)
    stopped = _stopped(facts, left, now_us)
    if stopped is None and left.postpone_count >= POSTPONES:
        # What was waited for never came: without an end the task would start and stop for years.
        return _final(left, S.FAILED)
    return stopped or Decision(replace(left, state=S.PENDING, waiting_for=WaitingFor.RETRY))


def _lost(facts: TaskFacts, left: TaskFacts, command: Ended, rules: Rules, now_us: int) -> Decision:
    if not command.renewed:
        return _undelivered(facts, left, rules, now_us)
    left = replace(left, lost_count=left.lost_count + 1)
    stopped = _stopped(facts, left, now_us)
    if stopped is None and left.lost_count >= rules.crash_budget:
        return _final(left, S.FAILED, ExecutorLost.reason)
    return stopped or _requeued(left, now_us)


def _undelivered(facts: TaskFacts, left: TaskFacts, rules: Rules, now_us: int) -> Decision:
    left = replace(left, undelivered_count=left.undelivered_count + 1)
    stopped = _stopped(facts, left, now_us)
    if stopped is None and left.undelivered_count >= rules.undelivered_budget:
        return _final(left, S.FAILED, Undelivered.reason)
    return stopped or _requeued(left, now_us)


def _without_attempt(facts: TaskFacts) -> TaskFacts:
    return replace(facts, version=facts.version + 1, attempt_id=None, executor_id="", requested=None)


def _stopped(facts: TaskFacts, left: TaskFacts, now_us: int) -> Decision | None:
    """What a person asked for, if anything: it takes the place of going on."""
    if facts.requested is Requested.CANCEL:
        return _final(left, S.CANCELLED)
    if facts.requested is Requested.PAUSE:
        return Decision(replace(left, state=S.PAUSED))
    return None


def _requeued(left: TaskFacts, now_us: int) -> Decision:
    ready_at_us = left.ready_at_us if left.ready_at_us is not None else now_us
    return Decision(replace(left, state=S.QUEUED, ready_at_us=ready_at_us, due_at_us=None))


def _final(left: TaskFacts, state: TaskState, failure_reason: str | None = None) -> Decision:
    facts = replace(
        left, state=state, waiting_for=None, due_at_us=None, requested=None, deleted=left.delete_requested
    )
    return Decision(facts, failure_reason=failure_reason)


# --- by people --------------------------------------------------------------------------------------------------------


def _pause(facts: TaskFacts, command: Command, now_us: int) -> Decision:
    if facts.state is S.PAUSED or facts.requested is Requested.PAUSE:
        return Decision(facts)
    if facts.state is S.RUNNING:
        if facts.requested is Requested.CANCEL:
            hint = "a cancel was asked for, which nothing withdraws; restart it once it is cancelled"
            raise _wrong_state(facts, "pause", hint)
        return Decision(_bumped(facts, requested=Requested.PAUSE), "pause_requested")
    if facts.state.is_final:
        raise _wrong_state(facts, "pause", f"only tasks that have not ended can be paused; {_AGAIN}")
    return Decision(_bumped(facts, state=S.PAUSED, waiting_for=None), "paused")


def _resume(facts: TaskFacts, command: Command, now_us: int) -> Decision:
    if facts.requested is Requested.PAUSE:
        return Decision(_bumped(facts, requested=None), "resumed")
    if facts.requested is Requested.CANCEL:
        hint = "a cancel was asked for, which nothing withdraws; restart it once it is cancelled"
        raise _wrong_state(facts, "resume", hint)
    if facts.state.is_final:
        raise _wrong_state(facts, "resume", f"only tasks that have not ended can be resumed; {_AGAIN}")
    if facts.state is not S.PAUSED:
        return Decision(facts)
    if facts.due_at_us is not None and facts.due_at_us > now_us:
        waiting_for = WaitingFor.RETRY if facts.error_count or facts.release_count else WaitingFor.START_TIME
        return Decision(_bumped(facts, state=S.PENDING, waiting_for=waiting_for), "resumed")
    ready_at_us = facts.ready_at_us if facts.ready_at_us is not None else (facts.due_at_us or now_us)
    return Decision(_bumped(facts, state=S.QUEUED, ready_at_us=ready_at_us, due_at_us=None), "resumed")


def _cancel(facts: TaskFacts, command: Command, now_us: int) -> Decision:
    if facts.state is S.CANCELLED or facts.requested is Requested.CANCEL:
        return Decision(facts)
    if facts.state.is_final:
        raise _wrong_state(
            facts, "cancel", "only tasks that have not ended can be cancelled; delete it to hide it"
        )
    if facts.state is S.RUNNING:
        return Decision(_bumped(facts, requested=Requested.CANCEL), "cancel_requested")
    return Decision(_bumped(facts, state=S.CANCELLED, waiting_for=None, due_at_us=None), "cancelled")


def _restart(facts: TaskFacts, command: Command, now_us: int) -> Decision:
    assert isinstance(command, Restart)
    if not facts.state.is_final:
        first = "resume it, or cancel it first" if facts.state is S.PAUSED else "cancel it first"
        raise _wrong_state(facts, "restart", f"only tasks that have ended can be restarted; {first}")
    start_us = facts.ready_at_us
    waits = start_us is not None and start_us > now_us and not command.start_now
    fresh = _bumped(
        facts,
        state=S.PENDING if waits else S.QUEUED,
        waiting_for=WaitingFor.START_TIME if waits else None,
        run=facts.run + 1,
        ready_at_us=start_us if waits else now_us,
        due_at_us=start_us if waits else None,
        error_count=0,
        lost_count=0,
        undelivered_count=0,
        release_count=0,
        postpone_count=0,
        stage=facts.stage if command.from_checkpoint else "",
    )
    return Decision(fresh, "restarted", forget=not command.from_checkpoint)


def _delete(facts: TaskFacts, command: Command, now_us: int) -> Decision:
    assert isinstance(command, Delete)
    if facts.state.is_final:
        return Decision(_bumped(facts, deleted=True), "deleted")
    if not command.force:
        hint = "only tasks that have ended can be deleted; cancel it first, or delete it with force"
        raise _wrong_state(facts, "delete", hint)
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
        raise _wrong_state(facts, "change the priority of", hint)
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


def _must_be_current(facts: TaskFacts, attempt_id: bytes) -> None:
    if facts.state is not S.RUNNING or facts.attempt_id != attempt_id:
        raise _superseded(facts, attempt_id)


def _superseded(facts: TaskFacts, attempt_id: bytes) -> AttemptSuperseded:
    return AttemptSuperseded(
        f"attempt {id_text(attempt_id)} is not the current one of task {id_text(facts.task_id)} ({facts.state})",
        metadata={"state": facts.state},
    )


def _wrong_state(facts: TaskFacts, verb: str, hint: str = "") -> WrongState:
    stands = "has failed" if facts.state is S.FAILED else f"is {facts.state}"
    text = f"cannot {verb} task {id_text(facts.task_id)}: it {stands}"
    return WrongState(f"{text}; {hint}" if hint else text, metadata={"state": facts.state, "command": verb})
