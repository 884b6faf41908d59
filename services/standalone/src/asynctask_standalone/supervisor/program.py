"""One of our services as a child process: it reports on stdout when it is ready, and stops when its stdin ends."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Mapping
from typing import Any, cast

from asynctask._supervision import supervised
from asynctask_standalone.supervisor.logfile import LogFile
from asynctask_standalone.supervisor.notices import SupervisorNotice, notice_of
from asynctask_standalone.supervisor.part import how_it_ended, start_failed
from asynctask_standalone.supervisor.processes import PidFile

READY_WITHIN_S = 60
STOPPED_WITHIN_S = 20
"""Longer than the grace period that the supervisor gives its services."""
ANSWER_WITHIN_S = 5


class Program:
    """`python -m MODULE --stop-with-parent` with settings in its environment.

    It runs in its own session, so that Ctrl-C in a terminal reaches only the supervisor, which then stops all parts in
    order. Its stdin is an unused pipe of the supervisor: the pipe ends when the supervisor is killed, and then the
    service ends too.
    """

    def __init__(
        self,
        name: str,
        module: str,
        settings: Mapping[str, str],
        *,
        log: LogFile,
        pid_file: PidFile,
        notice: Callable[[SupervisorNotice], None] | None = None,
    ) -> None:
        self._name = name
        self._module = module
        self._settings = settings
        self._log = log
        self._pid_file = pid_file
        self._notice = notice
        self._waits_for = ""
        self._process: Process | None = None
        self._readers: list[asyncio.Task[None]] = []
        self._metrics_port = 0

    @property
    def name(self) -> str:
        return self._name

    @property
    def pid(self) -> int | None:
        process = self._process
        return process.pid if process and process.returncode is None else None

    @property
    def metrics_port(self) -> int:
        """Where `/metrics` and `/healthz` are served; 0 before the first start."""
        return self._metrics_port

    async def start(self) -> str:
        ready: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        process = await asyncio.create_subprocess_exec(
            *python(self._module, "--stop-with-parent"),
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env={**os.environ, **self._settings},
            start_new_session=True,
        )
        self._process = process
        self._waits_for = ""
        assert process.stdout
        assert process.stderr
        self._readers = [
            supervised(
                asyncio.create_task(self._read(process.stdout, ready), name=f"{self._name} stdout"),
                "the reader of stdout",
            ),
            supervised(
                asyncio.create_task(self._read(process.stderr, None), name=f"{self._name} stderr"),
                "the reader of stderr",
            ),
        ]
        ended = asyncio.create_task(process.wait())
        try:
            self._pid_file.write(process.pid)
            await asyncio.wait([ready, ended], timeout=READY_WITHIN_S, return_when=asyncio.FIRST_COMPLETED)
            if not ready.done():
                late = f"not ready in {READY_WITHIN_S} s" + (
                    f", {self._waits_for}" if self._waits_for else ""
                )
                why = how_it_ended(ended.result()) if ended.done() else late
                await self._end(signal.SIGKILL)
                raise start_failed(self._name, why, self._log.path, self._log.tail(8))
        except (asyncio.CancelledError, OSError):
            await self._end(signal.SIGKILL)
            raise
        finally:
            ended.cancel()
        line = ready.result()
        self._metrics_port = int(line.get("metrics_port") or 0)
        return str(line["address"])

    async def ended(self) -> str:
        assert self._process
        returncode = await self._process.wait()
        await self._buried()
        return how_it_ended(returncode)

    async def answers(self) -> bool:
        # Any answer counts: a restart does not help a registry that reports that its Postgres is away.
        writer = None
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                reader, writer = await asyncio.open_connection("127.0.0.1", self._metrics_port)
                writer.write(b"GET /healthz HTTP/1.0\r\n\r\n")
                return (await reader.read(5)).startswith(b"HTTP")
        except OSError:  # a TimeoutError is one
            return False
        finally:
            if writer:
                writer.close()

    async def stop(self) -> None:
        await self._end(signal.SIGTERM)

    def kill(self) -> None:
        if self._process and self._process.returncode is None:
            self._process.kill()

    async def _end(self, number: signal.Signals) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(number)
        try:
            await asyncio.wait_for(process.wait(), STOPPED_WITHIN_S)
        except TimeoutError:
            process.kill()
            await process.wait()
        await self._buried()

    async def _buried(self) -> None:
        self._pid_file.remove()
        await asyncio.gather(*self._readers)

    async def _read(self, stream: asyncio.StreamReader, ready: asyncio.Future[dict[str, Any]] | None) -> None:
        """Copy every line into the log; set `ready` to the line that reports the service ready."""
        rest = b""
        while chunk := await stream.read(64 * 1024):
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                self._log.write(line + b"\n")
                if (notice := notice_of(line)) is not None:
                    self._take(notice)
                if ready and not ready.done() and (said := _ready_line(line)):
                    ready.set_result(said)
        if rest:
            self._log.write(rest + b"\n")

    def _take(self, notice: SupervisorNotice) -> None:
        if notice.is_wait:
            self._waits_for = notice.text
        if self._notice:
            self._notice(notice)


def python(module: str, *arguments: str) -> list[str]:
    """The command line of one of our modules; -P keeps Python from importing files of the current folder."""
    return [sys.executable, "-P", "-m", module, *arguments]


def _ready_line(line: bytes) -> dict[str, Any] | None:
    try:
        said: Any = json.loads(line)
    except ValueError:
        return None
    return cast("dict[str, Any]", said) if isinstance(said, dict) and "ready" in said else None
