"""A folder to back up: given, or one that every machine with Python has."""

from __future__ import annotations

import os
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

MIN_FILES = 2_000
MIN_BYTES = 50_000_000
MAX_BYTES = 400_000_000
"""More than this would only make people wait."""
EXCLUDED = "__pycache__"
"""In Python's own folders: our own processes may write there while they are copied."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder and what is in it."""

    path: Path
    files: int
    size: int

    @property
    def is_worth_it(self) -> bool:
        return self.files >= MIN_FILES and self.size >= MIN_BYTES


def measured(path: Path, exclude: str = "") -> Folder:
    """Count what is below `path`; what cannot be read does not count."""
    files = size = 0
    for entry in _below(path, exclude):
        files += 1
        size += entry
    return Folder(path, files, size)


def found() -> Folder:
    """The smallest folder of this Python that is worth a backup; the largest of all when none is.

    A whole site-packages can be a gigabyte: then one of the folders in it may do.
    """
    names = ("stdlib", "purelib", "platlib")
    roots = dict.fromkeys(Path(sysconfig.get_path(name)).resolve() for name in names)
    known = [folder for root in roots for folder in (measured(root, EXCLUDED), *_inside(root))]
    worth = [folder for folder in known if folder.is_worth_it]
    if not worth:
        return max(known, key=lambda folder: (min(folder.files, MIN_FILES), folder.size))
    handy = [folder for folder in worth if folder.size <= MAX_BYTES]
    return min(handy or worth, key=lambda folder: folder.size)


def _inside(root: Path) -> Iterable[Folder]:
    with os.scandir(root) as entries:
        folders = [
            Path(entry.path)
            for entry in entries
            if entry.is_dir(follow_symlinks=False) and entry.name != EXCLUDED
        ]
    return [measured(folder, EXCLUDED) for folder in folders]


def _below(path: Path, exclude: str) -> Iterator[int]:
    for folder, names, files in os.walk(path):
        if exclude in names:
            names.remove(exclude)
        for name in files:
            try:
                status = os.lstat(os.path.join(folder, name))  # noqa: PTH118 - a path object for each of many thousands
            except OSError:
                continue
            yield status.st_size
