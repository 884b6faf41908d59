"""A conversation whose peer does not do its part."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

from asynctask_chassis.command_streams import MOST_AT_ONCE, CommandStreams, StreamedCommand
from asynctask_chassis.metrics import RpcMetrics, new_metrics_registry
from asynctask_protos.scheduler.v1 import task_service_pb2 as pb


async def test_no_more_is_carried_out_for_a_peer_that_takes_no_answers():
    """Law 10. Fails when answers pile up in memory for as long as such a peer goes on asking."""
    carried = 0

    async def carry_out(request: pb.BatchSubmitTasksRequest) -> pb.BatchSubmitTasksResponse:
        nonlocal carried
        carried += 1
        return pb.BatchSubmitTasksResponse()

    async def requests() -> AsyncIterator[pb.StreamSubmitsRequest]:
        for number in range(1, 10 * MOST_AT_ONCE):
            yield pb.StreamSubmitsRequest(number=number, submit=pb.BatchSubmitTasksRequest())

    conversations: CommandStreams[pb.StreamSubmitsRequest, pb.StreamSubmitsResponse] = CommandStreams(
        pb.StreamSubmitsResponse,
        {"submit": StreamedCommand("submitted", "/BatchSubmitTasks", carry_out)},
        RpcMetrics("scheduler", new_metrics_registry()),
        deadline=timedelta(seconds=120),
    )
    answers = conversations.hold(requests())
    assert (await anext(answers)).number == 1
    for _ in range(100 * MOST_AT_ONCE):
        await asyncio.sleep(0)
    assert carried == MOST_AT_ONCE
    assert [answer.number async for answer in answers] == list(range(2, 10 * MOST_AT_ONCE))
    assert carried == 10 * MOST_AT_ONCE - 1
