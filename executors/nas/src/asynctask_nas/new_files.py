"""Plain files that only the source has: nearly all of a tree that is backed up for the first time.

They are looked at once and become changes here, without a `Pair` for `asynctask_nas.compare` to judge. Plain is a
regular file with one name and no holes, of which the destination keeps everything. Everything else comes as a pair.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field

from asynctask_nas.capabilities import Holds
from asynctask_nas.changes import Change, plain_change
from asynctask_nas.entries import entry_of
from asynctask_nas.exclude import PART_PREFIX
from asynctask_nas.holes import storage_of
from asynctask_nas.left_out import left_out
from asynctask_nas.sides import FolderSide

_IN_TURN = 64
"""One of so many comes as a pair all the same, for the code that counts and the code that wants to stop."""


@dataclass(slots=True)
class NewFiles:
    """Makes the changes for new files, until somebody takes them."""

    holds: Holds
    device: int | None = None
    """The only file system that the walk may look at, if there is one."""
    _changes: list[Change] = field(default_factory=list[Change])
    _plain: dict[tuple[int, int, int], bool] = field(default_factory=dict[tuple[int, int, int], bool])

    @property
    def is_possible(self) -> bool:
        """False for a destination of which more has to be asked: names that it folds, and attributes it drops."""
        return self.holds.attributes and not self.holds.names.folds

    def take(self) -> list[Change]:
        """The changes that were made since the last call."""
        taken, self._changes = self._changes, []
        return taken

    def is_new(self, path: bytes, name: bytes, source: FolderSide) -> bool:
        """Tell whether `name`, in the folder `source`, is a plain file, and make its change then.

        `path` is the whole path. The caller knows that the destination lists no such name, and that it is not excluded.
        """
        if len(self._changes) >= _IN_TURN or name.startswith(PART_PREFIX):
            return False
        try:
            facts = source.facts(name)
        except OSError:
            return False
        key = facts.st_mode, facts.st_uid, facts.st_gid
        is_plain = self._plain.get(key)
        if is_plain is None:
            is_plain = self._plain[key] = self._is_plain(facts)
        size, mtime_ns, allocated = facts.st_size, facts.st_mtime_ns, facts.st_blocks * 512
        holds = self.holds
        if (
            not is_plain
            or facts.st_nlink != 1
            or allocated < size
            or size > holds.largest
            or not holds.earliest_ns <= mtime_ns <= holds.latest_ns
            or (self.device is not None and self.device != facts.st_dev)
        ):
            return False
        self._changes.append(plain_change(path, size, mtime_ns, storage_of(size, allocated, holds)))
        return True

    def _is_plain(self, facts: os.stat_result) -> bool:
        """Tell whether it is a regular file, and the destination keeps the mode and owner of such a one."""
        entry = entry_of(facts)._replace(mtime_ns=self.holds.time(0), links=1)
        return stat.S_ISREG(facts.st_mode) and not any(left_out(b"", entry, self.holds))
