"""Background tasks whose failure is said in the log."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from asynctask_chassis.logs import get_logger
from asynctask_core.errors import AsyncTaskError

log = get_logger(__name__)

T = TypeVar("T", bound="asyncio.Future[Any]")


def supervised(task: T, what: str, then: Callable[[T], object] | None = None) -> T:
    """Say in the log when a task that nobody awaits fails; gives the task. `what` names it.

    An error of the catalogue, such as a store that is away, is no fault: recovery makes up for what was not done.
    `then` is called with the task at its end, for less than a callback of its own costs.
    """
    task.add_done_callback(partial(_look, what, then))
    return task


def _look(what: str, then: Callable[[Any], object] | None, task: "asyncio.Future[Any]") -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        _say(what, error)
    if then is not None:
        then(task)


def _say(what: str, error: BaseException) -> None:
    if isinstance(error, AsyncTaskError):
        log.info("background.given_up", name=what, reason=str(error))
    else:
        log.error("background.failed", name=what, reason=repr(error), exc_info=error)
