"""Children that a handler forks behave as in plain Python: they take nothing over from the executor around them.

`os.fork`, `multiprocessing` and `subprocess` with `preexec_fn` copy this process with everything that it has set up:
signal handlers, an event loop whose wake-up socket is shared with it, pipes, handlers of `logging`. Code that
sets up something of this kind registers here how a child undoes it, for as long as it lasts.
"""

import os
import signal
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from asynctask._grpc import is_loaded_without_forks

if TYPE_CHECKING:
    import asyncio

_undo: dict[object, Callable[[], object]] = {}
_forked = False
_has_run_handlers = False
_grpc_hangs = False
"""In a child of a process that ran handlers, now or before: gRPC was in use there, without support for forks."""
_of_thread = threading.local()
_closing = threading.RLock()
"""Held while files are closed that children close too, and during each fork."""


def is_forked_child() -> bool:
    """Whether this process was forked from one that ran handlers, and so runs none itself."""
    return _forked


@contextmanager
def undone_in_children(undo: Callable[[], object]) -> Iterator[None]:
    """While inside, a child that is forked from this process calls `undo` before anything else. From any thread.

    Latest first. An error of one does not keep the others from being called.
    """
    global _has_run_handlers  # noqa: PLW0603 - of the process
    _has_run_handlers = True
    key = object()
    _undo[key] = undo
    try:
        yield
    finally:
        _undo.pop(key, None)


@contextmanager
def forks_held_back() -> Iterator[None]:
    """While inside, no other thread forks; used to close a file that forked children close too.

    A child that is forked after the file was closed, but before that is noted, would close another file with the same
    number, such as a pipe of the handler's own.
    """
    with _closing:
        yield


def refuse_in_child(what: str) -> None:
    """Refuse in a forked child what only its parent can do.

    Raises:
        RuntimeError: this process is such a child.
    """
    if _forked:
        raise RuntimeError(
            f"{what} belongs to the handler's own process, and this one was forked from it: give results back to the"
            " handler, which has the connection"
        )


def refuse_connections_in_child(what: str) -> None:
    """Refuse what would call gRPC in a child that was forked from an executor: every call of it would hang there.

    Raises:
        RuntimeError: this process is such a child.
    """
    if _grpc_hangs:
        raise RuntimeError(
            f"{what} does not work in a process that was forked from an executor's: gRPC hangs in it. Start the"
            ' child with subprocess or multiprocessing.get_context("spawn"), where it works, or give results back to'
            " the handler, which has the connection"
        )


def leave_if_forked(error: BaseException | None = None) -> None:
    """End this process if it is a forked child that came to the end of the handler's code, as a program ends there.

    It must not return into its copy of the executor.
    """
    if not _forked:
        return
    code: object = 0
    if isinstance(error, SystemExit):
        code = error.code
        if code is not None and not isinstance(code, int):
            sys.stderr.write(f"{code}\n")
            code = 1
    elif error is not None:
        traceback.print_exception(error)
        code = 1
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(code & 0xFF if isinstance(code, int) else 0)


def called(handler: Callable[..., Any], *arguments: Any) -> Any:
    """Call a plain handler; a child that it forked ends where the handler ends."""
    try:
        result = handler(*arguments)
    except BaseException as error:
        leave_if_forked(error)
        raise
    leave_if_forked()
    return result


def end_loop_of_child(loop: "asyncio.AbstractEventLoop") -> None:
    """In a child that an async handler forked: end it if it comes back to the loop, which is a copy of its parent's."""
    ready: object = getattr(loop, "_ready", None)
    if isinstance(ready, deque):
        ready.clear()  # what other tasks were about to do is the parent's
    loop.call_soon(_came_back)


def _came_back() -> None:
    sys.stderr.write(
        "asynctask: a child that an async handler forked came back to the event loop, which is its parent's: it ends"
        " here. Let it end with os._exit, or use subprocess or multiprocessing\n"
    )
    sys.stderr.flush()
    os._exit(1)


def _before_fork() -> None:
    """Hold signals back, for the thread that forks and so for its child, until the child has its own handlers.

    A signal that came before would be lost in the child: Python would find no handler for it any more.
    """
    if _undo:
        _of_thread.mask = signal.pthread_sigmask(signal.SIG_BLOCK, _HELD_BACK)
        _closing.acquire()


def _after_fork() -> None:
    mask: set[signal.Signals] | None = getattr(_of_thread, "mask", None)
    if mask is not None:
        _of_thread.mask = None
        _closing.release()
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def _after_fork_in_child() -> None:
    try:
        _undo_all()
        _after_fork()
    except KeyboardInterrupt:
        # Python ignores what is raised here, so the SIGINT that came with the fork would be lost.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)


def _undo_all() -> None:
    global _forked, _grpc_hangs  # noqa: PLW0603 - a process is a forked child or not
    _grpc_hangs = _grpc_hangs or (_has_run_handlers and is_loaded_without_forks())
    if not _undo:
        return  # a child of a program that runs no handlers now
    _forked = True
    undo = list(_undo.values())
    _undo.clear()
    for call in reversed(undo):
        try:
            call()
        except Exception:  # noqa: BLE001 - the child is the handler's: nothing of ours may break it
            traceback.print_exc()


if hasattr(os, "register_at_fork"):  # not on Windows, which cannot fork
    _HELD_BACK = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    os.register_at_fork(before=_before_fork, after_in_parent=_after_fork, after_in_child=_after_fork_in_child)
