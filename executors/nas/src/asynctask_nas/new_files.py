"""Plain files that only the source has: nearly all of a tree that is backed up for the first time.

They become changes here after one system call each, without a `Pair` for `asynctask_nas.compare`. A file is plain if it
is a regular file with one name and no holes, and the destination keeps all of its attributes. Every other entry becomes
a pair.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field

from asynctask_nas.changes import Change, plain_change
from asynctask_nas.entries import entry_of
from asynctask_nas.exclude import PART_PREFIX
from asynctask_nas.holds import Holds
from asynctask_nas.holes import storage_of
from asynctask_nas.left_out import left_out
from asynctask_nas.paths import ROOT
from asynctask_nas.sides import FolderSide

_IN_TURN = 64
"""One of this many files becomes a pair nevertheless, so that the caller can count, and stop."""


@dataclass(slots=True)
class NewFiles:
    """Makes the changes for new files, and collects them for `take`."""

    holds: Holds
    _changes: list[Change] = field(default_factory=list[Change])
    _plain: dict[tuple[int, int, int], bool] = field(default_factory=dict[tuple[int, int, int], bool])

    @property
    def is_possible(self) -> bool:
        """False for a destination that folds names or drops attributes, so that every file needs a closer look."""
        return self.holds.attributes and not self.holds.names.folds

    def take(self) -> list[Change]:
        """The changes that were made since the last call."""
        taken, self._changes = self._changes, []
        return taken

    def closer(
        self, folder: bytes, names: Iterable[bytes], only: Set[bytes], source: FolderSide
    ) -> Iterator[bytes]:
        """Those of `names` in `folder` that need a closer look. Plain files become changes, and are left out.

        No name becomes a change before the names in front of it were yielded. Names that are not in `only` need a
        closer look: `only` has the names that the source lists, the destination does not, and no pattern excludes.
        """
        above = b"" if folder == ROOT else folder + b"/"
        holds, descriptor = self.holds, -1
        earliest_ns, latest_ns, largest = holds.earliest_ns, holds.latest_ns, holds.largest
        for name in names:
            if name in only and len(self._changes) < _IN_TURN and not name.startswith(PART_PREFIX):
                try:
                    if descriptor < 0:
                        descriptor = source.entered()
                    facts = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
                except OSError:
                    facts = None  # the closer look will get the same error, and report it
                if (
                    facts is not None
                    and facts.st_nlink == 1
                    and (allocated := facts.st_blocks * 512) >= (size := facts.st_size)
                    and size <= largest
                    and earliest_ns <= facts.st_mtime_ns <= latest_ns
                    and self._is_plain(facts)
                ):
                    takes = storage_of(size, allocated, holds)
                    self._changes.append(plain_change(above + name, size, facts.st_mtime_ns, takes))
                    continue
            yield name
            descriptor = -1  # the walk may have gone down meanwhile, and closed this folder

    def _is_plain(self, facts: os.stat_result) -> bool:
        """Tell whether it is a regular file whose mode and owner the destination keeps."""
        key = facts.st_mode, facts.st_uid, facts.st_gid
        found = self._plain.get(key)
        if found is None:
            entry = entry_of(facts)._replace(mtime_ns=self.holds.time(0), links=1)
            found = stat.S_ISREG(facts.st_mode) and not any(left_out(entry, self.holds))
            self._plain[key] = found
        return found
