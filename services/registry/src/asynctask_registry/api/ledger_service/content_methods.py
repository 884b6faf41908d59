"""LedgerService: log lines and manifests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from asynctask_protos.registry.v1 import ledger_service_pb2 as pb
from asynctask_registry.ledger import logs, manifest
from asynctask_registry.ledger.ledger import Ledger

if TYPE_CHECKING:
    import grpc.aio


class LedgerContentMethods:
    """What handlers write in bulk."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def AppendLogs(
        self,
        request: pb.AppendLogsRequest,
        context: grpc.aio.ServicerContext[pb.AppendLogsRequest, pb.AppendLogsResponse],
    ) -> pb.AppendLogsResponse:
        await logs.append(self._ledger.bulk, request.task_id, request.attempt_id, request.lines)
        return pb.AppendLogsResponse()

    async def ListTaskLogs(
        self,
        request: pb.ListTaskLogsRequest,
        context: grpc.aio.ServicerContext[pb.ListTaskLogsRequest, pb.ListTaskLogsResponse],
    ) -> pb.ListTaskLogsResponse:
        # A stage or level alone is what a tail asks for twice a second: it waits for no search of a text.
        share = self._ledger.searches if request.text else self._ledger.long_reads
        return await logs.page(share, request)

    async def AppendManifest(
        self,
        request: pb.AppendManifestRequest,
        context: grpc.aio.ServicerContext[pb.AppendManifestRequest, pb.AppendManifestResponse],
    ) -> pb.AppendManifestResponse:
        last_chunk, verdict = await manifest.append(self._ledger.bulk, request)
        return pb.AppendManifestResponse(last_chunk=last_chunk, verdict=verdict)

    async def ReadManifest(
        self,
        request: pb.ReadManifestRequest,
        context: grpc.aio.ServicerContext[pb.ReadManifestRequest, pb.ReadManifestResponse],
    ) -> pb.ReadManifestResponse:
        is_search = bool(request.most and (request.text or request.states))
        share = self._ledger.searches if is_search else self._ledger.long_reads
        return await manifest.read(share, request)
