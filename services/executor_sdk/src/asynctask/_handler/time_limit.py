"""Running code that may never end: in a thread of its own, for a limited time."""

import ctypes
import threading
import time
from collections.abc import Callable
from typing import Final

END_S: Final = 1.0
"""How long a thread that was given up is asked to end, again and again: code may catch what ends it."""
ASK_S: Final = 0.01
"""How long the thread has to end each time."""


class GivenUp(BaseException):
    """Ends a thread that did not end in time."""


def run_limited(name: str, body: Callable[[], object], limit_s: float) -> None:
    """Call `body` in a thread of its own, and return when it has ended or the limit has passed.

    After the limit a GivenUp is raised in the thread, wherever it computes; `body` must not catch it. A thread that
    waits in C code ends once that wait ends; a thread that catches every exception for ever stays.

    Exceptions of `body` are not raised here.
    """
    LimitedThread(name, body).run(limit_s)


class LimitedThread:
    """One thread, in which a GivenUp is raised only while `body` runs, not in code of the SDK or of Python."""

    def __init__(self, name: str, body: Callable[[], object]) -> None:
        self._body = body
        self._throwing = threading.Lock()
        self._began = False
        self._over = False
        self._thread = threading.Thread(target=self._work, name=f"asynctask-{name}", daemon=True)

    def run(self, limit_s: float) -> None:
        """Start it, wait for its end, and end it."""
        try:
            self._thread.start()
        except (RuntimeError, MemoryError):
            return  # no thread can be started: as if `body` had not ended
        self._thread.join(limit_s)
        give_up = time.monotonic() + END_S
        while self._thread.is_alive() and time.monotonic() < give_up:
            self._throw()
            self._thread.join(ASK_S)

    def _work(self) -> None:
        # Python checks for exceptions from other threads, and switches threads, only at calls and at jumps back. So
        # none can come between the end of the body and `_over`, and after `_over` at most one more: from a thread that
        # read `_over` before. The lock is free once that thread has set the exception. It is not taken back but raised
        # here: up to 3.11 Python notes that some thread has to raise one, and drops that note only when one is raised.
        # With the note all code is slower, and no thread begins below a hook of threading.settrace.
        try:
            try:
                self._began = True
                self._body()
            except BaseException:  # noqa: BLE001, S110 - also the GivenUp
                pass
            self._over = True
            with self._throwing:
                _throw(self._thread)
        except GivenUp:
            pass

    def _throw(self) -> None:
        with self._throwing:
            if self._began and not self._over:
                _throw(self._thread)


def _throw(thread: threading.Thread) -> None:
    """Have a thread raise GivenUp at its next step, once also where it has not raised an earlier one yet."""
    if thread.ident is not None:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(GivenUp))
