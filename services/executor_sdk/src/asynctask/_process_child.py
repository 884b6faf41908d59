"""The child's side of a process handler: runs the handler, its context calls going through a pipe."""

import logging
import os
import pickle
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from queue import SimpleQueue
from types import FrameType
from typing import Any, Final

from asynctask._attempt import Attempt, ProgressFacts
from asynctask._clock import Reading, SystemClock
from asynctask._failures import failed
from asynctask._items import ItemPage, ManifestCounts, NewItem
from asynctask._port import Change
from asynctask._stop import Stop, Stopped
from asynctask._thread_context import ThreadContext
from asynctask_core.states import ItemState
from asynctask_protos.task.v1 import work_pb2

PROGRESS_S: Final = 0.1
"""Progress goes through the pipe at most this often; the latest always does."""


@dataclass(frozen=True, slots=True)
class Start:
    """What the child is to do."""

    assignment: bytes
    handler: Callable[..., Any]
    stage: str
    config: Any
    arguments: tuple[Any, ...]
    timeout_ms: int
    flags: "Flags"
    lease: tuple[Reading, float] | None
    log_level: int


@dataclass(frozen=True, slots=True)
class Flags:
    """What is asked of the attempt now; parent to child."""

    requested: int
    draining: bool
    stop: Stop | None


@dataclass(frozen=True, slots=True)
class Call:
    """A call of the context's port; answered when it has a number."""

    method: str
    arguments: tuple[Any, ...]
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to the call of that number; parent to child."""

    number: int
    value: Any = None
    error: BaseException | None = None


@dataclass(frozen=True, slots=True)
class Log:
    """A log line."""

    level: int
    logger: str
    message: str
    created_s: float


@dataclass(frozen=True, slots=True)
class Ended:
    """The handler's end: a result, a failure (a serialized outcome), or that it was unwound."""

    result: Any = None
    failure: bytes = b""
    stopped: Stop | None = None


