"""Handlers in processes of their own: a pipe carries their context's calls, and they can be killed.

The child is spawned, never forked: gRPC's threads do not survive a fork. It runs the handler with a `ThreadContext`
whose port is the pipe; the parent executes each call on the port that thread handlers use. When the attempt must stop,
the child is asked to stop (its next context call raises), then terminated (SIGTERM unwinds it), then killed, together
with everything that it started (`handler_process`).
"""

import asyncio
import logging
import pickle
import signal
import threading
import time
from queue import SimpleQueue
from typing import Any, Final

from asynctask import _argument_checks
from asynctask._attempt.attempt import Attempt
from asynctask._attempt.stop import AttemptStopped, Stop
from asynctask._forks import forks_held_back
from asynctask._handler.failures import failed_by_us
from asynctask._handler.handler_process import ProcessEnd, handler_process
from asynctask._handler.port import METHODS, LoopPort
from asynctask._handler.process_end import death_text, outside_text
from asynctask._handler.process_messages import (
    Flags,
    HandlerEnd,
    HandlerStart,
    Log,
    PortAnswer,
    PortCall,
    StrangeMessage,
)
from asynctask._handler.threads import HandlerNotStarted, start_thread
from asynctask._task import Stage
from asynctask.errors import FieldViolation, HandlerError, InvalidInput
from asynctask_core.ids import id_text
from asynctask_core.lease import END_AFTER, STOP_AT
from asynctask_core.printable import one_line
from asynctask_protos.task.v1 import work_pb2

TERMINATE_AFTER_S: Final = 1.0
"""How long a child that was asked to stop may go on before SIGTERM."""
KILL_AFTER_S: Final = 2.0
"""How long it may then take to clean up before SIGKILL."""
DRAIN_FOLLOWS_S: Final = 2.0
"""A SIGTERM that no executor asked for is part of a drain that begins within this time: service managers signal all
processes of a service at once, and the executor may be the last to see it."""

_log = logging.getLogger("asynctask.executor")


class RemoteFailure(Exception):
    """The handler failed in its process; `outcome` says how."""

    def __init__(self, outcome: work_pb2.OutcomeEvent) -> None:
        super().__init__(outcome.failure.message)
        self.outcome: work_pb2.OutcomeEvent = outcome


