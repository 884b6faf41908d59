"""Processes beside the executor's that copy small files: Python runs one thread at a time, and these files are many.

A process is given names of files in folders that are there or to be made, copies what is plain
(`asynctask_nas.small`) and says what it left. It has both roots as open folders, decides nothing, and holds nothing
that has to be kept: one that is killed is not missed, the files of its last request are copied the long way.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import BinaryIO, cast

from asynctask_core.errors import TaskFailure
from asynctask_nas.changes import Action, Change
from asynctask_nas.copy_child import greeting, receive, send
from asynctask_nas.crew import PROCESSORS, Beside
from asynctask_nas.destination import Destination
from asynctask_nas.entries import Skipped
from asynctask_nas.new_folders import clear
from asynctask_nas.pace import Pace
from asynctask_nas.paths import ROOT, parent
from asynctask_nas.small import SMALL_BYTES, UNUSUAL, Request, SmallCopier, SmallFile
from asynctask_nas.tree import Tree, divide

_PROGRAM = """
import sys
sys.path[:] = sys.argv[4:]
from asynctask_nas.copy_child import main
main(*map(int, sys.argv[1:4]))
"""
_MANY = 256
"""From this many files on a process pays: to start one takes as long as to copy some hundred."""
_FIRST = min(PROCESSORS, 2)
"""Processes that are started before they are needed: as many as threads begin to work."""
_END_S = 5.0
_Request = list[tuple[bytes, bytes, list[SmallFile]]]
"""A `Request` that is being written."""


class CopyProcess:
    """One process. Not for several threads at once."""

    def __init__(self, source: Tree, destination: Destination) -> None:
        """Start it.

        Raises:
            OSError: that is not possible.
        """
        with source.folder(ROOT) as theirs, destination.tree.folder(ROOT) as ours:
            # Isolated: the environment is for the executor, and nothing of it is needed.
            command = [sys.executable, "-I", "-S", "-c", _PROGRAM, str(theirs), str(ours), str(os.getpid())]
            self._process = subprocess.Popen(
                [*command, *sys.path],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                pass_fds=(theirs, ours),
                process_group=0,  # Ctrl-C is for the executor, also while this one is loading
            )
        try:
            self._send(greeting(source, destination.tree, destination.holds))
        except OSError:
            self.close()
            raise

    def copy(self, request: Request, beside: Beside) -> list[int]:
        """Have files copied; answers what `SmallCopier.copy` does, and adds what that took.

        Raises:
            OSError, EOFError: the process has ended.
        """
        self._send(request)
        copied, computed_s, took_s = receive(cast("BinaryIO", self._process.stdout))
        beside.add(computed_s, took_s)
        return copied

    def _send(self, message: object) -> None:
        send(cast("BinaryIO", self._process.stdin), message)

    def close(self) -> None:
        """End it. It has nothing to lose, and another child of the executor may hold its pipe open, so it is killed."""
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                cast("BinaryIO", pipe).close()
        self._process.kill()
        self._process.wait()

    def ended(self) -> str:
        """How it ended, after its pipe has."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_END_S)
        self.close()
        code = self._process.returncode
        return f"exit code {code}" if code >= 0 else signal.Signals(-code).name


