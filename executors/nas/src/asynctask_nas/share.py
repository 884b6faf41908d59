"""Is it plausible that so many entries are extra, or of another kind? Checked before anything is marked or displaced.

If most of a destination is suddenly extra, the source is more often not visible than really deleted. If the source has
a file in the place of a folder, that folder moves away with all that is in it, so its entries count as well.
"""

from __future__ import annotations

from asynctask_core.errors import SourceEmpty, TooMuchMarked
from asynctask_nas.config import BackupConfig
from asynctask_nas.position import Compared
from asynctask_nas.words import EXAMPLES, counted, listed

LEAST = 100
"""Entries from which on the share is checked."""


def check_share(config: BackupConfig, found: Compared) -> None:
    """Refuse to move away more than the config allows.

    Raises:
        SourceEmpty: the source is empty.
        TooMuchMarked: it is more than the share that the config allows.
    """
    moved = found.marked + found.displaced
    if not moved:
        return
    total = found.existing
    examples = [*found.examples, *found.displaced_examples][:EXAMPLES]
    names = listed(examples, found.marks + found.displacements)
    verb = " or ".join(
        word for word, count in (("marked", found.marked), ("displaced", found.displaced)) if count
    )
    what = f"{counted(moved, 'entries')} of {total:,} at the destination ({names}) would be {verb}"
    facts = {"marked": str(found.marked), "displaced": str(found.displaced), "existing": str(total)}
    if found.is_empty:
        if config.allow_empty_source:
            return
        raise SourceEmpty(
            f"the source '{config.source_path}' is empty, and {what}; nothing was changed. If it "
            'is meant to be empty, submit it with "allow_empty_source": true',
            metadata=facts,
        )
    if moved >= LEAST and moved * 100 > total * config.most_marked_percent:
        raise TooMuchMarked(
            f"{what}, more than most_marked_percent ({config.most_marked_percent}) allows; nothing was "
            f'changed. If the source is right, submit it with "most_marked_percent": {_needed(moved, total)}',
            metadata=facts,
        )


def _needed(moved: int, total: int) -> int:
    """The lowest percentage that allows so many."""
    return min(100, -(-moved * 100 // max(1, total)))
