"""Ending the whole process, and what its handlers started, when every lease is gone and a handler does not stop."""

import contextlib
import logging
import os
import threading
from typing import Final

from asynctask._handler.handler_process import HAS_GUARDS
from asynctask._handler.process_table import Seen, below, children_of_thread, kill_found, process_table

FENCED_EXIT: Final = 70
"""Exit code of a process that ended itself because its leases were gone and a handler would not stop (EX_SOFTWARE)."""

SAY_S: Final = 1.0
"""How long writing the last log line may take."""

_log = logging.getLogger("asynctask.executor")


class LastResort:
    """Made when the executor begins to serve, to know which processes the program around it has started itself.

    Args:
        owns_loop: the event loop runs nothing but the executor, so what its thread starts is started by handlers.
    """

    def __init__(self, *, owns_loop: bool) -> None:
        self._before: set[Seen] = set()
        self._others: set[int] = set()
        """Threads of the program, by their native numbers."""
        if HAS_GUARDS:
            with contextlib.suppress(OSError):
                self._before = _children()
            self._others = {
                thread.native_id for thread in threading.enumerate() if thread.native_id is not None
            }
            if owns_loop:
                self._others.discard(threading.get_native_id())

    def end_process(self) -> None:
        """End the processes that handlers started, then this one: another executor may do the same work already."""
        if HAS_GUARDS:
            with contextlib.suppress(OSError):
                kill_found(self.of_handlers)
        # In a thread: a handler that hangs while it logs may hold a lock that this line needs.
        saying = threading.Thread(target=_say, name="asynctask-last-words", daemon=True)
        with contextlib.suppress(RuntimeError):  # no thread can be started
            saying.start()
            saying.join(SAY_S)
        os._exit(FENCED_EXIT)

    def of_handlers(self) -> set[Seen]:
        """Processes that were started since by threads other than the program's, and every process below them.

        Where the kernel does not show which thread has started a child, it counts as a handler's.
        """
        table = process_table()
        spared = {pid for thread in self._others for pid in children_of_thread(thread)}
        roots = {
            process
            for process in table
            if process.parent == os.getpid() and process not in self._before and process.pid not in spared
        }
        return roots | below({process.pid for process in roots}, table)


def _say() -> None:
    _log.critical("lease.process_ended: no lease could be renewed and a handler did not stop")
    logging.shutdown()


def _children() -> set[Seen]:
    return {process for process in process_table() if process.parent == os.getpid()}
