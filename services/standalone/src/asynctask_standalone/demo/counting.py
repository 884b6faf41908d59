"""What is below a folder, and the one way in which the demo counts it."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from asynctask_standalone.cli.wording import amount


@dataclass(slots=True)
class Count:
    """Files and their bytes, as the backup counts them: a symbolic link is a file without any."""

    files: int = 0
    size: int = 0

    def add(self, status: os.stat_result) -> None:
        """Count one entry; folders and devices are none."""
        if stat.S_ISREG(status.st_mode):
            self.files += 1
            self.size += status.st_size
        elif stat.S_ISLNK(status.st_mode):
            self.files += 1

    def __str__(self) -> str:
        return f"{amount(self.files, 'files')}, {amount(self.size, 'bytes')}"


def below(
    root: Path, exclude: Collection[str] = (), prefix: str = ""
) -> Iterator[tuple[str, os.stat_result]]:
    """Every entry below `root` by its relative path, without the names in `exclude` at any depth.

    What vanishes meanwhile or cannot be read is left out: a folder that is in use is backed up as well as possible.
    """
    try:
        entries = list(os.scandir(root / prefix))
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
