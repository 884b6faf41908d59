"""Copies small files for the threads of a transfer: in processes if there are many, otherwise in the threads."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Callable, Sequence

from asynctask_core.errors import TaskFailure
from asynctask_nas.changes import Action, Change
from asynctask_nas.copy_process import CopyProcessEnded, CopyProcesses, NoProcess
from asynctask_nas.crew import Beside
from asynctask_nas.destination import Destination
from asynctask_nas.entries import Skipped
from asynctask_nas.new_folders import clear
from asynctask_nas.pace import Pace, PaceStopped
from asynctask_nas.paths import parent
from asynctask_nas.small import SMALL_BYTES, UNUSUAL, SmallCopier, SmallFile
from asynctask_nas.tree import Tree, divide

_MANY = 256
"""Files from which on processes are used: starting one takes as long as copying some hundred files."""
_Request = list[tuple[bytes, bytes, list[SmallFile]]]
"""A `Request` that is being built."""


class SmallCopies:
    """Copies small files for several threads at once. Thread-safe.

    Processes copy them if there are many. If there are few, or with a bandwidth limit, the threads themselves do.
    """

    def __init__(
        self,
        source: Tree,
        destination: Destination,
        pace: Pace,
        expected: int,
        warn: Callable[[str], object] = lambda _: None,
    ) -> None:
        """`expected`: how many files there may be. `warn` is called, on any thread, if copying has become slow."""
        self._source = source
        self._destination = destination
        self._pace = pace
        self._warn = warn
        self._largest = min(SMALL_BYTES, pace.chunk_bytes)
        self._here = SmallCopier(source, destination.tree, destination.holds)
        self._processes = CopyProcesses(source, destination)
        # In a program that is frozen into one file, `sys.executable` would start the program itself.
        is_python = bool(sys.executable) and not getattr(sys, "frozen", False)
        self._has_processes = is_python and expected >= _MANY and not pace.is_limited
        self._lock = threading.Lock()

    def start(self) -> None:
        """Start the first processes."""
        if self._has_processes:
            with contextlib.suppress(RuntimeError):  # the same error is reported when a process is needed
                self._processes.start()

    def takes(self, change: Change) -> bool:
        """Tell whether `copy` may try a change."""
        return (
            change.action is Action.COPY
            and change.size <= self._largest
            and not (change.holes or change.may_be_same or change.spelled or change.displaces)
            and not self._destination.keeps_replaced
        )

    def copy(self, changes: Sequence[Change], beside: Beside | None = None) -> list[int]:
        """Copy the first of `changes`, for about a twentieth of a second. Adds a process's times to `beside`.

        Returns the bytes of each; UNUSUAL for those that are left to `copy_file`.

        Raises:
            PaceStopped: a stop was asked for; nothing was begun.
        """
        if self._pace.is_limited:
            changes = changes[: self._count_within(changes)]
        taken = sum(change.size for change in changes)
        self._pace.take(taken)
        try:
            copied = self._copy(changes, beside or Beside())
        except PaceStopped:
            self._pace.give_back(taken)
            raise
        # Give back the bytes of files that were not copied; their later copies take them again.
        self._pace.give_back(taken - sum(count for count in copied if count != UNUSUAL))
        return copied

    def _copy(self, changes: Sequence[Change], beside: Beside) -> list[int]:
        request: _Request = []
        try:
            self._fill(request, changes)
            if self._pace.is_stopping:  # it may have waited for a folder that another thread made
                raise PaceStopped
            return self._send(request, beside) if request else [UNUSUAL]
        finally:
            self._destination.begun.remove(folder for folder, made, _ in request if made)

    def _send(self, request: _Request, beside: Beside) -> list[int]:
        if not self._has_processes:
            return self._here.copy(request)
        try:
            return self._processes.copy(request, beside)
        except NoProcess as error:
            self._go_on_without(
                f"no process to copy small files can be started ({error}); the executor itself copies them"
            )
            return self._here.copy(request)
        except CopyProcessEnded as error:
            # It was killed, or had no memory. `copy_file` handles what it has left.
            self._go_on_without(
                f"a process that copied small files ended ({error}); the executor itself goes on"
            )
            self._clear(request)
            return [UNUSUAL] * sum(len(files) for _, _, files in request)

    def _count_within(self, changes: Sequence[Change]) -> int:
        """How many of the first changes fit into one chunk of the bandwidth limit; at least one."""
        left = self._pace.chunk_bytes
        for count, change in enumerate(changes):
            left -= change.size
            if left < 0:
                return max(1, count)
        return len(changes)

    def _fill(self, request: _Request, changes: Sequence[Change]) -> None:
        """Request the first of `changes`, up to one whose folder takes no files, or that another thread is making."""
        part_name = self._destination.part_name
        for change in changes:
            inside, name = divide(change.path)
            if not request or request[-1][0] != inside:
                made = part_name(inside)  # first: an error after `begin_folder` would leave the folder begun
                try:
                    is_new = self._destination.begin_folder(inside, waits=not request)
                except (OSError, Skipped, TaskFailure):
                    break  # `copy_file` will get the same error, and report it for each file
                if is_new is None:
                    break
                request.append((inside, made if is_new else b"", []))
            request[-1][2].append((name, part_name(change.path), change.size, change.mtime_ns))

    def _clear(self, request: _Request) -> None:
        """Delete the unfinished folders of a process that has ended."""
        for folder, made, _ in request:
            if made:
                with contextlib.suppress(OSError), self._destination.tree.folder(parent(folder)) as above:
                    clear(above, made)

    def _go_on_without(self, why: str) -> None:
        """Stop using processes. Several threads may get the error at once: only the first one warns."""
        with self._lock:
            is_first, self._has_processes = self._has_processes, False
        if is_first:
            self._warn(why)

    def close(self) -> None:
        """End the processes; no thread may copy any more."""
        self._processes.close()
