"""Bounds of the requests of `asynctask.scheduler.v1`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from asynctask_core import limits
from asynctask_core.bounds.kinds import (
    Bound,
    Choice,
    Flag,
    Form,
    Id,
    Many,
    MessageBound,
    Number,
    OutputOnly,
    Pairs,
    Ranges,
    Text,
)
from asynctask_core.bounds.task import (
    CALLERS_NUMBER,
    COUNT,
    MANIFEST_NAME,
    PRIORITY,
    QUEUE_NAME,
    STAGE_NAME,
    WARNINGS,
)

# Only the length: the code that parses an id has the message for a wrong one.
ID_TEXT: Final = Text(chars=limits.ID_CHARS, form=Form.PRINTABLE, required=True)
TOKEN: Final = Text(chars=limits.TOKEN_CHARS, form=Form.PRINTABLE)
REASON: Final = Text(size=limits.REASON_BYTES, form=Form.ESCAPED)
EXECUTOR_ID: Final = Text(chars=limits.EXECUTOR_ID_CHARS, form=Form.PRINTABLE, required=True)
LABELS: Final = Pairs(
    most=limits.LABELS,
    key=Text(chars=limits.LABEL_KEY_CHARS),
    value=Text(chars=limits.LABEL_VALUE_CHARS),
)
REQUEST_ID: Final = Text(chars=limits.REQUEST_ID_CHARS)
FINGERPRINT: Final = Text(chars=limits.FINGERPRINT_CHARS, form=Form.NAME)
FILTER_TEXT: Final = Text(chars=limits.FILTER_TEXT_CHARS, least=limits.FILTER_TEXT_LEAST)
PAGE: Final = Number(high=limits.PAGE_ITEMS)
FAILURE_PAGE: Final = Number(high=limits.FAILURE_GROUPS)
ITEM_PAGE: Final = Number(high=limits.ITEM_PAGE)
SEARCH_TEXT: Final = Text(chars=limits.SEARCH_TEXT_CHARS)
ITEM_STATES: Final = Many(most=limits.FILTER_NAMES, of=Choice(required=True))

_V1: Final = "asynctask.scheduler.v1"
_TYPE: Final = Text(chars=limits.TASK_TYPE_CHARS, form=Form.NAME, required=True)

SCHEDULER: Final[Mapping[str, Mapping[str, Bound]]] = {
    # --- TaskService ------------------------------------------------------------------------------------------------
    f"{_V1}.SubmitTaskRequest": {
        "task_type": _TYPE,
        "task_config": Text(size=limits.CONFIG_BYTES),
        "priority": PRIORITY,
        "queue": QUEUE_NAME,
        "request_id": REQUEST_ID,
        "delay_ms": Number(high=limits.DELAY_MS),
        "start_time": MessageBound(),
        "labels": LABELS,
    },
    f"{_V1}.BatchSubmitTasksRequest": {
        "tasks": Many(most=limits.BATCH_ITEMS, of=MessageBound(), required=True)
    },
    f"{_V1}.StreamSubmitsRequest": {"number": CALLERS_NUMBER, "submit": MessageBound()},
    f"{_V1}.GetTaskRequest": {"task_id": ID_TEXT, "view": Choice()},
    f"{_V1}.ExplainTaskRequest": {"task_id": ID_TEXT},
    f"{_V1}.TaskFilter": {
        "task_types": Many(
            most=limits.FILTER_NAMES,
            of=_TYPE,
        ),
        "task_states": Many(most=limits.FILTER_NAMES, of=Choice(required=True)),
        "submit_time_start": MessageBound(),
        "submit_time_end": MessageBound(),
        "queue": QUEUE_NAME,
        "labels": LABELS,
        "has_warnings": Flag(),
        "error_fingerprint": FINGERPRINT,
        "text": FILTER_TEXT,
    },
    f"{_V1}.ListTasksRequest": {
        "filter": MessageBound(),
        "page_size": PAGE,
        "page_token": TOKEN,
        "view": Choice(),
    },
    f"{_V1}.WatchTasksRequest": {
        "task_ids": Many(most=limits.WATCHED_TASKS, of=ID_TEXT),
        "filter": MessageBound(),
        "resume_token": TOKEN,
        "view": Choice(),
        "task_id": Text(chars=limits.ID_CHARS, form=Form.PRINTABLE),
    },
    f"{_V1}.ListAttemptsRequest": {"task_id": ID_TEXT},
    f"{_V1}.ListTaskEventsRequest": {"task_id": ID_TEXT, "page_size": PAGE, "page_token": TOKEN},
    f"{_V1}.ListTaskLogsRequest": {
        "task_id": ID_TEXT,
        "stage": STAGE_NAME,
        "min_level": Choice(),
        "page_size": ITEM_PAGE,
        "page_token": TOKEN,
        "text": SEARCH_TEXT,
        "newest_first": Flag(),
        "from_attempt": Text(chars=limits.ID_CHARS, form=Form.PRINTABLE),
        "from_sequence": COUNT,
    },
    f"{_V1}.TailTaskLogsRequest": {
        "task_id": ID_TEXT,
        "stage": STAGE_NAME,
        "min_level": Choice(),
        "resume_token": TOKEN,
        "last_lines": Number(high=limits.PAGE_ITEMS),
    },
    f"{_V1}.SearchTaskLogsRequest": {
        "task_id": ID_TEXT,
        "stage": STAGE_NAME,
        "min_level": Choice(),
        "text": Text(chars=limits.SEARCH_TEXT_CHARS, required=True),
        "resume_token": TOKEN,
    },
    f"{_V1}.ListManifestItemsRequest": {
        "task_id": ID_TEXT,
        "manifest": MANIFEST_NAME,
        "states": ITEM_STATES,
        "page_size": ITEM_PAGE,
        "page_token": TOKEN,
        "text": SEARCH_TEXT,
    },
    f"{_V1}.SearchManifestItemsRequest": {
        "task_id": ID_TEXT,
        "manifest": MANIFEST_NAME,
        "states": ITEM_STATES,
        "text": SEARCH_TEXT,
        "resume_token": TOKEN,
    },
    # --- ExecutorService --------------------------------------------------------------------------------------------
    f"{_V1}.WorkRequest": {
        "hello": MessageBound(),
        "events": MessageBound(),
        "progress": MessageBound(),
        "slots": MessageBound(),
    },
    f"{_V1}.Hello": {
        "executor_id": EXECUTOR_ID,
        "display_name": Text(chars=limits.DISPLAY_NAME_CHARS),
        "slots": Number(low=1, high=limits.SLOTS, required=True),
        "task_types": Many(most=limits.EXECUTOR_TYPES, of=MessageBound(), required=True),
        "queues": Many(
            most=limits.EXECUTOR_QUEUES,
            of=Text(chars=limits.QUEUE_CHARS, form=Form.NAME, required=True),
        ),
        "held": Many(most=limits.SLOTS, of=MessageBound()),
        "sdk_version": Text(chars=limits.VERSION_CHARS),
    },
    f"{_V1}.HeldAttempt": {"task_id": Id(required=True), "attempt_id": Id(required=True)},
    f"{_V1}.EventBatch": {"events": Many(most=limits.STREAM_ITEMS, of=MessageBound())},
    f"{_V1}.ProgressBatch": {"reports": Many(most=limits.STREAM_ITEMS, of=MessageBound())},
    f"{_V1}.ProgressReport": {
        "task_id": Id(required=True),
        "attempt_id": Id(required=True),
        "stage": STAGE_NAME,
        "progress": MessageBound(),
        "received_ms": OutputOnly(),
    },
    f"{_V1}.SlotsChanged": {"slots": Number(high=limits.SLOTS)},
    f"{_V1}.RenewRequest": {
        "executor_id": EXECUTOR_ID,
        "session": COUNT,
        "attempts": Many(most=limits.SLOTS, of=MessageBound()),
    },
    f"{_V1}.AppendLogsRequest": {
        "task_id": Id(required=True),
        "attempt_id": Id(required=True),
        "lines": Many(most=limits.BATCH_ITEMS, of=MessageBound()),
    },
    f"{_V1}.AppendManifestRequest": {
        "task_id": Id(required=True),
        "attempt_id": Id(required=True),
        "chunk": Number(low=1, required=True),
        "manifest": Text(chars=limits.MANIFEST_NAME_CHARS, form=Form.NAME, required=True),
        "items": Many(most=limits.MANIFEST_CHANGES, of=MessageBound()),
        "results": Ranges(most=limits.MANIFEST_CHANGES, of=MessageBound()),
        "seal": Flag(),
        "reset": Flag(),
        "warnings": WARNINGS,
    },
    f"{_V1}.ReadManifestRequest": {
        "task_id": Id(required=True),
        "attempt_id": Id(required=True),
        "manifest": MANIFEST_NAME,
        "after_position": Number(low=-1),
        "states": ITEM_STATES,
        "page_size": ITEM_PAGE,
        "with_summary": Flag(),
    },
    f"{_V1}.ListExecutorsRequest": {"page_size": PAGE, "page_token": TOKEN},
    f"{_V1}.GetExecutorRequest": {"executor_id": EXECUTOR_ID},
    f"{_V1}.DrainExecutorRequest": {"executor_id": EXECUTOR_ID, "reason": REASON},
    # --- the other services -----------------------------------------------------------------------------------------
    f"{_V1}.ListQueuesRequest": {"page_size": PAGE, "page_token": TOKEN},
    f"{_V1}.GetQueueRequest": {"name": Text(chars=limits.QUEUE_CHARS, form=Form.NAME, required=True)},
    f"{_V1}.GetOverviewRequest": {},
    f"{_V1}.GetHealthRequest": {},
    f"{_V1}.GetSeriesRequest": {
        "task_type": Text(chars=limits.TASK_TYPE_CHARS, form=Form.NAME),
        "start_time": MessageBound(),
        "end_time": MessageBound(),
        "step_ms": Number(high=limits.HOURS_KEPT_S * 1000),
    },
    f"{_V1}.ListFailuresRequest": {
        "task_type": Text(chars=limits.TASK_TYPE_CHARS, form=Form.NAME),
        "start_time": MessageBound(),
        "page_size": FAILURE_PAGE,
    },
    f"{_V1}.RegisterTaskTypeRequest": {"task_type": MessageBound(required=True)},
    f"{_V1}.GetTaskTypeRequest": {"name": _TYPE},
    f"{_V1}.ListTaskTypesRequest": {"page_size": PAGE, "page_token": TOKEN},
    f"{_V1}.DeleteTaskTypeRequest": {"name": _TYPE},
    f"{_V1}.DiagnoseRequest": {"fix": Flag(), "max_findings": Number(high=limits.FINDINGS)},
}
