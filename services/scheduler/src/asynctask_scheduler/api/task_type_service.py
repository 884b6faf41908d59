"""TaskTypeService: the task types that executors have declared."""

from __future__ import annotations

import grpc

from asynctask_core import limits
from asynctask_core.bounds.definition import check_stage_names
from asynctask_core.errors import TaskTypeNotFound
from asynctask_core.validate import Violations
from asynctask_protos.scheduler.v1 import task_type_service_pb2 as pb
from asynctask_protos.scheduler.v1.task_type_service_pb2_grpc import TaskTypeServiceServicer
from asynctask_protos.task.v1.task_type_pb2 import TaskType
from asynctask_scheduler.api.pages import first_that_fit, read_cursor
from asynctask_scheduler.api.tokens import make_token
from asynctask_scheduler.registry.type_catalogue import CachedCatalogue

Context = grpc.aio.ServicerContext

PAGES = "types"


class TaskTypeService(TaskTypeServiceServicer):
    """Answers from the registry, not from the cache: people want to see what they have just changed."""

    def __init__(self, catalogue: CachedCatalogue) -> None:
        self._catalogue = catalogue

    async def RegisterTaskType(
        self,
        request: pb.RegisterTaskTypeRequest,
        context: Context[pb.RegisterTaskTypeRequest, pb.RegisterTaskTypeResponse],
    ) -> pb.RegisterTaskTypeResponse:
        """Declare or change a type without an executor."""
        violations = Violations()
        check_stage_names(request.task_type, violations, "task_type")
        violations.raise_any()
        await self._catalogue.declare((request.task_type,), context.peer())
        return pb.RegisterTaskTypeResponse(task_type=self._find(request.task_type.name))

    async def GetTaskType(
        self, request: pb.GetTaskTypeRequest, context: Context[pb.GetTaskTypeRequest, pb.GetTaskTypeResponse]
    ) -> pb.GetTaskTypeResponse:
        """One type."""
        await self._catalogue.latest()
        return pb.GetTaskTypeResponse(task_type=self._find(request.name))

    async def ListTaskTypes(
        self,
        request: pb.ListTaskTypesRequest,
        context: Context[pb.ListTaskTypesRequest, pb.ListTaskTypesResponse],
    ) -> pb.ListTaskTypesResponse:
        """A page of the types, by name."""
        size = request.page_size or limits.PAGE_ITEMS
        after = read_cursor(request.page_token, PAGES, b"", str) if request.page_token else ""
        types = await self._catalogue.latest()
        names = sorted(name for name in types if name > after)
        page = first_that_fit(types[name] for name in names[:size])
        more = make_token(PAGES, b"", page[-1].name) if len(page) < len(names) else ""
        return pb.ListTaskTypesResponse(task_types=page, next_page_token=more)

    async def DeleteTaskType(
        self,
        request: pb.DeleteTaskTypeRequest,
        context: Context[pb.DeleteTaskTypeRequest, pb.DeleteTaskTypeResponse],
    ) -> pb.DeleteTaskTypeResponse:
        """Delete a type whose tasks are all final."""
        await self._catalogue.delete(request.name)
        return pb.DeleteTaskTypeResponse()

    def _find(self, name: str) -> TaskType:
        task_type = self._catalogue.types.get(name)
        if task_type is None:
            raise TaskTypeNotFound(f"no task type is called {name[: limits.TASK_TYPE_CHARS]!r}")
        return task_type
