"""The two folders of a backup: are they there, are they apart, and what can the destination hold?"""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from asynctask_core.errors import DestinationInsideSource, SourceMissing
from asynctask_nas.entries import Entry, Kind
from asynctask_nas.exclude import PART_PREFIX, PART_SUFFIX
from asynctask_nas.failing import destination_told

_GRAINS_NS = (1, 100, 1_000, 1_000_000, 10_000_000, 1_000_000_000, 2_000_000_000)
"""Steps in which file systems keep times, from ext4 to FAT."""


@dataclass(frozen=True, slots=True)
class Holds:
    """What a destination can keep, found out by trying: nothing else is compared, or every run would find changes."""

    mtime_grain_ns: int = 1
    modes: bool = True
    owners: bool = True
    links: bool = True
    attributes: bool = True

    def same_time(self, source_ns: int, copy_ns: int) -> bool:
        """Tell whether `copy_ns` is what the destination makes of `source_ns`, rounded either way."""
        return abs(source_ns - copy_ns) < self.mtime_grain_ns

    def mode(self, entry: Entry) -> int:
        """The mode that a copy gets.

        Without ownership set-user-id and set-group-id are never kept, and folders stay readable for us: the next run
        has to look into them.
        """
        if self.owners:
            return entry.mode
        mode = entry.mode & ~(stat.S_ISUID | stat.S_ISGID)
        return mode | stat.S_IRUSR | stat.S_IXUSR if entry.kind is Kind.FOLDER else mode


def check_places(source: bytes, destination: bytes) -> None:
    """Refuse two folders that make no backup. Nothing is written.

    Raises:
        SourceMissing: the source is no folder, or cannot be read.
        DestinationInsideSource: one lies inside the other, also through symbolic links and bind mounts, or both are
            the same.
    """
    try:
        root = os.stat(source)
        if not stat.S_ISDIR(root.st_mode):
            raise SourceMissing(f"the source {os.fsdecode(source)!r} is not a folder")
        with os.scandir(source):
            pass
    except OSError as error:
        said = f"the source folder {os.fsdecode(source)!r} cannot be read: {error.strerror}"
        raise SourceMissing(said) from None
    real_source, real_destination = os.path.realpath(source), os.path.realpath(destination)
    one, other = f"the source {os.fsdecode(source)!r}", f"the destination {os.fsdecode(destination)!r}"
    there = None
    with contextlib.suppress(OSError):
        there = os.stat(real_destination)
    if there and os.path.samestat(root, there):
        raise DestinationInsideSource(f"{one} and {other} are the same folder")
    if _holds(real_source, root, real_destination):
        raise DestinationInsideSource(f"{other} lies inside {one}")
    if there and _holds(real_destination, there, real_source):
        raise DestinationInsideSource(f"{one} lies inside {other}")


def _holds(folder: bytes, folder_facts: os.stat_result, path: bytes) -> bool:
    """Tell whether `path` is `folder` or below it, by name or by identity of any parent."""
    if os.path.commonpath([folder, path]) == folder:
        return True
    for parent in _upwards(path):
        with contextlib.suppress(OSError):
            if os.path.samestat(os.stat(parent), folder_facts):
                return True
    return False


def _upwards(path: bytes) -> Iterator[bytes]:
    while True:
        yield path
        parent = os.path.dirname(path)
        if parent == path:
            return
        path = parent


def probe(destination: bytes, *, shown: bytes | None = None) -> Holds:
    """Make the destination folder when it is absent and find out what it can hold, with one temporary file.

    Errors name the folder as `shown`.

    Raises:
        DestinationUnusable: it cannot be made, read or written to.
        NotEnoughSpace: not even an empty file fits.
        RetryLater: its file system failed.
    """
    name = shown or destination
    with destination_told(name, "made"):
        os.makedirs(destination, exist_ok=True)
    with destination_told(name, "read"), os.scandir(destination):
        pass
    with destination_told(name, "written to"), open_to_us(destination):
        return _probe(destination)


@contextmanager
def open_to_us(folder: bytes) -> Iterator[None]:
    """Let us write into a folder of our own: it may be the copy of one that is closed to its owner."""
    facts = os.stat(folder)
    is_closed = os.geteuid() != 0 and facts.st_uid == os.geteuid() and not facts.st_mode & stat.S_IWUSR
    if not is_closed:
        yield
        return
    os.chmod(folder, stat.S_IMODE(facts.st_mode) | stat.S_IWUSR)
    try:
        yield
    finally:
        os.chmod(folder, stat.S_IMODE(facts.st_mode))


def _probe(destination: bytes) -> Holds:
    before = os.stat(destination)
    descriptor, path = tempfile.mkstemp(dir=destination, prefix=PART_PREFIX, suffix=PART_SUFFIX)
    try:
        return Holds(
            mtime_grain_ns=_grain(descriptor),
            modes=_keeps_mode(descriptor),
            owners=_keeps_owner(descriptor),
            links=_keeps_links(path),
            attributes=_keeps_attributes(descriptor),
        )
    finally:
        os.close(descriptor)
        os.unlink(path)
        # Else every comparison would find the destination's own folder changed.
        with contextlib.suppress(OSError):
            os.utime(destination, ns=(before.st_atime_ns, before.st_mtime_ns))


def _grain(descriptor: int) -> int:
    odd_ns = 1_000_000_001_123_456_789
    os.utime(descriptor, ns=(odd_ns, odd_ns))
    off = abs(os.fstat(descriptor).st_mtime_ns - odd_ns)
    return next((grain for grain in _GRAINS_NS if off < grain), _GRAINS_NS[-1])


def _keeps_mode(descriptor: int) -> bool:
    try:
        for mode in (0o640, 0o711):
            os.fchmod(descriptor, mode)
            if stat.S_IMODE(os.fstat(descriptor).st_mode) != mode:
                return False
    except OSError:
        return False
    return True


def _keeps_owner(descriptor: int) -> bool:
    """Only root gives files away; and not every mount keeps it (FAT, squashed NFS)."""
    if os.geteuid() != 0:
        return False
    try:
        os.fchown(descriptor, 12345, 12345)
    except OSError:
        return False
    facts = os.fstat(descriptor)
    return (facts.st_uid, facts.st_gid) == (12345, 12345)


def _keeps_links(path: bytes) -> bool:
    twin = path.removesuffix(PART_SUFFIX) + b"-link" + PART_SUFFIX
    try:
        os.link(path, twin)
    except OSError:
        return False
    try:
        first, second = os.lstat(path), os.lstat(twin)
        return os.path.samestat(first, second) and first.st_nlink == 2
    finally:
        os.unlink(twin)


def _keeps_attributes(descriptor: int) -> bool:
    if not hasattr(os, "setxattr"):
        return False
    try:
        os.setxattr(descriptor, b"user.asynctask", b"1")
    except OSError:
        return False
    return True
