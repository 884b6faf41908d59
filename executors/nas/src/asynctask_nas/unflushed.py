"""Notes at the destination about copies that are in place and may be bad: because a flush failed after they were made,
so that they may not be on storage, or because their task found that they differ from their sources.

After a failed flush the task makes them again. If it fails for good, the next backup would take them for good copies,
by their size and time. So the next backup copies the noted files again, and deletes the notes.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from contextlib import suppress
from urllib.parse import quote_from_bytes, unquote_to_bytes

from asynctask_nas.exclude import STATE
from asynctask_nas.marker import ensure_state
from asynctask_nas.tree import Tree

_PATH = STATE + b"/unflushed"
_NEW = STATE + b"/unflushed.new"
_LARGEST = 64 << 20
"""Most bytes of notes that are read."""


def note(root: Tree, paths: Iterable[bytes]) -> None:
    """Add those paths to the notes that they lack.

    Raises:
        OSError: they cannot be written; the disk may have just failed.
    """
    ensure_state(root)
    there = noted(root)
    _write(root, _PATH, os.O_APPEND, (path for path in paths if path not in there))


def noted(root: Tree) -> frozenset[bytes]:
    """The paths in the notes."""
    try:
        with open(root.open(_PATH, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            return frozenset(map(unquote_to_bytes, file.read(_LARGEST).splitlines()))
    except FileNotFoundError:
        return frozenset()


def settle(root: Tree, done: Iterable[bytes]) -> None:
    """Delete the notes on files that were copied again (`done`, read only if there are notes), or are gone."""
    if doubted := noted(root):
        forget(root, {path for path in doubted if root.look(path) is None} | doubted.intersection(done))


def forget(root: Tree, paths: Collection[bytes]) -> None:
    """Delete the notes on files that are on storage now."""
    left = noted(root).difference(paths)
    with root.folder(STATE) as folder:
        if left:
            with suppress(FileNotFoundError):
                os.unlink(os.path.basename(_NEW), dir_fd=folder)
            _write(root, _NEW, os.O_EXCL, sorted(left))
            names = os.path.basename(_NEW), os.path.basename(_PATH)
            os.rename(*names, src_dir_fd=folder, dst_dir_fd=folder)
        else:
            with suppress(FileNotFoundError):
                os.unlink(os.path.basename(_PATH), dir_fd=folder)


def _write(root: Tree, path: bytes, how: int, paths: Iterable[bytes]) -> None:
    text = "".join(quote_from_bytes(one) + "\n" for one in paths).encode()
    descriptor = root.open(path, os.O_WRONLY | os.O_CREAT | os.O_NONBLOCK | how, 0o644)
    with open(descriptor, "wb") as file:
        file.write(text)
        file.flush()
        os.fsync(descriptor)
