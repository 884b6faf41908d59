"""One folder of one side, read entry by entry.

With an open folder, the system need not follow the whole path for each entry. It is open only while its entries are
read: a walk down into a deep tree holds two open folders, not two for each level.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from functools import partial

from asynctask_nas.attributes import without_extended
from asynctask_nas.entries import Entry, look_in
from asynctask_nas.paths import join
from asynctask_nas.tree import OpenFolder, Tree, held
from asynctask_nas.working_folder import WorkingFolder


class FolderSide:
    """The entries of one side in one folder. `close` may be called at any time: the next call opens it again."""

    def __init__(self, tree: Tree, folder: bytes) -> None:
        self._tree = tree
        self._folder = folder
        self._open: OpenFolder | None = None
        self._descriptor = -1

    def look(self, name: bytes) -> Entry | None:
        """The entry `name` in this folder; None if there is none, or the folder is gone.

        Raises:
            OSError: it cannot be read.
        """
        try:
            descriptor = self.entered()
        except (FileNotFoundError, NotADirectoryError):
            return None
        return look_in(descriptor, name)

    def facts(self, names: Sequence[bytes], working: WorkingFolder | None = None) -> list[os.stat_result]:
        """The stat results of `names`, up to the first that fails.

        `working` is the working directory of this thread, if it may be changed.
        """
        found: list[os.stat_result] = []
        # The closer look will get the same error, and report it.
        with contextlib.suppress(OSError):
            descriptor = self.entered()
            if working is None:
                look = partial(os.stat, dir_fd=descriptor, follow_symlinks=False)
            else:
                working.enter(descriptor)
                look = os.lstat
            found.extend(map(look, names))
        return found

    def without_extended(self, names: Sequence[bytes], working: WorkingFolder | None = None) -> int:
        """How many of `names`, counted from the first, have no extended attributes that a backup keeps."""
        try:
            descriptor = self.entered()
            if working is None:
                # Without /proc each file gets a closer look: a path through all folders may lead elsewhere by now.
                place = held(descriptor)
                return 0 if place is None else without_extended(names, join(place, b""))
            working.enter(descriptor)
        except OSError:
            return 0
        return without_extended(names)

    def entered(self) -> int:
        """The folder itself, open until `close`.

        Raises:
            OSError: it cannot be reached.
        """
        if self._open is None:
            self._open = self._tree.folder(self._folder)
            self._descriptor = self._open.__enter__()
        return self._descriptor

    def close(self) -> None:
        """Close the folder."""
        self._open = None
