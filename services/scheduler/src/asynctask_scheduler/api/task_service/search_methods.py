"""TaskService: searches in logs and manifests."""

from __future__ import annotations

from collections.abc import AsyncIterator

import grpc

from asynctask_core.ids import parse_id
from asynctask_protos.scheduler.v1 import task_service_pb2 as pb
from asynctask_scheduler.api.reading import TaskReader
from asynctask_scheduler.api.searching import search_items, search_logs
from asynctask_scheduler.registry.client import RegistryClient

Context = grpc.aio.ServicerContext


class TaskSearchMethods:
    """Searches in what handlers wrote in bulk."""

    def __init__(self, registry: RegistryClient, reader: TaskReader) -> None:
        self._registry = registry
        self._reader = reader

    async def SearchTaskLogs(
        self,
        request: pb.SearchTaskLogsRequest,
        context: Context[pb.SearchTaskLogsRequest, pb.SearchTaskLogsResponse],
    ) -> AsyncIterator[pb.SearchTaskLogsResponse]:
        """Search the log of a task."""
        task_id = parse_id(request.task_id)
        await self._reader.exists(task_id)
        async for found in search_logs(self._registry, task_id, request):
            yield found

    async def SearchManifestItems(
        self,
        request: pb.SearchManifestItemsRequest,
        context: Context[pb.SearchManifestItemsRequest, pb.SearchManifestItemsResponse],
    ) -> AsyncIterator[pb.SearchManifestItemsResponse]:
        """Search a manifest of a task."""
        task_id = parse_id(request.task_id)
        await self._reader.exists(task_id)
        async for found in search_items(self._registry, task_id, request):
            yield found
