"""What each stage of a backup passes to the next, and the result of the task."""

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
    """What compare found: the source's size, and how many entries have to change or to be skipped."""

    files: int
    folders: int
    bytes: int
    changes: int
    skipped: int
    parts: int = 0
    part_bytes: int = 0
    """Bytes of storage of `parts`: unfinished copies of other tasks that may go on, which stay."""
    roots: KnownRoots | None = None
    content: int = 0
    plan: Plan | None = None
    """What transfer will do, if the comparison was short enough to write the list itself."""
    claims: bool = False
    """True if the destination becomes the copy of this source: transfer records that before the first change."""


@dataclass(frozen=True)
class Plan:
    """What transfer will do: its `items` begin with `files` to copy or to link, then `attributes` to set."""

    items: int
    files: int
    bytes: int
    needs_bytes: int
    needs_entries: int
    roots: KnownRoots | None = None
    all_files: int = 0
    all_bytes: int = 0
    """Bytes of all files of the source, without holes; `all_files` is their number."""
    attributes: int = 0
    claims: bool = False
    to_skip: int = 0
    """Entries of the source that the comparison found uncopyable."""


@dataclass(frozen=True)
class Report:
    """What transfer did: `files` were copied or linked; for `attributes` files only attributes were set.

    `skipped` could not be copied. Bytes are content: holes are not counted. `grown` files grew during the copy; they
    are copied up to their size at the last try. `checked` and `checked_bytes` are to be verified; they include copies
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
        """The outcome of `plan`; `left_out` counts the actions of items that were skipped or excluded."""
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
    """The result of a backup.

    `changed_since` are files whose source changed during the backup; the next run takes them. `unreadable` are files
    whose source could not be read for the comparison. Both are not counted as verified, nor are their bytes.

    `files` and `bytes` were copied or linked; a file that changed after the comparison counts with the bytes of its
    copy. `attributes_only` are files whose copies were there already: only their owner, mode, time or extended
    attributes were set.

    `set_aside` are entries that only the destination had, and that are now in its folder `.asynctask-removed`. A folder
    counts as one, with all that is in it. `displaced` are entries that were moved there because the source has another
    kind of entry in their place; here the entries in a folder count too.

    `files` and `verified` count every name of a file with several names (hard links). `bytes` counts its content once,
    as it is copied once. `verified_bytes` counts it once too, but with "all" once per name, as it is read.
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
