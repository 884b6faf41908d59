"""QueueService: how many tasks are ready and running in each queue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import grpc

from asynctask_core import limits
from asynctask_core.errors import QueueNotFound
from asynctask_protos.scheduler.v1 import queue_service_pb2 as pb
from asynctask_protos.scheduler.v1.queue_service_pb2_grpc import QueueServiceServicer
from asynctask_scheduler.api.pages import first_that_fit, read_cursor
from asynctask_scheduler.api.tokens import make_token
from asynctask_scheduler.queue.answers import LaneStats
from asynctask_scheduler.queue.port import QueueUpkeep
from asynctask_scheduler.registry.type_catalogue import CachedCatalogue

Context = grpc.aio.ServicerContext

DEFAULT_QUEUE: Final = "default"
PAGES: Final = "queues"


class QueueService(QueueServiceServicer):
    """Answers from the current state of the queues in Redis."""

    def __init__(self, queue: QueueUpkeep, catalogue: CachedCatalogue) -> None:
        self._queue = queue
        self._catalogue = catalogue

    async def ListQueues(
        self, request: pb.ListQueuesRequest, context: Context[pb.ListQueuesRequest, pb.ListQueuesResponse]
    ) -> pb.ListQueuesResponse:
        """A page of the queues that have ready or running tasks, or that a task type names, by name."""
        size = request.page_size or limits.PAGE_ITEMS
        after = read_cursor(request.page_token, PAGES, b"", str) if request.page_token else ""
        # One more than the page holds shows whether more follow.
        found = await self._queue.lanes(after=after, most=size + 1)
        named = {task_type.queue or DEFAULT_QUEUE for task_type in self._catalogue.types.values()}
        names = sorted(found.queues | {name for name in named if name > after})
        page = first_that_fit(self._queues(found.lanes, names[:size]))
        more = make_token(PAGES, b"", page[-1].name) if len(page) < len(names) else ""
        return pb.ListQueuesResponse(queues=page, timed=found.timed, next_page_token=more)

    async def GetQueue(
        self, request: pb.GetQueueRequest, context: Context[pb.GetQueueRequest, pb.GetQueueResponse]
    ) -> pb.GetQueueResponse:
        """One queue, with each of its types."""
        name = request.name
        types = self._catalogue.types
        # Only lanes of existing types: finding others would mean reading the names of all lanes.
        lanes = await self._queue.depths([(name, task_type) for task_type in types])
        if lanes or any(name == (one.queue or DEFAULT_QUEUE) for one in types.values()):
            (queue,) = self._queues(lanes, [name])
            return pb.GetQueueResponse(queue=queue)
        raise QueueNotFound(
            f"no queue {name[: limits.QUEUE_CHARS]!r} is known: it has no ready or running task, and no task "
            "type names it"
        )

    def _queues(self, lanes: Sequence[LaneStats], names: Iterable[str]) -> list[pb.Queue]:
        types = self._catalogue.types
        queues = {name: pb.Queue(name=name) for name in names}
        for lane in lanes:
            queue = queues.get(lane.queue)
            if queue is None:
                continue
            oldest = lane.head_ready_ms or 0
            queue.depth += lane.ready
            queue.running += lane.running
            queue.oldest_ready_ms = max(queue.oldest_ready_ms, oldest)
            known = types.get(lane.task_type)
            queue.types.add(
                task_type=lane.task_type,
                depth=lane.ready,
                running=lane.running,
                max_running=known.max_running if known else 0,
                oldest_ready_ms=oldest,
            )
        return list(queues.values())
