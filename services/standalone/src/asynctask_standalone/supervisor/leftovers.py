"""Stops the services that a killed supervisor left behind, before the same data folder is used again.

They stop by themselves when their supervisor dies, but hold their addresses for a moment. The stores do not stop by
themselves: `asynctask_standalone.stores` finds and stops them.
"""

from __future__ import annotations

import signal
from dataclasses import dataclass

from asynctask_standalone.supervisor.folder import DataFolder
from asynctask_standalone.supervisor.part import StartFailed
from asynctask_standalone.supervisor.processes import PidFile


@dataclass(frozen=True, slots=True)
class _Step:
    number: signal.Signals | None
    wait_s: float


# First only wait: the end of their stdin has already asked them to stop.
_STEPS = (_Step(None, 3), _Step(signal.SIGTERM, 3), _Step(signal.SIGKILL, 5))
_SERVICES = ("gateway", "scheduler", "registry")


def stop_leftovers(folder: DataFolder) -> list[str]:
    """Stop every service that the pid files of `folder` name; gives the names of those that were running.

    Raises:
        StartFailed: one cannot be stopped.
    """
    stopped: list[str] = []
    for name in _SERVICES:
        pid_file = PidFile(folder.pids / f"{name}.json")
        process = pid_file.read()
        if process:
            for step in _STEPS:
                if step.number:
                    process.send(step.number)
                if process.ended_within(step.wait_s):
                    break
            else:
                raise StartFailed(
                    f"{name} of an earlier run (process {process.pid}) cannot be stopped; end it, then start again"
                )
            stopped.append(name)
        pid_file.remove()
    return stopped
