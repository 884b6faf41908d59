"""TaskService: submits."""

from __future__ import annotations

from collections.abc import AsyncIterator

import grpc

from asynctask_protos.scheduler.v1 import task_service_pb2 as pb
from asynctask_scheduler.api.submit_calls import SubmitCalls

Context = grpc.aio.ServicerContext


class TaskSubmitMethods:
    """Accepts tasks: one, several, or a stream of them."""

    def __init__(self, submits: SubmitCalls) -> None:
        self.submit_calls = submits

    async def SubmitTask(
        self, request: pb.SubmitTaskRequest, context: Context[pb.SubmitTaskRequest, pb.SubmitTaskResponse]
    ) -> pb.SubmitTaskResponse:
        """Accept one task."""
        return await self.submit_calls.submit_one(request)

    async def BatchSubmitTasks(
        self,
        request: pb.BatchSubmitTasksRequest,
        context: Context[pb.BatchSubmitTasksRequest, pb.BatchSubmitTasksResponse],
    ) -> pb.BatchSubmitTasksResponse:
        """Accept or refuse each of several tasks."""
        return await self.submit_calls.submit(request)

    async def StreamSubmits(
        self,
        request_iterator: AsyncIterator[pb.StreamSubmitsRequest],
        context: Context[pb.StreamSubmitsRequest, pb.StreamSubmitsResponse],
    ) -> AsyncIterator[pb.StreamSubmitsResponse]:
        """Accept or refuse the tasks of a stream until it ends."""
        await context.send_initial_metadata(())  # shows the client that the stream is open
        async for answer in self.submit_calls.streams.hold(request_iterator):
            yield answer
