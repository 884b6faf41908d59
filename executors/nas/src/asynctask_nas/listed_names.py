"""The names of a source folder, also folded as a destination may do; read once for many entries of the folder."""

from __future__ import annotations

import time
from typing import NamedTuple

from asynctask_nas.entries import Entry
from asynctask_nas.looks import Look, looking
from asynctask_nas.names import folded
from asynctask_nas.tree import Tree

_SETTLED_NS = 4 * 10**9
"""From this long after its last change on, a folder's time identifies its content: times have steps of up to 2 s."""
_LONGEST_S = 2.0


class Listed(NamedTuple):
    """The names that a folder lists, as they are and with letter case and Unicode forms folded."""

    path: bytes
    folder: Entry
    until: float
    names: frozenset[bytes]
    keys: frozenset[str]


class ListedNames:
    """Remembers one folder while it is unchanged, for at most two seconds. Thread-safe."""

    def __init__(self) -> None:
        self._last: Listed | None = None

    def of(self, source: Tree, path: bytes, look: Look) -> Listed | None:
        """The names in the folder `path`; None if there is no such folder.

        It calls `look` now and then, which may raise.

        Raises:
            OSError: the folder cannot be read.
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
