"""Finds files that are the same on both sides in few system calls: nearly all files of a tree that is backed up again.

These are regular files with one name, equal in size, time, mode and owner, and without extended attributes. They are
counted here, and the walk goes on. Every other entry becomes a pair, which `asynctask_nas.compare` judges: only that
module knows what differs and what a destination cannot keep. For each combination of mode and owner it is asked once.
"""

from __future__ import annotations

import os
import stat
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from asynctask_nas.attributes import differ
from asynctask_nas.entries import entry_of
from asynctask_nas.exclude import PART_PREFIX
from asynctask_nas.holds import Holds
from asynctask_nas.holes import content_estimate
from asynctask_nas.left_out import left_out
from asynctask_nas.sides import FolderSide
from asynctask_nas.working_folder import WorkingFolder

_IN_TURN = 256
"""One of this many files becomes a pair nevertheless, so that the caller can count and report."""
_AT_ONCE = 64
"""Most files that are compared together."""


def _never() -> bool:
    return False


@dataclass(slots=True)
class Glance:
    """Counts files that are the same. `files`, `bytes` and `content` are the counts since the last `take`."""

    holds: Holds
    doubted: frozenset[bytes] = frozenset()
    """Names, without folders, of copies that may not be on storage: every file with such a name gets a closer look."""
    working: WorkingFolder | None = None
    """The working directory of the thread that walks, if it has one of its own."""
    hurries: Callable[[], bool] = _never
    """Called after every few files: if it is true, the next one becomes a pair at once."""
    files: int = 0
    bytes: int = 0
    content: int = 0
    _left: int = _IN_TURN - 1
    """How many more files may be left out before one becomes a pair."""
    _ahead: int = _AT_ONCE
    """How many files are compared together."""
    _plain: dict[tuple[int, int, int], bool] = field(default_factory=dict[tuple[int, int, int], bool])

    @property
    def is_possible(self) -> bool:
        """False for a destination that needs a closer look at every file."""
        return self.holds.times and self.holds.attributes and not self.holds.names.folds

    def take(self) -> tuple[int, int, int]:
        """The counts since the last call; resets them."""
        taken = self.files, self.bytes, self.content
        self.files = self.bytes = self.content = 0
        return taken

    def closer(
        self, names: Sequence[bytes], both: frozenset[bytes], source: FolderSide, destination: FolderSide
    ) -> Iterator[bytes]:
        """Those of the sorted `names` that need a closer look. Files that are the same are counted and left out.

        No file after a name is counted before that name is yielded. Names that are not in `both` need a closer look.
        """
        both = self._without_doubt(names, both)
        at, end = 0, len(names)
        while at < end:
            is_in_both = names[at] in both
            if is_in_both and self._left:
                wanted = names[at : at + min(self._left, self._ahead)]
                same = self._count_same(wanted, both, source, destination)
                at += same
                self._left -= same
                if same == len(wanted):
                    self._ahead = min(2 * self._ahead, _AT_ONCE)
                    if self.hurries():
                        self._left = 0
                    continue
            elif is_in_both:
                self._left = _IN_TURN - 1
            yield names[at]
            at += 1

    def _without_doubt(self, names: Sequence[bytes], both: frozenset[bytes]) -> frozenset[bytes]:
        first = bisect_left(names, PART_PREFIX)
        if first < len(names) and names[first].startswith(PART_PREFIX):
            both = frozenset(name for name in both if not name.startswith(PART_PREFIX))
        return both - self.doubted if self.doubted else both

    def _count_same(
        self, names: Sequence[bytes], both: frozenset[bytes], source: FolderSide, destination: FolderSide
    ) -> int:
        """Count files that are the same, from the first of `names` up to one that may differ; returns how many."""
        if not both.issuperset(names):
            names = list(takewhile(both.__contains__, names))
        working = self.working
        theirs = source.facts(names, working)
        names = names[: len(theirs)]
        same = self._same_facts(theirs, destination.facts(names, working))
        same = destination.without_extended(names[:same], working)
        same = source.without_extended(names[:same], working)
        if same < len(names):
            self._ahead = same + 1  # if many differ, reading more ahead is wasted
        for one in theirs[:same]:
            size = one.st_size
            self.bytes += size
            self.content += size if one.st_blocks * 512 >= size else content_estimate(entry_of(one))
        self.files += same
        return same

    def _same_facts(self, theirs: Sequence[os.stat_result], ours: Sequence[os.stat_result]) -> int:
        """How many from the first are plain files that are the same."""
        mode = uid = gid = -1
        count = 0
        for one, other in zip(theirs, ours, strict=False):
            if one.st_mode != mode or one.st_uid != uid or one.st_gid != gid:
                if not self._is_plain(one):
                    break
                mode, uid, gid = one.st_mode, one.st_uid, one.st_gid
            if (
                one.st_size != other.st_size
                or one.st_mtime_ns != other.st_mtime_ns
                or other.st_mode != mode
                or other.st_uid != uid
                or other.st_gid != gid
                or one.st_nlink != 1
            ):
                break
            count += 1
        return count

    def _is_plain(self, facts: os.stat_result) -> bool:
        """Tell whether files with this mode and owner are plain, and whether the destination keeps all of them."""
        key = facts.st_mode, facts.st_uid, facts.st_gid
        found = self._plain.get(key)
        if found is None:
            entry = entry_of(facts)
            found = (
                stat.S_ISREG(facts.st_mode)
                and not differ(entry, entry, self.holds)
                and not any(left_out(entry._replace(mtime_ns=self.holds.time(0)), self.holds))
            )
            self._plain[key] = found
        return found
