"""Keeps code that handlers leave on the event loop from ending the loop, and from failing unseen.

asyncio lets SystemExit and KeyboardInterrupt of any task or callback out of the loop: the program ends, with every
other task in it. A handler's exception must fail its own task only, wherever on the loop it is raised. The context in
which a task or callback runs shows whose it is: it is inherited from the handler that made them.
"""

import asyncio
import logging
import signal
import sys
import threading
import weakref
from asyncio import events
from collections.abc import Callable
from types import TracebackType
from typing import Any, cast

from asynctask._attempt.attempt import Attempt
from asynctask._attempt.executor_tasks import HandlerTask
from asynctask._attempt.lines import current_attempt
from asynctask._handler.description import class_name, describe, is_plain
from asynctask._handler.guarded_log import guard_log
from asynctask._handler.interrupts import is_signal, mark_passed, parts
from asynctask._handler.unawaited import tell_unawaited
from asynctask.errors import HandlerError
from asynctask_core.ids import id_text

_log = logging.getLogger("asynctask.executor")

_contained: "weakref.WeakSet[asyncio.AbstractEventLoop]" = weakref.WeakSet()


def contain(loop: asyncio.AbstractEventLoop, *, is_shared: bool = True) -> None:
    """From now on no exception of a handler ends this loop. Once per loop, until it is closed.

    On a loop that is not shared with a program around the executor, code that belongs to no task was left there by a
    handler, such as a callback in a context of its own (`contextvars.Context()`).

    Loops that are not asyncio's own (uvloop) turn without `_run_once`: there only errors of handlers and items are
    contained, and Exceptions of callbacks. `Executor.run` never runs on such a loop, `Executor.serve` may.
    """
    if loop in _contained:
        return
    _contained.add(loop)
    guard_log()
    tell_unawaited()
    _contain_errors(loop)
    _contain_stop(loop)
    for name in _OF_ALL:
        _refuse_handlers(loop, name, lambda arguments: True)
    for name in _OF_SIGNALS:
        _refuse_handlers(loop, name, lambda arguments: arguments[:1] in _ENDING)
    turn: Callable[[], None] | None = getattr(loop, "_run_once", None)
    if turn is None:
        return

    def contained_turn() -> None:
        try:
            turn()
        except (SystemExit, KeyboardInterrupt) as error:
            if is_signal(error):
                mark_passed(error)
                raise
            attempt = _whose(sys.exc_info()[2])
            if attempt is None:
                if is_shared:
                    raise
                _log.warning(
                    "handler.left_behind: code on the event loop that belongs to no task raised %s, and was ended",
                    class_name(type(error)),
                )
                return
            # Other callbacks that are ready run in the loop's next turn.
            _blame(attempt, error)

    cast("Any", loop)._run_once = contained_turn


def _contain_errors(loop: asyncio.AbstractEventLoop) -> None:
    """Handle callbacks that raise: asyncio only logs them, and reads the exception for that."""
    before = loop.get_exception_handler()

    def handle(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error: BaseException | None = context.get("exception")
        attempt = _attempt_of(context.get("handle"))
        if error is not None and attempt is not None:
            _blame(attempt, error)
        elif before is not None:
            before(loop, context)  # the program's own
        elif error is not None and not is_plain(error):
            # Not on the loop: the exception's own code may never end.
            message = str(context.get("message"))
            threading.Thread(
                target=_say, args=(message, error), name="asynctask-describe", daemon=True
            ).start()
        else:
            loop.default_exception_handler(context)

    loop.set_exception_handler(handle)


def _contain_stop(loop: asyncio.AbstractEventLoop) -> None:
    stop = loop.stop

    def contained_stop() -> None:
        attempt = current_attempt.get()
        if attempt is None:
            stop()
        else:
            _blame(attempt, HandlerError("the handler stopped the executor's event loop"))

    cast("Any", loop).stop = contained_stop


def _refuse_handlers(
    loop: asyncio.AbstractEventLoop, name: str, is_refused: Callable[[tuple[Any, ...]], bool]
) -> None:
    """Refuse calls by handlers of a method that changes the loop for every task."""
    method: Callable[..., Any] | None = getattr(loop, name, None)
    if method is None:
        return

    def refusing(*arguments: Any, **options: Any) -> Any:
        if current_attempt.get() is not None and is_refused(arguments):
            raise RuntimeError(
                f"a handler may not call {name} of the executor's event loop, which others need"
            )
        return method(*arguments, **options)

    setattr(loop, name, refusing)


_OF_ALL = (
    *("set_task_factory", "set_exception_handler", "set_default_executor"),
    *("shutdown_default_executor", "shutdown_asyncgens"),
)
"""Methods of an event loop that change it for all of its users."""
_ENDING = tuple((getattr(signal, name),) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
_OF_SIGNALS = ("add_signal_handler", "remove_signal_handler")
"""The same for the signals that end a program."""


def _blame(attempt: Attempt, error: BaseException) -> None:
    if not attempt.blame(error):
        _log.warning(
            "handler.left_behind: code that task %s of type %s left on the event loop raised %s after its handler"
            " had ended",
            id_text(attempt.task_id),
            attempt.assignment.task_type,
            type(error).__name__,
        )


def _say(message: str, error: BaseException) -> None:
    found = describe(error)
    _log.error("loop.unhandled: %s: %s: %s\n%s", message, found.error_type, found.message, found.traceback)


def _whose(trace: TracebackType | None) -> Attempt | None:
    """The attempt whose task or callback raised an exception."""
    for part in parts(trace):
        if part.tb_frame.f_code is events.Handle._run.__code__:
            return _attempt_of(part.tb_frame.f_locals.get("self"))
    return None


def _attempt_of(handle: Any) -> Attempt | None:
    context = getattr(handle, "_context", None)
    found = None if context is None else context.get(current_attempt)
    if found is not None:
        return found
    # A handler's asyncio task in a context that is not its handler's.
    task = getattr(getattr(handle, "_callback", None), "__self__", None)
    return task.attempt if isinstance(task, HandlerTask) else None
