"""One folder of one side, looked into entry by entry.

An open folder saves the system the way along its path for each entry. It is open only while its entries are looked at:
a walk that goes down into a deep tree holds two open folders, not two for each level.
"""

from __future__ import annotations

import os

from asynctask_nas.entries import Entry, look_in
from asynctask_nas.paths import join
from asynctask_nas.tree import OpenFolder, Tree, held


class FolderSide:
    """What one side has in one folder. `close` may come at any time: the next look opens it again."""

    def __init__(self, tree: Tree, folder: bytes) -> None:
        self._tree = tree
        self._folder = folder
        self._open: OpenFolder | None = None
        self._descriptor = -1
        self.place: bytes = b""
        """A path to this folder, with a slash at its end, once something was looked at: through no other folder."""

    def look(self, name: bytes) -> Entry | None:
        """What is called `name` in this folder; None when nothing is, or the folder is gone.

        Raises:
            OSError: it cannot be told.
        """
        try:
            descriptor = self.entered()
        except (FileNotFoundError, NotADirectoryError):
            return None
        return look_in(descriptor, name)

    def facts(self, name: bytes) -> os.stat_result:
        """The same as the system tells it.

        Raises:
            OSError: it cannot be told, or nothing is there.
        """
        return os.stat(name, dir_fd=self.entered(), follow_symlinks=False)

    def entered(self) -> int:
        """The folder itself, open until `close`.

        Raises:
            OSError: it cannot be reached.
        """
        if self._open is None:
            self._open = self._tree.folder(self._folder)
            self._descriptor = self._open.__enter__()
            self.place = join(held(self._descriptor) or self._tree.full(self._folder), b"")
        return self._descriptor

    def close(self) -> None:
        """Hold nothing open."""
        self._open = None
