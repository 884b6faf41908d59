"""Logs a handler that does not react to a pause or a cancel, with advice."""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Final

from asynctask._attempt.attempt import CANCEL_REQUESTED, Attempt
from asynctask._task import HandlerKind
from asynctask_core.ids import id_text
from asynctask_core.printable import one_line

_log = logging.getLogger("asynctask.executor")

REACTS_S: Final = 5.0
"""How long a handler may take before the log says that it has not reacted."""
AGAIN_S: Final = 60.0
"""Pause until the log says so again."""
_CANCEL: Final = {
    HandlerKind.THREAD: "a thread is stopped at its next progress, checkpoint, safe point or call of a manifest: let"
    " its loop call ctx.safe_point() or look at ctx.should_stop, or declare the stage with process=True, which can be"
    " ended at any time",
    HandlerKind.ASYNC: "an async handler is stopped at its next await: it blocks the event loop, or catches"
    " CancelledError",
    HandlerKind.PROCESS: "its process is ended within seconds, unless the system cannot end it",
}
_PAUSE: Final = (
    "a pause waits for the handler's next checkpoint or safe point: let its loop call ctx.safe_point() now and then, or"
    " cancel the task"
)


def watch_reaction(attempt: Attempt, runs: Callable[[], bool], kind: HandlerKind) -> None:
    """Check in a few seconds whether the handler has reacted. Called on the loop, right after the request."""
    requested, since_s = attempt.requested, time.monotonic()
    loop = asyncio.get_running_loop()

    def look() -> None:
        if attempt.requested != requested or not runs():
            return
        cancel = requested == CANCEL_REQUESTED
        _log.warning(
            "handler.not_reacting: task %s of type %s in stage %s was asked to %s %.0f s ago and has not reacted: %s",
            id_text(attempt.task_id),
            one_line(attempt.assignment.task_type),
            one_line(attempt.stage),
            "stop" if cancel else "pause",
            time.monotonic() - since_s,
            _CANCEL[kind] if cancel else _PAUSE,
        )
        loop.call_later(AGAIN_S, look)

    loop.call_later(REACTS_S, look)
