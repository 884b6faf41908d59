"""The names of a folder of the source as a destination may fold them, asked once for many entries of one folder."""

from __future__ import annotations

import time
from typing import NamedTuple

from asynctask_nas.entries import Entry
from asynctask_nas.looks import Look, looking
from asynctask_nas.names import folded
from asynctask_nas.tree import Tree

_SETTLED_NS = 4 * 10**9
"""So long after its last change a folder is known by its time: file systems keep times in steps of up to 2 s."""
_LONGEST_S = 2.0


class Listed(NamedTuple):
    """What a folder lists, and what the names are once letter case and Unicode forms are folded."""

    path: bytes
    folder: Entry
    until: float
    names: frozenset[bytes]
    keys: frozenset[str]


class ListedNames:
    """Remembers one folder, as long as it is unchanged and for two seconds at most. Thread-safe."""

    def __init__(self) -> None:
        self._last: Listed | None = None

    def of(self, source: Tree, path: bytes, look: Look) -> Listed | None:
        """What the folder `path` lists; None when there is no such folder.

        `look` is called now and then, and may raise.

        Raises:
            OSError: it cannot be told.
        """
        folder, last = source.look(path), self._last
        if folder is None:
            return None
        if last is not None and (last.path, last.folder) == (path, folder) and time.monotonic() < last.until:
            return last
        names = source.names(path, look)
        keys = frozenset(folded(name) for name in looking(names, look))
        found = Listed(path, folder, time.monotonic() + _LONGEST_S, frozenset(names), keys)
        if time.time_ns() - max(folder.mtime_ns, folder.ctime_ns) > _SETTLED_NS:
            self._last = found
        return found
