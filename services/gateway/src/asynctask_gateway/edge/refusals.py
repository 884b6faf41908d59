"""Errors become problem documents, whichever part of the gateway raised them."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from asynctask_chassis.logs import get_logger
from asynctask_core.errors import AsyncTaskError, InternalError
from asynctask_core.json_text import show
from asynctask_gateway.edge.http_protocol import PROBLEM
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
            if PROBLEM in scope:
                raise scope[PROBLEM]
            await self._app(scope, receive, send_noting)
        except Exception as error:
            if has_begun:
                raise
            await _response(scope, error)(scope, receive, send)


def _response(scope: Scope, error: Exception) -> Response:
    request = Request(scope)
    if isinstance(error, HTTPException):
        allowed = _allowed(error)
        if allowed and request.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": allowed})
        error = _of_routing(request, allowed)
    elif not isinstance(error, (AsyncTaskError, HttpProblem)):
        log_id = scope.get("asynctask.request_id", "")
        log.error("request.failed", reason=repr(error), exc_info=error)
        error = InternalError(
            f"a fault of the gateway; its log has it as request {log_id}", metadata={"log_id": log_id}
        )
    return problem_response(
        error, scope.get("asynctask.request_id", ""), has_if_match="if-match" in request.headers
    )


def _allowed(error: HTTPException) -> str:
    """The methods that a path takes, of the error for any other method; empty where the path does not exist."""
    if error.status_code != HttpReason.METHOD_NOT_ALLOWED.status:
        return ""
    methods = (error.headers or {}).get("Allow", "").split(",")
    return ", ".join(sorted({one.strip() for one in methods} | {"OPTIONS"}))


def _of_routing(request: Request, allowed: str) -> HttpProblem:
    path = show(request.scope["path"])
    if allowed:
        said = f"{path} takes {allowed}; got {request.method[:20]}"
        return HttpProblem(HttpReason.METHOD_NOT_ALLOWED, said, {"Allow": allowed})
    return HttpProblem(
        HttpReason.NO_SUCH_PATH, f"there is nothing at {path}; /api/openapi.json lists all paths"
    )
