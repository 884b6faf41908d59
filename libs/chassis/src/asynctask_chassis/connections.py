"""Closes connections that gRPC would keep: those beyond the share of one host, and those of peers that do not read.

gRPC itself only bounds the number of all connections. It can neither list them nor close one. So the guard finds their
sockets among the open files of the process and shuts them down. To gRPC it seems that the peer has disconnected.

This works on systems that list open files (Linux, macOS); on others only the bounds of gRPC hold.
"""

from __future__ import annotations

import asyncio
import os
import socket
import stat
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Set
from contextlib import closing, suppress
from typing import Any, Final
from urllib.parse import unquote

from asynctask_chassis.logs import get_logger
from asynctask_chassis.loop import LoopReport

log = get_logger(__name__)

Place = tuple[str, int]
"""Host and port of one end of a connection."""

OPEN_FILES: Final = "/dev/fd"
KEPT_FILES: Final = 256
"""Files that a service needs in addition to its incoming connections: for stores, logs, other services."""
FEWEST: Final = 16
_ANY_FAMILY: Final = getattr(socket, "AF_UNIX", socket.AF_INET6)
"""The family only determines how long an address may be; these have the longest addresses."""


def allowed_connections(wanted: int) -> int:
    """Return how many of the `wanted` connections the limit of open files allows, after raising it if possible."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return wanted
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted + KEPT_FILES
    if soft != resource.RLIM_INFINITY and soft < needed:
        most = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
            soft = most
    if soft == resource.RLIM_INFINITY or soft >= needed:
        return wanted
    allowed = max(FEWEST, soft - KEPT_FILES)
    log.warning("connections.few", count=allowed, reason=f"the process may open {soft} files, see ulimit -n")
    return allowed


class ConnectionGuard:
    """Closes connections beyond the share of one host, and those of peers that do not read answers."""

    def __init__(self, *, per_host: int, unread: Callable[[], Iterable[str]]) -> None:
        """Allow each host `per_host` connections; `unread` returns gRPC's names of peers that do not read answers."""
        self._per_host = per_host
        self._unread = unread
        self._port = 0
        self._known: dict[int, int] = {}
        """The pass in which a socket was first seen, by its inode."""
        self._passes = 0

    def listen(self, port: int) -> None:
        """Guard the connections to this port."""
        self._port = port

    async def run_once(self) -> LoopReport:
        """Close surplus connections, and those of peers that do not read: one pass of a periodic loop."""
        unread = {place for peer in self._unread() if (place := place_of(peer)) is not None}
        # In a thread: with thousands of connections this would block the event loop for too long.
        return LoopReport(changed=await asyncio.to_thread(self._close, unread))

    def _close(self, unread: Set[Place]) -> int:
        return self._close_unread(unread) + self._close_surplus()

    def _close_unread(self, peers: Set[Place]) -> int:
        if not peers:
            return 0
        closed = sum(_shut(fd, inode, peer) for fd, inode, peer in self._connections() if peer in peers)
        if closed:
            log.warning("connections.closed", count=closed, reason="the peer does not read answers")
        return closed

    def _close_surplus(self) -> int:
        inodes = [inode for _, inode in _sockets()]  # on some systems all sockets have the same
        self._passes += 1
        self._known = {inode: self._known.get(inode, self._passes) for inode in inodes}
        if len(inodes) <= self._per_host:
            return 0
        by_host: defaultdict[str, list[tuple[int, int, int, Place]]] = defaultdict(list)
        for fd, inode, peer in self._connections():
            by_host[peer[0]].append((self._known.get(inode, self._passes), inode, fd, peer))
        closed = 0
        for host, found in by_host.items():
            newest = sorted(found)[self._per_host :]
            if newest:
                count = sum(_shut(fd, inode, peer) for _, inode, fd, peer in newest)
                reason = f"one host may have {self._per_host}, see connections_per_host and connections"
                log.warning("connections.closed", count=count, peer=host, reason=reason)
                closed += count
        return closed

    def _connections(self) -> Iterator[tuple[int, int, Place]]:
        """File, inode and peer of each connection to our port."""
        for fd, inode in _sockets():
            with suppress(OSError):
                ends = _ends(fd)
                if ends is not None and ends[0][1] == self._port:
                    yield fd, inode, ends[1]


def place_of(peer: str) -> Place | None:
    """Parse gRPC's name of a peer, `ipv4:10.0.0.1:7600` or `ipv6:%5B::1%5D:7600`; None for any other."""
    kind, _, rest = unquote(peer).partition(":")
    host, _, port = rest.rpartition(":")
    if kind not in ("ipv4", "ipv6") or not port.isdecimal():
        return None
    return _plain(host.strip("[]")), int(port)


def _plain(host: str) -> str:
    return host.removeprefix("::ffff:").partition("%")[0]


def _sockets() -> Iterator[tuple[int, int]]:
    """Every open socket, with its inode."""
    try:
        names = os.listdir(OPEN_FILES)  # noqa: PTH208 - there may be many, and only their names are needed
    except OSError:
        return
    for name in names:
        try:
            found = os.fstat(int(name))
        except (OSError, ValueError):  # closed meanwhile
            continue
        if stat.S_ISSOCK(found.st_mode):
            yield int(name), found.st_ino


def _ends(fd: int) -> tuple[Place, Place] | None:
    """Both ends of a TCP connection; None for another socket. Raises OSError if it is not connected."""
    there = socket.socket(_ANY_FAMILY, socket.SOCK_STREAM, 0, fileno=fd)
    try:
        here: Any = there.getsockname()
        peer: Any = there.getpeername()
    finally:
        there.detach()
    if any(isinstance(end, (str, bytes)) or not isinstance(end[0], str) for end in (here, peer)):
        return None  # a socket between processes, or to the kernel, such as the one that looks up host names
    return (_plain(here[0]), here[1]), (_plain(peer[0]), peer[1])


def _shut(fd: int, inode: int, peer: Place) -> bool:
    """Shut a connection down if `fd` is still that connection: gRPC closes files in its own threads."""
    try:
        copy = os.dup(fd)
        with closing(socket.socket(_ANY_FAMILY, socket.SOCK_STREAM, 0, fileno=copy)) as there:
            ends = _ends(copy)
            if os.fstat(copy).st_ino != inode or ends is None or ends[1] != peer:
                return False
            there.shutdown(socket.SHUT_RDWR)
            return True
    except OSError:
        return False
