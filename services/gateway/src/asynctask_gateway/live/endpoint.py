"""One event stream: opened upstream by the token of its reader, kept alive, resumed when a scheduler stops."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any, Final

from google.protobuf.message import Message
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from asynctask_core.errors import AsyncTaskError, NotReady, TryAgain
from asynctask_core.message_json.encode import to_json
from asynctask_gateway.edge.callers import actor_of
from asynctask_gateway.live.frames import HEARTBEAT_S, MEDIA_TYPE, frame, heartbeat
from asynctask_gateway.live.stopping import Stopping
from asynctask_gateway.metrics import GatewayMetrics
from asynctask_gateway.problems import HttpProblem, HttpReason, problem_of
from asynctask_gateway.rest.binding import bind
from asynctask_gateway.rest.endpoint import http_request
from asynctask_gateway.rest.routes import Route
from asynctask_gateway.rest.scheduler import SchedulerCalls

TOKEN: Final = "resume_token"  # noqa: S105 - the name of a field
AGAIN_S: Final = 0.5
"""Pause before a stream is opened upstream again."""


class EventEndpoint:
    """Serves the event streams of one streaming route."""

    def __init__(
        self,
        route: Route,
        scheduler: SchedulerCalls,
        metrics: GatewayMetrics,
        stopping: Stopping,
        *,
        most_streams: int,
    ) -> None:
        self._route = route
        self._scheduler = scheduler
        self._metrics = metrics
        self._stopping = stopping
        self._most_streams = most_streams

    async def __call__(self, request: Request) -> Response:
        """Begin a stream. Raises AsyncTaskError or HttpProblem."""
        if self._stopping.is_set():
            raise HttpProblem(HttpReason.STOPPING, "the gateway stops; connect again")
        if len(self._stopping.streams) >= self._most_streams:
            raise HttpProblem(HttpReason.TOO_MANY_STREAMS, f"at most {self._most_streams:,} event streams")
        request.scope["asynctask.is_stream"] = True
        token = request.headers.get("last-event-id", "")
        has_token = TOKEN in self._route.input.fields_by_name
        given = {TOKEN: token} if token and has_token else {}
        query = request.query_params.multi_items()
        message = bind(self._route, await http_request(request, query, has_body=False, given=given))
        if request.method == "HEAD":
            return Response(media_type=MEDIA_TYPE)
        answers = self._answers(message, actor_of(request))
        first = await anext(answers, None)  # so that a refusal has its status
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(self._frames(first, answers), headers=headers, media_type=MEDIA_TYPE)

    async def _answers(self, request: Any, actor: str) -> AsyncGenerator[Message | None]:
        """Messages from upstream; None where the stream was lost, and is opened again by its latest token."""
        while True:
            try:
                async with aclosing(self._scheduler.stream(self._route, request, actor)) as messages:
                    async for message in messages:
                        if TOKEN in message.DESCRIPTOR.fields_by_name and message.resume_token:
                            request.resume_token = message.resume_token
                        yield message
            except (TryAgain, NotReady):
                if TOKEN not in request.DESCRIPTOR.fields_by_name or not request.resume_token:
                    raise
            else:
                if TOKEN not in request.DESCRIPTOR.fields_by_name:
                    return  # such as a tail of logs whose task has ended
            yield None
            await asyncio.sleep(AGAIN_S)

    async def _frames(
        self, first: Message | None, answers: AsyncGenerator[Message | None]
    ) -> AsyncIterator[bytes]:
        with self._stopping.stream(), self._metrics.streams.track_inprogress():
            async with aclosing(answers):
                yield heartbeat()
                if first is not None:
                    yield _framed(first)
                next_one = asyncio.ensure_future(anext(answers, _END))  # seen: its result is read below
                try:
                    while True:
                        stopped = self._stopping.wait()
                        done, _ = await asyncio.wait(
                            (next_one, stopped), timeout=HEARTBEAT_S, return_when=asyncio.FIRST_COMPLETED
                        )
                        if stopped in done:
                            yield frame({}, event="stopping")
                            return
                        if not done:
                            yield heartbeat()
                            continue
                        message = next_one.result()
                        if message is _END:
                            yield frame({}, event="end")
                            return
                        yield _framed(message)
                        next_one = asyncio.ensure_future(
                            anext(answers, _END)
                        )  # seen: its result is read above
                except AsyncTaskError as error:
                    yield frame(problem_of(error), event="problem")
                finally:
                    next_one.cancel()
                    await asyncio.wait([next_one])


_END: Final[Any] = object()


def _framed(message: Message | None) -> bytes:
    if message is None:
        return frame({}, event="interrupted")
    return frame(to_json(message), token=str(getattr(message, TOKEN, "")))
