"""A stage's timeout: stops the handler, and logs when the handler does not stop."""

import asyncio
import logging
from typing import Final

from asynctask._attempt.attempt import Attempt
from asynctask._attempt.stop import Stop
from asynctask._executor.work_log import span_words
from asynctask._task import HandlerKind, Stage
from asynctask_core.ids import id_text

_log = logging.getLogger("asynctask.executor")

UNWIND_S: Final = 1.0
"""How long a handler may take to end after its timeout before the log says that it goes on."""
_HOW_IT_STOPS: Final = {
    HandlerKind.THREAD: "a thread is stopped at its next progress, checkpoint or safe point, and one that calls none"
    " runs to its end; a process (process=True) can be ended at any time",
    HandlerKind.ASYNC: "an async handler is stopped at its next await, unless it blocks the event loop or catches"
    " CancelledError",
}
"""Handlers that cannot be forced to end."""


def overrun_words(stage: Stage, ran_s: float) -> str:
    """The limit that a stage exceeded, and the time after which it ended, as text."""
    limit, ran = span_words(stage.timeout_ms / 1000), span_words(ran_s)
    return (
        f"stage {stage.name!r} ran longer than its timeout of {limit}: it was stopped and ended after {ran}"
    )


class StageAlarm:
    """Stops an attempt's handler when its stage has run for too long; `close` once the handler has ended."""

    def __init__(self, attempt: Attempt, stage: Stage) -> None:
        self._attempt = attempt
        self._stage = stage
        self._loop = asyncio.get_running_loop()
        self._began = self._loop.time()
        self._has_rung = False
        self._timer = self._loop.call_later(stage.timeout_ms / 1000, self._stop)

    def close(self) -> None:
        """The handler has ended."""
        self._timer.cancel()
        if self._has_rung:
            self._attempt.overran = overrun_words(self._stage, self._loop.time() - self._began)

    def _stop(self) -> None:
        self._has_rung = True
        self._attempt.interrupt(Stop.TIMEOUT)
        self._timer = self._loop.call_later(UNWIND_S, self._warn)

    def _warn(self) -> None:
        how = _HOW_IT_STOPS.get(self._stage.kind)
        if how is not None:
            _log.warning(
                "stage.not_stopped: task %s of type %s in stage %s runs on after its timeout of %s: %s",
                id_text(self._attempt.task_id),
                self._attempt.assignment.task_type,
                self._stage.name,
                span_words(self._stage.timeout_ms / 1000),
                how,
            )
