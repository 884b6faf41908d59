"""The progress of a transfer, and the text beside its progress bar."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from asynctask_core.states import ItemState
from asynctask_nas.changes import Action, change_of
from asynctask_nas.looks import Look, looking
from asynctask_nas.verify import CHECKED
from asynctask_nas.words import counted

if TYPE_CHECKING:
    from asynctask import ManifestCounts, ThreadManifest
    from asynctask_nas.results import Plan

_FILES = frozenset({*CHECKED, Action.ATTRIBUTES, Action.SKIP})
"""Actions that people see as files; the others are for folders, and for entries that only the destination has."""


@dataclass
class Tally:
    """The progress through the list, in items and bytes, over all attempts. Bytes of skipped items count as done.

    The list begins with `files` to copy or to link, followed by files of which only `attributes` are to be set.
    """

    files: int
    total_bytes: int
    items: int = 0
    bytes: int = 0
    attributes: int = 0
    to_skip: int = 0
    """Entries that the comparison found uncopyable."""
    skipped: Counter[Action] = field(default_factory=Counter[Action])
    """The planned actions of skipped items."""
    has_notes: bool = False
    """True once an item may have been marked with a note."""

    @staticmethod
    def of(plan: Plan, manifest: ThreadManifest, look: Look) -> Tally:
        """The progress of earlier attempts. Items that a person excluded do not count in the total."""
        counts = manifest.counts()
        excluded = actions(manifest, counts, ItemState.EXCLUDED, look)
        return Tally(
            plan.files - sum(excluded[action] for action in CHECKED),
            plan.bytes - counts.excluded.size,
            items=counts.done.items + counts.skipped.items,
            bytes=counts.done.size + counts.skipped.size,
            attributes=plan.attributes - excluded[Action.ATTRIBUTES],
            to_skip=plan.to_skip - excluded[Action.SKIP],
            skipped=actions(manifest, counts, ItemState.SKIPPED, look),
            has_notes=counts.done.items > 0,
        )

    @property
    def message(self) -> str:
        """How many are done of the total. At the end, only skipped files are missing from the total."""
        done = min(self.items, self.files) - sum(self.skipped[action] for action in CHECKED)
        set_of = min(max(0, self.items - self.files), self.attributes) - self.skipped[Action.ATTRIBUTES]
        attributes = f", attributes of {set_of:,} of {self.attributes:,}" if self.attributes else ""
        files = sum(self.skipped[action] for action in _FILES)
        skipped = f", {files:,} skipped" if files else ""
        others = self.skipped.total() - files
        other = f", {counted(others, 'other entries')} skipped" if others else ""
        return f"{done:,} of {counted(self.files + self.to_skip, 'files')}{attributes}{skipped}{other}"


def actions(
    manifest: ThreadManifest, counts: ManifestCounts, state: ItemState, look: Look
) -> Counter[Action]:
    """The planned actions of the items in a state; `counts` says whether there are any."""
    items = manifest.items(state) if counts.of(state).items else ()
    return Counter(change_of(item.key, item.size, item.data).action for item in looking(items, look))
