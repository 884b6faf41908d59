"""One folder of one side, looked into entry by entry.

An open folder saves the system the way along its path for each entry. It is open only while its entries are looked at:
a walk that goes down into a deep tree holds two open folders, not two for each level.
"""

from __future__ import annotations

from asynctask_nas.entries import Entry, look_in
from asynctask_nas.tree import OpenFolder, Tree


class FolderSide:
    """What one side has in one folder. `close` may come at any time: the next look opens it again."""

    def __init__(self, tree: Tree, folder: bytes) -> None:
        self._tree = tree
        self._folder = folder
        self._open: OpenFolder | None = None

    def look(self, name: bytes) -> Entry | None:
        """What is called `name` in this folder; None when nothing is, or the folder is gone.

        Raises:
            OSError: it cannot be told.
        """
        if self._open is None:
            try:
                self._open = self._tree.folder(self._folder)
            except (FileNotFoundError, NotADirectoryError):
                return None
        with self._open as descriptor:
            return look_in(descriptor, name)

    def close(self) -> None:
        """Hold nothing open."""
        self._open = None
