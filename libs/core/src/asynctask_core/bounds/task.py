"""Bounds of `asynctask.task.v1`, and of Google's messages that requests hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from asynctask_core import limits
from asynctask_core.bounds.kinds import (
    Bound,
    Choice,
    CutText,
    Data,
    Flag,
    Form,
    Id,
    Many,
    MessageBound,
    Number,
    OutputOnly,
    Text,
)
from asynctask_core.retry import RetryPolicy

STAGE_NAME: Final = Text(chars=limits.STAGE_CHARS, form=Form.STAGE)
QUEUE_NAME: Final = Text(chars=limits.QUEUE_CHARS, form=Form.NAME)
MANIFEST_NAME: Final = Text(chars=limits.MANIFEST_NAME_CHARS, form=Form.NAME)
PRIORITY: Final = Number(low=limits.PRIORITY_FIRST, high=limits.PRIORITY_LAST, ends=("first", "last"))
COUNT: Final = Number()
"""A count or a position: from 0 to the largest number that every reader can hold."""
CALLERS_NUMBER: Final = Number(high=2**64 - 1)
"""A number that is only returned to its caller."""
WARNINGS: Final = Many(most=limits.EVENT_WARNINGS, of=MessageBound())
_RETRY: Final = RetryPolicy()
ENDINGS: Final = frozenset(
    f"ATTEMPT_RESULT_{word}" for word in ("SUCCESS", "FAILED", "RELEASED", "PAUSED", "CANCELLED")
)
"""The results that an executor may report for an attempt."""

TASK: Final[Mapping[str, Mapping[str, Bound]]] = {
    "google.protobuf.Timestamp": {
        "seconds": Number(low=limits.INSTANT_FIRST_S, high=limits.INSTANT_LAST_S),
        "nanos": Number(high=999_999_999),
    },
    "google.protobuf.FieldMask": {"paths": Many(most=16, of=Text(chars=64))},
    "asynctask.task.v1.TaskType": {
        "name": Text(chars=limits.TASK_TYPE_CHARS, form=Form.NAME, required=True),
        "stages": Many(most=limits.STAGES, of=MessageBound(), required=True),
        "config_schema_json": Text(size=limits.SCHEMA_BYTES),
        "retry": MessageBound(),
        "queue": QUEUE_NAME,
        "max_running": Number(high=limits.MAX_RUNNING, unset="no limit"),
        "crash_budget": Number(high=limits.CRASH_LIMIT, unset=f"{limits.CRASH_BUDGET}"),
        "description": Text(chars=limits.DESCRIPTION_CHARS),
        "update_time": OutputOnly(),
        "version": OutputOnly(),
        "priority": PRIORITY,
        "queues": OutputOnly(),
    },
    "asynctask.task.v1.StageSpec": {
        "name": Text(chars=limits.STAGE_CHARS, form=Form.STAGE, required=True),
        "weight": Number(above=0, high=limits.WEIGHT, required=True),
        "timeout_ms": Number(high=limits.STAGE_TIMEOUT_MS, unset="no limit"),
    },
    "asynctask.task.v1.RetryPolicy": {
        "max_attempts": Number(high=limits.RETRY_ATTEMPTS, unset=f"{_RETRY.max_attempts}"),
        "initial_delay_ms": Number(high=limits.DELAY_MS, unset=f"{_RETRY.initial_delay_ms}"),
        "max_delay_ms": Number(high=limits.DELAY_MS, unset=f"{_RETRY.max_delay_ms}"),
        "multiplier": Number(low=1, high=limits.RETRY_MULTIPLIER, unset=f"{_RETRY.multiplier:g}"),
    },
    "asynctask.task.v1.Event": {
        "task_id": Id(required=True),
        "attempt_id": Id(required=True),
        "sequence": Number(low=1, required=True),
        "progress": MessageBound(),
        "after_chunk": COUNT,
        "checkpoint": MessageBound(),
        "stage_finished": MessageBound(),
        "outcome": MessageBound(),
        "warnings": WARNINGS,
        "refused": CutText(size=limits.REASON_BYTES),
    },
    "asynctask.task.v1.TaskWarning": {
        "stage": STAGE_NAME,
        "code": Text(chars=limits.WARNING_CODE_CHARS, form=Form.CODE, required=True),
        "count": Number(low=1, high=limits.WARNING_COUNT, required=True),
        "text": CutText(size=limits.WARNING_TEXT_BYTES),
    },
    "asynctask.task.v1.CheckpointEvent": {"stage": STAGE_NAME, "checkpoint": MessageBound()},
    "asynctask.task.v1.Checkpoint": {
        "json": Text(size=limits.CHECKPOINT_BYTES),
        "raw": Data(size=limits.CHECKPOINT_BYTES),
    },
    "asynctask.task.v1.StageFinishedEvent": {
        "stage": STAGE_NAME,
        "result_json": Text(size=limits.RESULT_BYTES),
        "next_stage": STAGE_NAME,
    },
    "asynctask.task.v1.OutcomeEvent": {
        "result": Choice(only=ENDINGS, required=True),
        "result_json": Text(size=limits.RESULT_BYTES),
        "failure": MessageBound(),
        "retryable": Flag(),
        "retry_after_ms": Number(high=limits.DELAY_MS, cut=True),
        "stage": STAGE_NAME,
    },
    "asynctask.task.v1.Progress": {
        "done": COUNT,
        "total": COUNT,
        "unit": CutText(chars=limits.PROGRESS_UNIT_CHARS),
        "message": CutText(size=limits.PROGRESS_MESSAGE_BYTES),
        "rate": OutputOnly(),
        "remaining_s": OutputOnly(),
        "remaining_most_s": OutputOnly(),
    },
    "asynctask.task.v1.Failure": {
        "reason": CutText(chars=limits.FAILURE_REASON_CHARS),
        "error_type": CutText(chars=limits.ERROR_TYPE_CHARS),
        "message": CutText(size=limits.FAILURE_MESSAGE_BYTES),
        "traceback": CutText(size=limits.TRACEBACK_BYTES),
        "stage": CutText(chars=limits.STAGE_CHARS),
        "fingerprint": OutputOnly(),
    },
    "asynctask.task.v1.LogLine": {
        "time": MessageBound(),
        "level": Choice(),
        "stage": STAGE_NAME,
        "message": CutText(size=limits.LOG_LINE_BYTES),
        "logger": CutText(size=limits.LOGGER_BYTES),
        "sequence": COUNT,
        "attempt_id": Id(),
    },
    "asynctask.task.v1.ManifestItem": {
        "position": COUNT,
        "key": Data(size=limits.ITEM_KEY_BYTES),
        "size": COUNT,
        "state": Choice(required=True),
        "error": CutText(size=limits.ITEM_ERROR_BYTES),
        "data_json": Text(size=limits.ITEM_DATA_BYTES),
    },
    "asynctask.task.v1.ItemResult": {
        "position": COUNT,
        "state": Choice(required=True),
        "error": CutText(size=limits.ITEM_ERROR_BYTES),
        "last_position": COUNT,
    },
}
