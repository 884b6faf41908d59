"""What executors and the scheduler report of an attempt: its start, its progress through the stages, and its end."""

from asynctask_core.commands import Checkpointed, Ended, StageFinished, Start
from asynctask_core.errors import AttemptSuperseded, ExecutorLost, Undelivered
from asynctask_core.ids import id_text
from asynctask_core.lifecycle.decision import Decision, wrong_state
from asynctask_core.lifecycle.waiting import is_due, queued, waits_until
from asynctask_core.limits import POSTPONE_LEAST_MS, POSTPONE_MOST_MS, POSTPONES
from asynctask_core.retry import delay_ms
from asynctask_core.states import AttemptResult, Requested, TaskState, WaitingFor
from asynctask_core.task import TaskFacts, TypeRules, replace

S = TaskState


def start(facts: TaskFacts, command: Start, now_us: int) -> Decision:
    """The scheduler leased the task to an executor."""
    if facts.state is S.RUNNING:
        if facts.attempt_id == command.attempt_id:
            return Decision(facts)
        raise _superseded(facts, command.attempt_id)
    if facts.deleted or not (facts.state is S.QUEUED or is_due(facts, now_us)):
        raise wrong_state(facts, "start")
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


def checkpointed(facts: TaskFacts, command: Checkpointed) -> Decision:
    """The running stage stored its position."""
    _must_be_current(facts, command.attempt_id)
    # Neither Redis nor watchers show the position, so a new position alone keeps the version.
    version = facts.version + command.is_news
    return Decision(
        replace(facts, version=version, last_event=command.sequence, lost_count=0, undelivered_count=0)
    )


def stage_finished(facts: TaskFacts, command: StageFinished) -> Decision:
    """A stage succeeded, and the next one begins."""
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


def ended(facts: TaskFacts, command: Ended, rules: TypeRules, now_us: int) -> Decision:
    """The attempt ended: the task ends too, waits, or is queued again."""
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
            return _given_back(facts, left, now_us)
        case AttemptResult.LOST:
            return _lost(facts, left, command, rules, now_us)
        case AttemptResult.UNDELIVERED:
            return _undelivered(facts, left, rules, now_us)
        case AttemptResult.RELEASED | AttemptResult.PAUSED | AttemptResult.CANCELLED:
            # A person may have withdrawn the request while the executor stopped: then it only gave the task back.
            counted = replace(left, release_count=left.release_count + 1)
            if command.result is AttemptResult.RELEASED and command.retry_after_ms:
                return _postponed(facts, counted, command, now_us)
            return _given_back(facts, counted, now_us)


def _failed(facts: TaskFacts, left: TaskFacts, command: Ended, rules: TypeRules, now_us: int) -> Decision:
    left = replace(left, error_count=left.error_count + 1)
    if not command.retryable or left.error_count >= rules.retry.max_attempts:
        return _final(left, S.FAILED)
    wait_ms = max(delay_ms(rules.retry, left.error_count, command.draw), command.retry_after_ms)
    return _retried(facts, left, now_us + wait_ms * 1000)


def _postponed(facts: TaskFacts, left: TaskFacts, command: Ended, now_us: int) -> Decision:
    """The handler asked to be tried again later: no error, so the retry policy does not count it."""
    wait_ms = min(max(command.retry_after_ms, POSTPONE_LEAST_MS), POSTPONE_MOST_MS)
    left = replace(left, postpone_count=left.postpone_count + 1)
    if facts.requested is None and left.postpone_count >= POSTPONES:
        # The handler's condition never became true. Without this limit the task would start and stop for years.
        return _final(left, S.FAILED)
    return _retried(facts, left, now_us + wait_ms * 1000)


def _lost(facts: TaskFacts, left: TaskFacts, command: Ended, rules: TypeRules, now_us: int) -> Decision:
    if not command.renewed:
        return _undelivered(facts, left, rules, now_us)
    left = replace(left, lost_count=left.lost_count + 1)
    if facts.requested is None and left.lost_count >= rules.crash_budget:
        return _final(left, S.FAILED, ExecutorLost.reason)
    return _given_back(facts, left, now_us)


def _undelivered(facts: TaskFacts, left: TaskFacts, rules: TypeRules, now_us: int) -> Decision:
    left = replace(left, undelivered_count=left.undelivered_count + 1)
    if facts.requested is None and left.undelivered_count >= rules.undelivered_budget:
        return _final(left, S.FAILED, Undelivered.reason)
    return _given_back(facts, left, now_us)


def _without_attempt(facts: TaskFacts) -> TaskFacts:
    return replace(facts, version=facts.version + 1, attempt_id=None, executor_id="", requested=None)


def _retried(facts: TaskFacts, left: TaskFacts, due_at_us: int) -> Decision:
    # A paused task keeps the time of its retry too: after a resume it waits for that time.
    stopped = _stopped(facts, replace(left, due_at_us=due_at_us))
    return stopped or Decision(waits_until(left, due_at_us, WaitingFor.RETRY))


def _given_back(facts: TaskFacts, left: TaskFacts, now_us: int) -> Decision:
    return _stopped(facts, left) or Decision(queued(left, now_us))


def _stopped(facts: TaskFacts, left: TaskFacts) -> Decision | None:
    """The decision where a person asked to cancel or pause the task; None without such a request."""
    if facts.requested is Requested.CANCEL:
        return _final(left, S.CANCELLED)
    if facts.requested is Requested.PAUSE:
        return Decision(replace(left, state=S.PAUSED))
    return None


def _final(left: TaskFacts, state: TaskState, failure_reason: str | None = None) -> Decision:
    facts = replace(
        left, state=state, waiting_for=None, due_at_us=None, requested=None, deleted=left.delete_requested
    )
    return Decision(facts, failure_reason=failure_reason)


def _must_be_current(facts: TaskFacts, attempt_id: bytes) -> None:
    if facts.state is not S.RUNNING or facts.attempt_id != attempt_id:
        raise _superseded(facts, attempt_id)


def _superseded(facts: TaskFacts, attempt_id: bytes) -> AttemptSuperseded:
    return AttemptSuperseded(
        f"attempt {id_text(attempt_id)} is not the current one of task {id_text(facts.task_id)} ({facts.state})",
        metadata={"state": facts.state},
    )
