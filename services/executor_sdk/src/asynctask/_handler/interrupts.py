"""Tells exceptions of signals, such as Ctrl-C, from those of handlers: a signal's is passed on to the program.

Python raises KeyboardInterrupt, and calls signal handlers, between any two instructions of the main thread: also within
the code of a task's handler, when the program runs the executor in an event loop of its own.
"""

import asyncio
import dis
import os
import signal
import threading
from asyncio import runners
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import Context
from types import CodeType, FrameType, TracebackType
from typing import Any, Final, cast

_RAISED: Final = frozenset({"RAISE_VARARGS", "RERAISE"})
_ENDING: Final = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT") if hasattr(signal, name)
)
"""Signals whose handlers end a program by an exception. An alarm's exception may be of the task's handler."""
_TRACEBACK: Final = BaseException.__dict__["__traceback__"]
"""Reads the real attribute, even if the class has a property of that name."""
_PASSED_ON: Final = "_asynctask_passed_on"


@contextmanager
def interrupts_told_apart() -> Iterator[None]:
    """While inside, Ctrl-C raises KeyboardInterrupt from a frame of this module, by which `is_signal` surely knows it.

    A SIGINT handler that the program has set itself stays.
    """
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    signal.signal(signal.SIGINT, _interrupt)
    try:
        yield
    finally:
        _set_default()


def is_signal(error: BaseException) -> bool:
    """Whether a signal raised this: Ctrl-C itself, or a signal handler of the program. In the thread that caught it."""
    # By its real class: `isinstance` also asks the exception itself, which may lie or raise.
    if not issubclass(type(error), (KeyboardInterrupt, SystemExit)):
        return False
    if threading.current_thread() is not threading.main_thread():
        return False  # Python takes signals in the main thread only
    handlers = _codes_of_handlers()
    last: TracebackType | None = None
    for part in parts(cast("TracebackType | None", _TRACEBACK.__get__(error))):
        code = part.tb_frame.f_code
        if code in handlers or (code.co_filename == runners.__file__ and code.co_name == "_on_sigint"):
            return True
        last = part
    if not issubclass(type(error), KeyboardInterrupt):
        return False
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        return False
    # Python's own handler leaves no frame. Code raises by an instruction for that; Python raises Ctrl-C at any other.
    return last is None or dis.opname[last.tb_frame.f_code.co_code[last.tb_lasti]] not in _RAISED


def pass_on_signal(error: BaseException) -> None:
    """Have the running event loop raise what a signal raised, so that the program gets it. Once for each error."""
    if not is_signal(error) or not mark_passed(error):
        return

    def reraise() -> None:
        raise error

    asyncio.get_running_loop().call_soon(reraise, context=Context())  # of no attempt


def mark_passed(error: BaseException) -> bool:
    """Note that the program gets this error; false when it has got it before."""
    if getattr(error, _PASSED_ON, False):
        return False
    with suppress(AttributeError):
        setattr(error, _PASSED_ON, True)
    return True


def parts(trace: TracebackType | None) -> Iterator[TracebackType]:
    """A traceback from the outermost frame to the innermost."""
    while trace is not None:
        yield trace
        trace = trace.tb_next


def _codes_of_handlers() -> set[CodeType]:
    handlers: list[Any] = [signal.getsignal(number) for number in _ENDING]
    return {code for handler in handlers if isinstance(code := getattr(handler, "__code__", None), CodeType)}


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _set_default() -> None:
    """Give Ctrl-C back to Python; also in forked children, which may check whose it is."""
    if signal.getsignal(signal.SIGINT) is _interrupt:
        signal.signal(signal.SIGINT, signal.default_int_handler)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_set_default)
