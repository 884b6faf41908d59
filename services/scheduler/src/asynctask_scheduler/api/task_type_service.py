"""TaskTypeService: the kinds of tasks that executors have declared."""

from __future__ import annotations

import grpc

from asynctask_core import limits
from asynctask_core.errors import TaskTypeNotFound
from asynctask_core.validate import Violations, check_task_type
from asynctask_protos.scheduler.v1 import task_type_service_pb2 as pb
from asynctask_protos.scheduler.v1.task_type_service_pb2_grpc import TaskTypeServiceServicer
from asynctask_protos.task.v1.task_type_pb2 import TaskType
from asynctask_scheduler.ledger.catalogue import Catalogue

Context = grpc.aio.ServicerContext


class TaskTypeService(TaskTypeServiceServicer):
    """Answers from the registry, not from the cache: people compare what they just changed."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    async def RegisterTaskType(
        self,
        request: pb.RegisterTaskTypeRequest,
        context: Context[pb.RegisterTaskTypeRequest, pb.RegisterTaskTypeResponse],
    ) -> pb.RegisterTaskTypeResponse:
        """Declare or change a type without an executor."""
        violations = Violations()
        check_task_type(request.task_type, violations)
        violations.raise_any()
        await self._catalogue.declare((request.task_type,))
        return pb.RegisterTaskTypeResponse(task_type=self._find(request.task_type.name))

    async def GetTaskType(
        self, request: pb.GetTaskTypeRequest, context: Context[pb.GetTaskTypeRequest, pb.GetTaskTypeResponse]
    ) -> pb.GetTaskTypeResponse:
        """One type."""
        await self._catalogue.refresh()
        return pb.GetTaskTypeResponse(task_type=self._find(request.name))

    async def ListTaskTypes(
        self,
        request: pb.ListTaskTypesRequest,
        context: Context[pb.ListTaskTypesRequest, pb.ListTaskTypesResponse],
    ) -> pb.ListTaskTypesResponse:
        """Every type, by name."""
        await self._catalogue.refresh()
        types = self._catalogue.types
        return pb.ListTaskTypesResponse(task_types=[types[name] for name in sorted(types)])

    def _find(self, name: str) -> TaskType:
        task_type = self._catalogue.types.get(name)
        if task_type is None:
            raise TaskTypeNotFound(f"no task type is called {name[: limits.TASK_TYPE_CHARS]!r}")
        return task_type
