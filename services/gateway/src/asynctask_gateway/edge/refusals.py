"""Errors become problem documents, whichever part of the gateway raised them."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from asynctask_chassis.logs import get_logger
from asynctask_core.errors import AsyncTaskError, InternalError
from asynctask_core.json_text import show
from asynctask_gateway.problems import HttpProblem, HttpReason, problem_response

log = get_logger(__name__)


class Refusals:
    """Answers what was raised before the answer began; later, the connection breaks."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_begun = False
        scope["app"] = self  # so that the router raises, and does not answer by itself

        async def send_noting(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive, send_noting)
        except Exception as error:
            if has_begun:
                raise
            await _response(scope, error)(scope, receive, send)


def _response(scope: Scope, error: Exception) -> Response:
    request = Request(scope)
    if isinstance(error, HTTPException):
        error = _of_routing(request, error)
    elif not isinstance(error, (AsyncTaskError, HttpProblem)):
        log_id = scope.get("asynctask.request_id", "")
        log.error("request.failed", reason=repr(error), exc_info=error)
        error = InternalError(
            f"a fault of the gateway; its log has it as request {log_id}", metadata={"log_id": log_id}
        )
    return problem_response(
        error, scope.get("asynctask.request_id", ""), has_if_match="if-match" in request.headers
    )


def _of_routing(request: Request, error: HTTPException) -> HttpProblem:
    path = show(request.scope["path"])
    if error.status_code == HttpReason.METHOD_NOT_ALLOWED.status:
        allowed = (error.headers or {}).get("Allow", "")
        return HttpProblem(
            HttpReason.METHOD_NOT_ALLOWED,
            f"{path} takes {allowed or 'other methods'}; got {request.method[:20]}",
            {"Allow": allowed} if allowed else {},
        )
    return HttpProblem(
        HttpReason.NO_SUCH_PATH, f"there is nothing at {path}; /api/openapi.json lists all paths"
    )
