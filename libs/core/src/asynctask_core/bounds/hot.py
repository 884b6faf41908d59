"""The same bounds, checked by straight-line code for messages that every task needs: lengths first, no new objects.

Each function returns what is wrong in words, or None. A test compares these functions with the fields and bounds of the
table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple

from asynctask_core import limits
from asynctask_core.bounds.checker import check_fields, plan_of
from asynctask_core.bounds.kinds import ID_BYTES
from asynctask_core.bounds.table import TABLE
from asynctask_core.bounds.task import ENDINGS
from asynctask_core.validate import NAME, STAGE, Violations
from asynctask_core.wire import cut_middle, cut_text, escape_nul
from asynctask_protos.registry.v1.ledger_service_pb2 import NewTask
from asynctask_protos.task.v1.state_pb2 import AttemptResult
from asynctask_protos.task.v1.task_pb2 import Failure, Progress, TaskWarning
from asynctask_protos.task.v1.work_pb2 import Checkpoint, Event

_LARGEST: Final = limits.LARGEST_NUMBER
_LAST_INSTANT_US: Final = limits.INSTANT_LAST_S * 1_000_000
_SUCCESS: Final = AttemptResult.ATTEMPT_RESULT_SUCCESS
_ENDINGS: Final = frozenset(AttemptResult.Value(name) for name in ENDINGS)


# The same few names come with every task. Lengths are checked before, so the cached texts are small.
@lru_cache(maxsize=1024)
def _is_stage(text: str) -> bool:
    return STAGE.fullmatch(text) is not None


@lru_cache(maxsize=1024)
def _is_name(text: str) -> bool:
    return NAME.fullmatch(text) is not None


# --- events -----------------------------------------------------------------------------------------------------------


def is_addressed(event: Event) -> bool:
    """Whether an event has its task, attempt and number: without them it cannot be answered."""
    return (
        len(event.attempt_id) == ID_BYTES
        and len(event.task_id) == ID_BYTES
        and 1 <= event.sequence <= _LARGEST
    )


def is_plain_success(event: Event) -> bool:
    """Whether a small event is a success within its bounds and nothing else: then no other check is needed.

    Its result is passed on unchecked: the registry checks whether it can be stored.
    """
    outcome = event.outcome
    return (
        outcome.result == _SUCCESS
        and not (event.HasField("progress") or outcome.HasField("failure"))
        and 0 <= event.after_chunk <= _LARGEST
        and (not (stage := outcome.stage) or (len(stage) <= limits.STAGE_CHARS and _is_stage(stage)))
        and not (outcome.retry_after_ms or event.refused or event.warnings)
    )


def is_plain_checkpoint(event: Event) -> bool:
    """Whether a small event is a checkpoint within its bounds and nothing else: then no other check is needed."""
    checkpoint = event.checkpoint
    stage = checkpoint.stage
    return (
        event.WhichOneof("event") == "checkpoint"
        and not (event.HasField("progress") or event.refused or event.warnings)
        and 0 <= event.after_chunk <= _LARGEST
        and (not stage or (len(stage) <= limits.STAGE_CHARS and _is_stage(stage)))
        and "\x00" not in checkpoint.checkpoint.json
    )


def event_fault(event: Event, *, check_sizes: bool = True) -> str | None:
    """What is wrong with an event that is addressed; without `check_sizes`, payloads are known to be small."""
    if not 0 <= event.after_chunk <= _LARGEST:
        return f"after_chunk: must be from 0 to {_LARGEST}; got {event.after_chunk}"
    if event.warnings and (fault := _warnings_fault(event)):
        return fault
    kind = event.WhichOneof("event")
    if kind == "outcome":
        outcome = event.outcome
        if outcome.result not in _ENDINGS:
            return f"outcome.result: must be one of {', '.join(sorted(ENDINGS))}; got {outcome.result}"
        if outcome.retry_after_ms < 0:
            return (
                f"outcome.retry_after_ms: must be from 0 to {limits.DELAY_MS}; got {outcome.retry_after_ms}"
            )
        if check_sizes and (fault := _json_fault("outcome.result_json", outcome.result_json)):
            return fault
        return _stage_fault("outcome.stage", outcome.stage)
    if kind == "checkpoint":
        checkpoint = event.checkpoint
        if check_sizes and (fault := _checkpoint_fault(checkpoint.checkpoint)):
            return fault
        return _stage_fault("checkpoint.stage", checkpoint.stage)
    if kind == "stage_finished":
        finished = event.stage_finished
        if check_sizes and (fault := _json_fault("stage_finished.result_json", finished.result_json)):
            return fault
        return _stage_fault("stage_finished.stage", finished.stage) or _stage_fault(
            "stage_finished.next_stage", finished.next_stage
        )
    return "must be a checkpoint, stage_finished or outcome"


def fit_event(event: Event) -> None:
    """Cut what is cut rather than refused, in place: texts of a failure and of warnings, the delay before a retry."""
    fit_warnings(event.warnings)
    if not event.HasField("outcome"):
        return
    outcome = event.outcome
    outcome.retry_after_ms = min(outcome.retry_after_ms, limits.DELAY_MS)
    if outcome.HasField("failure"):
        fit_failure(outcome.failure)


def fit_warnings(warnings: Iterable[TaskWarning]) -> None:
    """Cut the texts of warnings to their limit, and make NUL visible."""
    for warning in warnings:
        warning.text = cut_text(escape_nul(warning.text), limits.WARNING_TEXT_BYTES)


def fit_failure(failure: Failure) -> None:
    """Cut a failure's texts to their limits, and make NUL visible."""
    failure.message = cut_text(escape_nul(failure.message), limits.FAILURE_MESSAGE_BYTES)
    failure.traceback = cut_middle(escape_nul(failure.traceback), limits.TRACEBACK_BYTES)
    failure.reason = _cut_chars(failure.reason, limits.FAILURE_REASON_CHARS)
    failure.error_type = _cut_chars(failure.error_type, limits.ERROR_TYPE_CHARS)
    failure.stage = _cut_chars(failure.stage, limits.STAGE_CHARS)


