"""Reads the kernel's table of mounts; empty on systems without /proc, and if it cannot be read.

Without the table, a mount shows only by its device number, which reveals neither bind mounts nor mounts inside a root.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

_TABLE = "/proc/self/mountinfo"
_ESCAPED = re.compile(rb"\\([0-7]{3})")
_LARGEST_TABLE = 16 << 20

_PASSING = frozenset(
    """
    autofs binfmt_misc bpf cgroup cgroup2 configfs debugfs devpts devtmpfs efivarfs fusectl fuse.gvfsd-fuse fuse.portal
    hugetlbfs mqueue nsfs overlay proc pstore ramfs rpc_pipefs securityfs squashfs sysfs tracefs
    """.split()  # noqa: SIM905 - a list of so many words is easier to read so
)
"""Kinds that do not hold users' files: they come and go while a system runs."""
_PASSING_BELOW = (
    b"/dev/",
    b"/proc/",
    b"/run/",
    b"/snap/",
    b"/sys/",
    b"/var/lib/containers/",
    b"/var/lib/docker/",
)


@dataclass(frozen=True, slots=True)
class Mount:
    """One line of the table. `root` is the folder of the file system that is seen at `point`."""

    number: int
    parent: int
    root: bytes
    point: bytes
    kind: str
    device: str

    @property
    def is_passing(self) -> bool:
        """True for mounts that systems make for themselves: their absence says nothing about users' files."""
        return self.kind in _PASSING or self.point.startswith(_PASSING_BELOW)


def table() -> bytes:
    """The table as it is now; two equal answers mean that nothing was mounted or unmounted in between."""
    try:
        descriptor = os.open(_TABLE, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return b""
    try:
        found = bytearray()
        while (chunk := os.read(descriptor, 1 << 16)) and len(found) < _LARGEST_TABLE:
            found += chunk
        return bytes(found)
    finally:
        os.close(descriptor)


def read(lines: bytes) -> list[Mount]:
    """Read a table."""
    return list(_read(lines))


@lru_cache(maxsize=1)  # a backup reads the table about twenty times, and it hardly ever changes meanwhile
def _read(lines: bytes) -> tuple[Mount, ...]:
    found: list[Mount] = []
    for line in lines.splitlines():
        left, separator, right = line.partition(b" - ")
        facts, about = left.split(b" "), right.split(b" ")
        if not separator or len(facts) < 5 or len(about) < 2:
            continue
        found.append(
            Mount(
                int(facts[0]),
                int(facts[1]),
                _plain(facts[3]),
                _plain(facts[4]),
                os.fsdecode(about[0]),
                os.fsdecode(_plain(about[1])),
            )
        )
    return tuple(found)


def holding(mounts: Iterable[Mount], descriptor: int) -> Mount | None:
    """The mount that an open file is on; None if the system does not report it."""
    try:
        with open(f"/proc/self/fdinfo/{descriptor}", "rb") as about:
            number = next(int(line.split()[1]) for line in about if line.startswith(b"mnt_id:"))
    except (OSError, StopIteration):
        return None
    return next((one for one in mounts if one.number == number), None)


def are_told(mounts: Iterable[Mount], descriptor: int) -> bool:
    """Tell whether the system reports the mount of an open file, and so the mounts inside a folder."""
    return holding(mounts, descriptor) is not None


def point_of(mounts: Iterable[Mount], path: bytes) -> bytes:
    """The mount point of the file system for a real path, which may not exist yet."""
    points = [one.point for one in mounts if (path + b"/").startswith(one.point.rstrip(b"/") + b"/")]
    if points:
        return max(points, key=len)
    while not os.path.ismount(path):
        path = os.path.dirname(path)
    return path


def is_mounted(mounts: list[Mount], point: bytes) -> bool:
    """Tell whether something is mounted exactly at a real path. For mounts on demand, access the path before."""
    found = [one for one in mounts if one.point == point]
    return found[-1].kind != "autofs" if found else not mounts and os.path.ismount(point)


def inside(mounts: Iterable[Mount], holder: Mount, folder: bytes) -> dict[bytes, Mount]:
    """The mounts below `folder` (a real path on `holder`), by their paths relative to the folder.

    Only visible ones: a mount that is covered by a later mount does not count.
    """
    start = folder.rstrip(b"/") + b"/"
    children: dict[int, list[Mount]] = {}
    for one in mounts:
        children.setdefault(one.parent, []).append(one)
    found: dict[bytes, Mount] = {}
    waiting, seen = [holder], {holder.number}
    while waiting:
        here = waiting.pop()
        below = children.get(here.number, [])
        covers = [one for one in below if one.point == here.point and here is not holder]
        for one in covers or below:
            if one.number not in seen and one.point.startswith(start):
                seen.add(one.number)
                found[one.point[len(start) :]] = one
                waiting.append(one)
    return found


def _plain(text: bytes) -> bytes:
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 8)]), text)
