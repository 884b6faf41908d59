"""Background tasks whose failure is logged, or ends the service.

asyncio treats any CancelledError that leaves a task as a requested stop, and does not report it. But it may come from a
callee that was cancelled separately. A task that was really asked to stop has `cancelling()` above 0.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from types import TracebackType
from typing import Any, Final, TypeVar

from asynctask_aio.cancellation import is_cancelled
from asynctask_chassis.logs import get_logger
from asynctask_core.errors import AsyncTaskError

log = get_logger(__name__)

T = TypeVar("T", bound="asyncio.Future[Any]")


class StrayCancellation(RuntimeError):
    """A callee was cancelled, and not the task that waited for it: a failure like any other."""


class EndedUnasked(RuntimeError):
    """A coroutine that should run until it is stopped has ended by itself."""


class _StraysFail:
    """Cheaper than a generator of `contextlib`, with one shared instance: every call and every delivery enters it."""

    __slots__ = ()

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if isinstance(error, asyncio.CancelledError) and not is_cancelled():
            raise StrayCancellation("a callee was cancelled, and not the task that waited for it") from error


_STRAYS_FAIL: Final = _StraysFail()


def strays_fail() -> _StraysFail:
    """Raise StrayCancellation for a CancelledError in the block that is not this task's own."""
    return _STRAYS_FAIL


async def until_stopped(run: Callable[[], Awaitable[None]], what: str) -> None:
    """Run a coroutine that should end only when it is cancelled. A TaskGroup alone would not report another end.

    Raises:
        EndedUnasked: the coroutine ended by itself.
        StrayCancellation: it ended because a callee was cancelled.
    """
    with strays_fail():
        await run()
    raise EndedUnasked(f"{what} ended although it was not stopped")


def supervised(task: T, what: str, then: Callable[[T], object] | None = None) -> T:
    """Log the failure of a task that is not awaited; returns the task. `what` names it.

    An error of the catalogue, such as an unavailable store, is not a defect: recovery completes what was not done.
    `then` is called with the task at its end, which is cheaper than a separate callback.
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
