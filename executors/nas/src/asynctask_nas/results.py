"""What each stage of a backup hands to the next, and the result of the task."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from asynctask_nas.changes import Action
from asynctask_nas.roots import KnownRoots
from asynctask_nas.verify import CHECKED

if TYPE_CHECKING:
    from collections import Counter

    from asynctask import ManifestCounts
    from asynctask_nas.notes import Noted


@dataclass(frozen=True)
class Comparison:
    """What compare found: the source's size, and how many entries have to change, or have to be skipped."""

    files: int
    folders: int
    bytes: int
    changes: int
    skipped: int
    parts: int = 0
    part_bytes: int = 0
    """Storage of `parts`: unfinished copies of other tasks that may go on, which stay."""
    roots: KnownRoots | None = None
    content: int = 0
    plan: Plan | None = None
    """What transfer will do, where the comparison was short enough to write its list by itself."""
    claims: bool = False
    """True when the destination becomes the copy of this source: transfer remembers it before the first change."""


@dataclass(frozen=True)
class Plan:
    """What transfer will do: of its `items` come first `files` to copy or to link, then `attributes` to set."""

    items: int
    files: int
    bytes: int
    needs_bytes: int
    needs_entries: int
    roots: KnownRoots | None = None
    all_files: int = 0
    all_bytes: int = 0
    """All that the source has, holes left out."""
    attributes: int = 0
    claims: bool = False
    to_skip: int = 0
    """Entries of the source that cannot be copied, as far as the comparison could see."""


@dataclass(frozen=True)
class Report:
    """What transfer did: `files` were copied or linked, `attributes` are those of which nothing else was set.

    `skipped` could not be copied. Bytes are content: holes are not counted. `grown` files were appended to all the
    while; they are copied as far as they went. `checked` and `checked_bytes` are what there is to verify: also copies
    that were there already.
    """

    items: int
    files: int
    bytes: int
    skipped: int
    grown: int = 0
    roots: KnownRoots | None = None
    all_files: int = 0
    all_bytes: int = 0
    attributes: int = 0
    set_aside: int = 0
    displaced: int = 0
    checked: int = 0
    checked_bytes: int = 0

    @staticmethod
    def of(plan: Plan, noted: Noted, items: ManifestCounts, left_out: Counter[Action]) -> Report:
        """What became of `plan`; `left_out` are the actions of what was skipped."""
        checked = plan.files - sum(left_out[action] for action in CHECKED)
        return Report(
            items=items.done.items,
            files=checked + noted.files,
            bytes=items.done.size + noted.bytes,
            skipped=items.skipped.items,
            grown=noted.grown,
            roots=plan.roots,
            all_files=plan.all_files,
            all_bytes=plan.all_bytes,
            # The plan of an older version counts these as files.
            attributes=max(0, plan.attributes - left_out[Action.ATTRIBUTES] - noted.files),
            set_aside=noted.set_aside,
            displaced=noted.displaced,
            checked=checked + noted.unplanned,
            checked_bytes=items.done.size + noted.checked_bytes,
        )


@dataclass(frozen=True)
class Result:
    """What became of a backup.

    `changed_since` are files whose source changed during it; the next run takes them. `unreadable` are files whose
    source could not be read to be compared. Neither counts as verified, nor do their bytes.

    `files` and `bytes` were copied or linked; a file that changed since it was compared counts with the bytes that its
    copy was given. `attributes_only` are files whose copies were there already: nothing but
    their owner, mode, time or extended attributes was set.

    `set_aside` are entries that only the destination had, and that are in its folder `.asynctask-removed` now. A folder
    with all that was in it is one. `displaced` are entries that gave way to others of another kind, and are there too;
    each counts, and so does all that lay in them.

    `files` and `verified` count every name of a file with several (hard links). `bytes` counts its content once, as it
    is copied. `verified_bytes` counts it once too, but with "all" for each name, as it is read.
    """

    files: int
    bytes: int
    skipped: int
    verify: str
    verified: int = 0
    verified_bytes: int = 0
    changed_since: int = 0
    grown: int = 0
    repaired: int = 0
    unreadable: int = 0
    attributes_only: int = 0
    set_aside: int = 0
    displaced: int = 0
