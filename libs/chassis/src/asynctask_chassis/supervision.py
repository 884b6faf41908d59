"""Background tasks whose failure is said in the log, or ends the service.

asyncio takes a CancelledError that leaves a task for a stop that somebody asked for, and says nothing. It may as well
be that of a callee which was cancelled on its own. Who was asked to stop has `cancelling()` above 0.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from types import TracebackType
from typing import Any, Final, TypeVar

from asynctask_chassis.logs import get_logger
from asynctask_core.errors import AsyncTaskError

log = get_logger(__name__)

T = TypeVar("T", bound="asyncio.Future[Any]")


class StrayCancellation(RuntimeError):
    """A callee was cancelled, and not the task that waited for it: a failure like any other."""


class EndedUnasked(RuntimeError):
    """What runs until it is stopped has ended, and nobody had stopped it."""


def is_stopped() -> bool:
    """Whether somebody has cancelled the present task."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


class _StraysFail:
    """No generator of `contextlib`, and one for all: every call of the server and every delivery enters it."""

    __slots__ = ()

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if isinstance(error, asyncio.CancelledError) and not is_stopped():
            raise StrayCancellation("a callee was cancelled, and not the task that waited for it") from error


_STRAYS_FAIL: Final = _StraysFail()


def strays_fail() -> _StraysFail:
    """Raise StrayCancellation for a CancelledError in the block that is not this task's own."""
    return _STRAYS_FAIL


async def until_stopped(run: Callable[[], Awaitable[None]], what: str) -> None:
    """Run what ends only when it is cancelled, such as a child of a TaskGroup, which says nothing of other ends.

    Raises:
        EndedUnasked: it ended by itself.
        StrayCancellation: it ended with a callee that was cancelled.
    """
    with strays_fail():
        await run()
    raise EndedUnasked(f"{what} ended, and nobody had stopped it")


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
