"""LedgerService: attempts that the scheduler ends, and where tasks belong in Redis."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from typing import TYPE_CHECKING

from asynctask_protos.registry.v1 import ledger_service_pb2 as pb
from asynctask_protos.registry.v1.standing_pb2 import Standing
from asynctask_registry.api.ledger_service.checks import check_count
from asynctask_registry.ledger import dispatchable, standings
from asynctask_registry.ledger.ledger import Ledger

if TYPE_CHECKING:
    import grpc.aio


class LedgerLeaseMethods:
    """Calls of the scheduler about leases, and to rebuild Redis."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def EndAttempts(
        self,
        request: pb.EndAttemptsRequest,
        context: grpc.aio.ServicerContext[pb.EndAttemptsRequest, pb.EndAttemptsResponse],
    ) -> pb.EndAttemptsResponse:
        return pb.EndAttemptsResponse(standings=await self._ledger.attempt_end_writer.end(request.ends))

    async def ConfirmLeases(
        self,
        request: pb.ConfirmLeasesRequest,
        context: grpc.aio.ServicerContext[pb.ConfirmLeasesRequest, pb.ConfirmLeasesResponse],
    ) -> pb.ConfirmLeasesResponse:
        check_count("leases", len(request.leases))
        return pb.ConfirmLeasesResponse(
            standings=await self._standings(lease.task_id for lease in request.leases)
        )

    async def Reconcile(
        self,
        request: pb.ReconcileRequest,
        context: grpc.aio.ServicerContext[pb.ReconcileRequest, pb.ReconcileResponse],
    ) -> pb.ReconcileResponse:
        return pb.ReconcileResponse(standings=await self._standings(request.task_ids))

    async def StreamDispatchable(
        self,
        request: pb.StreamDispatchableRequest,
        context: grpc.aio.ServicerContext[pb.StreamDispatchableRequest, pb.StreamDispatchableResponse],
    ) -> AsyncIterator[pb.StreamDispatchableResponse]:
        async for page in dispatchable.stream(self._ledger.reads, request):
            yield page

    async def _standings(self, task_ids: Iterable[bytes]) -> list[Standing]:
        # No task has a malformed id; leave it out, so that the others are answered.
        return await standings.reconcile(
            self._ledger.hot, [task_id for task_id in task_ids if len(task_id) == 16]
        )
