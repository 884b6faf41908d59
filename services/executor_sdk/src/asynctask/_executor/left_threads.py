"""Threads that handlers leave behind: an executor that has given its tasks back ends without waiting for them.

Python waits for every thread that is no daemon when a program ends, those of `asyncio.to_thread` among them, and
asyncio waits for the latter when its loop ends. So a handler's call that never returns would keep a stopped
executor alive, until its service manager kills it.
"""

import asyncio
import contextlib
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, cast

LEFT_S: Final = 1.0
"""How long threads of handlers, all together, may take to end by themselves once everything else has."""

LOOK_S: Final = 0.2

_log = logging.getLogger("asynctask.executor")


def wait_for_no_thread(loop: asyncio.AbstractEventLoop) -> None:
    """Make a loop end without waiting for calls of `asyncio.to_thread`, and without a thread for that."""
    pool = HandlerThreadPool()

    async def shut_down(timeout: float | None = None) -> None:
        del timeout
        pool.shutdown()

    loop.set_default_executor(pool)
    cast("Any", loop).shutdown_default_executor = shut_down


class HandlerThreadPool(ThreadPoolExecutor):
    """The threads of `asyncio.to_thread` in an executor. Its shutdown waits for none of them."""

    def __init__(self) -> None:
        super().__init__(thread_name_prefix="asyncio")

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no new call, and drop calls that have not begun."""
        del wait, cancel_futures
        super().shutdown(wait=False, cancel_futures=True)


@contextlib.contextmanager
def threads_left_behind() -> Iterator[None]:
    """The process ends with its main thread, although threads that were started inside still run."""
    before = set(_waited_for())
    try:
        yield
    finally:
        left = [thread for thread in _waited_for() if thread not in before]
        if left:
            threading.Thread(target=_end_process, args=(left,), name="asynctask-end", daemon=True).start()


def _end_process(left: Iterable[threading.Thread]) -> None:
    """Wait for the program's own threads, then end without those of handlers."""
    left = set(left)
    while not _is_main_over():
        time.sleep(LOOK_S)
    for thread in _waited_for():
        if thread not in left:
            thread.join()
    join_within(LEFT_S, left)
    names = ", ".join(sorted(thread.name for thread in left if thread.is_alive()))
    if not names:
        return  # they have ended, and so does the process
    _log.warning(
        "executor.threads_left: the process ends without waiting for threads that handlers started: %s", names
    )
    with contextlib.suppress(Exception):
        logging.shutdown()
    os._exit(1 if hasattr(sys, "last_value") else 0)


def join_within(
    timeout_s: float, threads: Iterable[threading.Thread], clock: Callable[[], float] = time.monotonic
) -> None:
    """Wait until all of the threads have ended, at most `timeout_s` seconds however many they are."""
    deadline = clock() + timeout_s
    for thread in threads:
        thread.join(max(0.0, deadline - clock()))


def _is_main_over() -> bool:
    """Whether Python only waits for other threads. It joins those of pools before it marks the main one as ended."""
    frame = sys._current_frames().get(threading.main_thread().ident or 0)  # pyright: ignore[reportPrivateUsage]
    while frame is not None and frame.f_back is not None:
        frame = frame.f_back
    return frame is None or (frame.f_code.co_name, frame.f_code.co_filename) == (
        "_shutdown",
        threading.__file__,
    )


def _waited_for() -> list[threading.Thread]:
    """Threads that Python waits for at its end."""
    main = threading.main_thread()
    return [thread for thread in threading.enumerate() if thread is not main and not thread.daemon]
