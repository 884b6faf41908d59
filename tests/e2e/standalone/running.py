"""A real `asynctask up`, its command line and its executors, as a user has them."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from asynctask.blocking import Client
from asynctask_standalone.cli.app import app
from asynctask_standalone.supervisor.processes import ProcessId

COMMAND = (sys.executable, "-m", "asynctask_standalone")
HERE = Path(__file__).parent
WITHIN_S = 120
FREE = ("--address", "127.0.0.1:0", "--gateway-address", "127.0.0.1:0")
"""Options of `up`: free ports in place of the default ones."""


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    exit_code: int
    stdout: str
    stderr: str


@dataclass
class Up:
    """A running `asynctask up --json`, and its parts as they were when it was ready."""

    process: subprocess.Popen[str]
    ready: dict[str, Any]
    env: dict[str, str]
    parts: dict[str, ProcessId]

    @property
    def address(self) -> str:
        return self.ready["address"]

    def cli(self, *arguments: str, exit_code: int | None = 0, stdin: str = "") -> Done:
        """Run one command and expect its exit code, or any where it is None; a traceback is never acceptable.

        In this process, because loading Python and grpc for each would take most of the time; see `shell`.
        """
        with (
            redirect_stdout(io.StringIO()) as out,
            redirect_stderr(io.StringIO()) as err,
            mock.patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()))),
            mock.patch.dict(os.environ, {"ASYNCTASK_ADDRESS": self.address}),
        ):
            try:
                app(arguments, prog_name="asynctask")
                code = 0
            except SystemExit as end:
                code = end.code or 0
        return self._expected(arguments, Done(int(code), out.getvalue(), err.getvalue()), exit_code)

    def shell(self, *arguments: str, exit_code: int = 0, stdin: str = "") -> Done:
        """The same as a process of its own, as a shell has it."""
        done = subprocess.run(
            [*COMMAND, *arguments],
            capture_output=True,
            text=True,
            input=stdin,
            timeout=WITHIN_S,
            check=False,
            cwd=HERE,
            env=self.env | {"ASYNCTASK_ADDRESS": self.address},
        )
        return self._expected(arguments, Done(done.returncode, done.stdout, done.stderr), exit_code)

    def _expected(self, arguments: Sequence[str], done: Done, exit_code: int | None) -> Done:
        assert exit_code in (None, done.exit_code), (arguments, done)
        assert "Traceback" not in done.stderr
        return done

    def json(self, *arguments: str) -> Any:
        """The one line of JSON that a command prints."""
        return json.loads(self.cli(*arguments, "--json").stdout)

    def lines(self, *arguments: str, exit_code: int = 0) -> list[Any]:
        """The lines of JSON that a command prints."""
        return [
            json.loads(line)
            for line in self.cli(*arguments, "--json", exit_code=exit_code).stdout.splitlines()
        ]

    def refusal(self, *arguments: str, exit_code: int) -> dict[str, Any]:
        """The error that a command prints as JSON, with nothing on stdout."""
        done = self.cli(*arguments, "--json", exit_code=exit_code)
        assert done.stdout == ""
        return json.loads(done.stderr)["error"]

    def submit(self, task_type: str, config: object = None, *options: str) -> str:
        return self.json("submit", task_type, "--config", json.dumps(config or {}), *options)["task_id"]

    def until(self, task_id: str, *states: str) -> Any:
        """Wait until the task is in one of the states, and give it as `get --json` does."""
        deadline = time.monotonic() + WITHIN_S
        with Client(self.address) as client:  # of the SDK: a command for each look would take too long
            while (task := client.get(task_id)).state not in states:
                assert time.monotonic() < deadline, task
                time.sleep(0.02)
        return self.json("get", task_id)

    def connected(self) -> set[str]:
        """Ids of the executors that are connected."""
        with Client(self.address) as client:
            return {one.executor_id for one in client.executors() if one.connected}

    def interrupt(self) -> int:
        """Press Ctrl-C and wait for the end."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(WITHIN_S)

    def kill_everything(self) -> None:
        """A power cut: the supervisor and every child at the same time."""
        for pid in (self.process.pid, *self.ready["pids"].values()):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(WITHIN_S)


@contextmanager
def up(
    data: Path,
    *options: str,
    env: dict[str, str] | None = None,
    command: Sequence[str] = COMMAND,
    addresses: Sequence[str] = FREE,
) -> Iterator[Up]:
    """`asynctask up` on free ports, once it is ready; killed at the end if it has not ended by then."""
    environment = os.environ | (env or {})
    with subprocess.Popen(
        [*command, "up", "--data", str(data), *addresses, "--json", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    ) as process:
        assert process.stdout
        assert process.stderr
        line = process.stdout.readline()
        assert line, process.stderr.read()
        ready = json.loads(line)
        # On a busy machine the pid of a part that has ended soon belongs to another process.
        parts = {
            name: found for name, pid in ready["pids"].items() if (found := ProcessId.of(pid)) is not None
        }
        running = Up(process, ready, dict(environment), parts)
        try:
            yield running
        finally:
            if process.poll() is None and running.interrupt() != 0:
                raise AssertionError(process.stderr.read())


@contextmanager
def executor(cluster: Up, *options: str, target: str = "kinds_of_task") -> Iterator[subprocess.Popen[str]]:
    """`asynctask executor`, once the cluster knows it."""
    before = cluster.connected()
    with subprocess.Popen(
        [*COMMAND, "executor", target, *options],
        stderr=subprocess.PIPE,
        text=True,
        cwd=HERE,
        env=cluster.env | {"ASYNCTASK_ADDRESS": cluster.address},
    ) as process:
        try:
            deadline = time.monotonic() + WITHIN_S
            while cluster.connected() <= before:
                assert process.poll() is None, process.stderr and process.stderr.read()
                assert time.monotonic() < deadline
                time.sleep(0.1)
            yield process
        finally:
            process.kill()
