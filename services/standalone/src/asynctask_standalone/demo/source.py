"""A folder to back up: given, or one that every machine with Python has."""

from __future__ import annotations

import os
import sysconfig
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from asynctask_standalone.demo.counting import TreeCount, below

MIN_FILES = 2_000
MIN_BYTES = 50_000_000
MAX_BYTES = 400_000_000
"""A larger folder would only make people wait."""
EXCLUDED = ("__pycache__", "site-packages", "dist-packages")
"""Excluded in Python's own folders: our own processes may write to the first while it is copied; the others are far
larger than the standard library that contains them."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder with the number and size of its files, by `TreeCount`."""

    path: Path
    files: int
    size: int

    @property
    def is_worth_it(self) -> bool:
        return self.files >= MIN_FILES and self.size >= MIN_BYTES


def measured(path: Path, exclude: Collection[str] = ()) -> Folder:
    """Count what is below `path`; entries that cannot be read do not count."""
    count = TreeCount()
    for _, status in below(path, exclude):
        count.add(status)
    return Folder(path, count.files, count.size)


def found() -> Folder:
    """A folder of this Python that is large enough: the standard library, else site-packages, or a folder in one.

    A whole site-packages can have a gigabyte; then a folder in it is taken. If none is large enough, the largest one.
    """
    names = ("stdlib", "purelib", "platlib")
    roots = dict.fromkeys(Path(sysconfig.get_path(name)).resolve() for name in names)
    whole = [measured(root, EXCLUDED) for root in roots]
    handy = [folder for folder in whole if folder.is_worth_it and folder.size <= MAX_BYTES]
    if handy:
        return handy[0]
    inner = sorted((part for root in roots for part in _inside(root)), key=lambda folder: folder.size)
    worth = [folder for folder in (*inner, *whole) if folder.is_worth_it]
    return worth[0] if worth else max(whole, key=lambda folder: folder.size)


def _inside(root: Path) -> Iterable[Folder]:
    with os.scandir(root) as entries:
        folders = [
            Path(entry.path)
            for entry in entries
            if entry.is_dir(follow_symlinks=False) and entry.name not in EXCLUDED
        ]
    return [measured(folder, EXCLUDED) for folder in folders]
