"""The process of one handler, as its executor sees it: started, listened to, ended."""

import multiprocessing
import os
import secrets
import selectors
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from multiprocessing import process, spawn, util
from pathlib import Path
from typing import Any, Final, Protocol, cast

from asynctask._attempt.clock import ClockReading
from asynctask._forks import forks_held_back, undone_in_children
from asynctask._handler import guard, process_table
from asynctask._handler.process_child import run_child
from asynctask._handler.process_messages import HandlerStart, read_message

HAS_GUARDS: Final = os.name == "posix" and not getattr(sys, "frozen", False)
"""Whether a guard can start Python and signal processes; a frozen program cannot run other Python code."""
GUARD_SCRIPT: Final = str(Path(guard.__file__))
_MARK: Final = "_ASYNCTASK_HANDLER"
"""Variable that marks all processes of a handler, so that they are found if their guard was killed."""
_KEPT_OFF: Final = tuple(
    getattr(signal, name)
    for name in ("SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGTSTP")
    if hasattr(signal, name)
)
_BOOT: Final = (
    "from multiprocessing import connection, process, spawn; c = connection.Connection({file});"
    " me = process.current_process(); me._inheriting = True; spawn.prepare(c.recv()); del me._inheriting;"
    " from asynctask._handler.process_child import run_child; run_child(c, c.recv())"
)
"""What the handler's process runs: `sys.path` and the main module first, since the handler may need them.

As in `multiprocessing`, `_inheriting` shows code that starts something there that the main module is imported again.
"""


@dataclass(frozen=True, slots=True)
class ProcessEnd:
    """How the handler's process ended."""

    code: int | None
    """Exit code, negative for a signal, None when that is not known."""
    peak_bytes: int | None = None
    """The most memory that it used."""
    unreachable: int = 0
    """Processes that it started and that cannot be ended: other users' own, such as those of `sudo`."""


class HandlerProcess(Protocol):
    """A process that runs one handler."""

    connection: Any
    """The executor's end of the pipe to it."""

    @property
    def pid(self) -> int | None:
        """The number of the handler's process, once it is known."""
        ...

    def start(self, start: HandlerStart) -> None:
        """Start it and tell it what to do; `wait` must follow, also when this raises."""
        ...

    def messages(self) -> Iterator[object]:
        """Messages from the pipe, until the process has closed it. In one thread. Raises StrangeMessage."""
        ...

    def wait(self, timeout_s: float | None) -> ProcessEnd | None:
        """Wait until it, and everything that it started, has ended; None when that takes longer than `timeout_s`."""
        ...

    def terminate(self) -> None:
        """SIGTERM, which the handler may clean up after. From any thread; does not wait."""
        ...

    def kill(self) -> None:
        """End it and everything that it started. From any thread; does not wait."""
        ...

    def cut_off(self) -> None:
        """Break the pipe for every thread that still waits to write into it. From any thread."""
        ...

    def lease(self, since: ClockReading, length_ms: float) -> None:
        """Let it go on until this time, unless a later lease follows. From any thread; does not wait."""
        ...


def handler_process(name: str) -> HandlerProcess:
    """A process for the handler of the stage `name`, with a guard if this platform allows one."""
    return GuardedProcess() if HAS_GUARDS else SpawnedProcess(name)


