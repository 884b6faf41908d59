"""Finds the living processes of a data folder, by pid files that cannot be mistaken for another program's process.

A pid alone proves nothing: it may belong to another program by now. So a pid file also holds the kernel's start time
of the process, and the id of the boot.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from dataclasses import asdict, dataclass
from pathlib import Path

POLL_S = 0.02


@dataclass(frozen=True, slots=True)
class ProcessId:
    """Identifies one process for all time: no other process ever has the same three values."""

    pid: int
    started: str
    boot: str

    @classmethod
    def of(cls, pid: int) -> ProcessId | None:
        """The process that has `pid` now; None if there is none, or only a zombie."""
        started = _started(pid)
        return cls(pid, started, _boot()) if started else None

    @property
    def is_alive(self) -> bool:
        return ProcessId.of(self.pid) == self

    def send(self, number: signal.Signals) -> None:
        """Send it a signal, if it is still alive."""
        if self.is_alive:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def ended_within(self, seconds: float) -> bool:
        """Wait until it has ended; False if it still runs after the wait."""
        deadline = time.monotonic() + seconds
        while self.is_alive:
            if time.monotonic() > deadline:
                return False
            time.sleep(POLL_S)
        return True


@dataclass(frozen=True, slots=True)
class PidFile:
    """Records one running child, so that the next supervisor can stop it."""

    path: Path

    def write(self, pid: int) -> None:
        """Record the child, atomically."""
        identity = ProcessId.of(pid)
        if identity is None:
            return  # it has ended already, which its supervisor will notice
        fresh = self.path.with_suffix(".new")
        fresh.write_text(json.dumps(asdict(identity)), "utf-8")
        fresh.replace(self.path)

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)

    def read(self) -> ProcessId | None:
        """The child, if it is alive."""
        try:
            identity = ProcessId(**json.loads(self.path.read_text("utf-8")))
        except (FileNotFoundError, ValueError, TypeError):
            return None
        return identity if identity.is_alive else None


def _started(pid: int) -> str:
    """The kernel's start time of `pid`; empty if it does not run."""
    try:
        # The name is in brackets and may itself contain brackets and blanks.
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
        return "" if fields[0] in "ZX" else fields[19]
    except (FileNotFoundError, ProcessLookupError):
        if Path("/proc/self/stat").exists():
            return ""
    # No /proc, as on macOS.
    answer = subprocess.run(
        ["ps", "-o", "stat=,lstart=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
        env={"LC_ALL": "C", "PATH": os.defpath},
    ).stdout.strip()
    state, _, started = answer.partition(" ")
    return "" if state.startswith("Z") else started.strip()


def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return ""
