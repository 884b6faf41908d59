"""Logs failures of background tasks of the SDK, and of programs that build on it."""

import asyncio
import logging
from functools import partial
from typing import Any, TypeVar

_log = logging.getLogger("asynctask.executor")

T = TypeVar("T", bound="asyncio.Future[Any]")


def supervised(task: T, what: str) -> T:
    """Log the failure of a task that no code awaits; returns the task. `what` names it for people."""
    task.add_done_callback(partial(_look, what))
    return task


def _look(what: str, task: "asyncio.Future[Any]") -> None:
    if task.cancelled() or (error := task.exception()) is None:
        return
    # These leave the event loop as well: the program gets them.
    if not isinstance(error, (KeyboardInterrupt, SystemExit)):
        _log.error("background.failed: %s has ended: a fault of AsyncTask", what, exc_info=error)
