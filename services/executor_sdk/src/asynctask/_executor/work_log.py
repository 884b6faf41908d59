"""The executor's log lines about the start and the end of each task; under load only some of them.

On an idle machine a line takes a quarter of a millisecond, and no handler must wait for that. So `task.started` is
written after the handler's first step; a handler that ends the process in that step leaves no line.
"""

import asyncio
import logging
import time
from collections import Counter
from typing import Final

from asynctask._attempt.attempt import Attempt
from asynctask._handler.failures import ON_PURPOSE
from asynctask.errors import HandlerError
from asynctask_core.ids import id_text
from asynctask_core.printable import one_line
from asynctask_protos.task.v1 import state_pb2, task_pb2, work_pb2

_log = logging.getLogger("asynctask.executor")

LINES: Final = 20
"""Lines a second about tasks that go well, and as many about failures; the others are counted."""
_WINDOW_S: Final = 1.0
_SHOWN_CHARS: Final = 200
"""Length of a failure's message in the log; the task keeps all of it."""
_WORDS: Final = {
    state_pb2.ATTEMPT_RESULT_SUCCESS: "completed",
    state_pb2.ATTEMPT_RESULT_FAILED: "failed",
    state_pb2.ATTEMPT_RESULT_PAUSED: "paused",
    state_pb2.ATTEMPT_RESULT_CANCELLED: "cancelled",
    state_pb2.ATTEMPT_RESULT_RELEASED: "given back",
}


class WorkLog:
    """Logs when tasks start and end. A task whose lines are left out costs a few counters."""

    def __init__(self) -> None:
        self._window_ends_s = 0.0
        self._full_until_s = 0.0
        """Until then, tasks that go well are counted, and get no line."""
        self._lines = {logging.INFO: 0, logging.WARNING: 0}
        self._left_out: Counter[str] = Counter()
        self._unsaid: list[tuple[Attempt, str]] = []
        """Attempts that have begun, with their first stage; their lines are written in the loop's next turn."""
        self._timer: asyncio.TimerHandle | None = None

    def started(self, attempt: Attempt) -> None:
        """A task's attempt begins."""
        attempt.began_s = now = time.monotonic()
        if now < self._full_until_s:
            self._left_out["started"] += 1
        elif self._may_say(logging.INFO, "started"):
            if not self._unsaid:
                asyncio.get_running_loop().call_soon(self._say_started)
            self._unsaid.append((attempt, attempt.assignment.stage))

    def ended(self, attempt: Attempt, outcome: work_pb2.OutcomeEvent | None) -> None:
        """A task's attempt has ended; without an outcome it was lost."""
        if self._unsaid:
            self._say_started()  # its end must not come first
        word = "lost" if outcome is None else _WORDS.get(outcome.result, "ended")
        if word == "completed" and time.monotonic() < self._full_until_s:
            self._left_out[word] += 1
            return
        if outcome is not None and outcome.HasField("failure"):
            if self._may_say(logging.WARNING, word):
                _log_failure(attempt, outcome.failure, "failed" if word == "failed" else "postponed")
        elif self._may_say(logging.INFO, word):
            _log.info(
                "task.ended: %s of type %s: %s after %s",
                id_text(attempt.task_id),
                one_line(attempt.assignment.task_type),
                word,
                _duration(attempt),
            )

    def flush(self) -> None:
        """Log how many lines were left out so far."""
        self._say_started()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
            self._full_until_s = 0.0  # the next line that is left out starts the timer again
        if self._left_out:
            what = ", ".join(f"{word} {count}" for word, count in sorted(self._left_out.items()))
            _log.info("tasks.left_out: lines not shown since they came too fast: %s", what)
            self._left_out.clear()

    def _say_started(self) -> None:
        begun, self._unsaid = self._unsaid, []
        for attempt, stage in begun:
            assignment = attempt.assignment
            _log.info(
                "task.started: %s of type %s%s%s",
                id_text(attempt.task_id),
                one_line(assignment.task_type),
                f" in stage {one_line(stage)}" if stage else "",
                f", attempt {assignment.epoch}" if assignment.epoch > 1 else "",
            )

    def _may_say(self, level: int, word: str) -> bool:
        """Whether there is room for a line now; it is counted otherwise."""
        if not _log.isEnabledFor(level):
            return False
        now = time.monotonic()
        if now >= self._window_ends_s:
            self._window_ends_s = now + _WINDOW_S
            self._lines[logging.INFO] = self._lines[logging.WARNING] = 0
        self._lines[level] += 1
        if self._lines[level] <= LINES:
            return True
        self._left_out[word] += 1
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_WINDOW_S, self.flush)
        if level == logging.INFO:
            self._full_until_s = self._window_ends_s
        return False


def span_words(seconds: float) -> str:
    """A duration for people: `20 ms`, `1.5 s`, `2 min 5 s`, `3 h 20 min`."""
    if seconds < 0.0995:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 59.95:
        return f"{seconds:.1f}".removesuffix(".0") + " s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min {rest} s"


def _duration(attempt: Attempt) -> str:
    return span_words(time.monotonic() - attempt.began_s)


def _log_failure(attempt: Attempt, failure: task_pb2.Failure, what: str) -> None:
    """Log a failure in one line, and its traceback below unless the handler raised it on purpose."""
    name, trace = failure.error_type or failure.reason, failure.traceback.rstrip()
    if failure.error_type in ON_PURPOSE:
        name, trace = "" if failure.reason == HandlerError.reason else failure.reason, ""
    message = " ".join(failure.message[: 2 * _SHOWN_CHARS].split())
    _log.warning(
        "attempt.%s: after %s, task %s of type %s in stage %s: %s%s%s",
        what,
        _duration(attempt),
        id_text(attempt.task_id),
        one_line(attempt.assignment.task_type),
        one_line(failure.stage),
        f"{one_line(name)}: " if name else "",
        one_line(message if len(message) <= _SHOWN_CHARS else message[: _SHOWN_CHARS - 1] + "…"),
        f"\n{trace}" if trace else "",
    )
