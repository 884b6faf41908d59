"""A gateway as a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.raw_http import WITHIN_S

COMMAND = (sys.executable, "-m", "asynctask_gateway", "--stop-with-parent")


@dataclass(frozen=True)
class RunningGateway:
    """One replica."""

    address: str
    log: Path

    @property
    def url(self) -> str:
        return f"http://{self.address}"

    def lines(self) -> list[dict[str, Any]]:
        """What it has logged."""
        return [json.loads(line) for line in self.log.read_text("utf-8").splitlines()]


def environment(scheduler: str, **settings: str) -> dict[str, str]:
    """The environment of a gateway; `settings` are its variables without prefix: `BASE_PATH=…`."""
    given = {
        "ADDRESS": "127.0.0.1:0",
        "METRICS_ADDRESS": "127.0.0.1:0",
        "LOG_FORMAT": "json",
        "LOG_LEVEL": "debug",
        "SCHEDULER_ADDRESS": scheduler,
    } | settings
    return os.environ | {f"ASYNCTASK_GATEWAY_{name}": value for name, value in given.items()}


@contextmanager
def a_gateway(scheduler: str, folder: Path, **settings: str) -> Iterator[RunningGateway]:
    """A gateway of these schedulers, once it is ready; drained at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "gateway.log"
    with (
        log.open("wb") as errors,
        subprocess.Popen(
            COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=environment(scheduler, **settings),
        ) as process,
    ):
        assert process.stdout
        try:
            line = process.stdout.readline()
            assert line, log.read_text("utf-8")
            yield RunningGateway(json.loads(line)["address"], log)
            process.terminate()
            assert process.wait(WITHIN_S) == 0, log.read_text("utf-8")
        finally:
            process.kill()
