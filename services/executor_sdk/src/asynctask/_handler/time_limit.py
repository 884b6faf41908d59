"""Running code that may never come to an end: in a thread of its own, for a limited time."""

import ctypes
import threading
import time
from collections.abc import Callable
from typing import Final

END_S: Final = 1.0
"""How long a thread that was given up is asked to end, again and again: code may catch what ends it."""
ASK_S: Final = 0.01
"""How long it has for that each time."""


class GivenUp(BaseException):
    """Ends a thread that did not come to an end in time."""


def run_limited(name: str, body: Callable[[], object], limit_s: float) -> None:
    """Call `body` in a thread of its own, and come back when it has ended or the limit is over.

    After the limit the thread is ended, wherever it computes, by a GivenUp, which `body` must let out. A thread that
    waits for something in C ends as soon as that comes; one that catches everything for ever stays.

    Nothing that `body` raises comes out.
    """
    LimitedThread(name, body).run(limit_s)


class LimitedThread:
    """One thread, and what makes sure that no GivenUp is thrown where our own code, or Python's, would meet it."""

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
            return  # no thread to be had: as if it had not come to its end
        self._thread.join(limit_s)
        give_up = time.monotonic() + END_S
        while self._thread.is_alive() and time.monotonic() < give_up:
            self._throw()
            self._thread.join(ASK_S)

    def _work(self) -> None:
        # Python looks for a thrown exception, and lets other threads run, only where it calls, begins or repeats
        # something. So none can be thrown between the end of the body and `_over`, and from there on at most one more:
        # by a thread that had looked at `_over` before. The lock is free once that has thrown it. It is not taken back
        # but raised, here: up to 3.11 Python notes that some thread has to raise one, and drops that note only when
        # one is raised. With the note all code is slower, and below a hook of threading.settrace no thread begins.
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
