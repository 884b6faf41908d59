"""One folder of both sides, looked into entry by entry.

An open folder saves the system the way along its path, twice for each entry. It is open only while its entries are
looked at: a walk that goes down into a deep tree holds two open folders, not two for each level.
"""

from __future__ import annotations

import os

from asynctask_nas.entries import Entry, look, look_in
from asynctask_nas.paths import join


class FolderSide:
    """What one side has in one folder. `close` may come at any time: the next look opens it again."""

    def __init__(self, root: bytes, folder: bytes) -> None:
        self._root = root
        self._folder = folder
        self._descriptor: int | None = None
        self._opens = os.stat in os.supports_dir_fd

    def look(self, path: bytes, name: bytes) -> Entry | None:
        """What is at `path`, relative to the root and called `name` in this folder; None when nothing is.

        Raises:
            OSError: it cannot be told.
        """
        if self._descriptor is None:
            if not self._open():
                return look(join(self._root, path))
            assert self._descriptor is not None
        return look_in(self._descriptor, name)

    def close(self) -> None:
        """Hold nothing open."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _open(self) -> bool:
        if not self._opens:
            return False
        try:
            self._descriptor = os.open(
                join(self._root, self._folder), os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
            )
        except OSError:
            self._opens = False  # no open folders left, or it went away: its entries say so by their paths
            return False
        return True
