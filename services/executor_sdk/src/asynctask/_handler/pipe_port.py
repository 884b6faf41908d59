"""The context's port in a handler's process: every call goes through the pipe."""

import os
import pickle
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from multiprocessing.connection import Connection
from queue import SimpleQueue
from types import FrameType
from typing import Any, Final

from asynctask._attempt.attempt import Attempt, ProgressFacts
from asynctask._attempt.clock import ClockReading
from asynctask._attempt.pending_warnings import About
from asynctask._attempt.stop import AttemptStopped, Stop
from asynctask._forks import refuse_in_child
from asynctask._handler.failures import failed
from asynctask._handler.item_run import ItemRun
from asynctask._handler.items import ItemInfo, ItemPage, ManifestCounts
from asynctask._handler.port import Change
from asynctask._handler.process_messages import Flags, HandlerEnd, Log, PortAnswer, PortCall
from asynctask_core.states import ItemState

PROGRESS_S: Final = 0.1
"""Progress goes through the pipe at most this often; the latest is always sent."""


class PipePort:
    """The context's port in the child."""

    def __init__(self, connection: Connection, attempt: Attempt) -> None:
        self._connection = connection
        self._attempt = attempt
        # Reentrant: a garbage collection in this thread may run code of the handler, which may log or report as well.
        self._sending = threading.RLock()
        self._unsent: deque[bytes] = deque()
        self._is_sending = False
        self._calling = threading.Lock()
        self._answers: SimpleQueue[PortAnswer] = SimpleQueue()
        self._asked = 0
        self._reported_s = 0.0
        # Used by the main thread only: no other one takes signals.
        self._terminated_s: float | None = None
        self._unwinds = True
        self._in_message = False
        self._has_ended = False
        threading.Thread(target=self._receive, name="asynctask-pipe", daemon=True).start()

    def unwind(self, number: int, frame: FrameType | None) -> None:
        """SIGTERM unwinds the handler, once, so that it can clean up; SIGKILL follows.

        Not in the middle of a message: the reader would take the next bytes for the rest of it.
        """
        del number, frame
        self._terminated_s = self._terminated_s or time.monotonic()
        if not self._in_message:
            self._raise_if_terminated()

    def handler_ended(self) -> None:
        """Note that the handler has ended: SIGTERM unwinds nothing any more."""
        self._unwinds = False

    def report(self, facts: ProgressFacts) -> None:
        self._attempt.progress = facts
        now = time.monotonic()
        if now - self._reported_s >= PROGRESS_S:
            self._reported_s = now
            self._post("report", facts)

    def warn(self, code: str, text: str, count: int, about: About) -> None:
        self._post("warn", code, text, count, about)

    def store_checkpoint(self, checkpoint: bytes, about: About) -> None:
        self._push_progress()
        self._ask("store_checkpoint", checkpoint, about)

    def stopping(self, stop: Stop) -> None:
        self._post("stopping", stop)

    def lease(self) -> tuple[ClockReading, float] | None:
        """The lease as the parent knows it; waits as long as the parent is frozen."""
        lease: tuple[ClockReading, float] | None = self._ask("lease")
        return lease

    def extend(self, manifest: str, run: ItemRun) -> int:
        first: int = self._ask("extend", manifest, run)
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
        item, before, state, error = change
        self._post("mark", manifest, (_bare(item), before, state, error), message)

    def mark_all(self, manifest: str, items: Sequence[ItemInfo], state: ItemState) -> None:
        self._post("mark_all", manifest, [_bare(item) for item in items], state)

    def advance(self, manifest: str, amount: int, message: str | None) -> None:
        self._post("advance", manifest, amount, message)

    def log(self, line: Log) -> None:
        """Send a log line."""
        self._send(line)

    def end(self, end: HandlerEnd, stage: str) -> None:
        """Send how the handler ended, after its last progress."""
        self._push_progress()
        self._has_ended = True
        end = replace(end, terminated_s=self._terminated_s)
        try:
            self._send(end)
        except (pickle.PicklingError, TypeError, AttributeError) as error:
            # The result itself cannot be sent.
            failure = failed(error, stage).SerializeToString()
            self._send(HandlerEnd(failure=failure, terminated_s=self._terminated_s))

    def _push_progress(self) -> None:
        facts = self._attempt.progress
        if facts is not None:
            self._post("report", facts)

    def _ask(self, method: str, *arguments: Any) -> Any:
        with self._calling:
            self._asked += 1
            self._send(PortCall(method, arguments, self._asked))
            # Skip the answer to an earlier call, which SIGTERM unwound.
            while (answer := self._answers.get()).number != self._asked:
                pass
        if answer.error is not None:
            raise answer.error
        return answer.value

    def _post(self, method: str, *arguments: Any) -> None:
        self._send(PortCall(method, arguments))

    def _send(self, message: Any) -> None:
        refuse_in_child("the context of a handler")
        self._unsent.append(pickle.dumps(message))
        is_main = threading.current_thread() is threading.main_thread()
        with self._sending:
            if self._is_sending:
                return  # in the middle of another message: this one follows it
            self._is_sending = True
            if is_main:
                self._in_message = True
            try:
                while self._unsent:
                    self._connection.send_bytes(self._unsent.popleft())
            finally:
                self._is_sending = False
                if is_main:
                    self._in_message = False
        if is_main:
            self._raise_if_terminated()

    def _raise_if_terminated(self) -> None:
        if self._terminated_s is not None and self._unwinds:
            self._unwinds = False
            # If no executor requested it, the parent finds out whether a drain follows.
            raise AttemptStopped(self._attempt.stop or Stop.DRAIN)

    def _receive(self) -> None:
        try:
            while True:
                message = self._connection.recv()
                if isinstance(message, Flags):
                    message.apply(self._attempt)
                else:
                    self._answers.put(message)
        except BaseException:  # noqa: BLE001 - also what other code raises in this thread
            if not self._has_ended:
                # Either the parent is dead: the lease ends, and the handler must not go on. Or this thread has failed:
                # the handler would wait for ever for answers that no thread reads.
                os._exit(1)


def _bare(item: ItemInfo) -> ItemInfo:
    """The parts of a marked item that the parent needs. The handler may have changed its data."""
    return ItemInfo(item.position, b"", item.size, item.state, "", None)
