"""Log lines of handlers: captured from `logging`, and sent in calls of their own."""

import asyncio
import contextlib
import logging
import random
import threading
import time
from collections.abc import Awaitable, Callable
from typing import Final

from google.protobuf.timestamp_pb2 import Timestamp

from asynctask._attempt.attempt import Attempt
from asynctask._attempt.executor_tasks import executor_task
from asynctask._attempt.lines import LogBuffer, current_attempt
from asynctask._handler.guarded_log import KeptLogHandler
from asynctask.errors import AsyncTaskError, TryAgain
from asynctask_core import limits
from asynctask_core.ids import id_text
from asynctask_core.wire import cut_text, escape_nul, to_timestamp
from asynctask_protos.scheduler.v1 import executor_service_pb2
from asynctask_protos.task.v1 import task_pb2

OWN_LOGGER: Final = "asynctask.executor"
"""Lines of this logger are the executor's own, and no lines of a task."""
BUFFER_LINES: Final = 5_000
"""Lines of one attempt that wait; more are dropped, which leaves a hole in their numbers."""
BUFFER_BYTES: Final = 8 * limits.MIB
"""The same in bytes of memory."""
TOTAL_BYTES: Final = 64 * limits.MIB
"""Memory for the waiting lines of all attempts, also of ended ones. One attempt may use at most as much of it as is
still free, so that a few attempts that log without end leave room for the others."""
_LINE_BYTES: Final = 800
"""Memory that a line takes besides its text, as measured."""
_BUFFER_BYTES: Final = 2 * limits.KIB
"""Memory that an attempt takes besides its lines, with the line about those that were dropped."""
SAID_EVERY_S: Final = 60.0
"""Least time between two of the executor's own lines about lines that `TOTAL_BYTES` has cost."""
LINGER_S: Final = 0.25
"""A line waits for others at most this long."""
FLIGHTS: Final = 4
"""Calls at once, each of another attempt."""
AGAIN_S: Final = 5.0
"""Pause after a failure that is not of the catalogue: waiting lines must still be sent."""
_LAST_S: Final = 253_402_300_799.0
"""The end of the year 9999: a log record that code has made itself may claim any time."""

Send = Callable[[executor_service_pb2.AppendLogsRequest], Awaitable[object]]


