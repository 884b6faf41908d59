"""What a destination does not keep of a source: counted during the comparison, and reported once per run."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from asynctask_nas.attributes import extended_of
from asynctask_nas.entries import COPIED, Entry, Kind
from asynctask_nas.holds import SET_ID_BITS, Holds
from asynctask_nas.tree import Tree
from asynctask_nas.words import counted, listed

OWNERS, MODES, TIMES, LINKS, ATTRIBUTES = "owners", "modes", "times", "hard links", "extended attributes"
SET_IDS, SET_IDS_OF_OWNERS, SET_GROUP_IDS = "set-id bits", "set-id bits of owners", "set-group-id bits"
"""Entries that lose only these bits of their modes: because the destination refuses the bits, owners cannot be set, or
CAP_FSETID is missing.
"""


def left_out(entry: Entry, holds: Holds, has_attributes: Callable[[], bool] = bool) -> Iterator[str]:
    """What the destination cannot keep of an entry of the source; `has_attributes` says if it has extended ones."""
    is_link = entry.kind is Kind.SYMLINK
    if entry.kind not in COPIED or (is_link and not holds.symlinks):
        return  # it is skipped, which has its own warning
    if not holds.owners and (entry.uid, entry.gid) != (holds.uid, holds.gid):
        yield OWNERS
    if not is_link:
        given = holds.folder_mode if entry.kind is Kind.FOLDER else holds.file_mode
        off = holds.wanted_mode(entry) ^ (holds.mode(entry) if holds.modes else given)
        if off:
            yield MODES if off & ~SET_ID_BITS else _set_ids(off, holds)
    if not holds.times or not holds.earliest_ns <= entry.mtime_ns <= holds.latest_ns:
        yield TIMES
    if entry.links > 1 and entry.kind is not Kind.FOLDER and not holds.keeps_names(entry.kind):
        yield LINKS
    if not holds.attributes and not is_link and has_attributes():
        yield ATTRIBUTES


def _set_ids(off: int, holds: Holds) -> str:
    if not holds.owners:
        return SET_IDS_OF_OWNERS
    return SET_GROUP_IDS if holds.set_gid_groups is not None and off == stat.S_ISGID else SET_IDS


def left_out_of(source: Tree, path: bytes, entry: Entry, holds: Holds) -> list[str]:
    """The same for an entry that is reached through the folders of `source`."""
    return list(left_out(entry, holds, lambda: _has_attributes(source, path)))


def _has_attributes(source: Tree, path: bytes) -> bool:
    try:
        return bool(extended_of(source, path))
    except OSError:
        return False  # attributes that cannot be read are not counted


_SAID = {
    OWNERS: "other owners on the copies of {}",
    MODES: "other modes on the copies of {}",
    TIMES: "other times on the copies of {}",
    LINKS: "a separate copy for each name of {}",
    ATTRIBUTES: "none, or not all, on the copies of {}",
}


_NO_OWNERS = (
    "this executor cannot set owners there (without CAP_CHOWN, or the destination does not keep them)"
)


def said(
    counts: Mapping[str, int], firsts: Mapping[str, str] = MappingProxyType({})
) -> Iterator[tuple[str, str, int]]:
    """The warnings: code, sentence and number of entries of each; `firsts` are the first entries."""
    special = {what: counts[what] for what in (SET_IDS_OF_OWNERS, SET_GROUP_IDS, SET_IDS) if counts.get(what)}
    for what, sentence in _SAID.items():
        count = counts.get(what, 0) + sum(special.values()) * (what == MODES)
        if count:
            code = f"{what.upper().replace(' ', '_')}_NOT_KEPT"
            causes = [what] if counts.get(what) else list(special)
            why = "; ".join(_why(cause) for cause in causes)
            first = next((firsts[cause] for cause in causes if firsts.get(cause)), "")
            names = f" ({listed([first], count)})" if first else ""
            yield code, f"{why}: {sentence.format(counted(count, 'entries'))}{names}", count


def _why(what: str) -> str:
    is_root = os.geteuid() == 0
    if what == OWNERS:
        return _NO_OWNERS if is_root else "this executor does not run as root and cannot set owners"
    if what == SET_IDS_OF_OWNERS:
        why = _NO_OWNERS if is_root else "this executor does not run as root"
        return f"{why}, and leaves out set-user-id and set-group-id bits"
    if what == SET_GROUP_IDS:
        return "set-group-id bits of other groups need CAP_FSETID"
    return f"the destination does not keep {what}"
