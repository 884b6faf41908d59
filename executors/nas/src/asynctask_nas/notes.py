"""Notes on items whose outcome differs from their change: people read them, and results count them.

Notes are stored in the step that marks the items as done, so the counts are exact even after a kill.
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
    """The note for a file that has grown beyond the `size` bytes that were copied."""
    return f"{_GREW}{counted(size, 'bytes')} were taken"


def note_of_set_aside(place: bytes) -> str:
    """The note for an entry that only the destination had, and that is at `place` now."""
    return f"{_SET_ASIDE}it is {printable(place)} now"


def note_of_displaced(kind: Kind, place: bytes) -> str:
    """The note for an entry that replaced one of another `kind` in the destination, which is at `place` now."""
    return f"the {kind.value} that was there before is {printable(place)} now"


def note_of_copied(size: int, more: str) -> str:
    """The note for an item that was not planned to be copied, but was, with `size` bytes; `more` is another note."""
    return joined(f"{_COPIED}{counted(size, 'bytes')}", more)


def note_of_resized(size: int, more: str) -> str:
    """The note for a file whose `size` bytes differ from the size at the comparison; `more` is another note."""
    return joined(f"{_RESIZED}{counted(size, 'bytes')}", more)


def joined(*notes: str) -> str:
    """Several notes of one item as one."""
    return "; ".join(filter(None, notes))


def copied_bytes(note: str) -> int | None:
    """How many bytes were copied, if the note says so: for an unplanned copy, or a file with another size."""
    found = _BYTES.match(note)
    return int(found[1].replace(",", "")) if found else None


@dataclass(slots=True)
class Noted:
    """A summary of notes. `files` and `bytes` are the difference to the planned copies; they may be negative.

    `unplanned` files were to get only attributes, but were copied. `checked_bytes` is the difference to the planned
    bytes to verify; it includes copies that were there already.
    """

    grown: int = 0
    refused: int = 0
    """Entries whose extended attributes the destination did not take completely."""
    files: int = 0
    bytes: int = 0
    unplanned: int = 0
    checked_bytes: int = 0
    first_grown: str = ""
    """The first of the grown files; `first_refused` is the first of the refused ones."""
    first_refused: str = ""
    displacements: int = 0
    """Entries that were moved away for entries of another kind."""
    displaced: int = 0
    """The same, with the entries in them."""
    displaced_examples: list[str] = field(default_factory=list[str])
    set_aside: int = 0
    """Entries that only the destination had; a folder counts as one."""

    @staticmethod
    def of(items: Iterable[ItemInfo]) -> Noted:
        """Summarise the notes of items that are done."""
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
