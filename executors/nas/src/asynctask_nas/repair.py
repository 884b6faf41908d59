"""Copies files once more that `verify` found to differ, durably, and compares them again.

The copy that differed is set aside, not deleted: one of the two sides has lost its content, and this code cannot tell
which. Hard links stay hard links: names that still lead to the copy that differed become names of the new one, also
names that were not compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from asynctask_nas import unflushed
from asynctask_nas.changes import Action, Change
from asynctask_nas.copy import PartialCopy
from asynctask_nas.durable import flush
from asynctask_nas.entries import Kind, Skipped
from asynctask_nas.looks import looking
from asynctask_nas.pace import PaceStopped
from asynctask_nas.paths import ROOT, parent
from asynctask_nas.tree import Tree
from asynctask_nas.verify import CopyVerdict
from asynctask_nas.words import printable

if TYPE_CHECKING:
    import logging

    from asynctask_nas.perform import Performer
    from asynctask_nas.walk import Pair

Inode = tuple[int, int]


class Repairer:
    """Repairs one item at a time. `check` compares it; `keep` is called when a stop was asked for."""

    def __init__(
        self,
        performer: Performer,
        check: Callable[[Change], tuple[CopyVerdict, str]],
        keep: Callable[[], None],
        log: logging.Logger,
    ) -> None:
        self._performer = performer
        self._destination = performer.destination
        self._storage = performer.destination.hold_storage()
        self._check = check
        self._keep = keep
        self._log = log
        self._renewed: dict[Inode, bytes] = {}
        """For each repaired file with several names, one name that was repaired."""
        self.apart: list[str] = []
        """Names of repaired files that could not be made names of the new copy, each with its reason."""
        self.part = PartialCopy(b"")
        """The progress of the current copy."""

    def names_of(self, path: bytes) -> Inode | None:
        """Device and inode of an entry with several names in the source, if the destination can keep them."""
        try:
            entry = Tree.of(self._performer.source).look(path)
        except OSError:
            return None
        if entry is None or entry.links == 1 or not self._destination.holds.keeps_names(entry.kind):
            return None
        return entry.device, entry.inode

    def remember(self, inode: Inode, path: bytes) -> None:
        """Remember that the name `path` of the source file `inode` was repaired, perhaps by an earlier attempt."""
        self._renewed.setdefault(inode, path)

    def repair(self, change: Change, inode: Inode | None, said: str) -> tuple[CopyVerdict, str]:
        """Copy an entry that differs once more; returns the verdict of the comparison after that."""
        leader = None if inode is None else self._renewed.get(inode)
        wanted = change if leader is None else change._replace(action=Action.LINK, leader=leader)
        while True:
            try:
                self._renew(wanted)
                verdict, now = self._check(change)
                if verdict is CopyVerdict.DIFFERENT and wanted.leader is not None:
                    # It is a name of the leader's copy again, so that copy is damaged.
                    action = Action.SYMLINK if self._is_symlink(wanted.leader) else Action.COPY
                    self._renew(Change(path=wanted.leader, action=action))
                    self._renew(wanted)
                    verdict, now = self._check(change)
                break
            except PaceStopped:
                self._keep()
            except (Skipped, OSError) as error:
                self._log.warning("%s (%s) is not repaired: %s", printable(change.path), said, error)
                # A new copy that was not flushed would be read from memory, which proves nothing about storage.
                is_unsure = isinstance(error, OSError) and self._storage.has_failed
                return (CopyVerdict.DIFFERENT, said) if is_unsure else self._check(change)
        if verdict is CopyVerdict.EQUAL and inode is not None:
            self.remember(inode, change.path)
        return verdict, now

    def unite(self, walk: Callable[[], Iterable[Pair]]) -> None:
        """Make all names of repaired files names of the new copies again. `walk` goes through both sides.

        It begins anew after a kill. Names for which this fails are in `apart`.
        """
        self.apart.clear()
        if not self._renewed:
            return
        for pair in looking(walk(), self._look):
            entry, existing = pair.source, pair.existing
            if entry is None or existing is None or existing.kind is not entry.kind or pair.problem:
                continue
            has_names = entry.kind is not Kind.FOLDER and entry.links > 1
            leader = self._renewed.get((entry.device, entry.inode)) if has_names else None
            if leader is not None and leader != pair.path:
                self._unite(pair.path, leader, (existing.device, existing.inode))

    def _is_symlink(self, path: bytes) -> bool:
        entry = Tree.of(self._performer.source).look(path)
        return entry is not None and entry.kind is Kind.SYMLINK

    def _look(self) -> None:
        if self._performer.pace.is_stopping:
            self._keep()

    def _unite(self, path: bytes, leader: bytes, existing: Inode) -> None:
        while True:
            try:
                copy = self._destination.look(leader)
                if copy is not None and (copy.device, copy.inode) != existing:
                    self._renew(Change(path=path, action=Action.LINK, leader=leader))
                    said = "%s is a name of the repaired copy at %s again"
                    self._log.info(said, printable(path), printable(leader))
            except PaceStopped:
                self._keep()
                continue
            except (Skipped, OSError) as error:
                said = f"{printable(path)} is not made a name of the repaired copy at {printable(leader)}: {error}"
                self.apart.append(said)
            return

    def _renew(self, change: Change) -> None:
        """Make a change once more, durable when this returns."""
        self.part = PartialCopy(change.path)
        self._performer.perform(change, self.part)
        for folder in _above(change.path):
            # Set their times again: new and moved entries changed them; making the removed folder changed the top.
            self._performer.perform(Change(path=folder, action=Action.FOLDER), PartialCopy(b""))
        try:
            flush(self._storage)
        except OSError:
            unflushed.note(self._destination.tree, [change.path])
            raise


def _above(path: bytes) -> Iterator[bytes]:
    """The folders that contain a path, the lowest first."""
    while path != ROOT:
        path = parent(path)
        yield path
