"""HealthService: how the cluster is."""

from __future__ import annotations

import grpc

from asynctask_protos.scheduler.v1 import health_service_pb2 as pb
from asynctask_protos.scheduler.v1.health_service_pb2_grpc import HealthServiceServicer
from asynctask_scheduler.health.cluster_health import ClusterHealth

Context = grpc.aio.ServicerContext


class HealthService(HealthServiceServicer):
    """Answers from what this replica's loops read last."""

    def __init__(self, health: ClusterHealth) -> None:
        self._health = health

    async def GetHealth(
        self, request: pb.GetHealthRequest, context: Context[pb.GetHealthRequest, pb.GetHealthResponse]
    ) -> pb.GetHealthResponse:
        """The health now."""
        return pb.GetHealthResponse(health=self._health.health())
