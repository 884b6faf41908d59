"""Compares two folders, file by file and byte by byte, by calls of the operating system alone."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from asynctask_standalone.demo.counting import TreeCount, below

_CHUNK = 1024 * 1024
_NONE = sys.maxsize
"""A position after the end of every file."""
_CAP_FSETID = 4
_STATE = ".asynctask-backup"
"""Folder of a destination that records its source; not part of either tree."""


@dataclass(frozen=True, slots=True)
class TreeComparison:
    """What a comparison found."""

    count: TreeCount = field(default_factory=TreeCount)
    differences: list[str] = field(default_factory=list[str])
    """One line for each entry that is missing, too much or different."""
    moved_on: list[str] = field(default_factory=list[str])
    """Differences of sources that changed after the backup had begun, which is no error."""


def compare(
    source: Path,
    destination: Path,
    *,
    exclude: Collection[str] = (),
    skipped: Iterable[str] = (),
    since: float,
) -> TreeComparison:
    """Compare contents, kinds, modes, times and link targets of everything below both folders.

    Args:
        source: what was backed up.
        destination: where it was backed up to.
        exclude: names that were excluded at any depth.
        skipped: paths, relative to the source, that the backup recorded as skipped; what is in them is skipped too.
        since: Unix time at which the backup began.
    """
    here, there = (
        {name: status for name, status in entries if name.partition("/")[0] != _STATE}
        for entries in (below(source, exclude), below(destination))
    )
    left_out = set(skipped)
    found = TreeComparison()
    for name in sorted(here.keys() | there.keys()):
        if any(part in left_out for part in _upwards(name)):
            continue
        if name not in here:
            found.differences.append(f"too much: {name}")
            continue
        status = here[name]
        found.count.add(status)
        if name not in there:
            wrong = f"missing: {name}"
        else:
            wrong = _difference(name, status, there[name], source / name, destination / name)
        if wrong:
            has_moved_on = max(status.st_mtime, status.st_ctime) >= since
            (found.moved_on if has_moved_on else found.differences).append(wrong)
    return found


def inodes(root: Path, names: Iterable[str]) -> Mapping[str, int]:
    """The inode of each file: a file that is written again and renamed into place has another."""
    found: dict[str, int] = {}
    for name in names:
        try:
            found[name] = os.lstat(root / name).st_ino
        except FileNotFoundError:
            found[name] = 0
    return found


def _difference(name: str, one: os.stat_result, other: os.stat_result, source: Path, copy: Path) -> str:
    """What is wrong with the copy; empty when nothing is."""
    if stat.S_IFMT(one.st_mode) != stat.S_IFMT(other.st_mode):
        return f"another kind of file: {name}"
    if stat.S_ISLNK(one.st_mode):
        return "" if source.readlink() == copy.readlink() else f"other link target: {name}"
    if _kept_mode(one) != _kept_mode(other):
        return f"other mode: {name}"
    if stat.S_ISREG(one.st_mode):
        if one.st_size != other.st_size or not _same_bytes(source, copy):
            return f"other content: {name}"
        # Some file systems keep times only to the microsecond.
        if abs(one.st_mtime_ns - other.st_mtime_ns) > 1_000:
            return f"other time: {name}"
    return ""


def _kept_mode(status: os.stat_result) -> int:
    """The part of a mode that a backup keeps: without root no set-id bits, and folders stay readable for the backup."""
    mode = stat.S_IMODE(status.st_mode)
    if os.geteuid() == 0:
        is_kept = not mode & stat.S_ISGID or _may_set_group_bit(status.st_gid)
        return mode if is_kept else mode & ~stat.S_ISGID
    mode &= ~(stat.S_ISUID | stat.S_ISGID)
    return mode | stat.S_IRUSR | stat.S_IXUSR if stat.S_ISDIR(status.st_mode) else mode


def _may_set_group_bit(group: int) -> bool:
    """Whether root may set the set-group-id bit for a group: for other groups only with CAP_FSETID."""
    if group in {os.getegid(), *os.getgroups()}:
        return True
    try:
        status = Path("/proc/thread-self/status").read_text()
    except OSError:
        return True
    rights = next(line for line in status.splitlines() if line.startswith("CapEff:"))
    return bool(int(rights.split()[1], 16) >> _CAP_FSETID & 1)


def _upwards(name: str) -> Iterator[str]:
    while name:
        yield name
        name = name.rpartition("/")[0]


def _same_bytes(one: Path, other: Path) -> bool:
    """Whether two files of the same size have the same content. Holes that both have are not read."""
    with one.open("rb", buffering=0) as left, other.open("rb", buffering=0) as right:
        files = (left.fileno(), right.fileno())
        at = 0
        while (at := min(_data_from(file, at) for file in files)) != _NONE:
            chunk, copy = (os.pread(file, _CHUNK, at) for file in files)
            if chunk != copy:
                return False
            if not chunk:
                return True
            at += len(chunk)
        return True


def _data_from(file: int, at: int) -> int:
    """The position of the first written byte from `at` on; `_NONE` if there is none."""
    try:
        return os.lseek(file, at, os.SEEK_DATA)
    except AttributeError:  # a system without holes
        return at
    except OSError as error:
        return _NONE if error.errno == errno.ENXIO else at
