"""Is it believable that so much is extra? Asked before anything is marked.

Most of a destination that is suddenly extra means that the source cannot be seen, more often than that it was deleted.
"""

from __future__ import annotations

from asynctask_core.errors import SourceEmpty, TooMuchMarked
from asynctask_nas.config import BackupConfig
from asynctask_nas.position import Compared
from asynctask_nas.words import counted

LEAST = 100
"""From so many entries on a share of the destination is too much."""


def check_share(config: BackupConfig, found: Compared) -> None:
    """Refuse to mark so much without being told to.

    Raises:
        SourceEmpty: the source has nothing at all.
        TooMuchMarked: more than the share that the config allows.
    """
    if not found.marked:
        return
    total = found.existing
    names = ", ".join(found.examples)
    more = f" and {found.marks - len(found.examples):,} more" if found.marks > len(found.examples) else ""
    what = f"{counted(found.marked, 'entries')} of {total:,} at the destination ({names}{more})"
    facts = {"marked": str(found.marked), "existing": str(total)}
    if found.is_empty:
        if config.allow_empty_source:
            return
        raise SourceEmpty(
            f"the source '{config.source_path}' is empty, and {what} would be marked; nothing was changed. If "
            'it is meant to be empty, submit it with "allow_empty_source": true',
            metadata=facts,
        )
    if found.marked >= LEAST and found.marked * 100 > total * config.most_marked_percent:
        raise TooMuchMarked(
            f"{what} would be marked, more than most_marked_percent ({config.most_marked_percent}) allows; nothing was "
            f'changed. If the source is right, submit it with "most_marked_percent": {_needed(found.marked, total)}',
            metadata=facts,
        )


def _needed(marked: int, total: int) -> int:
    """The lowest percentage that lets so many be marked."""
    return min(100, -(-marked * 100 // max(1, total)))
