"""Lists what is below a folder, and counts it in the one way that the demo uses."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from asynctask_standalone.cli.wording import amount

_SMALL = 1 << 16


@dataclass(slots=True)
class TreeCount:
    """Files and their bytes, as the backup counts them.

    A symbolic link is a file without bytes, holes are not counted, and a file with several names counts its bytes once.
    """

    files: int = 0
    size: int = 0
    _seen: set[tuple[int, int]] = field(default_factory=set[tuple[int, int]], repr=False, compare=False)

    def add(self, status: os.stat_result) -> None:
        """Count one entry; folders and devices do not count."""
        if stat.S_ISREG(status.st_mode):
            self.files += 1
            name = (status.st_dev, status.st_ino)
            if name not in self._seen:
                self.size += _content(status)
            if status.st_nlink > 1:
                self._seen.add(name)
        elif stat.S_ISLNK(status.st_mode):
            self.files += 1

    def __str__(self) -> str:
        return f"{amount(self.files, 'files')}, {amount(self.size, 'bytes')}"


def below(
    root: Path, exclude: Collection[str] = (), prefix: str = ""
) -> Iterator[tuple[str, os.stat_result]]:
    """Every entry below `root` by its relative path, without the names in `exclude` at any depth.

    Entries that vanish meanwhile or cannot be read are left out, since the folder may be in use.
    """
    try:
        with os.scandir(root / prefix) as found:
            entries = list(found)
    except OSError:
        return
    for entry in entries:
        if entry.name in exclude:
            continue
        try:
            status = entry.stat(follow_symlinks=False)
        except OSError:
            continue
        name = f"{prefix}{entry.name}"
        yield name, status
        if stat.S_ISDIR(status.st_mode):
            yield from below(root, exclude, f"{name}/")


def _content(status: os.stat_result) -> int:
    # A small file may be stored in its inode, without a block.
    return status.st_size if status.st_size <= _SMALL else min(status.st_size, status.st_blocks * 512)