class SmallCopies:
    """Copies small files for several threads at once. Thread-safe.

    Where they are many each thread has a process of its own; few, and those under a limit of bandwidth, are copied by
    the threads themselves.
    """

    def __init__(
        self,
        source: Tree,
        destination: Destination,
        pace: Pace,
        expected: int,
        warn: Callable[[str], object] = lambda _: None,
    ) -> None:
        """`expected`: how many files there may be to copy. `warn` is told, on any thread, that it has become slow."""
        self._source = source
        self._destination = destination
        self._pace = pace
        self._warn = warn
        self._largest = min(SMALL_BYTES, pace.chunk_bytes)
        self._here = SmallCopier(source, destination.tree, destination.holds)
        self._idle: queue.SimpleQueue[CopyProcess] = queue.SimpleQueue()
        # A process ends with the thread that started it.
        self._starter = ThreadPoolExecutor(1, "backup-start")
        # A program that is one file with its Python would start itself anew.
        is_python = bool(sys.executable) and not getattr(sys, "frozen", False)
        self._has_processes = is_python and expected >= _MANY and not pace.is_limited
        self._coming: deque[Future[CopyProcess]] = deque()
        self._lock = threading.Lock()

    def start(self) -> None:
        """Start the first processes: they load while the first changes are being read."""
        if self._has_processes:
            with contextlib.suppress(RuntimeError):  # it is met again, and said, when one is needed
                self._coming.extend(self._begin() for _ in range(_FIRST))

    def takes(self, change: Change) -> bool:
        """Tell whether a change is one to try so."""
        return (
            change.action is Action.COPY
            and change.size <= self._largest
            and not (change.holes or change.may_be_same or change.spelled)
            and not self._destination.keeps_replaced
        )

    def copy(self, changes: Sequence[Change], beside: Beside | None = None) -> list[int]:
        """Copy the first of `changes`, for about a twentieth of a second. `beside` is told what a process did.

        Answers the bytes of each, UNUSUAL for those that are left to `copy_file`.

        Raises:
            Stopped: a stop was asked for; nothing is begun.
        """
        if self._pace.is_limited:
            changes = changes[: self._count_within(changes)]
        taken = sum(change.size for change in changes)
        self._pace.take(taken)
        copied = self._copy(changes, beside or Beside())
        # What is left is paid for when its turn comes, or by `copy_file`.
        self._pace.give_back(taken - sum(count for count in copied if count != UNUSUAL))
        return copied

    def _copy(self, changes: Sequence[Change], beside: Beside) -> list[int]:
        request: _Request = []
        try:
            self._fill(request, changes)
            return self._send(request, beside) if request else [UNUSUAL]
        finally:
            self._destination.begun.remove(folder for folder, made, _ in request if made)

    def _send(self, request: _Request, beside: Beside) -> list[int]:
        process = self._process() if self._has_processes else None
        if process is None:
            return self._here.copy(request)
        try:
            copied = process.copy(request, beside)
        except (OSError, EOFError):
            # Killed, or without memory. What it has left is found by those who copy the long way.
            self._go_on_without(
                f"a process that copied small files ended ({process.ended()}); the executor itself goes on"
            )
            self._clear(request)
            return [UNUSUAL] * sum(len(files) for _, _, files in request)
        self._idle.put(process)
        return copied

    def _count_within(self, changes: Sequence[Change]) -> int:
        """How many of the first changes are no more than is moved at once under a limit; one at least."""
        left = self._pace.chunk_bytes
        for count, change in enumerate(changes):
            left -= change.size
            if left < 0:
                return max(1, count)
        return len(changes)

    def _fill(self, request: _Request, changes: Sequence[Change]) -> None:
        """Ask for the first of `changes`, up to one whose folder takes no files, or is being made by another thread."""
        part_name = self._destination.part_name
        for change in changes:
            inside, name = divide(change.path)
            if not request or request[-1][0] != inside:
                made = part_name(inside)  # before: what fails in between would leave it begun
                try:
                    is_new = self._destination.begin_folder(inside, waits=not request)
                except (OSError, Skipped, TaskFailure):
                    break  # those who copy the long way meet it as well, and say it of each file
                if is_new is None:
                    break
                request.append((inside, made if is_new else b"", []))
            request[-1][2].append((name, part_name(change.path), change.size, change.mtime_ns))

    def _clear(self, request: _Request) -> None:
        """Delete what a process that has ended left unfinished."""
        for folder, made, _ in request:
            if made:
                with contextlib.suppress(OSError), self._destination.tree.folder(parent(folder)) as above:
                    clear(above, made)

    def _process(self) -> CopyProcess | None:
        with contextlib.suppress(queue.Empty):
            return self._idle.get_nowait()
        try:
            return (self._coming.popleft() if self._coming else self._begin()).result()
        except IndexError:  # another thread has taken the last one
            return self._process()
        except (OSError, RuntimeError) as error:  # RuntimeError: there can be no more threads
            self._go_on_without(
                f"no process to copy small files can be started ({error}); the executor itself copies them"
            )
            return None

    def _go_on_without(self, why: str) -> None:
        """Use processes no more. Several threads may meet the same at once: it is said once."""
        with self._lock:
            is_first, self._has_processes = self._has_processes, False
        if is_first:
            self._warn(why)

    def _begin(self) -> Future[CopyProcess]:
        return self._starter.submit(CopyProcess, self._source, self._destination)

    def close(self) -> None:
        """End the processes. No thread copies any more."""
        with contextlib.suppress(queue.Empty):
            while True:
                self._idle.get_nowait().close()
        for coming in self._coming:
            with contextlib.suppress(OSError):
                coming.result().close()
        self._starter.shutdown()
