"""Services and other programs as child processes that tests may treat badly.

    registry = processes.service("registry", POSTGRES_URL=url)
    await registry.start()
    registry.address                    # what the others need
    await registry.kill()               # SIGKILL
    await registry.start()              # again, on the same port

Processes that a test leaves running are killed after it; the ends of all logs are shown when it fails.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from asynctask_standalone.stores.processes import exit_code
from tests.support.ports import reserve_port

TAIL_LINES = 40


class ChildProcess:
    """One program, started any number of times; stdout and stderr go to a file."""

    def __init__(self, name: str, command: Sequence[str], log: Path, env: Mapping[str, str]) -> None:
        self.name = name
        self.command = list(command)
        self.log = log
        self.env = dict(env)
        self.ready: Mapping[str, object] = {}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The latest process."""
        assert self._process is not None, f"{self.name} was not started"
        return self._process

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def spawn(self) -> None:
        """Start it without waiting for anything."""
        assert not self.is_running, f"{self.name} runs already"
        self._close_stdin()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command,
                stdin=subprocess.PIPE,  # services stop when it ends, so none outlives a killed test run
                stdout=log,
                stderr=log,
                env=os.environ | self.env,
                start_new_session=True,
            )

    async def start(self, timeout: float = 90.0) -> None:
        """Start it and wait for its ready line (`{"ready": true, …}`), which is then in `ready`."""
        before = self.log.stat().st_size if self.log.exists() else 0
        self.spawn()
        give_up = time.monotonic() + timeout
        while True:
            ended = not self.is_running
            for line in self.output(before).splitlines():
                if line.startswith('{"ready":'):
                    self.ready = json.loads(line)
                    return
            assert not ended, f"{self.name} ended with {self.process.returncode}:\n{self.tail()}"
            assert time.monotonic() < give_up, f"{self.name} was not ready within {timeout} s:\n{self.tail()}"
            await asyncio.sleep(0.02)

    def send(self, number: signal.Signals) -> None:
        """Send a signal; SIGSTOP and SIGCONT freeze and thaw it."""
        self.process.send_signal(number)

    async def wait(self, timeout: float = 90.0) -> int:
        """Wait for its end and give the exit code."""
        try:
            async with asyncio.timeout(timeout):
                return await exit_code(self.process)
        except TimeoutError:
            raise AssertionError(f"{self.name} did not end within {timeout} s:\n{self.tail()}") from None

    async def kill(self) -> None:
        """SIGKILL, also when it is frozen, and wait until it is gone."""
        self.send(signal.SIGKILL)
        await self.wait()

    async def stop(self, timeout: float = 90.0) -> int:
        """SIGTERM, and wait for the drain; gives the exit code."""
        self.send(signal.SIGTERM)
        return await self.wait(timeout)

    async def restart(self) -> None:
        """Stop it cleanly and start it again."""
        await self.stop()
        await self.start()

    def output(self, offset: int = 0) -> str:
        """What it printed, from a byte offset."""
        if not self.log.exists():
            return ""
        with self.log.open("rb") as log:
            log.seek(offset)
            return log.read().decode(errors="replace")

    def tail(self) -> str:
        return "\n".join(self.output().splitlines()[-TAIL_LINES:])

    def clean_up(self) -> None:
        """Kill it if it runs; for the end of a test."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._close_stdin()

    def _close_stdin(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()


class ServiceProcess(ChildProcess):
    """One replica of a service on a port of its own, which it keeps when it is started again."""

    def __init__(self, service: str, log: Path, settings: Mapping[str, str], *, number: int = 1) -> None:
        self.address = f"127.0.0.1:{reserve_port()}"
        prefix = f"ASYNCTASK_{service.upper()}_"
        defaults = {"ADDRESS": self.address, "METRICS_ADDRESS": "127.0.0.1:0", "LOG_FORMAT": "json"}
        super().__init__(
            f"{service}-{number}",
            [sys.executable, "-m", f"asynctask_{service}", "--stop-with-parent"],
            log,
            {prefix + name: value for name, value in (defaults | dict(settings)).items()},
        )

    @property
    def metrics_port(self) -> int:
        """Where `/metrics` is; another one after each start."""
        return int(str(self.ready["metrics_port"]))


class Processes:
    """Makes the processes of one test."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.all: list[ChildProcess] = []

    def service(self, service: str, **settings: str) -> ServiceProcess:
        """Prepare a replica of a service; `settings` are its variables without prefix: `POSTGRES_URL=…`."""
        number = 1 + sum(
            isinstance(one, ServiceProcess) and one.name.startswith(f"{service}-") for one in self.all
        )
        process = ServiceProcess(service, self._folder / f"{service}-{number}.log", settings, number=number)
        self.all.append(process)
        return process

    def program(self, name: str, command: Sequence[str], **env: str) -> ChildProcess:
        """Prepare any other program."""
        process = ChildProcess(name, command, self._folder / f"{name}.log", env)
        self.all.append(process)
        return process

    def python(self, name: str, *arguments: str, **env: str) -> ChildProcess:
        """Prepare a Python program: `python("worker", "-m", "package")`."""
        return self.program(name, [sys.executable, *arguments], **env)

    def clean_up(self) -> None:
        for process in self.all:
            process.clean_up()
