"""Checks durable events and progress from executors before they are stored.

Invalid data from one handler must not harm other tasks of its executor. An invalid event is passed on without its
content, and the registry records it as refused; an invalid progress report is dropped. Only a message that violates the
protocol, so that no attempt could be answered, ends the stream.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from asynctask_chassis.logs import get_logger
from asynctask_core import limits
from asynctask_core.bounds.hot import (
    event_fault,
    fit_event,
    fit_progress,
    is_addressed,
    is_plain_checkpoint,
    is_plain_success,
    progress_fault,
    refused_event,
    stage_fault,
)
from asynctask_core.bounds.kinds import ID_BYTES
from asynctask_core.errors import FieldViolation, InvalidInput
from asynctask_protos.scheduler.v1.executor_service_pb2 import ProgressReport
from asynctask_protos.task.v1.work_pb2 import Event

log = get_logger(__name__)

_SMALL_BYTES = 64 * limits.KIB
"""In a message smaller than this no payload can exceed its limit."""


def checked_events(
    executor_id: str, events: Sequence[Event], nbytes: int, reporting: list[Event] | None = None
) -> Sequence[Event]:
    """Return the events of one message of `nbytes`; those that exceed a bound are replaced by refused ones.

    Events that carry progress are added to `reporting`: they are few, and finding them later would mean a second loop.

    Raises:
        InvalidInput: an event lacks the ids of its task and attempt, or there are too many events.
    """
    if len(events) > limits.STREAM_ITEMS:
        raise _wrong("events", f"must have at most {limits.STREAM_ITEMS} entries; got {len(events)}")
    check_sizes = nbytes > _SMALL_BYTES
    refused: dict[int, Event] = {}
    for position, event in enumerate(events):
        if not is_addressed(event):
            raise _wrong("events", f"ids must have {ID_BYTES} bytes and sequences begin with 1")
        if not check_sizes and (is_plain_success(event) or is_plain_checkpoint(event)):
            continue  # nearly all of them
        fault = event_fault(event, check_sizes=check_sizes)
        if fault is not None:
            log.warning(
                "event.refused", executor_id=executor_id, attempt=event.attempt_id.hex(), reason=fault
            )
            refused[position] = refused_event(event, fault)
            continue
        event.ClearField("refused")  # only the scheduler sets it
        fit_event(event)
        if event.HasField("progress") and _has_good_progress(executor_id, event) and reporting is not None:
            reporting.append(event)
    if not refused:
        return events
    return [refused.get(position, event) for position, event in enumerate(events)]


def _has_good_progress(executor_id: str, event: Event) -> bool:
    """Cut the texts of an event's progress to their limits; drop progress whose numbers are invalid."""
    fault = progress_fault(event.progress)
    if fault is None:
        fit_progress(event.progress)
        return True
    _drop(executor_id, event.attempt_id, fault)
    event.ClearField("progress")
    return False


def checked_reports(executor_id: str, reports: Sequence[ProgressReport]) -> Iterable[ProgressReport]:
    """Return the reports whose numbers are valid, with texts cut to their limits.

    Raises:
        InvalidInput: a report names no task or attempt, or there are too many. Reports are stored together, so one
            without ids would fail the others.
    """
    if len(reports) > limits.STREAM_ITEMS:
        raise _wrong("progress", f"must have at most {limits.STREAM_ITEMS} entries; got {len(reports)}")
    kept: list[ProgressReport] = []
    for report in reports:
        if len(report.attempt_id) != ID_BYTES or len(report.task_id) != ID_BYTES:
            raise _wrong("progress", f"ids must have {ID_BYTES} bytes")
        report.DiscardUnknownFields()
        fault = progress_fault(report.progress) or stage_fault(report.stage)
        if fault is None:
            fit_progress(report.progress)
            kept.append(report)
        else:
            _drop(executor_id, report.attempt_id, fault)
    return kept


def report_of(event: Event) -> ProgressReport:
    """Return the progress that came with a durable event."""
    kind = event.WhichOneof("event")
    stage = getattr(event, kind).stage if kind else ""
    return ProgressReport(
        task_id=event.task_id, attempt_id=event.attempt_id, stage=stage, progress=event.progress
    )


def _drop(executor_id: str, attempt_id: bytes, fault: str) -> None:
    log.warning("progress.refused", executor_id=executor_id, attempt=attempt_id.hex(), reason=fault)


def _wrong(field: str, description: str) -> InvalidInput:
    return InvalidInput([FieldViolation(field, description)])
