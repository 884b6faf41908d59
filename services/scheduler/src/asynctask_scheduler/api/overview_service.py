"""OverviewService: how many tasks there are, what happened to them over time, and why tasks failed."""

from __future__ import annotations

import grpc

from asynctask_core.wire import from_timestamp, to_timestamp
from asynctask_protos.registry.v1 import ledger_service_pb2 as registry_pb
from asynctask_protos.scheduler.v1 import overview_service_pb2 as pb
from asynctask_protos.scheduler.v1.overview_service_pb2_grpc import OverviewServiceServicer
from asynctask_scheduler.registry.client import RegistryClient

Context = grpc.aio.ServicerContext


class OverviewService(OverviewServiceServicer):
    """Answers from the registry."""

    def __init__(self, registry: RegistryClient) -> None:
        self._registry = registry

    async def GetOverview(
        self, request: pb.GetOverviewRequest, context: Context[pb.GetOverviewRequest, pb.GetOverviewResponse]
    ) -> pb.GetOverviewResponse:
        """Tasks by type and state, the oldest waiting task, the success rate of the last day."""
        return pb.GetOverviewResponse(overview=await self._registry.overview())

    async def GetSeries(
        self, request: pb.GetSeriesRequest, context: Context[pb.GetSeriesRequest, pb.GetSeriesResponse]
    ) -> pb.GetSeriesResponse:
        """One point for each step of a span of time."""
        asked = registry_pb.GetSeriesRequest(task_type=request.task_type, step_ms=request.step_ms)
        if request.HasField("start_time"):
            asked.start_ms = from_timestamp(request.start_time) // 1000
        if request.HasField("end_time"):
            asked.end_ms = from_timestamp(request.end_time) // 1000
        series = await self._registry.series(asked)
        return pb.GetSeriesResponse(points=series.points, step_ms=series.step_ms)

    async def ListFailures(
        self,
        request: pb.ListFailuresRequest,
        context: Context[pb.ListFailuresRequest, pb.ListFailuresResponse],
    ) -> pb.ListFailuresResponse:
        """The tasks that stand at `failed`, grouped by the kind of their error."""
        asked = registry_pb.ListFailuresRequest(task_type=request.task_type, page_size=request.page_size)
        if request.HasField("start_time"):
            # Ids have milliseconds; rounded up, since the time is inclusive.
            asked.start_ms = -(-from_timestamp(request.start_time) // 1000)
        found = await self._registry.failures(asked)
        answer = pb.ListFailuresResponse(failures=found.failures)
        if found.HasField("looked_back_to_ms"):
            answer.looked_back_to.CopyFrom(to_timestamp(found.looked_back_to_ms * 1000))
        return answer