class LogCapture(KeptLogHandler):
    """A `logging` handler that keeps the lines of tasks' handlers; on the root logger while an executor runs."""

    def __init__(self, shipper: "LogShipper") -> None:
        super().__init__(logging.NOTSET)
        self._shipper = shipper
        self.setFormatter(logging.Formatter("%(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record if it was made inside a handler of a task."""
        attempt = current_attempt.get()
        if attempt is None or record.name.startswith(OWN_LOGGER):
            return
        try:
            self._shipper.add(attempt, record.levelno, record.name, self.format(record), record.created)
        except Exception:  # noqa: BLE001 - logging's own rule: it never breaks what it logs
            self.handleError(record)


class LogShipper:
    """Buffers lines and sends them in unary calls, so that they delay no event.

    When the scheduler is away or slow, lines wait. When too many wait, of one attempt or of all together, new ones are
    dropped and counted, and their numbers are left out. The attempt's log says how many. The executor's log says how
    many the bound over all attempts has cost, since then the attempts' logs may have no room for that line.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, send: Send) -> None:
        self._loop = loop
        self._send = send
        # Reentrant: a garbage collection in this thread may run a handler's `__del__`, and that may log.
        self._lock = threading.RLock()
        self._waiting: dict[bytes, LogBuffer] = {}
        self._nbytes = 0
        self._dropped = 0
        self._said_at = -SAID_EVERY_S
        self._task: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()

    def add(self, attempt: Attempt, level: int, logger: str, message: str, created_s: float) -> None:
        """Keep one line. From any thread."""
        message = cut_text(escape_nul(message), limits.LOG_LINE_BYTES)
        with self._lock:
            if attempt.logs is None:
                first = LogBuffer(attempt)
                attempt.logs = attempt.logs or first
            buffer = attempt.logs
            line = task_pb2.LogLine(
                time=_time(created_s),
                stage=attempt.stage,
                message=message,
                logger=cut_text(escape_nul(logger), limits.ITEM_ERROR_BYTES),
                attempt_id=attempt.attempt_id,
            )
            line.level = _level(level)
            is_first, is_full = attempt.attempt_id not in self._waiting, False
            if self._has_room(buffer, _cost(line)):
                # The number is taken last: a line that cannot be written leaves no hole.
                line.sequence = buffer.sequence = buffer.sequence + 1
                self._wait(buffer, line)
                is_full = len(buffer.lines) == limits.BATCH_ITEMS
            else:
                buffer.sequence += 1
                buffer.dropped += 1
                buffer.lost += 1
                buffer.stage = attempt.stage
                self._wait_to_tell(buffer)
            is_first &= attempt.attempt_id in self._waiting
        if is_first or is_full:
            with contextlib.suppress(RuntimeError):  # the loop is closed: a thread that outlived its executor
                self._loop.call_soon_threadsafe(self._wake, is_full)

    def ended(self, attempt: Attempt) -> None:
        """The attempt's handler has ended: send its lines at once, and log once how many were dropped."""
        with self._lock:
            if attempt.logs is not None:
                self._wait_to_tell(attempt.logs)
            waits = attempt.attempt_id in self._waiting
        if waits:
            self._wake(hurry=True)
        if attempt.logs is not None and attempt.logs.lost:
            logging.getLogger(OWN_LOGGER).warning(
                "lines.dropped: %d log lines of task %s were dropped: they came faster than they could be stored",
                attempt.logs.lost,
                id_text(attempt.task_id),
            )

    async def flush(self) -> None:
        """Wait until no line waits."""
        while self._task is not None:
            self._hurry.set()
            await asyncio.wait([self._task])

    async def close(self, timeout: float) -> None:
        """Send what waits, within `timeout` seconds, and end."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                await self.flush()
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        self._say_dropped(at_once=True)

    def _has_room(self, buffer: LogBuffer, nbytes: int) -> bool:
        """Whether an attempt may keep one more line. Counts the line if the bound over all attempts forbids it."""
        if len(buffer.lines) >= BUFFER_LINES or buffer.nbytes + nbytes > BUFFER_BYTES:
            return False
        if buffer.nbytes + nbytes <= self._left(buffer):
            return True
        self._dropped += 1
        return False

    def _left(self, buffer: LogBuffer) -> int:
        """Bytes that are free for lines of an attempt."""
        return TOTAL_BYTES - self._nbytes - (0 if buffer.attempt_id in self._waiting else _BUFFER_BYTES)

    def _wait(self, buffer: LogBuffer, line: task_pb2.LogLine) -> None:
        nbytes = _cost(line)
        buffer.lines.append(line)
        buffer.nbytes += nbytes
        self._nbytes += nbytes
        self._enter(buffer)

    def _wait_to_tell(self, buffer: LogBuffer) -> None:
        """Let an attempt without waiting lines say later how many were dropped, if there is room for that line."""
        if buffer.dropped and self._left(buffer) >= 0:
            self._enter(buffer)

    def _enter(self, buffer: LogBuffer) -> None:
        if buffer.attempt_id not in self._waiting:
            self._waiting[buffer.attempt_id] = buffer
            self._nbytes += _BUFFER_BYTES

    def _say_dropped(self, *, at_once: bool = False) -> None:
        now = self._loop.time()
        with self._lock:
            if not self._dropped or not (at_once or now >= self._said_at + SAID_EVERY_S):
                return
            count, self._dropped, self._said_at = self._dropped, 0, now
        logging.getLogger(OWN_LOGGER).warning(
            "logs.dropped: %d log lines of tasks were dropped: lines that wait to be stored may take %d MiB in all;"
            " the log of each task says how many it lost, unless there was no room for that line",
            count,
            TOTAL_BYTES // limits.MIB,
        )

    def _wake(self, hurry: bool) -> None:
        if hurry:
            self._hurry.set()
        if self._task is None:
            self._task = executor_task(self._ship())  # seen: by _shipped
            self._task.add_done_callback(self._shipped)

    def _shipped(self, task: "asyncio.Task[None]") -> None:
        self._task = None
        if task.cancelled():
            return
        error = task.exception()
        if error is not None:
            logging.getLogger(OWN_LOGGER).error(
                "logs.shipping_failed: lines wait; tried again in %g s", AGAIN_S, exc_info=error
            )
            self._loop.call_later(AGAIN_S, self._wake, False)
        elif self._waiting:
            # A thread added lines after the last check, and woke a task that was ending.
            self._wake(hurry=False)

    async def _ship(self) -> None:
        pause_s = LINGER_S
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause_s):
                    await self._hurry.wait()
            self._hurry.clear()
            with self._lock:
                batch = [self._next(buffer) for buffer in list(self._waiting.values())[:FLIGHTS]]
            self._say_dropped(at_once=not batch)
            if not batch:
                return
            stored = await asyncio.gather(*(self._store(request) for request in batch))
            if all(stored):
                pause_s = 0.0 if len(batch) == FLIGHTS else LINGER_S
            else:
                pause_s = min(pause_s * 2 + 0.1, 5.0) * random.uniform(0.5, 1.0)

    def _next(self, buffer: LogBuffer) -> executor_service_pb2.AppendLogsRequest:
        if not buffer.lines:
            self._note_dropped(buffer)
        request = executor_service_pb2.AppendLogsRequest(task_id=buffer.task_id, attempt_id=buffer.attempt_id)
        size = 0
        for line in buffer.lines[: limits.BATCH_ITEMS]:
            size += line.ByteSize() + 8
            if request.lines and size > limits.BATCH_BYTES // 2:
                break
            request.lines.append(line)
        return request

    async def _store(self, request: executor_service_pb2.AppendLogsRequest) -> bool:
        """Send one batch of lines; False when it is to be tried again."""
        try:
            await self._send(request)
        except TryAgain:
            return False
        except AsyncTaskError as error:
            # The attempt is unknown or its lines cannot be stored: other lines must not wait behind them.
            logging.getLogger(OWN_LOGGER).warning("logs.refused: %s", error)
        with self._lock:
            buffer = self._waiting.pop(request.attempt_id)
            stored = sum(map(_cost, request.lines))
            del buffer.lines[: len(request.lines)]
            buffer.nbytes -= stored
            self._nbytes -= stored + _BUFFER_BYTES
            if buffer.dropped and not buffer.lines:
                self._note_dropped(buffer)
            elif buffer.lines:
                self._enter(buffer)  # behind the others: attempts that log without end do not delay them
        return True

    def _note_dropped(self, buffer: LogBuffer) -> None:
        """There is room again: add a line to the attempt's log about the dropped lines."""
        lines = "1 log line was" if buffer.dropped == 1 else f"{buffer.dropped} log lines were"
        line = task_pb2.LogLine(
            time=to_timestamp(time.time_ns() // 1000),
            stage=buffer.stage,
            message=f"{lines} dropped: more came than could be stored in time",
            logger="asynctask",
            attempt_id=buffer.attempt_id,
        )
        line.level = _level(logging.WARNING)
        line.sequence = buffer.sequence = buffer.sequence + 1
        buffer.dropped = 0
        self._wait(buffer, line)


def _cost(line: task_pb2.LogLine) -> int:
    """Memory that a line takes."""
    return line.ByteSize() + _LINE_BYTES


def _time(created_s: float) -> Timestamp:
    """The time of a log record; the present time if the record's is impossible."""
    if not 0 <= created_s <= _LAST_S:
        created_s = time.time()
    return to_timestamp(int(created_s * 1_000_000))


def _level(number: int) -> "task_pb2.LogLevel.ValueType":
    """The wire's level of a logging level: the highest that is not above it."""
    if number >= logging.ERROR:
        return task_pb2.LOG_LEVEL_ERROR
    if number >= logging.WARNING:
        return task_pb2.LOG_LEVEL_WARNING
    return task_pb2.LOG_LEVEL_INFO if number >= logging.INFO else task_pb2.LOG_LEVEL_DEBUG
