"""Follows a task's log lines until the task is final."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from asynctask_core import limits
from asynctask_core.errors import NotReady
from asynctask_core.states import FINAL
from asynctask_protos.registry.v1.ledger_service_pb2 import ListTaskLogsRequest
from asynctask_protos.scheduler.v1.task_service_pb2 import (
    ListTaskLogsRequest as LogPageRequest,
)
from asynctask_protos.scheduler.v1.task_service_pb2 import TailTaskLogsRequest, TailTaskLogsResponse
from asynctask_protos.task.v1.task_pb2 import TaskView
from asynctask_scheduler.api.reading import TaskReader
from asynctask_scheduler.api.tokens import fingerprint, make_token, read_token
from asynctask_scheduler.feed.hub import Hub
from asynctask_scheduler.registry.client import RegistryClient

LOOK_EVERY_S = 0.5
LAST_WORDS_S = 30.0
"""How long a tail follows lines that come after the outcome. An executor can store the lines that wait for one task in
that time, unless the registry is unavailable.
"""

LOGS = "o"
"""Kind of the tokens of log lines: a tail goes on where a page ended."""

_FINAL = frozenset(state.number for state in FINAL)


def lines_of(request: LogPageRequest | TailTaskLogsRequest) -> bytes:
    """Which lines a request asks for: what its tokens are bound to."""
    return fingerprint(request.task_id, request.stage, request.min_level)


async def tail_logs(
    registry: RegistryClient, reader: TaskReader, hub: Hub, task_id: bytes, request: TailTaskLogsRequest
) -> AsyncIterator[TailTaskLogsResponse]:
    """Yield stored lines, then new ones as they come, until the task is final and its last lines are read.

    Executors send lines in separate calls, so the last ones may be stored after the outcome. The tail ends once a look
    finds no more of them, and at the latest after `LAST_WORDS_S`.

    Raises:
        TaskNotFound: the task does not exist, or is deleted.
        TokenExpired: the token was made for another task or filter.
        NotReady: this replica stops before the task ends; an end without an error would mean that no more lines come.
    """
    bound_to = lines_of(request)
    cursor = read_token(request.resume_token, LOGS, bound_to) if request.resume_token else ""
    is_first = True
    final_until: float | None = None
    clock = asyncio.get_running_loop().time
    with hub.subscribe(frozenset((task_id,))) as subscriber:
        while not subscriber.is_closed:
            task = await reader.get(task_id, TaskView.TASK_VIEW_BASIC)
            more, found = True, False
            while more:
                page = await registry.list_logs(
                    ListTaskLogsRequest(
                        task_id=task_id,
                        stage=request.stage,
                        min_level=request.min_level,
                        page_size=limits.PAGE_ITEMS,
                        cursor=cursor,
                    )
                )
                cursor, more = page.cursor, page.more
                found |= bool(page.lines)
                # The first answer is sent even without lines, to show that the stream works.
                if page.lines or is_first:
                    token = make_token(LOGS, bound_to, cursor)
                    yield TailTaskLogsResponse(lines=page.lines, resume_token=token)
                is_first = False
            if task.task_status not in _FINAL:
                final_until = None
                await subscriber.wait(LOOK_EVERY_S)
            else:
                if final_until is None:
                    final_until = clock() + LAST_WORDS_S
                elif not found or clock() >= final_until:
                    return
                await asyncio.sleep(LOOK_EVERY_S)
            subscriber.take()
    raise NotReady("this scheduler is draining; connect again", retry_after_ms=100)
