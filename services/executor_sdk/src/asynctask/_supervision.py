"""Background tasks of the SDK, and of what builds on it, whose failure is said in the log."""

import asyncio
import logging
from functools import partial
from typing import Any, TypeVar

_log = logging.getLogger("asynctask.executor")

T = TypeVar("T", bound="asyncio.Future[Any]")


def supervised(task: T, what: str) -> T:
    """Say in the log when a task that nobody awaits fails; gives the task. `what` names it for people."""
    task.add_done_callback(partial(_look, what))
    return task


def _look(what: str, task: "asyncio.Future[Any]") -> None:
    if task.cancelled() or (error := task.exception()) is None:
        return
    # These leave the event loop as well: the program has them.
    if not isinstance(error, (KeyboardInterrupt, SystemExit)):
        _log.error("background.failed: %s has ended: a fault of ours", what, exc_info=error)
