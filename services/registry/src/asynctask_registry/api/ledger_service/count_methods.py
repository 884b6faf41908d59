"""LedgerService: how many tasks there are, what happened to them over time, and why tasks failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from asynctask_protos.registry.v1 import ledger_service_pb2 as pb
from asynctask_registry.ledger.ledger import Ledger

if TYPE_CHECKING:
    import grpc.aio


class LedgerCountMethods:
    """Reads counts, curves and groups of failures."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def GetOverview(
        self,
        request: pb.GetOverviewRequest,
        context: grpc.aio.ServicerContext[pb.GetOverviewRequest, pb.GetOverviewResponse],
    ) -> pb.GetOverviewResponse:
        return pb.GetOverviewResponse(overview=await self._ledger.overview_reader.overview())

    async def GetSeries(
        self,
        request: pb.GetSeriesRequest,
        context: grpc.aio.ServicerContext[pb.GetSeriesRequest, pb.GetSeriesResponse],
    ) -> pb.GetSeriesResponse:
        points, step_ms = await self._ledger.series_reader.points(
            request.task_type,
            start_ms=request.start_ms if request.HasField("start_ms") else None,
            end_ms=request.end_ms if request.HasField("end_ms") else None,
            step_ms=request.step_ms,
        )
        return pb.GetSeriesResponse(points=points, step_ms=step_ms)

    async def ListFailures(
        self,
        request: pb.ListFailuresRequest,
        context: grpc.aio.ServicerContext[pb.ListFailuresRequest, pb.ListFailuresResponse],
    ) -> pb.ListFailuresResponse:
        found = await self._ledger.failure_group_reader.groups(
            request.task_type,
            start_ms=request.start_ms if request.HasField("start_ms") else None,
            page_size=request.page_size,
        )
        return pb.ListFailuresResponse(failures=found.groups, looked_back_to_ms=found.looked_back_to_ms)
