"""Handlers' log lines: stored once each, read in pages from either end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from asynctask_core import limits
from asynctask_core.errors import AttemptSuperseded, RefusedByStore, TokenExpired
from asynctask_core.ids import id_text
from asynctask_core.wire import cut_text, escape_nul, from_timestamp, to_timestamp
from asynctask_protos.registry.v1.ledger_service_pb2 import ListTaskLogsRequest, ListTaskLogsResponse
from asynctask_protos.task.v1.task_pb2 import LOG_LEVEL_INFO, LogLevel, LogLine
from asynctask_registry.ledger.fitting import fitting
from asynctask_registry.store.faults import ContentRefused
from asynctask_registry.store.pool import Row, StoreConnection
from asynctask_registry.store.pool_share import WorkRunner

_BEGIN: Final = (bytes(16), 0)
_END: Final = (b"\xff" * 16, limits.LARGEST_NUMBER)
"""Before the first line and behind the last one of every log."""


async def append(pool: WorkRunner, task_id: bytes, attempt_id: bytes, lines: Sequence[LogLine]) -> None:
    """Store lines of an attempt, also of one that has ended: its last lines may arrive after its outcome.

    NUL characters are made visible, long lines are cut and marked, repeated lines (same sequence) are stored once.

    Raises:
        AttemptSuperseded: no such attempt of this task was ever started.
        RefusedByStore: a line cannot be stored.
    """
    if not lines:
        return
    unique = {line.sequence: line for line in reversed(lines)}
    ordered = [unique[sequence] for sequence in sorted(unique)]
    try:
        (row,) = await pool.run(
            lambda connection: connection.fetch(
                "log_append",
                task_id=task_id,
                attempt_id=attempt_id,
                sequences=[line.sequence for line in ordered],
                times=[from_timestamp(line.time) for line in ordered],
                levels=[line.level or LOG_LEVEL_INFO for line in ordered],
                stages=[escape_nul(line.stage) for line in ordered],
                loggers=[cut_text(escape_nul(line.logger), limits.LOGGER_BYTES) for line in ordered],
                messages=[cut_text(escape_nul(line.message), limits.LOG_LINE_BYTES) for line in ordered],
            )
        )
    except ContentRefused as refused:
        raise RefusedByStore(
            f"a log line of task {id_text(task_id)} cannot be stored: {refused}"
        ) from refused
    if not row["is_known"]:
        raise AttemptSuperseded(f"task {id_text(task_id)} has no attempt {id_text(attempt_id)}")


async def page(pool: WorkRunner, request: ListTaskLogsRequest) -> ListTaskLogsResponse:
    """Read a page of the lines that meet the conditions, oldest or newest first.

    One call looks through WALKED_ROWS lines or PAGE_BYTES of them, so its cost does not depend on how many match. Every
    page has the cursor to go on from.

    Raises:
        TokenExpired: the cursor is not one of log lines.
    """
    page_size = min(request.page_size or limits.PAGE_ITEMS, limits.ITEM_PAGE)
    rows = await pool.run(lambda connection: _walk(connection, request, page_size))
    matching = [row for row in rows if row["matches"]]
    lines = fitting([_line(row) for row in matching[:page_size]])
    is_full = len(lines) < len(matching)
    last = matching[len(lines) - 1] if is_full else rows[-1] if rows else None
    return ListTaskLogsResponse(
        lines=lines,
        cursor=_cursor(last) if last else request.cursor,
        more=is_full or (last is not None and last["is_followed"]),
        looked_through=last["number"] if last else 0,
        first_cursor=_cursor(rows[0]) if rows else "",
    )


async def _walk(connection: StoreConnection, request: ListTaskLogsRequest, page_size: int) -> Sequence[Row]:
    conditions = {
        "task_id": request.task_id,
        "stage": request.stage or None,
        "min_level": request.min_level,
        "text": request.text or None,
        "most": limits.WALKED_ROWS,
        "page_bytes": limits.PAGE_BYTES,
        # One more shows that there are more, and the first line that was looked at may come without matching.
        "wanted": page_size + 2,
    }
    attempt_id, sequence = _position(request.cursor, newest_first=request.newest_first)
    if request.newest_first:
        return await connection.fetch(
            "log_list_back", before_attempt=attempt_id, before_sequence=sequence, **conditions
        )
    return await connection.fetch("log_list", after_attempt=attempt_id, after_sequence=sequence, **conditions)


def _line(row: Row) -> LogLine:
    level: LogLevel.ValueType = row["level"]
    return LogLine(
        time=to_timestamp(row["time"]),
        level=level,
        stage=row["stage"],
        message=row["message"],
        logger=row["logger"],
        sequence=row["sequence"],
        attempt_id=row["attempt_id"],
    )


def _cursor(row: Row) -> str:
    return f"{row['attempt_id'].hex()}.{row['sequence']}"


def _position(cursor: str, *, newest_first: bool) -> tuple[bytes, int]:
    if not cursor:
        return _END if newest_first else _BEGIN
    attempt, _, sequence = cursor.partition(".")
    try:
        position = bytes.fromhex(attempt), int(sequence)
    except ValueError:
        position = b"", 0
    if len(position[0]) != 16 or not 0 <= position[1] <= limits.LARGEST_NUMBER:
        raise TokenExpired("the cursor is not one of log lines; begin anew")
    return position
