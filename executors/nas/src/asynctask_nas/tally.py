"""How far a transfer is, and the words that people read beside its bar."""

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
"""Actions of what is told as a file; the others are about folders, and about what only the destination has."""


@dataclass
class Tally:
    """How far the list is, in items and bytes, over all attempts. Bytes of what was skipped are passed as well.

    The list begins with `files` to copy or to link, followed by those of which only `attributes` are to be set.
    """

    files: int
    total_bytes: int
    items: int = 0
    bytes: int = 0
    attributes: int = 0
    to_skip: int = 0
    """Entries that the comparison found, and that cannot be copied."""
    skipped: Counter[Action] = field(default_factory=Counter[Action])
    """What was to be done with the items that were skipped."""
    has_notes: bool = False
    """True once an item may have been marked with a note."""

    @staticmethod
    def of(plan: Plan, manifest: ThreadManifest, look: Look) -> Tally:
        """How far earlier attempts came. What a person took off the list is no part of the whole."""
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
        """What is done of the whole. In the end exactly what was skipped of files is missing to the whole."""
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
    """What was to be done with the items in a state; `counts` tell whether there are any."""
    items = manifest.items(state) if counts.of(state).items else ()
    return Counter(change_of(item.key, item.size, item.data).action for item in looking(items, look))
