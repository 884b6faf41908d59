"""The event streams of WatchTasks: each reader of a filter gets its events from one shared watch."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing
from typing import Any, Final, cast

from starlette.requests import Request
from starlette.responses import Response

from asynctask_core.errors import NotReady
from asynctask_gateway.live.event_stream import EventStream, SlowReader, begun, counted
from asynctask_gateway.live.frames import MEDIA_TYPE, tasks_frame
from asynctask_gateway.live.reader import EventReader
from asynctask_gateway.live.shared_watch import OpenWatch, SharedWatch, SharedWatches, encoded
from asynctask_gateway.live.stopping import Stopping
from asynctask_gateway.metrics import GatewayMetrics
from asynctask_gateway.rest.binding import bind
from asynctask_gateway.rest.endpoint import http_request
from asynctask_gateway.rest.routes import Route
from asynctask_gateway.rest.scheduler import SchedulerCalls
from asynctask_protos.scheduler.v1.task_service_pb2 import WatchTasksRequest, WatchTasksResponse

PACE_S: Final = 0.25
"""Changes of a task that are closer together are one event."""
AGAIN_MS: Final = 100
ACTOR: Final = "gateway"
"""A shared watch is nobody's own."""


class WatchEndpoint:
    """Serves the event streams of one route of WatchTasks."""

    def __init__(
        self,
        route: Route,
        scheduler: SchedulerCalls,
        watches: SharedWatches,
        stopping: Stopping,
        metrics: GatewayMetrics,
        *,
        most_streams: int,
    ) -> None:
        self._route = route
        self._scheduler = scheduler
        self._watches = watches
        self._stopping = stopping
        self._metrics = metrics
        self._most_streams = most_streams

    async def __call__(self, request: Request) -> Response:
        """Begin a stream. Raises AsyncTaskError or HttpProblem."""
        async with AsyncExitStack() as stack:
            stack.enter_context(counted(self._stopping, self._most_streams))
            request.scope["asynctask.is_stream"] = True
            message = await self._message(request)
            token = message.resume_token
            message.resume_token = ""
            if request.method == "HEAD":
                return Response(media_type=MEDIA_TYPE)
            shared = stack.enter_context(self._watches.join(message))
            events = await stack.enter_async_context(aclosing(self._events(message, token, shared)))
            joined = await begun(events, stack)
            return EventStream(joined, stack.pop_all(), self._stopping, self._metrics)

    async def _message(self, request: Request) -> WatchTasksRequest:
        token = request.headers.get("last-event-id", "")
        given = {"resume_token": token} if token else {}
        query = request.query_params.multi_items()
        bound = bind(self._route, await http_request(request, query, has_body=False, given=given))
        return _in_order(cast("WatchTasksRequest", bound))

    async def _catch_up(
        self, request: WatchTasksRequest, token: str, reader: EventReader
    ) -> AsyncGenerator[bytes]:
        """What happened since `token`, from a watch of the reader's own, which ends where the shared one goes on.

        Raises:
            NotReady: the scheduler stopped before all of it was sent. The shared watch began later than that.
        """
        resumed = WatchTasksRequest()
        resumed.CopyFrom(request)
        resumed.resume_token = token
        with self._metrics.upstreams.track_inprogress():
            async with aclosing(self._scheduler.stream(self._route, resumed, ACTOR)) as messages:
                async for message in messages:
                    answer: WatchTasksResponse = message
                    tasks = [encoded(task) for task in answer.tasks]
                    reader.already_sent(tasks, caught_up=answer.caught_up)
                    yield tasks_frame(
                        [task.body for task in tasks], answer.resume_token, caught_up=answer.caught_up
                    )
                    if answer.caught_up:
                        return
        raise NotReady("the scheduler stops; connect again", retry_after_ms=AGAIN_MS)

    async def _events(
        self, request: WatchTasksRequest, token: str, shared: SharedWatch
    ) -> AsyncGenerator[bytes]:
        if token:
            # Else a change between the end of catching up and the begin of the shared watch would be missed.
            await shared.begun.wait()
        needs_more = bool(token) and token != shared.token
        with shared.reader(has_caught_up=bool(token)) as reader:
            if needs_more:
                async with aclosing(self._catch_up(request, token, reader)) as former:
                    async for events in former:
                        yield events
            elif token:
                yield b""  # nothing was missed: the answer begins at once
            async with aclosing(self._shared_events(reader)) as shared_events:
                async for events in shared_events:
                    yield events

    async def _shared_events(self, reader: EventReader) -> AsyncGenerator[bytes]:
        loop = asyncio.get_running_loop()
        while True:
            await reader.wait()
            if reader.is_slow:
                self._metrics.slow_watchers.inc()
                raise SlowReader
            next_at = loop.time() + PACE_S
            if events := reader.take():
                yield events
            if reader.failure is not None:
                raise reader.failure
            await asyncio.sleep(next_at - loop.time())


def _in_order(request: WatchTasksRequest) -> WatchTasksRequest:
    """The request with its ids sorted, each once: readers of the same tasks share a watch, and tokens are for a set."""
    task_ids = {*request.task_ids, request.task_id} - {""}
    del request.task_ids[:]
    request.task_ids.extend(sorted(task_ids))
    request.task_id = ""
    return request


def opened_by(scheduler: SchedulerCalls, route: Route) -> OpenWatch:
    """How the shared watches open a watch upstream."""

    def open_watch(request: WatchTasksRequest) -> AsyncGenerator[Any]:
        return scheduler.stream(route, request, ACTOR)

    return open_watch
