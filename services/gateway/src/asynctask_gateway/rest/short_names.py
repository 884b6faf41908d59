"""`POST /submit_task` and `GET /query_task`: short names of the two calls that most programs need."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from asynctask_gateway.rest.endpoint import Endpoint
from asynctask_gateway.rest.routes import Route, routes
from asynctask_gateway.rest.scheduler import SchedulerCalls

TASK_ID: Final = "task_id"


class ShortNames:
    """The two paths; they answer as the paths below `/api/v1/tasks`."""

    def __init__(self, scheduler: SchedulerCalls) -> None:
        self.submit = Endpoint(_route("SubmitTask"), scheduler)
        """Accept a task: `{"task_id": …}`."""
        self._one = Endpoint(_route("GetTask"), scheduler)
        self._many = Endpoint(_route("ListTasks"), scheduler)

    async def query(self, request: Request) -> Response:
        """One task by `task_id`, or a page of those that match the filters."""
        given = request.query_params.getlist(TASK_ID)
        if len(given) != 1:
            return await self._many(request)  # which refuses a second id by name
        request.scope["path_params"] = {TASK_ID: quote(given[0], safe="")}
        rest = [(name, value) for name, value in request.query_params.multi_items() if name != TASK_ID]
        return await self._one.answer(request, rest)


def _route(call: str) -> Route:
    return next(route for route in routes() if route.call.name == call)