class ChildHandler:
    """One handler in a process."""

    def __init__(
        self, port: LoopPort, attempt: Attempt, stage: Stage, config: Any, arguments: tuple[Any, ...]
    ) -> None:
        self._port = port
        self._attempt = attempt
        self._loop = asyncio.get_running_loop()
        # Pickled, in their order; None is the last.
        self._outgoing: SimpleQueue[bytes | None] = SimpleQueue()
        self._start = HandlerStart(
            attempt.assignment.SerializeToString(),
            stage.handler,
            stage.name,
            config,
            arguments,
            stage.timeout_ms,
            Flags.of(attempt),
            attempt.lease,
            min(logging.getLogger().getEffectiveLevel(), logging.INFO),
        )
        try:
            self._process = handler_process(stage.name)
        except OSError as error:
            raise _not_started(error) from error
        self._asked = threading.Event()
        self._ladder: asyncio.TimerHandle | None = None
        self._ended = False
        self._fenced = False

    def run(self) -> Any:
        """Start the child and serve its calls to its end. In a thread of its own.

        Raises:
            HandlerNotStarted: this executor has no room for it.
            AttemptStopped: the executor unwound or killed it, or a SIGTERM that came with a drain ended it.
            RemoteFailure: the handler raised, or its process died.
            StrangeMessage: its process sent a message that no context of a handler sends.
        """
        try:
            end = self._serve()
        except BaseException:
            self._killed()
            raise
        finally:
            self._ended = True
            self._loop.call_soon_threadsafe(self._end_ladder)
        ended_s = time.monotonic()
        process = self._process.wait(KILL_AFTER_S) or self._killed()
        self._warn_of_left(process)
        if end is None:
            raise self._died(process, ended_s)
        if end.terminated_s is not None and (end.stopped is not None or end.failure):
            raise self._terminated(end, process)
        if end.stopped is not None:
            raise AttemptStopped(end.stopped)
        if end.failure:
            raise RemoteFailure(work_pb2.OutcomeEvent.FromString(end.failure))
        return end.result

    def tell(self) -> None:
        """Send the child the present requests for the attempt. From any thread; does not wait."""
        self._send(Flags.of(self._attempt))
        if self._is_asked:
            self._asked.set()

    def stop(self) -> None:
        """Stop the child: send the request at once, then SIGTERM, then SIGKILL. On the loop."""
        self.tell()
        self._port.release(self._attempt.stop or Stop.CANCEL)
        if self._ladder is None:
            urgent = self._attempt.stop in {Stop.FENCED, Stop.LOST}
            self._ladder = self._loop.call_later(0.0 if urgent else TERMINATE_AFTER_S, self._terminate)

    def renewed(self) -> None:
        """The lease was renewed: tell how long the process may go on if this executor freezes. From any thread."""
        lease = self._attempt.lease
        if lease is not None:
            since, lease_ms = lease
            self._process.lease(since, lease_ms * (STOP_AT + END_AFTER / 2))

    def fence(self) -> None:
        """End the process now, and the waits of all its calls. From any thread."""
        self._fenced = True
        self.kill()
        self._port.release(Stop.FENCED)

    def kill(self) -> None:
        """End the process, and everything that it started, now. From any thread."""
        self._process.kill()

    def _terminate(self) -> None:
        if not self._ended:
            self._process.terminate()
        self._ladder = self._loop.call_later(KILL_AFTER_S, self._kill_deaf)

    def _kill_deaf(self) -> None:
        """Kill it after its time to clean up, and log why the clean-up is not finished."""
        if not self._ended:
            _log.warning(
                "process.killed: the handler of task %s in stage %s had not ended %g s after SIGTERM: it was killed"
                " with everything that it started; let it end sooner, or look at ctx.should_stop in its loops",
                id_text(self._attempt.task_id),
                one_line(self._attempt.stage),
                KILL_AFTER_S,
            )
        self.kill()

    def _end_ladder(self) -> None:
        if self._ladder is not None:
            self._ladder.cancel()

    def _killed(self) -> ProcessEnd:
        self.kill()
        end = self._process.wait(None)
        assert end is not None
        return end

    def _serve(self) -> HandlerEnd | None:
        """Execute the child's calls; returns its end, None when it died without that message."""
        sender = threading.Thread(target=self._send_all, name="asynctask-pipe", daemon=True)
        try:
            self.renewed()
            try:
                self._process.start(self._start)
            except OSError as error:
                raise _not_started(error) from error
            except (pickle.PicklingError, AttributeError, TypeError) as error:
                raise _not_handed_over(self._start, error) from error
            start_thread(sender)
            for message in self._process.messages():
                if isinstance(message, HandlerEnd):
                    return message
                if isinstance(message, Log):
                    _log_again(message)
                elif isinstance(message, PortCall):
                    self._execute(message)
            return None
        finally:
            self._hang_up(sender)

    def _died(self, process: ProcessEnd, ended_s: float) -> AttemptStopped | RemoteFailure:
        """The error for a process that ended without a `HandlerEnd`."""
        stop = self._attempt.stop or (Stop.FENCED if self._fenced or self._attempt.fenced else None)
        if stop is not None:
            return AttemptStopped(stop)
        if process.code == -signal.SIGTERM and self._is_drain(ended_s):
            return AttemptStopped(self._attempt.stop or Stop.DRAIN)
        return self._failed(death_text(process))

    def _terminated(self, end: HandlerEnd, process: ProcessEnd) -> AttemptStopped | RemoteFailure:
        """The error for a handler that SIGTERM unwound, or that failed after one."""
        assert end.terminated_s is not None
        if self._attempt.stop is not None or self._is_drain(end.terminated_s):
            return AttemptStopped(self._attempt.stop or Stop.DRAIN)
        if end.failure:
            return RemoteFailure(work_pb2.OutcomeEvent.FromString(end.failure))
        return self._failed(outside_text(process))

    def _is_drain(self, terminated_s: float) -> bool:
        """Whether the executor stops the attempt, or does so soon after, so that both have one cause."""
        left_s = terminated_s + DRAIN_FOLLOWS_S - time.monotonic()
        return self._is_asked or self._asked.wait(max(left_s, 0.0))

    @property
    def _is_asked(self) -> bool:
        return self._attempt.draining or self._attempt.stop is not None

    def _failed(self, text: str) -> RemoteFailure:
        return RemoteFailure(failed_by_us(HandlerError(text), self._attempt.stage))

    def _warn_of_left(self, process: ProcessEnd) -> None:
        if process.unreachable:
            _log.warning(
                "process.left_running: the handler of task %s left %d processes of another user, such as those of sudo,"
                " which the executor has no permission to end",
                id_text(self._attempt.task_id),
                process.unreachable,
            )

    def _execute(self, call: PortCall) -> None:
        if call.method not in METHODS:
            raise StrangeMessage(
                f"the handler's process called {_argument_checks.shown(call.method)} of its executor"
            )
        value: Any = None
        failure: BaseException | None = None
        try:
            value = getattr(self._port, call.method)(*call.arguments)
        except (Exception, AttemptStopped) as error:  # noqa: BLE001 - raised again in the child
            failure = error
        if call.number is not None:
            self._send(PortAnswer(call.number, value, failure))

    def _send(self, message: Flags | PortAnswer) -> None:
        """Send a message after all earlier ones. Does not wait: a child that is frozen or swapped out reads nothing."""
        self._outgoing.put(pickle.dumps(message))

    def _send_all(self) -> None:
        """In a thread of its own, since only that may wait until the child reads."""
        try:
            while (message := self._outgoing.get()) is not None:
                self._process.connection.send_bytes(message)
        except OSError:
            pass  # the child has ended; `_serve` sees that

    def _hang_up(self, sender: threading.Thread) -> None:
        """Close the pipe, which ends what is left of the child; never in the middle of a message."""
        self._outgoing.put(None)
        if sender.ident is not None:
            sender.join(KILL_AFTER_S)
            if sender.is_alive():
                self.kill()  # it has sent its end, but does not read
                self._process.cut_off()  # nor does a process that cannot be ended and holds the pipe
                sender.join()
        with forks_held_back():
            self._process.connection.close()


def _not_started(error: OSError) -> HandlerNotStarted:
    return HandlerNotStarted("a process of the handler", error)


def _not_handed_over(start: HandlerStart, error: Exception) -> InvalidInput:
    """The error for a value that pickle cannot pass to a process: a fault of the program, which no retry mends."""
    for field, value in (("config", start.config), ("input", start.arguments)):
        try:
            pickle.dumps(value)
        except Exception as found:  # noqa: BLE001 - whatever the value's own code raises
            text = f"must be something that pickle can hand to a process; got {_argument_checks.shown(value)} ({found})"
            return InvalidInput([FieldViolation(f"stage {start.stage}: {field}", text)])
    return InvalidInput([FieldViolation(f"stage {start.stage}", f"cannot be handed to a process: {error}")])


def _log_again(message: Log) -> None:
    """Log a line of the child again, in the thread whose lines are kept with the task."""
    logging.getLogger().handle(
        logging.makeLogRecord(
            {
                "name": message.logger,
                "levelno": message.level,
                "levelname": logging.getLevelName(message.level),
                "msg": message.message,
                "created": message.created_s,
            }
        )
    )
