"""One route, from an HTTP request to its answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import Response

from asynctask_core import limits
from asynctask_gateway.edge.body import check_json, read_body
from asynctask_gateway.edge.callers import actor_of
from asynctask_gateway.rest.answers import answer
from asynctask_gateway.rest.binding import HttpRequest, bind
from asynctask_gateway.rest.routes import Route
from asynctask_gateway.rest.scheduler import SchedulerCalls


class Endpoint:
    """Serves the requests of one unary route."""

    def __init__(self, route: Route, scheduler: SchedulerCalls) -> None:
        self._route = route
        self._scheduler = scheduler

    async def __call__(self, request: Request) -> Response:
        """Answer one request. Raises AsyncTaskError or HttpProblem."""
        return await self.answer(request, request.query_params.multi_items())

    async def answer(self, request: Request, query: Sequence[tuple[str, str]]) -> Response:
        """Answer one request with this query string. Raises AsyncTaskError or HttpProblem."""
        message = bind(self._route, await http_request(request, query, has_body=bool(self._route.body)))
        found = await self._scheduler.call(self._route, message, actor_of(request))
        return answer(self._route, found, request)


async def http_request(
    request: Request,
    query: Sequence[tuple[str, str]],
    *,
    has_body: bool,
    given: Mapping[str, Any] | None = None,
) -> HttpRequest:
    """What the request says. Raises HttpProblem."""
    body = await read_body(request, limits.MESSAGE_BYTES)
    if body and has_body:
        check_json(request.headers.get("content-type", ""))
    return HttpRequest(
        path={name: unquote(value) for name, value in request.path_params.items()},
        query=query,
        body=body,
        idempotency_key=_header(request, "idempotency-key"),
        if_match=_header(request, "if-match"),
        if_none_match=_header(request, "if-none-match"),
        given=given or {},
    )


def _header(request: Request, name: str) -> str | None:
    """A header; one that comes twice is the same as one with both values, as for every proxy on the way."""
    given = request.headers.getlist(name)
    return ", ".join(given) if given else None
