"""Ports for servers that a test stops and starts again: theirs also while nothing listens on them.

Several test processes, and several runs, share one machine. A port that is only *found* free may be taken by another
before its server listens, or while the server is down on purpose; Sentinels of one test then even take a stranger's
server for the one they watch.
"""

from __future__ import annotations

import random
import socket

from asynctask_standalone.stores.processes import port_is_free

# Below what outgoing connections get (32,768 and up), and apart from what `asynctask up` chooses for itself.
RANGE = range(10_000, 20_000)
_held: list[socket.socket] = []


def reserve_port() -> int:
    """A free TCP port of this machine that no other test process gets until `release_ports`.

    What holds it is the UDP port of the same number, which nobody wants: it leaves no file behind, and it is free
    again when this process ends, however it ends.
    """
    for port in random.sample(RANGE, len(RANGE)):
        holder = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            holder.bind(("127.0.0.1", port))
        except OSError:
            holder.close()
            continue
        if port_is_free(port):
            _held.append(holder)
            return port
        holder.close()
    raise AssertionError(f"none of the ports {RANGE.start} to {RANGE.stop - 1} is free")


def reserved_ports() -> int:
    """How many are held."""
    return len(_held)


def release_ports(keep: int = 0) -> None:
    """Let go of all that were reserved after the first `keep`."""
    while len(_held) > keep:
        _held.pop().close()