def run_child(connection: Connection, start: Start) -> None:
    """The child's main function."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C reaches the whole group; the parent decides
    signal.signal(signal.SIGTERM, _unwind)
    assignment = work_pb2.Assignment.FromString(start.assignment)
    attempt = LeasedByParent(assignment, start.lease)
    _set_flags(attempt, start.flags)
    port = attempt.port = PipePort(connection, attempt)
    logging.getLogger().addHandler(_PipeLog(port))
    logging.getLogger().setLevel(start.log_level)
    try:
        attempt.check_lease()
        context = ThreadContext[Any](port, attempt, start.stage, start.config, start.timeout_ms)
        result = start.handler(context, *start.arguments)
        context.push()
        end = Ended(result=result)
    except Stopped as stopped:
        end = Ended(stopped=stopped.stop)
    except BaseException as error:  # noqa: BLE001 - whatever it raises is its task's failure
        end = Ended(failure=failed(error, start.stage).SerializeToString())
    port.end(end, start.stage)


class LeasedByParent(Attempt):
    """The attempt in the child. Its parent renews the lease, and is asked when the one known here has run out: a parent
    that is frozen answers nothing, so nothing goes on here either.
    """

    port: "PipePort"

    def __init__(self, assignment: work_pb2.Assignment, lease: tuple[Reading, float] | None) -> None:
        clock = SystemClock()
        super().__init__(assignment, clock.read(), None if lease is None else clock)
        if lease is not None:
            self.lease_from, self.lease_ms = lease

    @property
    def fenced(self) -> bool:
        if not super().fenced:
            return False
        lease = self.port.lease()
        if lease is not None:
            self.lease_from, self.lease_ms = lease
        return super().fenced


def _unwind(number: int, frame: FrameType | None) -> None:
    """SIGTERM unwinds the handler, so that it can clean up; SIGKILL follows."""
    del number, frame
    raise Stopped(Stop.CANCEL)


def _set_flags(attempt: Attempt, flags: Flags) -> None:
    attempt.requested, attempt.draining = flags.requested, flags.draining
    if flags.stop is not None:
        attempt.stop = flags.stop


class PipePort:
    """The context's port in the child."""

    def __init__(self, connection: Connection, attempt: Attempt) -> None:
        self._connection = connection
        self._attempt = attempt
        self._sending = threading.Lock()
        self._calling = threading.Lock()
        self._answers: SimpleQueue[Answer] = SimpleQueue()
        self._asked = 0
        self._reported_s = 0.0
        threading.Thread(target=self._receive, name="asynctask-pipe", daemon=True).start()

    def report(self, facts: ProgressFacts) -> None:
        self._attempt.progress = facts
        now = time.monotonic()
        if now - self._reported_s >= PROGRESS_S:
            self._reported_s = now
            self._post("report", facts)

    def store_checkpoint(self, value: Any) -> None:
        self._push_progress()
        self._ask("store_checkpoint", value)

    def stopping(self, stop: Stop) -> None:
        self._post("stopping", stop)

    def lease(self) -> tuple[Reading, float] | None:
        """The lease as the parent knows it; waits as long as the parent is frozen."""
        lease: tuple[Reading, float] | None = self._ask("lease")
        return lease

    def extend(self, manifest: str, items: Sequence[NewItem]) -> int:
        first: int = self._ask("extend", manifest, items)
        return first

    def reset(self, manifest: str) -> None:
        self._ask("reset", manifest)

    def seal(self, manifest: str) -> None:
        self._ask("seal", manifest)

    def counts(self, manifest: str) -> ManifestCounts:
        counts: ManifestCounts = self._ask("counts", manifest)
        return counts

    def flush(self) -> None:
        self._ask("flush")

    def read(self, manifest: str, after: int, states: Sequence[ItemState]) -> ItemPage:
        page: ItemPage = self._ask("read", manifest, after, states)
        return page

    def mark(self, manifest: str, change: Change, message: str | None) -> None:
        self._post("mark", manifest, change, message)

    def advance(self, manifest: str, amount: int, message: str | None) -> None:
        self._post("advance", manifest, amount, message)

    def log(self, line: Log) -> None:
        """Send a log line."""
        self._send(line)

    def end(self, end: Ended, stage: str) -> None:
        """Say how the handler ended, after its last progress."""
        self._push_progress()
        try:
            self._send(end)
        except (pickle.PicklingError, TypeError, AttributeError) as error:
            # The result itself cannot travel.
            self._send(Ended(failure=failed(error, stage).SerializeToString()))

    def _push_progress(self) -> None:
        facts = self._attempt.progress
        if facts is not None:
            self._post("report", facts)

    def _ask(self, method: str, *arguments: Any) -> Any:
        with self._calling:
            self._asked += 1
            self._send(Call(method, arguments, self._asked))
            # A call that SIGTERM unwound may still be answered: that is not what is waited for here.
            while (answer := self._answers.get()).number != self._asked:
                pass
        if answer.error is not None:
            raise answer.error
        return answer.value

    def _post(self, method: str, *arguments: Any) -> None:
        self._send(Call(method, arguments))

    def _send(self, message: Any) -> None:
        with self._sending:
            self._connection.send(message)

    def _receive(self) -> None:
        try:
            while True:
                message = self._connection.recv()
                if isinstance(message, Flags):
                    _set_flags(self._attempt, message)
                else:
                    self._answers.put(message)
        except (EOFError, OSError):
            # The parent is dead: the lease ends, and nothing may be done under it any more.
            os._exit(1)


class _PipeLog(logging.Handler):
    """Sends the child's log lines to the parent, which keeps them with the task."""

    def __init__(self, port: PipePort) -> None:
        super().__init__()
        self._port = port
        self.setFormatter(logging.Formatter("%(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._port.log(Log(record.levelno, record.name, self.format(record), record.created))
        except Exception:  # noqa: BLE001 - logging's own rule: it never breaks what it logs
            self.handleError(record)
