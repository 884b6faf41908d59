"""Files that are the same on both sides, told at a glance: nearly all of a tree that is backed up again.

Looked at are regular files with one name, equal in size, time, mode and owner, and without extended attributes. They
are counted here, and the walk goes on. Everything else comes as a pair and is judged by `asynctask_nas.compare`, which
alone knows what differs and what a destination cannot keep; of equal modes and owners it is asked once for each kind.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field

from asynctask_nas.attributes import differ, has_extended
from asynctask_nas.capabilities import Holds
from asynctask_nas.entries import entry_of
from asynctask_nas.exclude import PART_PREFIX
from asynctask_nas.holes import content_estimate
from asynctask_nas.left_out import left_out
from asynctask_nas.sides import FolderSide

_IN_TURN = 64
"""One of so many comes as a pair all the same, for those who count and for those who want to stop."""


@dataclass(slots=True)
class Glance:
    """Counts what is the same. `files`, `bytes` and `content` are what was seen since `take`."""

    holds: Holds
    device: int | None = None
    """The only file system that the walk may look at, if there is one."""
    doubted: frozenset[bytes] = frozenset()
    """Names, without folders, of copies that may not be on storage: every file that is called so gets a closer look."""
    files: int = 0
    bytes: int = 0
    content: int = 0
    _turn: int = 0
    _plain: dict[tuple[int, int, int], bool] = field(default_factory=dict[tuple[int, int, int], bool])

    @property
    def is_possible(self) -> bool:
        """False for a destination of which more than that has to be asked."""
        return self.holds.times and self.holds.attributes and not self.holds.names.folds

    def take(self) -> tuple[int, int, int]:
        """What was counted, which is counted from nothing again."""
        taken = self.files, self.bytes, self.content
        self.files = self.bytes = self.content = 0
        return taken

    def is_same(self, name: bytes, source: FolderSide, destination: FolderSide) -> bool:
        """Tell whether the files called `name` are the same, and count them then. False when it takes a closer look."""
        self._turn += 1
        if self._turn % _IN_TURN == 0 or name.startswith(PART_PREFIX) or name in self.doubted:
            return False
        try:
            theirs, ours = source.facts(name), destination.facts(name)
            mode, size = theirs.st_mode, theirs.st_size
            if (
                mode != ours.st_mode
                or size != ours.st_size
                or theirs.st_mtime_ns != ours.st_mtime_ns
                or theirs.st_uid != ours.st_uid
                or theirs.st_gid != ours.st_gid
                or theirs.st_nlink != 1
                or self.device not in {None, theirs.st_dev}
                or not self._is_plain(theirs)
                or has_extended(source.place + name)
                or has_extended(destination.place + name)
            ):
                return False
        except OSError:
            return False
        self.files += 1
        self.bytes += size
        self.content += size if theirs.st_blocks * 512 >= size else content_estimate(entry_of(theirs))
        return True

    def _is_plain(self, facts: os.stat_result) -> bool:
        """Tell whether equal files of this mode and owner are the same, and whether nothing of them is left out."""
        key = facts.st_mode, facts.st_uid, facts.st_gid
        found = self._plain.get(key)
        if found is None:
            entry = entry_of(facts)
            found = (
                stat.S_ISREG(facts.st_mode)
                and not differ(entry, entry, self.holds)
                and not any(left_out(b"", entry._replace(mtime_ns=self.holds.time(0)), self.holds))
            )
            self._plain[key] = found
        return found
