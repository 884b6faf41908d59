"""Gives a thread its own working directory, so that it can use bare names for files in an open folder.

Some calls, such as `listxattr`, take only a path. A path through /proc/self/fd leads to an open folder too, but takes
three times as long as a name. The threads of a process share one working directory, but Linux gives a thread its own on
request, without any privilege (`unshare(CLONE_FS)`, as in Samba's threads). Some containers refuse it, and other
systems do not have it.
"""

from __future__ import annotations

import contextvars
import ctypes
import os
import threading
from collections.abc import Callable
from threading import get_ident
from typing import TypeVar, cast

T = TypeVar("T")

_CLONE_FS = 0x200


class WorkingFolder:
    """The working directory of one thread, which no other thread shares. `with_working_folder` makes it."""

    def __init__(self) -> None:
        self._thread: int | None = get_ident()

    def enter(self, descriptor: int) -> None:
        """Make an open folder the working directory.

        Raises:
            OSError: the folder may not be entered.
        """
        if get_ident() != self._thread:
            raise RuntimeError("this thread shares its working directory with others")
        os.fchdir(descriptor)

    def end(self) -> None:
        """Forget the thread, since it ends and another one may get its id."""
        self._thread = None


def with_working_folder(body: Callable[[WorkingFolder | None], T]) -> T:
    """Call `body` in a thread of its own and wait for it. `body` gets None if the system refuses.

    `body` sees the caller's context variables. Raises what `body` raises.
    """
    unshare = _unshare
    if unshare is None:
        return body(None)
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        working = WorkingFolder() if unshare(_CLONE_FS) == 0 else None
        try:
            results.append(body(working))
        except BaseException as error:  # noqa: BLE001 - raised again in the caller, a stop too
            errors.append(error)
        finally:
            if working is not None:
                working.end()

    thread = threading.Thread(
        target=contextvars.copy_context().run, args=(run,), name=threading.current_thread().name, daemon=True
    )
    thread.start()
    thread.join()
    if errors:
        raise errors.pop()
    return results.pop()


def _find() -> Callable[[int], int] | None:
    """`unshare` of the C library, which Python offers from 3.12 on; absent outside Linux."""
    try:
        found = ctypes.CDLL(None).unshare
    except (OSError, AttributeError):
        return None
    found.argtypes = [ctypes.c_int]
    found.restype = ctypes.c_int
    return cast("Callable[[int], int]", found)


_unshare = _find()