def refused_event(event: Event, why: str) -> Event:
    """The event without its content: its number in its attempt, its kind, and why it is refused."""
    empty = Event(
        task_id=event.task_id,
        attempt_id=event.attempt_id,
        sequence=event.sequence,
        after_chunk=min(max(event.after_chunk, 0), _LARGEST),
        refused=cut_text(why, limits.REASON_BYTES),
    )
    match event.WhichOneof("event"):
        case "checkpoint":
            empty.checkpoint.SetInParent()
        case "stage_finished":
            empty.stage_finished.SetInParent()
        case _:
            empty.outcome.SetInParent()
    return empty


def _warnings_fault(event: Event) -> str | None:
    violations = Violations()
    _, bound = plan_of(event.DESCRIPTOR).fields[event.WARNINGS_FIELD_NUMBER]
    bound.check("warnings", event.warnings, violations)
    found = violations.found
    return f"{found[0].field}: {found[0].description}" if found else None


def _stage_fault(field: str, stage: str) -> str | None:
    if not stage or (len(stage) <= limits.STAGE_CHARS and _is_stage(stage)):
        return None
    violations = Violations()
    TABLE["asynctask.task.v1.CheckpointEvent"]["stage"].check(field, stage, violations)
    return f"{field}: {violations.found[0].description}"


def _json_fault(field: str, text: str) -> str | None:
    length = len(text)
    if length > limits.RESULT_BYTES // 4 and (
        length > limits.RESULT_BYTES or len(text.encode()) > limits.RESULT_BYTES
    ):
        return f"{field}: must be at most {limits.RESULT_BYTES} bytes; got {len(text.encode())}"
    if "\x00" in text:
        return f"{field}: must be text without NUL"
    return None


def _checkpoint_fault(checkpoint: Checkpoint) -> str | None:
    most = limits.CHECKPOINT_BYTES
    if checkpoint.WhichOneof("data") == "raw":
        if len(checkpoint.raw) > most:
            return f"checkpoint.checkpoint.raw: must be at most {most} bytes; got {len(checkpoint.raw)}"
        return None
    text = checkpoint.json
    if len(text) > most // 4 and (len(text) > most or len(text.encode()) > most):
        return f"checkpoint.checkpoint.json: must be at most {most} bytes; got {len(text.encode())}"
    if "\x00" in text:
        return "checkpoint.checkpoint.json: must be text without NUL"
    return None


