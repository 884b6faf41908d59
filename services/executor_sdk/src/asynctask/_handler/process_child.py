"""The child's side of a process handler: runs the handler, its context calls going through a pipe."""

import logging
import signal
from multiprocessing.connection import Connection
from typing import Any

from asynctask._argument_checks import plain_text
from asynctask._attempt.attempt import Attempt
from asynctask._attempt.clock import ClockReading, SystemClock
from asynctask._attempt.stop import AttemptStopped
from asynctask._forks import called, undone_in_children
from asynctask._handler.failures import failed
from asynctask._handler.guarded_log import KeptLogHandler
from asynctask._handler.pipe_port import PipePort
from asynctask._handler.process_messages import HandlerEnd, HandlerStart, Log
from asynctask._handler.thread_context import ThreadContext
from asynctask._task import HandlerKind, Stage
from asynctask_protos.task.v1 import work_pb2


def run_child(connection: Connection, start: HandlerStart) -> None:
    """The child's main function."""
    assignment = work_pb2.Assignment.FromString(start.assignment)
    attempt = LeasedByParent(assignment, start.lease)
    start.flags.apply(attempt)
    port = attempt.port = PipePort(connection, attempt)
    log = _PipeLog(port)
    log.attach()
    logging.getLogger().setLevel(start.log_level)

    def undo() -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        log.detach()
        connection.close()

    with undone_in_children(undo):
        _run_handler(port, attempt, start)


def _run_handler(port: PipePort, attempt: "LeasedByParent", start: HandlerStart) -> None:
    try:
        try:
            signal.signal(signal.SIGTERM, port.unwind)
            attempt.check_lease()
            context = ThreadContext[Any](port, attempt, start.stage, start.config, start.timeout_ms)
            try:
                result = called(start.handler, context, *start.arguments)
            finally:
                context.join()
            context.push()
            # Encoded here: JSON text is sent, so the result is never pickled.
            stage = Stage(start.stage, start.handler, HandlerKind.PROCESS, 1.0, 0, takes_input=True)
            end = HandlerEnd(result=stage.written(result))
        finally:
            port.handler_ended()  # from here on no SIGTERM prevents the end message
    except AttemptStopped as stopped:
        end = HandlerEnd(stopped=stopped.stop)
    except BaseException as error:  # noqa: BLE001 - any error fails its task
        end = HandlerEnd(failure=failed(error, start.stage).SerializeToString())
    port.end(end, start.stage)


class LeasedByParent(Attempt):
    """The attempt in the child. Its parent renews the lease, and is asked when the one known here is too old: a
    frozen parent does not answer, so the handler does not go on either.
    """

    port: PipePort

    def __init__(self, assignment: work_pb2.Assignment, lease: tuple[ClockReading, float] | None) -> None:
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


class _PipeLog(KeptLogHandler):
    """Sends the child's log lines to the parent, which keeps them with the task."""

    def __init__(self, port: PipePort) -> None:
        super().__init__()
        self._port = port
        self.setFormatter(logging.Formatter("%(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        try:
            name, message = plain_text(record.name), plain_text(self.format(record))
            self._port.log(Log(int(record.levelno), name, message, float(record.created)))
        except Exception:  # noqa: BLE001 - logging's own rule: it never breaks what it logs
            self.handleError(record)
