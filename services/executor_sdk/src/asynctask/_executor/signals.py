"""SIGTERM, SIGINT and SIGHUP: the first asks to stop; another SIGTERM or SIGINT ends the process at once.

SIGHUP comes when the terminal is closed, often together with one of the others: it never counts as the second one.
A task's handler cannot take these signals: an executor that does not see them would lose every task that it holds.
"""

import asyncio
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

from asynctask._attempt.lines import current_attempt
from asynctask._forks import is_forked_child

_log = logging.getLogger("asynctask.executor")

SIGNALS = (signal.SIGTERM, signal.SIGINT)
_HANG_UP: int | None = getattr(signal, "SIGHUP", None)  # Windows has none
_OURS: tuple[int, ...] = SIGNALS if _HANG_UP is None else (*SIGNALS, _HANG_UP)


@contextmanager
def stop_signals(stop: Callable[[], object]) -> Iterator[None]:
    """While inside, the first signal calls `stop` on the running loop, the second ends the process.

    Does nothing outside the main thread, where Python delivers no signals.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    count = 0

    def received(number: int, frame: FrameType | None) -> None:
        nonlocal count
        del frame
        if number != _HANG_UP:
            count += 1
        if count > 1:
            os._exit(128 + number)
        # Plain signal handlers instead of the loop's own: the second signal also gets through a blocked loop, and
        # Windows has no others.
        loop.call_soon_threadsafe(stop)

    numbers: list[int] = [*SIGNALS]
    if _HANG_UP is not None and signal.getsignal(_HANG_UP) is not signal.SIG_IGN:  # as `nohup` asks for
        numbers.append(_HANG_UP)
    with _woken_by_signals(loop):
        before = {number: signal.signal(number, received) for number in numbers}
        try:
            with _kept_from_handlers(before):
                yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


@contextmanager
def _kept_from_handlers(kept: Collection[int]) -> Iterator[None]:
    """While inside, calls of `signal.signal` by a task's handler do not change these signals."""
    set_handler: Callable[..., Any] = signal.signal

    def set_other(number: int, handler: Any) -> Any:
        attempt = current_attempt.get()
        # Python itself refuses calls from threads. A child that a handler forked has signals of its own.
        is_refused = attempt is not None and number in kept and not is_forked_child()
        if not is_refused or threading.current_thread() is not threading.main_thread():
            return set_handler(number, handler)
        _log.warning(
            "handler.signal_refused: the handler of a task of type %s may not take %s, which tells its executor to"
            " end",
            attempt.assignment.task_type if attempt is not None else "",
            signal.Signals(number).name,
        )
        return signal.getsignal(number)

    signal.signal = set_other
    try:
        yield
    finally:
        signal.signal = set_handler


@contextmanager
def _woken_by_signals(loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """While inside, a signal wakes the loop even if it comes just before the loop begins to wait.

    Python calls signal handlers between two of its instructions, and only a signal that comes during a wait ends it.
    A loop with signal handlers of its own is woken already, and so is one that takes no readers (Windows).
    """
    ours, pythons = socket.socketpair()
    with ours, pythons:
        ours.setblocking(False)
        pythons.setblocking(False)
        before = signal.set_wakeup_fd(pythons.fileno(), warn_on_full_buffer=False)
        try:
            if before != -1:
                signal.set_wakeup_fd(before)
            else:
                loop.add_reader(ours, ours.recv, 4096)
        except NotImplementedError:
            signal.set_wakeup_fd(-1)
        try:
            yield
        finally:
            if before == -1:
                now = signal.set_wakeup_fd(-1)
                if now not in {-1, pythons.fileno()}:
                    signal.set_wakeup_fd(now)  # set by a signal handler that the loop got meanwhile
                with suppress(NotImplementedError):
                    loop.remove_reader(ours)


def signals_as_before() -> Callable[[], object]:
    """A function for forked children that restores the signal handlers of now, before the executor sets its own."""
    before = {number: signal.getsignal(number) for number in _OURS}

    def restore() -> None:
        signal.set_wakeup_fd(-1)  # the event loop's: a signal would wake the parent
        for number, handler in before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)

    return restore
