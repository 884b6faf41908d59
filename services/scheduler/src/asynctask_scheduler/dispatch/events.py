"""Durable events and progress as executors send them, checked before anybody keeps them."""

from __future__ import annotations

import math
from collections.abc import Sequence

from asynctask_core import limits
from asynctask_core.errors import FieldViolation, InvalidInput
from asynctask_core.validate import Violations
from asynctask_core.warning_tally import CODE_PATTERN, CODE_WORDS
from asynctask_core.wire import cut_text, escape_nul
from asynctask_protos.scheduler.v1.executor_service_pb2 import ProgressReport
from asynctask_protos.task.v1.task_pb2 import Progress, TaskWarning
from asynctask_protos.task.v1.work_pb2 import Event
from asynctask_scheduler.dispatch.hello import ID_BYTES


def check_event(event: Event, *, check_sizes: bool) -> None:
    """Raise InvalidInput when `event` does not keep to the protocol; NUL in texts is escaped in place."""
    if len(event.attempt_id) != ID_BYTES or len(event.task_id) != ID_BYTES or event.sequence < 1:
        raise InvalidInput(
            [FieldViolation("events", f"ids must have {ID_BYTES} bytes and sequences begin with 1")]
        )
    if event.HasField("progress"):
        _check_progress(event.progress, "events.progress")
    if event.warnings:
        check_warnings(event.warnings, "events.warnings")
    kind = event.WhichOneof("event")
    if kind == "outcome":
        if event.outcome.HasField("failure"):
            failure = event.outcome.failure
            failure.message = escape_nul(failure.message)
            failure.traceback = escape_nul(failure.traceback)
        size, limit, field = (
            event.outcome.ByteSize() if check_sizes else 0,
            limits.RESULT_BYTES,
            "result_json",
        )
    elif kind == "checkpoint":
        size, limit, field = (
            event.checkpoint.ByteSize() if check_sizes else 0,
            limits.CHECKPOINT_BYTES,
            "checkpoint",
        )
    elif kind == "stage_finished":
        size, limit, field = (
            event.stage_finished.ByteSize() if check_sizes else 0,
            limits.RESULT_BYTES,
            "result_json",
        )
    else:
        raise InvalidInput(
            [FieldViolation("events", "an event must be a checkpoint, stage_finished or outcome")]
        )
    # The SDK has checked the payload itself; some room for what is around it.
    if size > limit + 256 * limits.KIB:
        raise InvalidInput([FieldViolation(f"events.{field}", f"must be at most {limit} bytes; got {size}")])


def check_report(report: ProgressReport) -> None:
    """Raise InvalidInput when `report` names no task or attempt, since it is stored together with those of others, or
    when its numbers are none that readers can count with.
    """
    if len(report.attempt_id) != ID_BYTES or len(report.task_id) != ID_BYTES:
        raise InvalidInput([FieldViolation("progress", f"ids must have {ID_BYTES} bytes")])
    _check_progress(report.progress, "progress")


def check_warnings(warnings: Sequence[TaskWarning], field: str) -> None:
    """Raise InvalidInput when `warnings` cannot be counted; texts are cut, and NUL in them escaped, in place."""
    violations = Violations()
    if len(warnings) > limits.EVENT_WARNINGS:
        violations.add(field, f"must be at most {limits.EVENT_WARNINGS}; got {len(warnings)}")
        violations.raise_any()
    for position, warning in enumerate(warnings):
        name = f"{field}[{position}]"
        if len(warning.code) > limits.WARNING_CODE_CHARS or not CODE_PATTERN.fullmatch(warning.code):
            violations.add(f"{name}.code", f"{CODE_WORDS}; got {warning.code[: limits.WARNING_CODE_CHARS]!r}")
        if not 1 <= warning.count <= limits.WARNING_COUNT:
            violations.add(f"{name}.count", f"must be from 1 to {limits.WARNING_COUNT}; got {warning.count}")
        if warning.stage:
            violations.name(f"{name}.stage", warning.stage, limits.STAGE_CHARS)
        warning.text = cut_text(escape_nul(warning.text), limits.WARNING_TEXT_BYTES)
    violations.raise_any()


def report_of(event: Event) -> ProgressReport:
    """Give the progress that came with a durable event."""
    kind = event.WhichOneof("event")
    stage = getattr(event, kind).stage if kind else ""
    return ProgressReport(
        task_id=event.task_id, attempt_id=event.attempt_id, stage=stage, progress=event.progress
    )


def _check_progress(progress: Progress, field: str) -> None:
    for name, number in (("done", progress.done), ("total", progress.total)):
        if not math.isfinite(number):  # JSON has no such number
            raise InvalidInput(
                [FieldViolation(f"{field}.{name}", f"must be a finite number; got {number:g}")]
            )
