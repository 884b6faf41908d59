"""How a reader of a watch catches up."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from asynctask_core.errors import NotReady
from asynctask_gateway.live.reader import EventReader
from asynctask_gateway.live.watches import WatchEndpoint
from asynctask_gateway.metrics import GatewayMetrics
from asynctask_protos.scheduler.v1.task_service_pb2 import WatchTasksRequest, WatchTasksResponse
from asynctask_protos.task.v1.task_pb2 import Task


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
