"""LedgerService: task types, and the state of Postgres."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from asynctask_core.errors import RefusedByStore
from asynctask_protos.registry.v1 import ledger_service_pb2 as pb
from asynctask_protos.task.v1.health_pb2 import ReplicaState
from asynctask_registry.ledger.ledger import Ledger
from asynctask_registry.store.faults import ContentRefused
from asynctask_registry.store.probe import StoreProbe

if TYPE_CHECKING:
    import grpc.aio


class LedgerCatalogueMethods:
    """Calls for task types and for the state of the store."""

    def __init__(self, ledger: Ledger, probe: StoreProbe, describe: Callable[[], ReplicaState]) -> None:
        self._ledger = ledger
        self._probe = probe
        self._describe = describe

    async def RegisterTaskTypes(
        self,
        request: pb.RegisterTaskTypesRequest,
        context: grpc.aio.ServicerContext[pb.RegisterTaskTypesRequest, pb.RegisterTaskTypesResponse],
    ) -> pb.RegisterTaskTypesResponse:
        try:
            types = await self._ledger.registrar.register(request.task_types)
        except ContentRefused as refused:
            raise RefusedByStore(f"a task type cannot be stored: {refused}") from refused
        return pb.RegisterTaskTypesResponse(task_types=types)

    async def DeleteTaskType(
        self,
        request: pb.DeleteTaskTypeRequest,
        context: grpc.aio.ServicerContext[pb.DeleteTaskTypeRequest, pb.DeleteTaskTypeResponse],
    ) -> pb.DeleteTaskTypeResponse:
        return pb.DeleteTaskTypeResponse(version=await self._ledger.registrar.delete(request.name))

    async def ListTaskTypes(
        self,
        request: pb.ListTaskTypesRequest,
        context: grpc.aio.ServicerContext[pb.ListTaskTypesRequest, pb.ListTaskTypesResponse],
    ) -> pb.ListTaskTypesResponse:
        page = await self._ledger.type_feed.page(request.token, page_size=request.page_size)
        return pb.ListTaskTypesResponse(
            task_types=page.types,
            deleted=[
                pb.DeletedTaskType(name=name, version=version) for name, version in page.deleted.items()
            ],
            token=page.token,
            more=page.more,
        )

    async def CheckStore(
        self,
        request: pb.CheckStoreRequest,
        context: grpc.aio.ServicerContext[pb.CheckStoreRequest, pb.CheckStoreResponse],
    ) -> pb.CheckStoreResponse:
        if not request.last_look:
            await self._probe.run_once()
        watch = self._probe.watch
        return pb.CheckStoreResponse(
            takes_writes=watch.takes_writes,
            message=watch.sentence(),
            folder=str(watch.folder or ""),
            free_bytes=watch.space.free_bytes if watch.space else 0,
            is_low=watch.is_low,
            is_unreachable=bool(watch.outage),
            latency_ms=watch.latency_ms,
            replica=self._describe(),
        )
