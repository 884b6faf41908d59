"""Sorts a list of changes into the order of their execution, in bounded memory.

The rule, first to last:
1. files and symbolic links: new ones before those of which the backup has an older version, and within both the small
   before the large, so that most files are safe soon. This is the order in which they begin: large files are copied at
   the same time as the last small ones, so that the bandwidth is used;
2. hard links to files of 1 or to files that are the same already;
3. owner, mode and extended attributes of files whose content is the same, also of those with several names;
4. moving away entries that only the destination has (`delete_extra="mark"`);
5. folders that changed or in which anything changed, the deepest first: setting their times comes last.

Each step is a phase, which begins when the one before has ended. Each level of folders is a phase too, since a new
entry in a folder changes its time. Few changes are sorted in memory. More changes, and files with several names, are
sorted by `asynctask_nas.order_on_disk`; both give the same order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Self

from asynctask_nas.changes import Action, Change
from asynctask_nas.looks import Look, no_look
from asynctask_nas.order_on_disk import DiskOrder
from asynctask_nas.phases import PHASES, depth, touched_by
from asynctask_nas.small import SMALL_BYTES

MOST_IN_MEMORY = 32_768
"""Most changes in memory: about 20 MiB with their paths."""
_BATCH = 1000
"""Changes that are written to a temporary file at once."""
_inode_of = attrgetter("inode")


class Order:
    """Takes changes in any order, and gives them back in the order of the rule.

    If a path is added twice, the last change counts; but a SKIP (a folder that cannot be read) and another change of
    the same path both count.

    A context manager: it deletes the temporary file, if there is one. `folder` is where that file is made. With many
    changes it calls `look` now and then, which may raise.
    """

    def __init__(
        self, folder: str | None = None, *, most_in_memory: int = MOST_IN_MEMORY, look: Look = no_look
    ) -> None:
        self._folder = folder
        self._most = most_in_memory
        self._look = look
        self._held: list[Change] = []
        self.first = 0
        """How many changes at the beginning have `Change.goes_first`; known after `close`."""
        self._disk: DiskOrder | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._disk is not None:
            self._disk.drop()

    def add(self, changes: Iterable[Change]) -> None:
        """Take some more changes."""
        self._held.extend(changes)
        if len(self._held) > (self._most if self._disk is None else _BATCH):
            self._write()

    def close(self) -> None:
        """End the input: decide which names are linked to which, and which folders are touched."""
        if self._disk is None and not any(map(_inode_of, self._held)):
            self._held, self.first = _sorted(self._held)
            return
        self.first = self._write().close()

    def __iter__(self) -> Iterator[Change]:
        """The changes in order, after `close`."""
        return iter(self._held if self._disk is None else self._disk)

    def _write(self) -> DiskOrder:
        """Move the changes in memory to the order on disk."""
        if self._disk is None:
            self._disk = DiskOrder(self._folder, self._look)
        for begin in range(0, len(self._held), _BATCH):
            self._disk.add(self._held[begin : begin + _BATCH])
        self._held.clear()
        return self._disk


def _sorted(changes: Sequence[Change]) -> tuple[list[Change], int]:
    """The changes in order, if no file has several names, and how many of them go first."""
    copy, symlink, same, skip = Action.COPY, Action.SYMLINK, Action.SAME, Action.SKIP
    found: dict[bytes, Change] = {}
    skips: dict[bytes, Change] = {}
    for one in changes:
        (skips if one.action is skip else found)[one.path] = one
    for folder in touched_by(changes):
        if folder not in found:
            found[folder] = Change(folder, Action.FOLDER, is_new=False)
    first: list[Change] = []
    new: list[Change] = []
    others = [_settled(one) for one in skips.values()]
    for one in found.values():
        if one.is_plain:
            (first if one.size <= SMALL_BYTES else new).append(one)
        elif one.is_new and (one.action is copy or one.action is symlink):
            new.append(_settled(one))
        elif one.action is not same:
            others.append(_settled(one))
    first.sort(key=attrgetter("path"))
    new.sort(key=attrgetter("size", "path"))
    others.sort(key=_place)
    return [*first, *new, *others], len(first)


def _place(one: Change) -> tuple[int, int, bytes, bool]:
    is_folder, is_skip = one.action is Action.FOLDER, one.action is Action.SKIP
    return PHASES[one.action], -depth(one.path) if is_folder else one.size, one.path, is_skip


def _settled(one: Change) -> Change:
    """The change without the fields that only the order needs."""
    leader = one.leader if one.action is Action.LINK else None
    return one._replace(inode=None, existing=None, leader=leader, renews=False, shares=0)
