"""Other streams of the scheduler, such as a tail of logs, as event streams: each reader has its own upstream."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from asynctask_core.errors import TryAgain
from asynctask_core.message_json.encode import to_json
from asynctask_gateway.edge.callers import actor_of
from asynctask_gateway.live.event_stream import EventStream, begun, counted
from asynctask_gateway.live.frames import MEDIA_TYPE, frame
from asynctask_gateway.live.stopping import Stopping
from asynctask_gateway.metrics import GatewayMetrics
from asynctask_gateway.problems import problem_of
from asynctask_gateway.rest.binding import bind
from asynctask_gateway.rest.endpoint import http_request
from asynctask_gateway.rest.routes import Route
from asynctask_gateway.rest.scheduler import SchedulerCalls

TOKEN: Final = "resume_token"  # noqa: S105 - the name of a field
AGAIN_S: Final = 0.5
"""Pause before a stream that broke is opened again."""


class TailEndpoint:
    """Serves the event streams of one route."""

    def __init__(
        self,
        route: Route,
        scheduler: SchedulerCalls,
        stopping: Stopping,
        metrics: GatewayMetrics,
        *,
        most_streams: int,
    ) -> None:
        self._route = route
        self._scheduler = scheduler
        self._stopping = stopping
        self._metrics = metrics
        self._most_streams = most_streams
        self._resumes = TOKEN in route.input.fields_by_name

    async def __call__(self, request: Request) -> Response:
        """Begin a stream. Raises AsyncTaskError or HttpProblem."""
        async with AsyncExitStack() as stack:
            stack.enter_context(counted(self._stopping, self._most_streams))
            request.scope["asynctask.is_stream"] = True
            token = request.headers.get("last-event-id", "")
            given = {TOKEN: token} if token and self._resumes else {}
            query = request.query_params.multi_items()
            message = bind(self._route, await http_request(request, query, has_body=False, given=given))
            if request.method == "HEAD":
                return Response(media_type=MEDIA_TYPE)
            events = await stack.enter_async_context(aclosing(self._events(message, actor_of(request))))
            joined = await begun(events, stack)
            return EventStream(joined, stack.pop_all(), self._stopping, self._metrics)

    async def _events(self, request: Any, actor: str) -> AsyncGenerator[bytes]:
        is_interrupted = False
        with self._metrics.upstreams.track_inprogress():
            while True:
                try:
                    async with aclosing(self._scheduler.stream(self._route, request, actor)) as messages:
                        async for message in messages:
                            token = str(getattr(message, TOKEN, ""))
                            if self._resumes and token:
                                request.resume_token = token
                            is_interrupted = False
                            yield frame(to_json(message), token=token)
                    return
                except TryAgain as error:
                    if not (self._resumes and request.resume_token):
                        raise
                    if not is_interrupted:
                        is_interrupted = True
                        yield frame(problem_of(error), event="interrupted")
                await asyncio.sleep(AGAIN_S)
