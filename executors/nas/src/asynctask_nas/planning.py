"""Turns the changes of a comparison into the transfer's list: in order, with the space that it needs.

A comparison of a few seconds holds its changes in memory and writes the list itself: the changes that go first while it
runs, the rest at its end. A longer one keeps them in the manifest "changes", so that it can go on after a kill, and
prepare reads them from there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from itertools import islice
from typing import TYPE_CHECKING

from asynctask import NewItem
from asynctask_nas.changes import Action, Change
from asynctask_nas.order import MOST_IN_MEMORY, Order
from asynctask_nas.phases import PHASES
from asynctask_nas.results import Plan
from asynctask_nas.space import Need

if TYPE_CHECKING:
    from asynctask import ThreadManifest

BATCH = 1000
"""Items that are written to a manifest, or sorted, at once."""


class Found:
    """The changes that a comparison has found. Once `spill` has written some to `manifest`, all go there.

    Before that, the changes that go first are already written to `listing`, the transfer's list, so that they are
    stored while the comparison runs. With `spills` all changes go to `manifest` from the beginning. `check` checks that
    the roots are still there.
    """

    def __init__(
        self, manifest: ThreadManifest, listing: ThreadManifest, *, spills: bool, check: Callable[[], None]
    ) -> None:
        self._manifest = manifest
        self._listing = listing
        self._check = check
        self._held: list[Change] = []
        self._first: list[Change] = []
        self._spills = spills
        self.listed = 0
        """How many of the changes that go first are in `listing`."""

    def add(self, change: Change) -> None:
        """Take one change. With a leftover, all go to the manifest: prepare removes it before it checks the space."""
        if change.action is Action.CLEAN:
            self._spills = True
        self.extend((change,))

    def extend(self, changes: Iterable[Change]) -> None:
        """Take more changes, none of which is a leftover."""
        known = len(self._held)
        self._held.extend(changes)
        if self._spills:
            return
        self._first += [one for one in self._held[known:] if one.goes_first]
        if len(self._first) >= BATCH:
            self._list()

    @property
    def is_full(self) -> bool:
        """True if `spill` is due."""
        return len(self._held) >= (BATCH if self._spills else MOST_IN_MEMORY)

    def spill(self) -> None:
        """Write the changes in memory, after a check that the roots are still there."""
        self._check()
        self._spills = True
        if self.listed:
            self._listing.reset()
            self.listed = 0
        self._first.clear()
        self._manifest.extend(NewItem(one.path, one.size, one.data()) for one in self._held)
        self._held.clear()

    def all(self) -> list[Change] | None:
        """All changes, or None if they are in the manifest."""
        if self._spills:
            self.spill()
            return None
        self._check()
        if self.listed and self._first:
            self._list()
        return self._held

    def _list(self) -> None:
        self._check()
        if not self.listed:
            self._listing.reset()
        self._listing.extend(NewItem(one.path, one.size, one.planned()) for one in self._first)
        self.listed += len(self._first)
        self._first.clear()


def write_plan(
    manifest: ThreadManifest,
    order: Order,
    wanted: Collection[Need],
    look: Callable[[int], None],
    *,
    listed: int = 0,
) -> Plan:
    """Write the changes of `order` to `manifest`, anew. Now and then it calls `look` with the number written.

    `listed`: how many changes that go first are there already; they count only if that is all of them.
    """
    if not listed or listed != order.first:
        manifest.reset()
        listed = 0
    copy = Action.COPY
    items = files = attributes = to_skip = size = 0
    changes = iter(order)
    while batch := list(islice(changes, BATCH)):
        left = batch[max(0, listed - items) :]
        manifest.extend(NewItem(one.path, one.size, one.planned()) for one in left)
        items += len(batch)
        # Nearly all are copies, and using a member of an enumeration as a key is a slow call.
        others = [one.action for one in batch if one.action is not copy]
        files += len(batch) - len(others) + sum(PHASES[action] <= _LAST_OF_FILES for action in others)
        attributes += others.count(Action.ATTRIBUTES)
        to_skip += others.count(Action.SKIP)
        size += sum(one.size for one in batch)
        if len(batch) == BATCH:
            look(items)
    if items:
        manifest.seal()
    wants = sum(one.bytes for one in wanted), sum(one.entries for one in wanted)
    return Plan(items, files, size, *wants, attributes=attributes, to_skip=to_skip)


_LAST_OF_FILES = PHASES[Action.LINK]
