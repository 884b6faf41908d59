"""Manages processes that check schemas and configs; `schema_process` says why processes are needed."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from typing import Any, Final

from asynctask_chassis.logs import get_logger
from asynctask_core import limits
from asynctask_core.errors import Overloaded
from asynctask_scheduler.checks.schema_process import HAS_TIMER, LENGTH

log = get_logger(__name__)

START_S: Final = 60.0
PATIENCE_S: Final = limits.CONFIG_CHECK_MS / 1000 * 10
"""Wall-clock time for one request. Longer than the bound of processor time, since the processor may be busy."""
WAIT_S: Final = 10.0
"""Longest wait for a free process."""


class TookTooLong(Exception):
    """A process was ended because a request took too long, or too much memory."""

    def __init__(self, text: str, *, is_measured: bool = False) -> None:
        """`is_measured`: the processor time was exceeded, so the same request will take too long again."""
        super().__init__(text)
        self.is_measured = is_measured


class SchemaProcesses:
    """At most `size` processes, started when they are first needed, and again after one was killed."""

    def __init__(self, size: int = 1) -> None:
        self._slots = asyncio.Semaphore(size)
        self._idle: list[_Process] = []

    async def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Let a process answer.

        Raises:
            TookTooLong: the process was ended because of this request.
            Overloaded: no process became free, none can be started, or the machine is too busy.
        """
        try:
            async with asyncio.timeout(WAIT_S):
                await self._slots.acquire()
        except TimeoutError:
            raise Overloaded("too many schemas are being checked", retry_after_ms=1_000) from None
        try:
            return await self._ask(request)
        finally:
            self._slots.release()

    async def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        process = self._idle.pop() if self._idle else None
        if process is not None and not process.is_running:
            await process.end()
            process = None
        process = process or await _Process.start()
        try:
            async with asyncio.timeout(PATIENCE_S):
                answer = await process.ask(request)
        except (TimeoutError, OSError, EOFError) as error:
            await process.end()
            log.warning("schema.process_ended", reason=f"{type(error).__name__}: {process.ending}")
            is_measured = process.is_out_of_time
            if isinstance(error, TimeoutError) and HAS_TIMER and not is_measured:
                # The kernel would have ended a costly request by its processor time: this one waited for a processor.
                text = "this machine is too busy to check a schema, or a config by its schema"
                raise Overloaded(text, retry_after_ms=1_000) from None
            raise TookTooLong(process.ending, is_measured=is_measured) from None
        except BaseException:
            await process.end()
            raise
        self._idle.append(process)
        return answer

    async def close(self) -> None:
        """End the idle processes. A process at work ends if its request is cancelled."""
        while self._idle:
            await self._idle.pop().end()


class _Process:
    """One process, and the connection to it."""

    def __init__(
        self, process: subprocess.Popen[bytes], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._process = process
        self._reader = reader
        self._writer = writer

    @classmethod
    async def start(cls) -> _Process:
        """Start one and wait until it is ready. Raises Overloaded."""
        ours, theirs = socket.socketpair()
        try:
            # Not by the event loop: uvloop forks, which is unsafe with libraries that have threads of their own.
            process = await asyncio.to_thread(_spawn, theirs)
            reader, writer = await asyncio.open_connection(sock=ours)
        except OSError as error:
            ours.close()
            raise Overloaded(f"no process can be started: {error}", retry_after_ms=1_000) from None
        finally:
            theirs.close()
        started = cls(process, reader, writer)
        try:
            async with asyncio.timeout(START_S):
                await started._read()
        except BaseException as error:
            await started.end()
            if isinstance(error, (TimeoutError, OSError, EOFError)):
                text = "a process that checks schemas did not start"
                raise Overloaded(text, retry_after_ms=1_000) from None
            raise
        return started

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    @property
    def is_out_of_time(self) -> bool:
        """Whether the kernel ended it because it exceeded its processor time."""
        return hasattr(signal, "SIGPROF") and self._process.poll() == -signal.SIGPROF

    @property
    def ending(self) -> str:
        """How it ended."""
        code = self._process.poll()
        if code is None or code == -signal.SIGKILL:
            return "it gave no answer in time"
        if self.is_out_of_time:
            return f"it took more than {limits.CONFIG_CHECK_MS / 1000:g} s of processor time"
        return f"it ended with {code}, perhaps for want of memory"

    async def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        body = json.dumps(request).encode()
        self._writer.write(LENGTH.pack(len(body)) + body)
        await self._writer.drain()
        return await self._read()

    async def _read(self) -> dict[str, Any]:
        (length,) = LENGTH.unpack(await self._reader.readexactly(LENGTH.size))
        return json.loads(await self._reader.readexactly(length))

    async def end(self) -> None:
        """Kill it and wait for its end: it keeps no state."""
        self._writer.close()
        # If it is just ending by itself, wait for its exit code; its end of the connection is closed before that.
        with suppress(subprocess.TimeoutExpired):
            if self._reader.at_eof():
                await asyncio.to_thread(self._process.wait, 1.0)
        if self._process.poll() is None:
            self._process.kill()
        await asyncio.to_thread(self._process.wait)


def _spawn(connection: socket.socket) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "asynctask_scheduler.checks.schema_process"],
        stdin=connection.fileno(),
        stdout=connection.fileno(),
        env={name: value for name, value in os.environ.items() if not name.startswith("ASYNCTASK_")},
    )
