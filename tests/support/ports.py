"""Ports for servers that a test stops and starts again: theirs also while nothing listens on them.

Several test processes, and several runs, share one machine. A port that is only *found* free may be taken by another
before its server listens, or while the server is down on purpose; Sentinels of one test then even take a stranger's
server for the one they watch.
"""

from __future__ import annotations

import fcntl
import os
import random
import tempfile
from pathlib import Path
from typing import IO

from asynctask_standalone.stores.processes import port_is_free

# Below what outgoing connections get (32,768 and up), and apart from what `asynctask up` chooses for itself.
RANGE = range(10_000, 20_000)
_FOLDER = Path(tempfile.gettempdir()) / f"asynctask-test-ports-{os.getuid()}"
_held: list[IO[bytes]] = []


def reserve_port() -> int:
    """A free TCP port of this machine that no other test process gets until this one ends."""
    _FOLDER.mkdir(exist_ok=True)
    for port in random.sample(RANGE, len(RANGE)):
        lock = (_FOLDER / str(port)).open("wb")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            continue
        if port_is_free(port):
            _held.append(lock)
            return port
        lock.close()
    raise AssertionError(f"none of the ports {RANGE.start} to {RANGE.stop - 1} is free")
