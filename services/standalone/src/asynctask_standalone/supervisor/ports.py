"""Ports for the parts: the asked-for one, the one of the last start, or any that is free."""

from __future__ import annotations

import errno
import json
import random
import socket
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class AddressTaken(Exception):
    """Another program listens on the address that was asked for."""


def split_address(address: str) -> tuple[str, int]:
    """Host and port of `host:port` or `[::1]:port`.

    Raises:
        ValueError: it is neither.
    """
    if "://" in address:
        raise ValueError(
            f"{address!r} has a scheme: write the host and the port alone, such as 127.0.0.1:7600"
        )
    host, colon, port = address.rpartition(":")
    if not colon or not host or not port.isascii() or not port.isdigit():
        raise ValueError(f"{address!r} is not an address like 127.0.0.1:7600")
    if int(port) > 65535:
        raise ValueError(f"{address!r} is not an address like 127.0.0.1:7600: the largest port is 65535")
    return host.removeprefix("[").removesuffix("]"), int(port)


def reached_here(address: str) -> str:
    """The address by which programs of this machine reach a server that may listen on all its addresses."""
    host, port = split_address(address)
    return {"0.0.0.0": f"127.0.0.1:{port}", "::": f"[::1]:{port}"}.get(host, address)  # noqa: S104


def somebody_answers(addresses: Iterable[tuple[str, int]], within_s: float = 3.0) -> bool:
    """True when one of the addresses takes a connection."""
    for address in addresses:
        try:
            with socket.create_connection(address, timeout=within_s):
                return True
        except OSError:
            continue
    return False


def addresses_of(url: str, default_port: int) -> list[tuple[str, int]]:
    """Hosts and ports in a URL, of which there may be several; none for a Unix socket.

    Raises:
        ValueError: a port is not a number.
    """
    from urllib.parse import urlsplit  # not above: every command splits an address, and few a URL

    places = urlsplit(url).netloc.rpartition("@")[2].split(",")
    # A colon inside brackets is one of an IPv6 address.
    with_port = [
        place if ":" in place.rpartition("]")[2] else f"{place}:{default_port}" for place in places if place
    ]
    return [split_address(place) for place in with_port]


def is_free(host: str, port: int) -> bool:
    """True if a server could listen there now; always true for port 0.

    Raises:
        ValueError: the host is not an address of this machine, or only the administrator may use the port.
    """
    try:
        family, kind, proto, _, target = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, proto) as probe:
            # As servers do: so a port whose connections have just been closed counts as free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(target)
            probe.listen(1)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return False
        raise ValueError(f"cannot listen on {host}:{port}: {error.strerror}") from None
    return True


def any_free(host: str) -> int:
    """A port that is free now, below the range for outgoing connections, which could take it during a restart."""
    return next((port for port in random.sample(range(20_000, 32_000), 100) if is_free(host, port)), 0)


class PortBook:
    """Remembers the parts' ports in the data folder, so that addresses stay the same after a restart if possible."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            said = json.loads(path.read_text("utf-8"))
            self._ports: dict[str, int] = {str(name): int(port) for name, port in said.items()}
        except (OSError, ValueError, AttributeError, TypeError):
            self._ports = {}

    def last(self, name: str) -> int:
        """The port that `name` had; 0 if it had none, or another part has it now."""
        port = self._ports.get(name, 0)
        return 0 if port in (other for key, other in self._ports.items() if key != name) else port

    def keep(self, name: str, port: int) -> None:
        """Remember it for the next time."""
        self._ports[name] = port
        self._path.write_text(json.dumps(self._ports), "utf-8")

    def port(self, name: str, host: str) -> int:
        """The port that `name` had last time if it is free, else another one, which is remembered."""
        port = self.last(name)
        if not port or not is_free(host, port):
            port = any_free(host)
        self.keep(name, port)
        return port
