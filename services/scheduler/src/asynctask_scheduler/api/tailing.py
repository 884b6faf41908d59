"""Pages of a task's log, and the log followed until the task is final."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import NamedTuple

from asynctask_core import limits
from asynctask_core.errors import NotReady
from asynctask_core.ids import parse_id
from asynctask_core.states import FINAL
from asynctask_protos.registry.v1 import ledger_service_pb2 as registry_pb
from asynctask_protos.scheduler.v1.task_service_pb2 import (
    ListTaskLogsRequest,
    ListTaskLogsResponse,
    TailTaskLogsRequest,
    TailTaskLogsResponse,
)
from asynctask_protos.task.v1.task_pb2 import LogLine, TaskView
from asynctask_scheduler.api.reading import TaskReader
from asynctask_scheduler.api.tokens import (
    PAGE_TOKEN,
    RESUME_TOKEN,
    fingerprint,
    make_token,
    read_token,
    registry_reads,
)
from asynctask_scheduler.feed.hub import Hub
from asynctask_scheduler.registry.client import RegistryClient

LOOK_EVERY_S = 0.5
LAST_WORDS_S = 30.0
"""How long a tail follows lines that come after the outcome. An executor can store the lines that wait for one task in
that time, unless the registry is unavailable.
"""

LOOKED_PAGES = 10
"""How many pages of lines, each of up to 10,000, a tail looks through for the last lines that it begins with."""

LOGS, LOGS_BACK, LOGS_WITH_TEXT = "o", "b", "t"
"""Kinds of the tokens of log lines. A tail goes on where a page of the first kind ended."""

_FINAL = frozenset(state.number for state in FINAL)


def _lines_of(request: ListTaskLogsRequest | TailTaskLogsRequest) -> bytes:
    """Which lines a tail gives: what its tokens are bound to."""
    return fingerprint(request.task_id, request.stage, request.min_level)


async def log_page(
    registry: RegistryClient, task_id: bytes, request: ListTaskLogsRequest
) -> ListTaskLogsResponse:
    """A page of stored lines, from either end of the log or from one line on.

    Raises:
        TokenExpired: the token was made for other lines, or for the other direction.
    """
    kind = LOGS_BACK if request.newest_first else LOGS_WITH_TEXT if request.text else LOGS
    followed = _lines_of(request)
    bound_to = fingerprint(request.task_id, request.stage, request.min_level, request.text)
    if kind == LOGS:
        bound_to = followed
    cursor = read_token(request.page_token, kind, bound_to) if request.page_token else _cursor_before(request)
    with registry_reads(request.page_token, PAGE_TOKEN):
        page = await registry.list_logs(
            registry_pb.ListTaskLogsRequest(
                task_id=task_id,
                stage=request.stage,
                min_level=request.min_level,
                page_size=request.page_size or limits.PAGE_ITEMS,
                cursor=cursor,
                text=request.text,
                newest_first=request.newest_first,
            )
        )
    newest = page.first_cursor if request.newest_first else page.cursor
    return ListTaskLogsResponse(
        lines=page.lines,
        next_page_token=make_token(kind, bound_to, page.cursor) if page.more else "",
        resume_token="" if request.text else make_token(LOGS, followed, newest),
        looked_through=page.looked_through,
    )


def _cursor_before(request: ListTaskLogsRequest) -> str:
    """The registry's cursor in front of the line that the first page begins with; empty for an end of the log."""
    if not request.from_attempt:
        return ""
    attempt_id = parse_id(request.from_attempt, "from_attempt")
    sequence = request.from_sequence + 1 if request.newest_first else max(request.from_sequence - 1, 0)
    return f"{attempt_id.hex()}.{min(sequence, limits.LARGEST_NUMBER)}"


async def tail_logs(
    registry: RegistryClient, reader: TaskReader, hub: Hub, task_id: bytes, request: TailTaskLogsRequest
) -> AsyncIterator[TailTaskLogsResponse]:
    """Yield stored lines, all or the last ones, then new ones as they come, until the task is final and its last lines
    are read.

    Executors send lines in separate calls, so the last ones may be stored after the outcome. The tail ends once a look
    finds no more of them, and at the latest after `LAST_WORDS_S`.

    Raises:
        TaskNotFound: the task does not exist, or is deleted.
        TokenExpired: the token was made for another task or filter.
        NotReady: this replica stops before the task ends; an end without an error would mean that no more lines come.
    """
    bound_to = _lines_of(request)
    cursor = ""
    if request.resume_token:
        cursor = read_token(request.resume_token, LOGS, bound_to, field=RESUME_TOKEN)
    is_first = True
    if request.last_lines and not request.resume_token:
        await reader.exists(task_id)
        last = await _last_lines(registry, task_id, request)
        cursor = last.cursor
        yield TailTaskLogsResponse(
            lines=last.lines,
            resume_token=make_token(LOGS, bound_to, cursor),
            looked_through=last.looked_through,
        )
        is_first = False
    final_until: float | None = None
    clock = asyncio.get_running_loop().time
    with hub.subscribe(frozenset((task_id,))) as subscriber:
        while not subscriber.is_closed:
            task = await reader.get(task_id, TaskView.TASK_VIEW_BASIC)
            more, found = True, False
            while more and not subscriber.is_closed:
                with registry_reads(request.resume_token, RESUME_TOKEN):
                    page = await registry.list_logs(
                        registry_pb.ListTaskLogsRequest(
                            task_id=task_id,
                            stage=request.stage,
                            min_level=request.min_level,
                            page_size=limits.PAGE_ITEMS,
                            cursor=cursor,
                        )
                    )
                cursor, more = page.cursor, page.more
                found |= bool(page.lines)
                # Those without lines show that the stream works, and how far it has come among lines that do not match.
                if page.lines or is_first or more:
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


class LastLines(NamedTuple):
    """The last lines of a log, oldest first, as many as fit into an answer; and the cursor behind them.

    `looked_through` is 0 unless older lines may belong to them, too.
    """

    lines: Sequence[LogLine]
    cursor: str
    looked_through: int


async def _last_lines(registry: RegistryClient, task_id: bytes, request: TailTaskLogsRequest) -> LastLines:
    found: list[LogLine] = []
    newest, cursor, more, left = "", "", True, limits.PAGE_BYTES
    pages = looked_through = 0
    while is_wanted := more and left > 0 and len(found) < request.last_lines:
        if pages == LOOKED_PAGES:
            break
        page = await registry.list_logs(
            registry_pb.ListTaskLogsRequest(
                task_id=task_id,
                stage=request.stage,
                min_level=request.min_level,
                page_size=request.last_lines - len(found),
                cursor=cursor,
                newest_first=True,
            )
        )
        newest = newest or page.first_cursor
        cursor, more = page.cursor, page.more
        found += page.lines
        left -= page.ByteSize()
        looked_through += page.looked_through
        pages += 1
    found.reverse()
    return LastLines(found, newest, looked_through if is_wanted else 0)
