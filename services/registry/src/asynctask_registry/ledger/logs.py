"""Handlers' log lines: stored once each, read in pages, oldest first."""

from __future__ import annotations

from collections.abc import Sequence

from asynctask_core import limits
from asynctask_core.errors import AttemptSuperseded, RefusedByStore, TokenExpired
from asynctask_core.ids import id_text
from asynctask_core.wire import cut_text, escape_nul, from_timestamp, to_timestamp
from asynctask_protos.registry.v1.ledger_service_pb2 import ListTaskLogsRequest
from asynctask_protos.task.v1.task_pb2 import LOG_LEVEL_INFO, LogLevel, LogLine
from asynctask_registry.ledger.fitting import fitting
from asynctask_registry.store.faults import ContentRefused
from asynctask_registry.store.pool import Row
from asynctask_registry.store.pool_share import WorkRunner


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


async def page(pool: WorkRunner, request: ListTaskLogsRequest) -> tuple[Sequence[LogLine], str, bool]:
    """Read a page; returns lines, the cursor to go on from (the last page has one too), and whether there are more.

    Raises:
        TokenExpired: the cursor is not one of log lines.
    """
    after_attempt, after_sequence = _position(request.cursor)
    page_size = min(request.page_size or limits.PAGE_ITEMS, limits.ITEM_PAGE)
    rows = await pool.run(
        lambda connection: connection.fetch(
            "log_list",
            task_id=request.task_id,
            stage=request.stage or None,
            min_level=request.min_level,
            after_attempt=after_attempt,
            after_sequence=after_sequence,
            page_size=page_size + 1,
        )
    )
    lines = fitting([_line(row) for row in rows[:page_size]])
    has_more = len(rows) > len(lines)
    cursor = f"{lines[-1].attempt_id.hex()}.{lines[-1].sequence}" if lines else request.cursor
    return lines, cursor, has_more


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


def _position(cursor: str) -> tuple[bytes, int]:
    if not cursor:
        return bytes(16), 0
    attempt, _, sequence = cursor.partition(".")
    try:
        position = bytes.fromhex(attempt), int(sequence)
    except ValueError:
        position = b"", 0
    if len(position[0]) != 16 or not 0 <= position[1] <= limits.LARGEST_NUMBER:
        raise TokenExpired("the cursor is not one of log lines; begin anew")
    return position
