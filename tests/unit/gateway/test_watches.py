"""How a reader of a watch catches up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import pytest
from starlette.requests import Request

from asynctask_core.errors import InternalError, NotReady
from asynctask_gateway.live import event_stream
from asynctask_gateway.live.reader import EventReader
from asynctask_gateway.live.shared_watch import SharedWatches
from asynctask_gateway.live.stopping import Stopping
from asynctask_gateway.live.tails import TailEndpoint
from asynctask_gateway.live.watches import WatchEndpoint, opened_by
from asynctask_gateway.metrics import GatewayMetrics
from asynctask_gateway.problems import HttpProblem, HttpReason
from asynctask_gateway.rest.routes import routes
from asynctask_protos.scheduler.v1.task_service_pb2 import WatchTasksRequest, WatchTasksResponse
from asynctask_protos.task.v1.task_pb2 import Task
from tests.support.conditions import eventually


class SilentReader:
    """Stays connected."""

    async def receive(self) -> Any:
        await asyncio.Event().wait()


def a_request(token: str) -> Request:
    """A request for a stream of everything."""
    headers = [(b"last-event-id", token.encode())] if token else []
    scope = {"type": "http", "method": "GET", "headers": headers, "query_string": b"", "path_params": {}}

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    return Request(scope, receive)


class StoppingScheduler:
    """Sends one change, and ends its streams as a replica does that stops."""

    async def stream(self, *_: Any) -> AsyncGenerator[Any]:
        yield WatchTasksResponse(tasks=[Task(task_id="a", version=1)], resume_token="later")


async def test_reader_whose_catching_up_is_broken_off_is_told_to_connect_again():
    """Fails when it joins the shared watch, whose begin is later: the changes between are lost."""
    unused: Any = None
    scheduler: Any = StoppingScheduler()
    endpoint = WatchEndpoint(unused, scheduler, unused, unused, GatewayMetrics(), most_streams=1)
    events = endpoint._catch_up(WatchTasksRequest(), "earlier", EventReader())
    assert b'"resume_token":"later"' in await anext(events)
    with pytest.raises(NotReady):
        await anext(events)


async def test_readers_of_a_watch_with_a_fault_are_told():
    """Fails when they get heartbeats and no changes as long as they stay."""

    async def open_watch(_: WatchTasksRequest) -> AsyncGenerator[Any]:
        yield WatchTasksResponse(tasks=[Task(task_id="a", version=1)], resume_token="later")
        raise ValueError("a fault of ours")

    watches = SharedWatches(open_watch, GatewayMetrics())
    with watches.join(WatchTasksRequest()) as shared, shared.reader(has_caught_up=False) as reader:
        await eventually(lambda: reader.failure is not None)
        assert isinstance(reader.failure, InternalError)
        with watches.join(WatchTasksRequest()) as next_one:
            assert next_one is not shared, "a reader that comes back gets a new watch"


class SilentScheduler:
    """Takes a stream and says nothing."""

    async def stream(self, *_: Any) -> AsyncGenerator[Any]:
        await asyncio.Event().wait()
        yield


@pytest.mark.parametrize("token", ["", "earlier"])
@pytest.mark.parametrize("call", ["WatchTasks", "TailTaskLogs"])
async def test_stream_is_counted_from_its_request_on_and_begins_without_an_event(
    monkeypatch: pytest.MonkeyPatch, call: str, token: str
):
    """Fails when more streams than there may be wait for a scheduler that says nothing, or when they wait for long."""
    monkeypatch.setattr(event_stream, "FIRST_S", 0.01)
    route = next(one for one in routes() if one.call.name == call)
    scheduler: Any = SilentScheduler()
    stopping, metrics = Stopping(), GatewayMetrics()
    watches = SharedWatches(opened_by(scheduler, route), metrics)
    endpoint = (
        WatchEndpoint(route, scheduler, watches, stopping, metrics, most_streams=1)
        if call == "WatchTasks"
        else TailEndpoint(route, scheduler, stopping, metrics, most_streams=1)
    )
    begun = await endpoint(a_request(token))
    with pytest.raises(HttpProblem) as refused:
        await endpoint(a_request(token))
    assert refused.value.reason is HttpReason.TOO_MANY_STREAMS
    stopping.set()
    parts: list[bytes] = []

    async def send(message: Any) -> None:
        parts.append(message.get("body", b""))

    await begun({"type": "http"}, SilentReader().receive, send)
    assert parts[-1].startswith(b"event: stopping")
    assert not stopping.streams
