"""Bounds of the requests of `asynctask.registry.v1`, which schedulers send."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
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
    Ranges,
    Text,
)
from asynctask_core.bounds.scheduler import (
    FAILURE_PAGE,
    FILTER_TEXT,
    FINGERPRINT,
    ITEM_PAGE,
    ITEM_STATES,
    LABELS,
    PAGE,
    REQUEST_ID,
    TOKEN,
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

_V1: Final = "asynctask.registry.v1"
_ENDS: Final = frozenset(f"ATTEMPT_RESULT_{word}" for word in ("LOST", "RELEASED", "UNDELIVERED"))
_EXECUTOR_ID: Final = Text(chars=limits.EXECUTOR_ID_CHARS, form=Form.PRINTABLE)
_IDS: Final = Many(most=limits.BATCH_ITEMS, of=Id(skipped=True))

REGISTRY: Final[Mapping[str, Mapping[str, Bound]]] = {
    # --- commands ---------------------------------------------------------------------------------------------------
    f"{_V1}.ConverseRequest": {
        "number": CALLERS_NUMBER,
        "create": MessageBound(),
        "start": MessageBound(),
        "record": MessageBound(),
    },
    f"{_V1}.NewTask": {
        "task_id": Id(required=True),
        "task_type": Text(chars=limits.TASK_TYPE_CHARS, form=Form.NAME, required=True),
        "queue": Text(chars=limits.QUEUE_CHARS, form=Form.NAME, required=True),
        "priority": replace(PRIORITY, required=True),
        "task_config": Text(size=limits.CONFIG_BYTES),
        "delay_ms": Number(high=limits.DELAY_MS),
        "start_at_us": Number(high=limits.INSTANT_LAST_S * 1_000_000),
        "labels": LABELS,
        "request_id": REQUEST_ID,
    },
    f"{_V1}.CreateTasksRequest": {
        "tasks": Many(most=limits.BATCH_ITEMS, of=MessageBound()),
        "starts": Many(most=limits.BATCH_ITEMS, of=MessageBound()),
    },
    f"{_V1}.AttemptStart": {
        "task_id": Id(required=True),
        "attempt_id": Id(required=True),
        "executor_id": _EXECUTOR_ID,
    },
    f"{_V1}.StartAttemptsRequest": {"starts": Many(most=limits.BATCH_ITEMS, of=MessageBound())},
    f"{_V1}.RecordEventsRequest": {"events": Many(most=limits.BATCH_ITEMS, of=MessageBound())},
    f"{_V1}.StoredProgress": {
        "task_id": Id(required=True),
        "attempt_id": Id(required=True),
        "stage": STAGE_NAME,
        "progress": MessageBound(),
    },
    f"{_V1}.RecordProgressRequest": {"reports": Many(most=limits.BATCH_ITEMS, of=MessageBound())},
    f"{_V1}.AttemptEnd": {
        "task_id": Id(required=True),
        "attempt_id": Id(required=True),
        "result": Choice(only=_ENDS, required=True),
        "renewed": Flag(),
        "excused": Flag(),
        "executor_id": _EXECUTOR_ID,
    },
    f"{_V1}.EndAttemptsRequest": {"ends": Many(most=limits.BATCH_ITEMS, of=MessageBound())},
    f"{_V1}.ConfirmLeasesRequest": {"leases": Many(most=limits.BATCH_ITEMS, of=MessageBound())},
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
    f"{_V1}.RegisterTaskTypesRequest": {
        "task_types": Many(most=limits.EXECUTOR_TYPES, of=MessageBound()),
    },
    f"{_V1}.DeleteTaskTypeRequest": {
        "name": Text(chars=limits.TASK_TYPE_CHARS, form=Form.NAME, required=True),
    },
    # --- counts -----------------------------------------------------------------------------------------------------
    f"{_V1}.GetOverviewRequest": {},
    f"{_V1}.GetSeriesRequest": {
        "task_type": Text(chars=limits.TASK_TYPE_CHARS, form=Form.NAME),
        "start_ms": Number(low=limits.INSTANT_FIRST_S * 1000, high=limits.INSTANT_LAST_S * 1000 + 1000),
        "end_ms": Number(low=limits.INSTANT_FIRST_S * 1000, high=limits.INSTANT_LAST_S * 1000 + 1000),
        "step_ms": Number(high=limits.HOURS_KEPT_S * 1000),
    },
    f"{_V1}.ListFailuresRequest": {
        "task_type": Text(chars=limits.TASK_TYPE_CHARS, form=Form.NAME),
        "start_ms": Number(low=limits.INSTANT_FIRST_S * 1000, high=limits.INSTANT_LAST_S * 1000 + 1000),
        "page_size": FAILURE_PAGE,
    },
    # --- standings and reads ----------------------------------------------------------------------------------------
    f"{_V1}.ReconcileRequest": {"task_ids": _IDS},
    f"{_V1}.StreamDispatchableRequest": {
        "scope": Choice(required=True),
        "due_within_ms": Number(high=limits.DELAY_MS),
        "cursor": TOKEN,
        "page_size": ITEM_PAGE,
        "limit": COUNT,
        "ageing_step_us": Number(high=limits.STRICT_STEP_US),
    },
    f"{_V1}.GetTasksRequest": {"task_ids": _IDS, "view": Choice(), "include_deleted": Flag()},
    f"{_V1}.ListTasksRequest": {
        "task_types": Many(
            most=limits.FILTER_NAMES,
            of=Text(chars=limits.TASK_TYPE_CHARS, form=Form.NAME, required=True),
        ),
        "task_states": Many(most=limits.FILTER_NAMES, of=Choice(required=True)),
        "submit_start_ms": Number(
            low=limits.INSTANT_FIRST_S * 1000, high=limits.INSTANT_LAST_S * 1000 + 1000
        ),
        "submit_end_ms": Number(low=limits.INSTANT_FIRST_S * 1000, high=limits.INSTANT_LAST_S * 1000 + 1000),
        "queue": QUEUE_NAME,
        "labels": LABELS,
        "page_size": PAGE,
        "before_task_id": Id(),
        "has_warnings": Flag(),
        "error_fingerprint": FINGERPRINT,
        "text": FILTER_TEXT,
        "view": Choice(),
    },
    f"{_V1}.ListChangesRequest": {"token": TOKEN, "page_size": ITEM_PAGE, "view": Choice()},
    f"{_V1}.ListAttemptsRequest": {"task_id": Id(required=True)},
    f"{_V1}.ListTaskEventsRequest": {"task_id": Id(required=True), "page_size": PAGE, "cursor": TOKEN},
    f"{_V1}.ListTaskLogsRequest": {
        "task_id": Id(required=True),
        "stage": STAGE_NAME,
        "min_level": Choice(),
        "page_size": ITEM_PAGE,
        "cursor": TOKEN,
    },
    f"{_V1}.ReadManifestRequest": {
        "task_id": Id(required=True),
        "manifest": MANIFEST_NAME,
        "after_position": Number(low=-1),
        "states": ITEM_STATES,
        "page_size": ITEM_PAGE,
        "with_summary": Flag(),
        "attempt_id": Id(),
    },
    f"{_V1}.ListTaskTypesRequest": {"token": TOKEN, "page_size": PAGE},
    f"{_V1}.CheckStoreRequest": {},
}
