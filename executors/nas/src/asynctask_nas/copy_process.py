"""Child processes of the executor that copy small files: Python runs one thread at a time, and these files are many.

A process gets names of files in folders that exist or are to be made, copies the plain ones (`asynctask_nas.small`) and
reports which ones it left. It has both roots as open folders, takes no decisions and holds no state. If one is killed,
`asynctask_nas.copy` copies the files of its last requests.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import BinaryIO, cast

from asynctask_nas.copy_child import greeting, receive, send
from asynctask_nas.crew import IDLE, PROCESSORS, Beside
from asynctask_nas.destination import Destination
from asynctask_nas.paths import ROOT
from asynctask_nas.small import Request
from asynctask_nas.tree import Tree

_PROGRAM = """
import sys
sys.path[:] = sys.argv[4:]
from asynctask_nas.copy_child import main
main(*map(int, sys.argv[1:4]))
"""
_FIRST = min(PROCESSORS, 2)
"""Processes that are started before they are needed."""
_WAITS = 3
_END_S = 5.0


class NoProcess(Exception):
    """No copy process can be started."""


class CopyProcessEnded(Exception):
    """A copy process has ended; the text says how."""


class CopyProcess:
    """One process. Several threads may use it at once; it executes one request after the other."""

    def __init__(self, source: Tree, destination: Destination) -> None:
        """Start it.

        Raises:
            OSError: it cannot be started.
        """
        with source.folder(ROOT) as theirs, destination.tree.folder(ROOT) as ours:
            # Isolated: the process needs nothing of the executor's environment.
            command = [sys.executable, "-I", "-S", "-c", _PROGRAM, str(theirs), str(ours), str(os.getpid())]
            self._process = subprocess.Popen(
                [*command, *sys.path],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                pass_fds=(theirs, ours),
                process_group=0,  # only the executor handles Ctrl-C, even while this process is loading
            )
        self._asking, self._answering = threading.Lock(), threading.Lock()
        self._is_broken = False
        self._waited = 0
        """How many of its last requests in a row mostly waited."""
        try:
            self._send(greeting(source, destination.tree, destination.holds))
        except OSError:
            self.close()
            raise

    def copy(self, request: Request, beside: Beside) -> list[int]:
        """Have files copied; returns what `SmallCopier.copy` does, and adds the times to `beside`.

        Raises:
            OSError, EOFError, ValueError: the process has ended, or another thread has ended it.
        """
        # A thread holds `_asking` until it is the next that gets an answer. So the process finds a second request when
        # it has answered the first, answers come in the order of requests, and there is never a third request.
        with self._asking:
            with self._whole():
                self._send(request)
            self._answering.acquire()
        try:
            with self._whole():
                copied, computed_s, took_s = receive(cast("BinaryIO", self._process.stdout))
        finally:
            self._answering.release()
        self._waited = self._waited + 1 if computed_s < IDLE * took_s else 0
        beside.add(computed_s, took_s)
        return copied

    @property
    def waits(self) -> bool:
        """True if it mostly waits for its file system; one or two such requests may have waited for a processor."""
        return self._waited >= _WAITS

    @contextlib.contextmanager
    def _whole(self) -> Iterator[None]:
        """Write or read a whole message. If that fails, kill the process: later answers could reach wrong threads."""
        if self._is_broken:
            raise EOFError
        try:
            yield
        except BaseException:
            self._is_broken = True
            self._process.kill()
            raise

    def _send(self, message: object) -> None:
        send(cast("BinaryIO", self._process.stdin), message)

    def close(self) -> None:
        """Kill it: it has no state, and closing its pipe may not end it, since another child may hold the pipe open."""
        self._is_broken = True
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                cast("BinaryIO", pipe).close()
        self._process.kill()
        self._process.wait()

    def ended(self) -> str:
        """How it ended, for a process whose pipe has ended."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_END_S)
        self.close()
        code = self._process.returncode
        return f"exit code {code}" if code >= 0 else signal.Signals(-code).name


class _SharedProcess:
    """A process, perhaps still starting, and how many threads use it."""

    __slots__ = ("coming", "users")

    def __init__(self, coming: Future[CopyProcess]) -> None:
        self.coming = coming
        self.users = 0

    @property
    def waits(self) -> bool:
        """True if a further process would help although all processors are busy, since this one waits."""
        return self.coming.done() and self.coming.exception() is None and self.coming.result().waits


class CopyProcesses:
    """As many processes as are useful. Thread-safe.

    That is one for each processor, used by two threads each: one thread prepares its next request while the process
    executes the other's. If the processes wait for a file system, there is one for each thread.
    """

    def __init__(self, source: Tree, destination: Destination) -> None:
        self._source = source
        self._destination = destination
        self._lock = threading.Lock()
        self._shared: list[_SharedProcess] = []
        # A process ends with the thread that started it.
        self._starter = ThreadPoolExecutor(1, "backup-start")

    def start(self) -> None:
        """Start the first processes, so that they load while the first changes are read.

        Raises:
            RuntimeError: no more threads can be started.
        """
        self._shared.extend(self._begin() for _ in range(_FIRST))

    def copy(self, request: Request, beside: Beside) -> list[int]:
        """Have files copied by one of them, as `CopyProcess.copy`.

        Raises:
            NoProcess: none can be started; nothing was copied.
            CopyProcessEnded: it has ended, and may have copied some.
        """
        shared = self._take()
        try:
            try:
                process = shared.coming.result()
            except OSError as error:
                raise NoProcess(str(error)) from error
            try:
                return process.copy(request, beside)
            except (
                OSError,
                EOFError,
                ValueError,
            ) as error:  # ValueError: another thread has closed its pipes
                raise CopyProcessEnded(process.ended()) from error
        finally:
            with self._lock:
                shared.users -= 1

    def _take(self) -> _SharedProcess:
        """The least used process, or a new one."""
        with self._lock:
            least = min(self._shared, key=lambda shared: shared.users, default=None)
            if least is None or (least.users and (len(self._shared) < PROCESSORS or least.waits)):
                try:
                    least = self._begin()
                except RuntimeError as error:
                    raise NoProcess(str(error)) from error
                self._shared.append(least)
            least.users += 1
            return least

    def _begin(self) -> _SharedProcess:
        return _SharedProcess(self._starter.submit(CopyProcess, self._source, self._destination))

    def close(self) -> None:
        """End them; no thread may copy any more."""
        try:
            for shared in self._shared:
                if shared.coming.exception() is None:
                    shared.coming.result().close()
        finally:
            self._starter.shutdown()
