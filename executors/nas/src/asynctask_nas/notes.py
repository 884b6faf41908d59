"""What is noted of an item that is done, where it is not what its change says: people read it, and results count it.

Notes are stored with the items, in the step that marks them as done: so they are counted exactly after a kill, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from asynctask_nas.changes import Action, change_of
from asynctask_nas.entries import Kind
from asynctask_nas.words import EXAMPLES, counted, printable

if TYPE_CHECKING:
    from asynctask import ItemInfo

WAS_THERE = "was there already; nothing was copied"
REFUSED = "the destination refused some of its extended attributes"
STAYS = "is in the source again; it stays"
_SET_ASIDE = "set aside: "
_GREW = "grew while it was copied: its first "
_COPIED = "was copied after all: "
_RESIZED = "was copied with another size than it was compared with: "
_DISPLACED = re.compile(rf"\bthe ({'|'.join(kind.value for kind in Kind)}) that was there before is ")
_BYTES = re.compile(rf"(?:{_COPIED}|{_RESIZED})([\d,]+)")


def note_of_grown(size: int) -> str:
    """The note of a file of which `size` bytes were copied, and that is longer by now."""
    return f"{_GREW}{counted(size, 'bytes')} were taken"


def note_of_set_aside(place: bytes) -> str:
    """The note of an entry that only the destination had, and that is at `place` there now."""
    return f"{_SET_ASIDE}it is {printable(place)} now"


def note_of_displaced(kind: Kind, place: bytes) -> str:
    """The note of an entry in whose place the destination had one of another `kind`, which is at `place` there now."""
    return f"the {kind.value} that was there before is {printable(place)} now"


def note_of_copied(size: int, more: str) -> str:
    """The note of an item that was no file to copy, and of which `size` bytes were; `more` is another note."""
    return joined(f"{_COPIED}{counted(size, 'bytes')}", more)


def note_of_resized(size: int, more: str) -> str:
    """The note of a file of which `size` bytes were copied, more or less than the comparison saw; `more` is another."""
    return joined(f"{_RESIZED}{counted(size, 'bytes')}", more)


def joined(*notes: str) -> str:
    """Several notes of one item as one."""
    return "; ".join(filter(None, notes))


def copied_bytes(note: str) -> int | None:
    """How many bytes were copied of an item, where its note says so: it was no file to copy, or had another size."""
    found = _BYTES.match(note)
    return int(found[1].replace(",", "")) if found else None


@dataclass(slots=True)
class Noted:
    """What notes say, summed up. `files` and `bytes` were copied besides the planned ones, or less than those.

    `unplanned` files are those of which attributes alone were to be set, and that were copied. `checked_bytes` are what
    there is to verify besides the planned bytes, or less: also of copies that were there already.
    """

    grown: int = 0
    refused: int = 0
    """Of so many the destination did not take all extended attributes."""
    files: int = 0
    bytes: int = 0
    unplanned: int = 0
    checked_bytes: int = 0
    first_grown: str = ""
    """One of the grown files, and one of those whose attributes were refused."""
    first_refused: str = ""
    displacements: int = 0
    """Entries that gave way to others of another kind."""
    displaced: int = 0
    """The same with what lay in them."""
    displaced_examples: list[str] = field(default_factory=list[str])
    set_aside: int = 0
    """Entries that only the destination had; a folder is one."""

    @staticmethod
    def of(items: Iterable[ItemInfo]) -> Noted:
        """Sum up the notes of items that are done."""
        found = Noted()
        for item in items:
            note = item.error
            if not note:
                continue
            if _GREW in note:
                found.grown += 1
                found.first_grown = found.first_grown or f"'{printable(item.key)}'"
            if gave_way := _DISPLACED.search(note):
                found.displacements += 1
                found.displaced += change_of(item.key, item.size, item.data).displaces or 1
                if len(found.displaced_examples) < EXAMPLES:
                    found.displaced_examples.append(f"the {gave_way[1]} '{printable(item.key)}'")
            if REFUSED in note:
                found.refused += 1
                found.first_refused = found.first_refused or f"'{printable(item.key)}'"
            found.set_aside += note.startswith(_SET_ASIDE)
            size = copied_bytes(note)
            if size is not None:
                found.checked_bytes += size - item.size
            if size is not None or note.startswith(WAS_THERE):
                had_content = change_of(item.key, item.size, item.data).action is Action.ATTRIBUTES
                found.files += (size is not None) - (not had_content)
                found.bytes += (size or 0) - item.size
                found.unplanned += size is not None and had_content
        return found
