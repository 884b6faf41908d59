"""Ports for the parts: the asked-for one, the one of the last start, or any that is free."""

from __future__ import annotations

import json
import socket
from pathlib import Path


class AddressTaken(Exception):
    """Somebody else listens on the address that was asked for."""


def split_address(address: str) -> tuple[str, int]:
    """Host and port of `host:port` or `[::1]:port`.

    Raises:
        ValueError: it is neither.
    """
    host, colon, port = address.rpartition(":")
    if not colon or not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise ValueError(f"{address!r} is not an address like 127.0.0.1:7600")
    return host.removeprefix("[").removesuffix("]"), int(port)


def is_free(host: str, port: int) -> bool:
    """True when a server could listen there now; port 0 always can.

    Raises:
        OSError: the host is not an address of this machine.
    """
    family, kind, proto, _, target = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, proto) as probe:
        # As servers do: a port whose connections have just been closed is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(target)
            probe.listen(1)
        except PermissionError:
            raise
        except OSError as error:
            if "in use" in str(error):
                return False
            raise
    return True


def any_free(host: str) -> int:
    """A port that is free at this moment."""
    family, kind, proto, _, target = socket.getaddrinfo(host, 0, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, proto) as probe:
        probe.bind(target)
        return int(probe.getsockname()[1])


class PortBook:
    """Remembers in the data folder which ports the parts had, so that addresses survive a restart where they can."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._ports: dict[str, int] = {
                str(name): int(port) for name, port in json.loads(path.read_text("utf-8")).items()
            }
        except (OSError, ValueError, AttributeError, TypeError):
            self._ports = {}

    def port(self, name: str, host: str) -> int:
        """The port that `name` had last time if it is free, else another; remembered for the next time."""
        port = self._ports.get(name, 0)
        if (
            not port
            or port in (other for key, other in self._ports.items() if key != name)
            or not is_free(host, port)
        ):
            port = any_free(host)
        self._ports[name] = port
        self._path.write_text(json.dumps(self._ports), "utf-8")
        return port
