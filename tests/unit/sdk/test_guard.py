"""The guard of a handler's process, run as the program that it is: what it ends, and when."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from asynctask._handler import guard
from tests.support.alive import is_running

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs a subreaper, which Linux alone has")

SHELL = shutil.which("sh") or "/bin/sh"
LATER_S = 15
"""What nobody ends ends by itself then, so that a broken guard fails a test and leaves nothing."""


class Guarded:
    """A guard with a script below it."""

    def __init__(self, script: str, folder: Path) -> None:
        self.control, theirs = socket.socketpair()
        with theirs, Path(os.devnull).open("rb") as inherited:
            files = (theirs.fileno(), inherited.fileno())
            # The end that this process keeps must not be open below the guard, as it is not below an executor's.
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-I", "-S", guard.__file__),
                    *(*map(str, files), str(os.getpid()), SHELL, "-c", script),
                ],
                cwd=folder,
                pass_fds=files,
            )
        self._heard = self.control.makefile()
        assert self._heard.readline().startswith("started ")

    def say(self, command: bytes) -> None:
        self.control.sendall(command + b"\n")

    def ended(self) -> int:
        """How the handler's process ended."""
        kind, status, *_ = self._heard.readline().split()
        assert kind == "ended"
        return os.waitstatus_to_exitcode(int(status))

    def close(self) -> None:
        self._heard.close()
        self.control.close()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[list[Guarded]]:
    running: list[Guarded] = []
    yield running
    for one in running:
        one.close()
        one.process.wait()


def test_handler_ends_with_its_lease(running: list[Guarded], tmp_path: Path) -> None:
    """Fails when the handler of a frozen executor goes on beside the task's next attempt."""
    running.append(Guarded(f"sleep {LATER_S}", tmp_path))
    now = f"{guard._boot_ns()} {time.time_ns()}".encode()
    running[0].say(guard.LEASE + now + b" 1000000")
    assert running[0].ended() == -signal.SIGKILL


def test_handler_ends_with_its_executor(running: list[Guarded], tmp_path: Path) -> None:
    running.append(Guarded(f"sleep {LATER_S}; touch went-on", tmp_path))
    running[0].close()
    running[0].process.wait()
    assert not (tmp_path / "went-on").exists()


def test_what_is_deaf_and_left_behind_is_ended(running: list[Guarded], tmp_path: Path) -> None:
    script = f"trap '' TERM; sleep {LATER_S} & echo $! > left"
    running.append(Guarded(script, tmp_path))
    assert running[0].ended() == 0
    assert not is_running(int((tmp_path / "left").read_text()))


def test_orphan_is_ended(running: list[Guarded], tmp_path: Path) -> None:
    """Fails when what has lost its parent is nobody's any more."""
    running.append(Guarded(f"(sleep {LATER_S} & echo $! > left)", tmp_path))
    assert running[0].ended() == 0
    assert not is_running(int((tmp_path / "left").read_text()))
