"""QueueService: what waits where."""

from __future__ import annotations

from typing import Final

import grpc

from asynctask_core import limits
from asynctask_core.errors import QueueNotFound
from asynctask_protos.scheduler.v1 import queue_service_pb2 as pb
from asynctask_protos.scheduler.v1.queue_service_pb2_grpc import QueueServiceServicer
from asynctask_scheduler.ledger.catalogue import Catalogue
from asynctask_scheduler.queue.port import Queue, QueueStats

Context = grpc.aio.ServicerContext

DEFAULT_QUEUE: Final = "default"


class QueueService(QueueServiceServicer):
    """Answers from the queues as they stand."""

    def __init__(self, queue: Queue, catalogue: Catalogue) -> None:
        self._queue = queue
        self._catalogue = catalogue

    async def ListQueues(
        self, request: pb.ListQueuesRequest, context: Context[pb.ListQueuesRequest, pb.ListQueuesResponse]
    ) -> pb.ListQueuesResponse:
        """Every queue that has tasks in line or running, or that a task type names, by name."""
        stats = await self._queue.stats()
        return pb.ListQueuesResponse(queues=self._queues(stats), timed=stats.timed)

    async def GetQueue(
        self, request: pb.GetQueueRequest, context: Context[pb.GetQueueRequest, pb.GetQueueResponse]
    ) -> pb.GetQueueResponse:
        """One queue, with each of its types."""
        for queue in self._queues(await self._queue.stats()):
            if queue.name == request.name:
                return pb.GetQueueResponse(queue=queue)
        raise QueueNotFound(
            f"no queue {request.name[: limits.QUEUE_CHARS]!r} is known: it has no task in line or running, and no task "
            "type names it"
        )

    def _queues(self, stats: QueueStats) -> list[pb.Queue]:
        types = self._catalogue.types
        queues: dict[str, pb.Queue] = {}
        for kind in sorted(stats.kinds, key=lambda kind: (kind.queue, kind.task_type)):
            queue = queues.setdefault(kind.queue, pb.Queue(name=kind.queue))
            oldest = kind.head_ready_ms or 0
            queue.depth += kind.ready
            queue.running += kind.running
            queue.oldest_ready_ms = max(queue.oldest_ready_ms, oldest)
            known = types.get(kind.task_type)
            queue.types.add(
                task_type=kind.task_type,
                depth=kind.ready,
                running=kind.running,
                max_running=known.max_running if known else 0,
                oldest_ready_ms=oldest,
            )
        for task_type in types.values():
            name = task_type.queue or DEFAULT_QUEUE
            queues.setdefault(name, pb.Queue(name=name))
        return [queues[name] for name in sorted(queues)]