# --- progress ---------------------------------------------------------------------------------------------------------


def progress_fault(progress: Progress) -> str | None:
    """What is wrong with the numbers of a report. NaN is out of every range."""
    if 0 <= progress.done <= _LARGEST and 0 <= progress.total <= _LARGEST:
        return None
    field, number = (
        ("done", progress.done) if not 0 <= progress.done <= _LARGEST else ("total", progress.total)
    )
    return f"progress.{field}: must be from 0 to {_LARGEST}; got {number:g}"


def stage_fault(stage: str) -> str | None:
    """What is wrong with the name of a stage; it may be empty."""
    return _stage_fault("stage", stage)


def fit_progress(progress: Progress) -> None:
    """Cut a report's texts to their limits in place, make NUL visible, and drop fields that only the service sets."""
    message = progress.message
    if message and (len(message) > limits.PROGRESS_MESSAGE_BYTES // 4 or "\x00" in message):
        progress.message = cut_text(escape_nul(message), limits.PROGRESS_MESSAGE_BYTES)
    unit = progress.unit
    if unit and (len(unit) > limits.PROGRESS_UNIT_CHARS or "\x00" in unit):
        progress.unit = escape_nul(unit)[: limits.PROGRESS_UNIT_CHARS]
    if progress.rate:
        progress.rate = 0.0
    if progress.HasField("remaining_s"):
        progress.ClearField("remaining_s")
    if progress.HasField("remaining_most_s"):
        progress.ClearField("remaining_most_s")


def _cut_chars(text: str, chars: int) -> str:
    return escape_nul(text[:chars])[:chars] if text else text


# --- new tasks, as the registry gets them -----------------------------------------------------------------------------


class NewTaskFields(NamedTuple):
    """A new task, its fields read once: reading a field of a message costs as much as twenty reads of a tuple."""

    task_id: bytes
    task_type: str
    queue: str
    priority: int
    task_config: str
    delay_ms: int
    start_at_us: int
    request_id: str
    labels: Mapping[str, str]


_NO_LABELS: Final[Mapping[str, str]] = MappingProxyType({})
# The class's own `__new__` is a Python function, which costs more than the tuple.
_make: Callable[[type[NewTaskFields], tuple[object, ...]], NewTaskFields]
_make = tuple.__new__  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] - its items are any


def read_new_task(task: NewTask) -> NewTaskFields | Violations:
    """Read a task that is to be inserted; returns violations if a field other than its id is wrong."""
    task_type, queue, config, key = task.task_type, task.queue, task.task_config, task.request_id
    priority, delay_ms, start_at_us, labels = task.priority, task.delay_ms, task.start_at_us, task.labels
    if not (
        0 < len(task_type) <= limits.TASK_TYPE_CHARS
        and 0 < len(queue) <= limits.QUEUE_CHARS
        and limits.PRIORITY_FIRST <= priority <= limits.PRIORITY_LAST
        and 0 <= delay_ms <= limits.DELAY_MS
        and 0 <= start_at_us <= _LAST_INSTANT_US
        and len(key) <= limits.REQUEST_ID_CHARS
        and not labels
        and len(config) <= limits.CONFIG_BYTES // 4
        and "\x00" not in config
        and "\x00" not in key
        and _is_name(task_type)
        and _is_name(queue)
    ):
        violations = Violations()
        check_fields(task, violations)
        if violations.found:
            return violations
    task_id, labels = task.task_id, labels or _NO_LABELS
    return _make(
        NewTaskFields, (task_id, task_type, queue, priority, config, delay_ms, start_at_us, key, labels)
    )


def new_task_faults(task: NewTask) -> Violations | None:
    """Violations of a task that is to be inserted, except of its id; None if there are none."""
    read = read_new_task(task)
    return read if isinstance(read, Violations) else None
