"""Failures as they are stored: JSON with the names of the message's fields, empty ones left out."""

from __future__ import annotations

import json

from asynctask_core import limits
from asynctask_core.wire import cut_middle, cut_text
from asynctask_protos.task.v1.task_pb2 import Failure

_FIELDS = ("reason", "error_type", "message", "traceback", "stage")


def failure_json(failure: Failure) -> str:
    """Write a failure, cut to its limits. NUL characters need no care: JSON escapes them."""
    facts = {field: getattr(failure, field) for field in _FIELDS}
    facts["reason"] = failure.reason[: limits.FAILURE_REASON_CHARS]
    facts["error_type"] = failure.error_type[: limits.ERROR_TYPE_CHARS]
    facts["message"] = cut_text(failure.message, limits.FAILURE_MESSAGE_BYTES)
    facts["traceback"] = cut_middle(failure.traceback, limits.TRACEBACK_BYTES)
    facts["stage"] = failure.stage[: limits.STAGE_CHARS]
    return json.dumps({field: text for field, text in facts.items() if text}, ensure_ascii=False)


def read_failure(text: str | None) -> Failure | None:
    """Read what `failure_json` wrote."""
    return Failure(**json.loads(text)) if text else None
