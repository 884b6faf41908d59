"""Checks the two folders of a backup: are they there, are they apart, and what can the destination keep?"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager

from asynctask_core.errors import DestinationInsideSource
from asynctask_nas.capabilities import capabilities
from asynctask_nas.failing import destination_told, source_missing
from asynctask_nas.holds import Holds
from asynctask_nas.paths import ROOT
from asynctask_nas.refused import may_change, opens
from asynctask_nas.tree import Tree, set_mode
from asynctask_nas.words import printable


def check_places(source: bytes, destination: bytes) -> None:
    """Refuse two folders that cannot be backed up. Nothing is written.

    Raises:
        SourceMissing: the source is not a folder, or cannot be read.
        DestinationInsideSource: one lies inside the other, also through symbolic links and bind mounts, or both are
            the same.
    """
    try:
        root = os.stat(source)
        if not stat.S_ISDIR(root.st_mode):
            raise source_missing(source)
        with os.scandir(source):
            pass
    except OSError as error:
        raise source_missing(source, error) from None
    real_source, real_destination = os.path.realpath(source), os.path.realpath(destination)
    one, other = f"the source '{printable(source)}'", f"the destination '{printable(destination)}'"
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


def probe(root: Tree | bytes, *, shown: bytes | None = None) -> Holds:
    """Make the destination folder if it is absent, and find out what it can keep, in a temporary folder.

    Errors name the folder as `shown`.

    Raises:
        DestinationUnusable: it cannot be made, read or written to.
        NotEnoughSpace: not even an empty file fits.
        RetryLater: its file system failed.
    """
    tree = Tree.of(root)
    name = shown or tree.path
    with destination_told(name, "made"):
        if isinstance(root, bytes):
            os.makedirs(root, exist_ok=True)
    with destination_told(name, "read"):
        os.close(tree.open(ROOT, os.O_RDONLY | os.O_DIRECTORY))
    with destination_told(name, "written to"), open_to_us(tree):
        return capabilities(tree)


@contextmanager
def open_to_us(tree: Tree) -> Iterator[None]:
    """Make our own root writable for the block: it may be the copy of a folder that refuses its owner."""
    with tree.folder(ROOT) as folder:
        mode, how = stat.S_IMODE(os.fstat(folder).st_mode), os.W_OK | os.X_OK
        is_closed = not mode & stat.S_IWUSR and not may_change(folder, how)
        if not is_closed or not opens(folder, mode | stat.S_IWUSR, how):
            yield
            return
        try:
            yield
        finally:
            set_mode(folder, mode)
