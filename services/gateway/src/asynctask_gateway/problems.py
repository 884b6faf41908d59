"""Errors as problem documents (RFC 9457): the reason of the catalogue, the wrong fields, when to come again."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from http import HTTPStatus
from typing import Any, Final

from starlette.responses import JSONResponse

from asynctask_core.errors import BY_REASON, AsyncTaskError, FieldViolation

MEDIA_TYPE: Final = "application/problem+json"
TYPE_PREFIX: Final = "urn:asynctask:reason:"

_BY_CODE: Final = {
    "INVALID_ARGUMENT": 400,
    "OUT_OF_RANGE": 400,
    "UNAUTHENTICATED": 401,
    "PERMISSION_DENIED": 403,
    "NOT_FOUND": 404,
    "FAILED_PRECONDITION": 409,
    "ABORTED": 409,
    "ALREADY_EXISTS": 409,
    "RESOURCE_EXHAUSTED": 429,
    "UNIMPLEMENTED": 501,
    "UNAVAILABLE": 503,
    "DEADLINE_EXCEEDED": 504,
}
"""HTTP status by gRPC code; all other codes are 500."""
_BY_REASON: Final = {
    "TOO_LARGE": 413,
    "TOKEN_EXPIRED": 410,
    "TASK_TYPES_FULL": 409,
    "CONFIG_CHECK_TIMED_OUT": 400,
}


class HttpReason(Enum):
    """Reasons of the gateway itself, about HTTP and not about tasks: status and title."""

    NO_SUCH_PATH = 404, "There is nothing at this path."
    METHOD_NOT_ALLOWED = 405, "The path exists, but not with this method."
    NOT_ACCEPTABLE = 406, "The path does not answer in the format that was asked for."
    REQUEST_TOO_SLOW = 408, "The body of the request did not arrive in time."
    BODY_TOO_LARGE = 413, "The body of the request is over its limit."
    URL_TOO_LONG = 414, "The URL is over its limit."
    HEADERS_TOO_LARGE = 431, "The headers of the request are over their limit."
    WRONG_MEDIA_TYPE = 415, "The body of the request has another format than the path takes."
    MALFORMED_REQUEST = 400, "The request is no HTTP that the gateway understands."
    TOKEN_REQUIRED = 401, "The request carries no valid token, and no session."
    HOST_REFUSED = 403, "The request is for another host than this gateway."
    ORIGIN_REFUSED = 403, "The request comes from a page of another site."
    TOO_MANY_STREAMS = 503, "The gateway has as many open event streams as it may have."
    TOO_MANY_CONNECTIONS = 503, "The gateway has as many connections as it may have."
    STOPPING = 503, "The gateway stops; another replica serves."

    @property
    def status(self) -> int:
        return self.value[0]

    @property
    def title(self) -> str:
        return self.value[1]


@dataclass(slots=True)
class HttpProblem(Exception):
    """A request that the gateway itself refuses."""

    reason: HttpReason
    detail: str
    headers: dict[str, str] = field(default_factory=dict[str, str])
    violations: tuple[FieldViolation, ...] = ()


def problem_of(error: AsyncTaskError | HttpProblem, *, has_if_match: bool = False) -> dict[str, Any]:
    """The problem document of an error, without what only the request knows."""
    if isinstance(error, HttpProblem):
        found = _document(error.reason.name, error.reason.title, error.reason.status, error.detail)
    else:
        status = status_of(error.reason, error.code.name, has_if_match=has_if_match)
        kind = BY_REASON.get(error.reason, type(error))
        title = (kind.__doc__ or error.reason).partition("\n")[0]
        found = _document(error.reason, title, status, error.message)
        if error.retry_after_ms is not None:
            found["retry_after_ms"] = error.retry_after_ms
        if error.metadata:
            found["metadata"] = dict(error.metadata)
    if error.violations:
        found["violations"] = [
            {"field": one.field, "description": one.description} for one in error.violations
        ]
    return found


def status_of(reason: str, code: str, *, has_if_match: bool = False) -> int:
    """The HTTP status of a reason of the catalogue. An `If-Match` that does not hold is 412."""
    if reason == "VERSION_CHANGED" and has_if_match:
        return HTTPStatus.PRECONDITION_FAILED
    return _BY_REASON.get(reason) or _BY_CODE.get(code, 500)


def problem_response(
    error: AsyncTaskError | HttpProblem, request_id: str, *, has_if_match: bool = False
) -> JSONResponse:
    """The answer for an error."""
    found: dict[str, Any] = {**problem_of(error, has_if_match=has_if_match), "request_id": request_id}
    return JSONResponse(found, found["status"], _headers(error, found), MEDIA_TYPE)


def _document(reason: str, title: str, status: int, detail: str) -> dict[str, Any]:
    return {
        "type": TYPE_PREFIX + reason,
        "title": title,
        "status": int(status),
        "detail": detail,
        "reason": reason,
    }


def _headers(error: AsyncTaskError | HttpProblem, found: Mapping[str, Any]) -> dict[str, str]:
    headers = dict(error.headers) if isinstance(error, HttpProblem) else {}
    if (after_ms := found.get("retry_after_ms")) is not None:
        headers["Retry-After"] = str(math.ceil(after_ms / 1000))
    elif found["status"] == HTTPStatus.SERVICE_UNAVAILABLE:
        headers.setdefault("Retry-After", "1")
    return headers