class GuardedProcess:
    """A handler's process below a guard (`guard.py`), which ends everything that the handler started."""

    def __init__(self) -> None:
        ours, self._theirs = multiprocessing.Pipe()
        self.connection: Any = ours
        self._control, self._guards = socket.socketpair()
        self._process: subprocess.Popen[bytes] | None = None
        self._said = b""
        self._closing = threading.Lock()
        self._undone = ExitStack()
        self._token = secrets.token_hex(8)
        self.pid: int | None = None
        self._end: ProcessEnd | None = None

    def start(self, start: HandlerStart) -> None:
        self._undone.enter_context(undone_in_children(self._close_in_child))
        try:
            self._spawn()
        finally:
            with forks_held_back():
                self._theirs.close()
                self._guards.close()
        with suppress(BrokenPipeError, ConnectionResetError):  # it has ended already: `wait` says how
            self.connection.send(_preparation())
            self.connection.send(start)

    def messages(self) -> Iterator[object]:
        with selectors.DefaultSelector() as selector:
            selector.register(self.connection, selectors.EVENT_READ)
            selector.register(self._control, selectors.EVENT_READ)
            while True:
                # Once everything below the guard has ended, every message is here: a process that could not be ended,
                # such as one of another user, may hold the pipe for ever.
                is_over = self._end is not None
                ready = {key.fileobj for key, _ in selector.select(0 if is_over else None)}
                if is_over and not ready:
                    return
                if self._control in ready and not self._listen():
                    selector.unregister(self._control)
                    os.set_blocking(self.connection.fileno(), False)  # the last message may be incomplete
                    if self._end is not None and self._end.code is None:
                        return  # without a guard, a process that holds the pipe may live on
                if self.connection in ready:
                    try:
                        data = self.connection.recv_bytes()
                    except (EOFError, OSError):
                        return
                    yield read_message(data)

    def wait(self, timeout_s: float | None) -> ProcessEnd | None:
        deadline = None if timeout_s is None else time.monotonic() + timeout_s
        while self._end is None:
            left_s = None if deadline is None else max(deadline - time.monotonic(), 0.0)
            self._control.settimeout(left_s)
            try:
                self._listen()
            except (TimeoutError, BlockingIOError):
                return None
        if self._process is not None:
            self._process.wait()
            if self._end.code is None:
                process_table.kill_marked(f"{_MARK}={self._token}")
        with self._closing, forks_held_back():
            self._control.close()
        self._undone.close()
        return self._end

    def terminate(self) -> None:
        self._tell(guard.TERMINATE)

    def kill(self) -> None:
        self._tell(guard.KILL)

    def cut_off(self) -> None:
        # Closing it would not wake a thread that waits in it.
        with suppress(OSError), socket.socket(fileno=os.dup(self.connection.fileno())) as pipe:
            pipe.shutdown(socket.SHUT_RDWR)

    def lease(self, since: ClockReading, length_ms: float) -> None:
        self._tell(guard.LEASE + f"{since.boot_ns} {since.wall_ns} {int(length_ms * 1e6)}".encode())

    def _spawn(self) -> None:
        # As multiprocessing itself does: no public function gives the interpreter's options.
        flags = cast("list[str]", util._args_from_interpreter_flags())  # pyright: ignore
        before = signal.pthread_sigmask(signal.SIG_BLOCK, _KEPT_OFF)  # until the guard can keep them off
        try:
            self._process = subprocess.Popen(
                [
                    *(spawn.get_executable(), "-I", "-S", GUARD_SCRIPT),
                    *(str(self._guards.fileno()), str(self._theirs.fileno()), str(os.getpid())),
                    *(spawn.get_executable(), *flags, "-c", _BOOT.format(file=self._theirs.fileno())),
                ],
                stdin=subprocess.DEVNULL,
                env=os.environ | {_MARK: self._token},
                pass_fds=(self._guards.fileno(), self._theirs.fileno()),
                start_new_session=True,
            )
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def _listen(self) -> bool:
        """Read lines of the guard; false once its last line has come."""
        try:
            said = self._control.recv(4096)
        except (ConnectionResetError, OSError) as error:
            if isinstance(error, (TimeoutError, BlockingIOError)):
                raise
            said = b""
        *lines, self._said = (self._said + said).split(b"\n")
        for line in lines:
            kind, *numbers = line.split()
            if kind == b"started":
                self.pid = int(numbers[0])
            elif kind == b"ended":
                status, peak_kib, unreachable = map(int, numbers)
                self._end = ProcessEnd(os.waitstatus_to_exitcode(status), peak_kib * 1024, unreachable)
        if not said and self._end is None:
            self._end = ProcessEnd(None)  # the guard was killed; the handler's process ends with it
        return self._end is None

    def _tell(self, command: bytes) -> None:
        with self._closing, suppress(OSError):  # the guard has ended, and everything below it
            self._control.send(command + b"\n", socket.MSG_DONTWAIT)

    def _close_in_child(self) -> None:
        """A forked child must not keep these open: the other side sees the end of this process by their end."""
        for file in (self.connection, self._theirs, self._control, self._guards):
            file.close()


class SpawnedProcess:
    """A handler's process without a guard: what the handler started itself is not ended with it (Windows)."""

    def __init__(self, name: str) -> None:
        ours, self._theirs = multiprocessing.Pipe()
        self.connection: Any = ours
        self._name = name
        self._process: process.BaseProcess | None = None

    @property
    def pid(self) -> int | None:
        return None if self._process is None else self._process.pid

    def start(self, start: HandlerStart) -> None:
        # Not daemonic: such a process may have no children of its own.
        child = multiprocessing.get_context("spawn").Process(
            target=_run_without_guard,
            args=(self._theirs, start),
            name=f"asynctask-{self._name}",
            daemon=False,
        )
        try:
            child.start()
        finally:
            self._theirs.close()
        self._process = child

    def messages(self) -> Iterator[object]:
        while True:
            try:
                data = self.connection.recv_bytes()
            except (EOFError, OSError):
                return
            yield read_message(data)

    def wait(self, timeout_s: float | None) -> ProcessEnd | None:
        if self._process is None:
            return ProcessEnd(None)
        self._process.join(timeout_s)
        return None if self._process.is_alive() else ProcessEnd(self._process.exitcode)

    def terminate(self) -> None:
        if self._process is not None:
            self._process.terminate()

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()

    def cut_off(self) -> None:
        """The pipe breaks by itself when the process has ended, which is all that holds it."""

    def lease(self, since: ClockReading, length_ms: float) -> None:
        """Without effect, since there is no guard: the handler checks its lease at each call of its context."""


def _run_without_guard(connection: Any, start: HandlerStart) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C reaches the whole group; the parent decides
    run_child(connection, start)


def _preparation() -> dict[str, Any]:
    """The data that a spawned process gets before it imports anything, as `multiprocessing` itself does."""
    facts: dict[str, Any] = spawn.get_preparation_data("MainProcess")
    facts["authkey"] = bytes(
        facts["authkey"]
    )  # the key's own class refuses to be pickled; the pipe is private
    return facts
