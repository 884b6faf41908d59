"""What every replica says of itself in reports of health: who and where it is, and how its periodic loops run."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Sequence
from importlib import metadata

from asynctask_chassis.loop import PeriodicLoop
from asynctask_core.wire import now_us, to_timestamp
from asynctask_protos.task.v1.health_pb2 import ReplicaState


def replica_name() -> str:
    """Return a unique name for this process."""
    return f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"


class ReplicaReport:
    """Describes this process. `address` and `loops` are set once they are known."""

    def __init__(self, service: str, name: str, address: str) -> None:
        self.name = name
        self.address = address
        self.loops: Sequence[PeriodicLoop] = ()
        self._service = service
        self._host = socket.gethostname()
        self._version = _installed(f"asynctask-{service}")
        self._start_us = now_us()

    def state(self) -> ReplicaState:
        """The replica now."""
        return ReplicaState(
            service=self._service,
            name=self.name,
            host=self._host,
            address=self.address,
            version=self._version,
            start_time=to_timestamp(self._start_us),
            loops=[loop.state() for loop in self.loops],
        )


def _installed(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:  # run from a source tree that is not installed
        return "0"
