"""Handlers in processes of their own: a pipe carries their context's calls, and they can be killed.

The child is spawned, never forked: gRPC's threads do not survive a fork. It runs the handler with a `ThreadContext`
whose port is the pipe; the parent executes each call on the port that thread handlers use. When the attempt must stop,
the child is told (its next context call raises), then terminated (SIGTERM unwinds it), then killed.
"""

import asyncio
import logging
import multiprocessing
import pickle
import signal
import threading
from queue import SimpleQueue
from typing import Any, Final

from asynctask._attempt.attempt import Attempt
from asynctask._attempt.stop import Stop, Stopped
from asynctask._handler.failures import failed_by_us
from asynctask._handler.port import LoopPort
from asynctask._handler.process_child import run_child
from asynctask._handler.process_messages import Answer, Call, Ended, Flags, Log, Start
from asynctask._task import Stage
from asynctask.errors import HandlerError
from asynctask_protos.task.v1 import work_pb2

TERMINATE_AFTER_S: Final = 1.0
"""How long a child that was told to stop may go on before SIGTERM."""
KILL_AFTER_S: Final = 2.0
"""How long it may then take to clean up before SIGKILL."""
KILLED: Final = -9
"""Exit code of a process that SIGKILL ended, by a number since Windows has no such signal."""


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
        self._connection, self._theirs = multiprocessing.Pipe()
        start = Start(
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
        self._process = multiprocessing.get_context("spawn").Process(
            target=run_child, args=(self._theirs, start), name=f"asynctask-{stage.name}", daemon=True
        )
        self._ladder: asyncio.TimerHandle | None = None
        self._ended = False
        self._fenced = False

    def run(self) -> Any:
        """Start the child and serve its calls to its end. In a thread of its own.

        Raises:
            Stopped: it was unwound, killed by us, or terminated before it took signals.
            RemoteFailure: the handler raised, or its process died.
        """
        sender = threading.Thread(target=self._send_all, name="asynctask-pipe", daemon=True)
        sender.start()
        try:
            self._process.start()
            self._theirs.close()
            end = self._serve()
        finally:
            self._ended = True
            self._loop.call_soon_threadsafe(self._end_ladder)
            self._hang_up(sender)
        self._process.join(KILL_AFTER_S)
        self.kill()
        if end is None:
            self._process.join()
            raise self._died()
        if end.stopped is not None:
            raise Stopped(end.stopped)
        if end.failure:
            raise RemoteFailure(work_pb2.OutcomeEvent.FromString(end.failure))
        return end.result

    def tell(self) -> None:
        """Tell the child what is asked of the attempt now. From any thread; does not wait."""
        self._send(Flags.of(self._attempt))

    def stop(self) -> None:
        """Stop the child: told at once, terminated, then killed. On the loop."""
        self.tell()
        self._port.release(self._attempt.stop or Stop.CANCEL)
        if self._ladder is None:
            urgent = self._attempt.stop in {Stop.FENCED, Stop.LOST}
            self._ladder = self._loop.call_later(0.0 if urgent else TERMINATE_AFTER_S, self._terminate)

    def fence(self) -> None:
        """End the process now, and the wait for whatever it asked for. From any thread."""
        self._fenced = True
        self.kill()
        self._port.release(Stop.FENCED)

    def kill(self) -> None:
        """End the process now. From any thread."""
        if self._process.pid is not None:
            self._process.kill()

    def _terminate(self) -> None:
        if self._process.pid is not None and not self._ended:
            self._process.terminate()
        self._ladder = self._loop.call_later(KILL_AFTER_S, self.kill)

    def _end_ladder(self) -> None:
        if self._ladder is not None:
            self._ladder.cancel()

    def _serve(self) -> Ended | None:
        """Execute the child's calls; gives its end, None when it died without a word."""
        shipped = logging.getLogger()
        while True:
            try:
                message: object = self._connection.recv()
            except (EOFError, OSError):
                return None
            if isinstance(message, Ended):
                return message
            if isinstance(message, Log):
                record = logging.makeLogRecord(
                    {
                        "name": message.logger,
                        "levelno": message.level,
                        "levelname": logging.getLevelName(message.level),
                        "msg": message.message,
                        "created": message.created_s,
                    }
                )
                shipped.handle(record)
            elif isinstance(message, Call):
                self._execute(message)

    def _died(self) -> Stopped | RemoteFailure:
        """What it means that the process ended without a word."""
        code = self._process.exitcode
        stop = self._attempt.stop or (Stop.FENCED if self._fenced else None)
        if stop is not None or code == -signal.SIGTERM:
            return Stopped(stop or Stop.DRAIN)
        text = f"the handler's process ended with exit code {code}"
        if code == KILLED:
            text += ": it was killed, perhaps because the machine had no memory left"
        return RemoteFailure(failed_by_us(HandlerError(text), self._attempt.stage))

    def _execute(self, call: Call) -> None:
        value: Any = None
        failure: BaseException | None = None
        try:
            value = getattr(self._port, call.method)(*call.arguments)
        except (Exception, Stopped) as error:  # noqa: BLE001 - raised again in the child
            failure = error
        if call.number is not None:
            self._send(Answer(call.number, value, failure))

    def _send(self, message: Flags | Answer) -> None:
        """Send it after everything before it. Does not wait: a child that is frozen or swapped out reads nothing."""
        self._outgoing.put(pickle.dumps(message))

    def _send_all(self) -> None:
        """In a thread of its own, since only that may wait until the child reads."""
        try:
            while (message := self._outgoing.get()) is not None:
                self._connection.send_bytes(message)
        except OSError:
            pass  # the child has ended; whoever serves its calls sees that

    def _hang_up(self, sender: threading.Thread) -> None:
        """Close the pipe, which ends what is left of the child; never in the middle of a message."""
        self._outgoing.put(None)
        sender.join(KILL_AFTER_S)
        if sender.is_alive():
            self.kill()  # it has said its last word, but does not read ours
            sender.join()
        self._connection.close()
