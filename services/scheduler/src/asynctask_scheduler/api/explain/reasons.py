"""Reasons of an explanation: each is a kind, its facts, and a sentence with these facts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from asynctask_core.printable import one_line
from asynctask_core.states import Requested, TaskState
from asynctask_core.wire import cut_text, to_datetime
from asynctask_protos.task.v1 import explanation_pb2 as pb
from asynctask_protos.task.v1.task_pb2 import Failure, Task
from asynctask_scheduler.queue.answers import LeaseState, TaskPosition

_COUNTED_S: Final = 100
"""Seconds up to which a time is told as its distance from now."""
_TOLD_BYTES: Final = 200
"""How much of a failure's message or a person's reason a sentence has; the facts have all of it."""

_KIND: Final = pb.ExplanationKind


def until_due(task: Task, *, is_postponed: bool) -> pb.ExplanationReason:
    """A delayed task, or one that is tried again later."""
    when = _when(to_datetime(task.due_time))
    facts = pb.DueFacts(due_time=task.due_time, error_count=task.error_count)
    if not task.HasField("failure"):
        return _reason(
            _KIND.EXPLANATION_KIND_START_TIME, f"Its start time has not come: it starts {when}.", due=facts
        )
    facts.failure.CopyFrom(task.failure)
    if is_postponed:
        said = f"Its handler postponed it, and it goes on {when}: {_told(task.failure.message)}"
        return _reason(_KIND.EXPLANATION_KIND_POSTPONED, said, due=facts)
    said = f"Its last attempt failed, and it is tried again {when}: {_failure_told(task.failure)}"
    return _reason(_KIND.EXPLANATION_KIND_RETRY, said, due=facts)


def not_queued_yet(*, is_rebuilt: bool) -> pb.ExplanationReason:
    """A task that the registry knows as waiting, and Redis does not."""
    said = "The scheduler is about to put it into its queue."
    if not is_rebuilt:
        said = "The scheduler is filling Redis again, and hands out no task until that is done."
    return _reason(_KIND.EXPLANATION_KIND_NOT_QUEUED_YET, said)


def in_line(task: Task, position: TaskPosition, executors: pb.ExecutorFacts) -> list[pb.ExplanationReason]:
    """A ready task: everything that holds it up, what people can change first."""
    found: list[pb.ExplanationReason] = []
    if not executors.able:
        said = _nobody_told(task, executors)
        found.append(_reason(_KIND.EXPLANATION_KIND_NO_EXECUTOR, said, executors=executors))
    if not position.is_next:
        found += [*_limit_full(task, position), *_slots_full(task, executors), *_behind(task, position)]
    if not found:
        said = "Nothing holds it up: an executor with a free slot takes it next."
        found.append(_reason(_KIND.EXPLANATION_KIND_NEXT, said, executors=executors))
    return found


def _limit_full(task: Task, position: TaskPosition) -> Sequence[pb.ExplanationReason]:
    if not position.limit or position.running < position.limit:
        return ()
    running, limit = position.running, position.limit
    which = f"tasks of type {task.task_type} that run"
    said = f"The limit of its type is reached: {which}: {running:,} of at most {limit:,}."
    facts = pb.LimitFacts(limit=limit, running=running)
    return (_reason(_KIND.EXPLANATION_KIND_LIMIT_FULL, said, limit=facts),)


def _slots_full(task: Task, executors: pb.ExecutorFacts) -> Sequence[pb.ExplanationReason]:
    if not executors.able or executors.running < executors.slots:
        return ()
    who = "the executor" if executors.able == 1 else f"the {executors.able:,} executors"
    slots = "The only slot" if executors.slots == 1 else f"All {executors.slots:,} slots"
    verb = "runs" if executors.able == 1 else "run"
    is_are = "is" if executors.slots == 1 else "are"
    said = f"{slots} of {who} that {verb} type {task.task_type} in queue {task.queue} {is_are} taken."
    return (_reason(_KIND.EXPLANATION_KIND_SLOTS_FULL, said, executors=executors),)


def _behind(task: Task, position: TaskPosition) -> Sequence[pb.ExplanationReason]:
    ahead, elsewhere = position.ahead or 0, position.ahead_elsewhere
    if not ahead + elsewhere:
        return ()
    parts: list[str] = []
    if ahead:
        parts.append(
            f"{_count(ahead, 'task')} of its type and queue, the first with priority {position.first_priority}"
        )
    if elsewhere:
        parts.append(f"{_count(elsewhere, 'task')} of other types or queues")
    said = f"Others go before it: {', and '.join(parts)}. It has priority {task.priority}."
    facts = pb.PositionFacts(
        ahead=ahead,
        first_priority=position.first_priority,
        priority=task.priority,
        ahead_elsewhere=elsewhere,
    )
    return (_reason(_KIND.EXPLANATION_KIND_BEHIND_OTHERS, said, position=facts),)


def held(facts: pb.AttemptFacts, lease: LeaseState | None) -> pb.ExplanationReason:
    """A task that an executor has."""
    name = facts.executor_id
    if lease and lease.expiring:
        said = (
            f"Executor {name} has given no sign of life for {_seconds(lease.silent_ms)} or more: the task goes on"
            " elsewhere in a moment."
        )
        return _reason(_KIND.EXPLANATION_KIND_EXECUTOR_LOST, said, attempt=facts)
    if lease and not lease.started:
        said = f"It is being started: executor {name} gets it now."
        return _reason(_KIND.EXPLANATION_KIND_STARTING, said, attempt=facts)
    return _reason(_KIND.EXPLANATION_KIND_RUNNING, _running_told(facts), attempt=facts)


def _running_told(facts: pb.AttemptFacts) -> str:
    name = facts.executor_id
    if not facts.connected:
        back = "unless it comes back, the task is queued again once its lease ends, within seconds"
        return f"Executor {name} is not connected: {back}."
    parts = [f"Executor {name} runs it"]
    if facts.HasField("progress_time"):
        parts.append(f"last progress {_ago(to_datetime(facts.progress_time))}")
    if facts.HasField("silent_ms"):
        parts.append(f"last sign of life {_seconds(facts.silent_ms)} ago")
    asked = Requested.of(facts.requested)
    end = f"; a {asked} was asked for, and takes effect when its handler stops." if asked else "."
    return ", ".join(parts) + end


def paused(command: pb.CommandFacts) -> pb.ExplanationReason:
    """A task that somebody paused."""
    return _reason(_KIND.EXPLANATION_KIND_PAUSED, f"{_by(command, 'paused')} Resume it.", command=command)


def ended(task: Task, command: pb.CommandFacts | None) -> pb.ExplanationReason:
    """A final task; `command` is that which cancelled it."""
    facts = pb.EndFacts()
    if task.HasField("end_time"):
        facts.end_time.CopyFrom(task.end_time)
    if task.HasField("failure"):
        facts.failure.CopyFrom(task.failure)
    if command is not None:
        said = _by(command, "cancelled")
        return _reason(_KIND.EXPLANATION_KIND_ENDED, said, end=facts, command=command)
    state = TaskState.of(task.task_status)
    said = f"It has ended: {state}."
    if state is TaskState.FAILED and task.HasField("failure"):
        said = f"It has failed: {_failure_told(task.failure)}"
    return _reason(_KIND.EXPLANATION_KIND_ENDED, said, end=facts)


def _nobody_told(task: Task, executors: pb.ExecutorFacts) -> str:
    if not executors.connected:
        return (
            f"No executor is connected; it needs one that runs type {task.task_type} in queue {task.queue}."
        )
    if executors.draining:
        who = "The only executor" if executors.draining == 1 else f"All {executors.draining:,} executors"
        verb = "runs" if executors.draining == 1 else "run"
        return (
            f"{who} that {verb} type {task.task_type} in queue {task.queue} will end, and take no new task."
        )
    if executors.connected_queues:
        queues = ", ".join(executors.connected_queues)
        return (
            f"No connected executor serves queue {task.queue} for type {task.task_type}; those that run the type serve"
            f" {queues}."
        )
    types = ", ".join(executors.connected_types)
    return f"No connected executor runs tasks of type {task.task_type}; those that are connected run {types}."


def _reason(kind: pb.ExplanationKind.ValueType, said: str, **facts: object) -> pb.ExplanationReason:
    return pb.ExplanationReason(kind=kind, summary=one_line(said), **facts)  # pyright: ignore[reportArgumentType] - the facts of the kind


def _by(command: pb.CommandFacts, verb: str) -> str:
    who = f"{command.actor} {verb} it" if command.actor else f"It was {verb}"
    when = f" {_ago(to_datetime(command.time))}" if command.HasField("time") else ""
    why = f": {_told(command.reason)}" if command.reason.strip() else "."
    return f"{who}{when}{why}"


def _failure_told(failure: Failure) -> str:
    return f"{failure.error_type or failure.reason}: {_told(failure.message)}"


def _told(text: str) -> str:
    """The first line of somebody's text, with a full stop."""
    first = cut_text(text.strip().partition("\n")[0], _TOLD_BYTES) or "no message"
    return first if first[-1] in ".!?…。" else f"{first}."


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def _seconds(ms: int) -> str:
    return f"{max(0, ms) / 1000:.0f} s"


def _when(due: datetime) -> str:
    seconds = (due - datetime.now(UTC)).total_seconds()
    return f"in {max(0.0, seconds):.0f} s" if seconds < _COUNTED_S else f"at {_moment(due)}"


def _ago(past: datetime) -> str:
    seconds = (datetime.now(UTC) - past).total_seconds()
    return f"{max(0.0, seconds):.0f} s ago" if seconds < _COUNTED_S else f"at {_moment(past)}"


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
