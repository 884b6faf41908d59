"""Event streams with an upstream of their own."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from types import SimpleNamespace
from typing import Any

import pytest

from asynctask_core.errors import Unreachable
from asynctask_gateway.live import tails
from asynctask_gateway.live.stopping import Stopping
from asynctask_gateway.live.tails import TailEndpoint
from asynctask_gateway.metrics import GatewayMetrics
from asynctask_protos.scheduler.v1.task_service_pb2 import TailTaskLogsRequest, TailTaskLogsResponse


async def test_reader_is_told_of_an_outage_once_however_often_the_tail_is_opened_in_vain(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(tails, "AGAIN_S", 0.0)
    outcomes = ["first", None, None, None, "second", None, "third"]

    async def stream(*_: object) -> AsyncGenerator[Any]:
        while (outcome := outcomes.pop(0)) is not None:
            yield TailTaskLogsResponse(resume_token=outcome)
            if not outcomes:
                return
        raise Unreachable("the scheduler is away")

    scheduler: Any = SimpleNamespace(stream=stream)
    route: Any = SimpleNamespace(input=TailTaskLogsRequest.DESCRIPTOR)
    endpoint = TailEndpoint(route, scheduler, Stopping(), GatewayMetrics(), most_streams=1)
    async with aclosing(endpoint._events(TailTaskLogsRequest(), "somebody")) as events:
        kinds = [event.split(b"\n")[0].decode() async for event in events]
    assert kinds == ["id: first", "event: interrupted", "id: second", "event: interrupted", "id: third"]
