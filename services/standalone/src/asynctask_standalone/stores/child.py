"""What both stores share: one owner per folder, a child process, and recovery after a `kill -9`.

- If the server dies, `wait` returns; `start` uses the same port and data again. Postgres may need a moment until its
  old backends have ended, so a start is tried for 30 s.
- If the owner dies, the server runs on without one. The next owner of the folder (the lock is released when its holder
  dies) finds the server by the pid file, checks by its command line that it serves this very folder, and stops it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path

from asynctask_standalone.stores.abandoned import HelperPrograms, in_daemon_thread
from asynctask_standalone.stores.errors import StoreError
from asynctask_standalone.stores.folder import StoreFolder
from asynctask_standalone.stores.processes import command_line, exit_code, free_port, port_is_free

POLL_SECONDS = 0.02
RETRY_SECONDS = 30.0
START_SECONDS = 300.0  # replaying a long log after a crash is slow, but it is progress
STOP_SECONDS = 30.0
GIVEN_UP_S = 2.0
"""Seconds that a cancelled start waits for the program that it runs."""


class EmbeddedStore(ABC):
    """One server process with its folder; for any event loop, but not for several tasks at once."""

    name: str
    stop_signals: tuple[signal.Signals, ...]
    """Sent in this order, the gentlest first; each gets a share of the time to stop."""
    passing_troubles: tuple[str, ...] = ("Address already in use",)
    """Texts in the log of a server that ended for a reason that goes away by itself."""

    def __init__(self, data_dir: Path | str, *, port: int = 0, env: Mapping[str, str] | None = None) -> None:
        """Prepare for `data_dir`, which is made if needed and then private; port 0 takes a free one and keeps it.

        Args:
            env: additional environment of the server.
        """
        self.folder = StoreFolder(Path(data_dir).expanduser().absolute(), f"{self.name}.log")
        self.port = port
        self._port_is_promised = port != 0  # or once a caller knows the port
        self._env = dict(env or {})
        self._process: subprocess.Popen[bytes] | None = None
        self._helpers = HelperPrograms()

    @property
    @abstractmethod
    def url(self) -> str:
        """Where to connect over TCP, password included; known once started."""

    @property
    def pid(self) -> int:
        """The process id of the running server.

        Raises:
            StoreError: it was never started.
        """
        if self._process is None:
            raise StoreError(f"{self.name} was not started")
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether the process that we started lives."""
        return self._process is not None and self._process.poll() is None

    @property
    def data_dir(self) -> Path:
        """The folder of the server: data, password, log, lock."""
        return self.folder.path

    async def start(self) -> str:
        """Start the server, or start it again, and return its URL when it answers.

        Raises:
            StoreError: the folder has another owner, the given port is taken, or the server ends by itself; the
                message has the end of its log.
        """
        if self.is_running:
            return self.url
        self.folder.take()
        try:
            await self._stop_stale()
            await self._prepared()
            await self._start_until_ready()
        except BaseException:
            await self._end(signal.SIGKILL)
            self.folder.release()
            raise
        return self.url

    async def stop(self) -> None:
        """Stop the server cleanly and give the folder free; no error when it has already ended."""
        share = STOP_SECONDS / len(self.stop_signals)
        for number in self.stop_signals:
            if await self._end(number, within=share):
                break
        self.folder.release()

    async def kill(self) -> None:
        """SIGKILL the server and return when it is gone; `start` brings it back."""
        await self._end(signal.SIGKILL)

    async def wait(self) -> int:
        """Return the exit code when the server ends; negative is the signal that ended it."""
        if self._process is None:
            raise StoreError(f"{self.name} was not started")
        return await exit_code(self._process)

    # What each kind of store implements.

    @abstractmethod
    def _prepare(self) -> None:
        """Make what the first start needs, and write the files that are new at each start."""

    @abstractmethod
    def _command(self) -> list[str]:
        """The command line of the server in the foreground."""

    @abstractmethod
    def _is_ready(self, process: subprocess.Popen[bytes]) -> bool:
        """Whether `process` answers now; asked every few milliseconds, must not block."""

    @abstractmethod
    def _stale_pid(self) -> int | None:
        """The pid in the folder's pid file."""

    @abstractmethod
    def _is_ours(self, command_line: Sequence[str]) -> bool:
        """Whether a process with this command line is a server of this folder."""

    # Starting and stopping.

    async def _prepared(self) -> None:
        """Prepare in a thread. A cancelled caller waits only until the running program has cleaned up."""
        self._helpers.begin()
        work = asyncio.ensure_future(in_daemon_thread(f"{self.name} preparation", self._prepare))
        try:
            await asyncio.shield(work)
        except asyncio.CancelledError:
            self._helpers.end()
            with contextlib.suppress(Exception):
                async with asyncio.timeout(GIVEN_UP_S):
                    await work
            raise

    def _spawn(self, log: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self._command(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env=os.environ | self._env,
            # Not in the terminal's process group: Ctrl-C is for the owner, which stops the stores last.
            start_new_session=True,
        )

    async def _start_until_ready(self) -> None:
        give_up = time.monotonic() + RETRY_SECONDS
        while True:
            if self._finds_port():
                with self.folder.open_log() as log:
                    process = self._process = self._spawn(log)
                if await self._becomes_ready(process):
                    self._port_is_promised = True
                    return
                reason = f"{self.name} ends by itself. {self.folder.log_tail()}"
                passes = any(trouble in reason for trouble in self.passing_troubles)
            else:
                reason = (
                    f"port {self.port} for {self.name} is in use: stop what uses it, or choose another port"
                )
                passes = self._process is not None  # an old connection of its own is still closing
            if not passes or time.monotonic() > give_up:
                raise StoreError(reason)
            await asyncio.sleep(0.2)

    def _finds_port(self) -> bool:
        if not self._port_is_promised:
            self.port = free_port()
        return port_is_free(self.port)

    async def _becomes_ready(self, process: subprocess.Popen[bytes]) -> bool:
        give_up = time.monotonic() + START_SECONDS
        while process.poll() is None:
            if self._is_ready(process):
                return True
            if time.monotonic() > give_up:
                message = f"{self.name} is not ready after {START_SECONDS:.0f} s"
                raise StoreError(f"{message}. {self.folder.log_tail()}")
            await asyncio.sleep(POLL_SECONDS)
        return False

    async def _stop_stale(self) -> None:
        """Stop the server that a killed owner left behind; another program with its old pid is left alone."""
        pid = self._stale_pid()
        share = STOP_SECONDS / len(self.stop_signals)
        for number in (*self.stop_signals, signal.SIGKILL):
            if pid is None or not self._is_ours(command_line(pid)):
                return
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
            give_up = time.monotonic() + share
            while self._is_ours(command_line(pid)) and time.monotonic() < give_up:  # noqa: ASYNC110 - not our child
                await asyncio.sleep(POLL_SECONDS)
        raise StoreError(
            f"process {pid}, a {self.name} of {self.folder.path} that was left behind, does not stop"
        )

    async def _end(self, number: signal.Signals, *, within: float | None = None) -> bool:
        if self._process is None:
            return True
        if self._process.poll() is None:
            self._process.send_signal(number)
            try:
                async with asyncio.timeout(within):
                    await exit_code(self._process)
            except TimeoutError:
                return False
        return True
