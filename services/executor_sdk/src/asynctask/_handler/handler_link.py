"""What a running handler calls: the executor's session provides it, and `asynctask.testing` in memory."""

import asyncio
from typing import Protocol

from asynctask._attempt.attempt import Attempt
from asynctask_protos.scheduler.v1 import executor_service_pb2
from asynctask_protos.task.v1 import work_pb2


class Link(Protocol):
    """Ways from a handler to the scheduler."""

    def put(
        self, attempt: Attempt, event: work_pb2.Event, waiter: "asyncio.Future[None] | None" = None
    ) -> None:
        """Send a durable event; `waiter` is settled once it is acknowledged."""
        ...

    def report(self, attempt: Attempt) -> None:
        """Note that the attempt's progress has changed. From any thread."""
        ...

    async def append_manifest(
        self, request: executor_service_pb2.AppendManifestRequest
    ) -> executor_service_pb2.AppendManifestResponse:
        """Store a chunk; tries again by itself while the scheduler is away. Raises AsyncTaskError otherwise."""
        ...

    async def read_manifest(
        self, request: executor_service_pb2.ReadManifestRequest
    ) -> executor_service_pb2.ReadManifestResponse:
        """Read a page; tries again by itself while the scheduler is away. Raises AsyncTaskError otherwise."""
        ...
