"""What the stream of cluster changes reads, by kind: each one call of the scheduler."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from google.protobuf.message_factory import GetMessageClass

from asynctask_core.message_json.encode import to_json
from asynctask_gateway.live.cluster_changes import Entries, ReadEntries
from asynctask_gateway.rest.routes import Route, routes
from asynctask_gateway.rest.scheduler import SchedulerCalls

ACTOR: Final = "gateway"
MOST_PAGES: Final = 20
"""A cluster may have 10,000 executors, and a page 1,000 of them. What of a list is beyond so many pages is left out."""
_STEPS: Final[Mapping[str, int]] = {
    "free_bytes": 64 << 20,
    "last_compared_ms": 60_000,
    "last_expired_ms": 60_000,
    "last_late_ms": 60_000,
    "last_mended_ms": 60_000,
    "last_seen_ms": 10_000,
    "last_success_ms": 60_000,
}
"""These ages and free space change with every look, so they are told in steps; a reader counts ages on."""
LISTS: Final[Mapping[str, tuple[str, str, str]]] = {
    "executors": ("ListExecutors", "executors", "executor_id"),
    "queues": ("ListQueues", "queues", "name"),
}
"""By kind: the call, the field of its answer, and the key of an entry."""


WHOLES: Final = {"overview": "GetOverview", "health": "GetHealth"}
"""By kind the call of what is one entry, `cluster`."""


def cluster_reads(scheduler: SchedulerCalls) -> dict[str, ReadEntries]:
    """How each kind is read."""
    by_name = {route.call.name: route for route in routes()}
    lists = {
        kind: _list_read(scheduler, by_name[call], name, key) for kind, (call, name, key) in LISTS.items()
    }
    wholes = {kind: _whole_read(scheduler, by_name[call]) for kind, call in WHOLES.items()}
    return {**wholes, **lists}


def _whole_read(scheduler: SchedulerCalls, route: Route) -> ReadEntries:
    async def read() -> Entries:
        message = await scheduler.call(route, GetMessageClass(route.input)(), ACTOR)
        return {"cluster": _steady(to_json(getattr(message, route.response_body)))}

    return read


def _list_read(scheduler: SchedulerCalls, route: Route, name: str, key: str) -> ReadEntries:
    async def read() -> Entries:
        request: Any = GetMessageClass(route.input)()
        found: dict[str, Any] = {}
        for _ in range(MOST_PAGES):
            page: Any = await scheduler.call(route, request, ACTOR)
            entries = [to_json(one) for one in getattr(page, name)]
            found |= {str(one[key]): _steady(one) for one in entries}
            request.page_token = page.next_page_token
            if not request.page_token:
                break
        return found

    return read


def _steady(value: Any) -> Any:
    """An entry that changes only when something happened, or an age or free space by a whole step."""
    if isinstance(value, list):
        return [_steady(one) for one in cast("list[Any]", value)]
    if not isinstance(value, dict):
        return value
    return {
        name: one // step * step if (step := _STEPS.get(name)) else _steady(one)
        for name, one in cast("dict[str, Any]", value).items()
    }
