"""Decides what has to change for the destination to become a copy of the source.

A file counts as unchanged if size and time are the same; times are compared as coarsely as the destination keeps them.
Then owner, mode and extended attributes are compared, as far as the destination can keep them (`places.probe`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from asynctask_nas.attributes import IsSettled, differ, differ_extended
from asynctask_nas.changes import Action, Change
from asynctask_nas.entries import COPIED, Entry, Kind
from asynctask_nas.exclude import is_reserved
from asynctask_nas.holds import Holds
from asynctask_nas.holes import content_bytes, storage_of
from asynctask_nas.leftovers import is_leftover, is_of_another
from asynctask_nas.paths import ROOT
from asynctask_nas.tree import Tree
from asynctask_nas.walk import Pair


@dataclass(frozen=True, slots=True)
class CompareRules:
    """The rules for judging pairs."""

    source: Tree | bytes
    destination: Tree | bytes
    holds: Holds
    marks_extra: bool = False
    now_ns: int = 0
    """The present time, to distinguish temporary files that were left behind from those of a running task."""
    unflushed: frozenset[bytes] = frozenset()
    """Paths of copies that may not be on storage, although their size and time are right."""
    kept_for: frozenset[bytes] = frozenset()
    """Digits of other tasks that may go on with their unfinished files."""
    is_settled: IsSettled | None = None
    """Knows which extended attributes the destination refuses: a refused one is no difference."""


def compare(pairs: Iterable[Pair], rules: CompareRules) -> Iterator[tuple[Pair, Change | None]]:
    """Judge each pair; pairs without a change are given too, as steps of the walk."""
    for pair in pairs:
        yield pair, judge(pair, rules)


def judge(pair: Pair, rules: CompareRules) -> Change | None:
    """The change for one pair; None if there is nothing to do."""
    entry, existing = pair.source, pair.existing
    if pair.problem:
        return Change(path=pair.path, action=Action.SKIP, reason=pair.problem)
    if entry is None and existing is None:
        return None
    if entry is None and is_reserved(pair.path):
        is_left = existing is not None and is_leftover(pair.path, existing, rules.kept_for, rules.now_ns)
        if not is_left or is_of_another(rules.destination, pair.path):
            return None
        return Change(path=pair.path, action=Action.CLEAN, is_new=False)
    if pair.stays:
        return None
    if entry is None:
        return Change(path=pair.path, action=Action.MARK, is_new=False) if rules.marks_extra else None
    if entry.kind not in COPIED:
        return Change(path=pair.path, action=Action.SKIP, reason=f"is a {entry.kind.value}")
    if entry.kind is Kind.SYMLINK and not rules.holds.symlinks:
        return Change(path=pair.path, action=Action.SKIP, reason="destination: keeps no symbolic links")
    if entry.kind is Kind.FILE and entry.size > rules.holds.largest:
        # Skipped now, so that not every run copies it up to the limit.
        return Change(path=pair.path, action=Action.SKIP, reason="destination: file too large")
    if existing is None or existing.kind is not entry.kind:
        return _change(pair, entry, _MAKE[entry.kind], rules)
    try:
        return _judge_same_kind(pair, entry, existing, rules)
    except OSError:
        # It vanished just now: the transfer looks again and reports the reason.
        return _change(pair, entry, _MAKE[entry.kind], rules)


_MAKE = {Kind.FILE: Action.COPY, Kind.FOLDER: Action.FOLDER, Kind.SYMLINK: Action.SYMLINK}


def _judge_same_kind(pair: Pair, entry: Entry, existing: Entry, rules: CompareRules) -> Change | None:
    holds, source, destination = rules.holds, Tree.of(rules.source), Tree.of(rules.destination)
    if entry.kind is Kind.FILE and entry.size != existing.size:
        return _change(pair, entry, Action.COPY, rules)
    # If copies keep the time of their creation, compare with the source's last change of any kind.
    changed_ns = entry.mtime_ns if holds.times else max(entry.mtime_ns, entry.ctime_ns)
    same_time = holds.same_time(changed_ns, existing.mtime_ns)
    others_differ = (
        differ(entry, existing, holds)
        or bool(_respelled(pair, holds))
        or (
            holds.attributes
            and entry.kind is not Kind.SYMLINK
            and differ_extended(source, destination, pair.path, entry.kind, rules.is_settled)
        )
    )
    if entry.kind is Kind.SYMLINK:
        renews = pair.path in rules.unflushed
        if not (others_differ or renews) and source.readlink(pair.path) == destination.readlink(pair.path):
            has_names = entry.links > 1 and holds.keeps_names(Kind.SYMLINK)
            return _change(pair, entry, Action.SAME, rules) if has_names else None
        return _change(pair, entry, Action.SYMLINK, rules, renews=renews)
    if entry.kind is Kind.FOLDER:
        # The root folder of a FAT has no time.
        has_time = holds.times and not (pair.path == ROOT and holds.has_local_times)
        same_time = same_time or not has_time
        return None if same_time and not others_differ else _change(pair, entry, Action.FOLDER, rules)
    if pair.path in rules.unflushed:
        # Reading it proves nothing: content that the disk lost may still be in memory.
        return _change(pair, entry, Action.COPY, rules, renews=True)
    if not same_time:
        return _change(pair, entry, Action.COPY, rules)
    if others_differ:
        if existing.links == 1:
            return _change(pair, entry, Action.ATTRIBUTES, rules)
        # Another name of the copy may be a user's snapshot. So copy it to a new inode instead of changing its mode,
        # unless `Order` finds that all its names are copies of names of this very file.
        return _change(pair, entry, Action.COPY, rules)._replace(shares=existing.links)
    if entry.links > 1 and holds.links:
        return _change(pair, entry, Action.SAME, rules)
    return None


def _respelled(pair: Pair, holds: Holds) -> bytes:
    """The destination's spelling of the name, if it differs and can be changed to the source's letter case."""
    if not pair.spelled or not holds.names.respells:
        return b""
    names = (pair.spelled, pair.path.rpartition(b"/")[2])
    one, other = (unicodedata.normalize("NFC", name.decode("utf-8", "surrogateescape")) for name in names)
    return pair.spelled if one != other else b""


def _change(pair: Pair, entry: Entry, action: Action, rules: CompareRules, *, renews: bool = False) -> Change:
    existing = pair.existing
    is_linked = entry.links > 1 and rules.holds.keeps_names(entry.kind)
    copies = action is Action.COPY
    content = content_bytes(Tree.of(rules.source), pair.path, entry, rules.holds) if copies else 0
    may_be_same = (
        copies
        and not renews
        and existing is not None
        and existing.kind is Kind.FILE
        and existing.size == entry.size
        and rules.holds.same_in_another_zone(entry.mtime_ns, existing.mtime_ns)
    )
    replaces = copies and existing is not None and existing.kind is Kind.FILE and existing.links == 1
    return Change(
        path=pair.path,
        action=action,
        size=content,
        holes=entry.size - content if copies else 0,
        mtime_ns=entry.mtime_ns,
        is_new=existing is None,
        allocated=storage_of(entry.size, entry.allocated, rules.holds) if copies and not may_be_same else 0,
        frees=existing.allocated if replaces and existing and not may_be_same else 0,
        inode=(entry.device, entry.inode) if is_linked else None,
        existing=(existing.device, existing.inode)
        if is_linked and existing and existing.kind is entry.kind
        else None,
        spelled=_respelled(pair, rules.holds),
        may_be_same=may_be_same,
        renews=renews,
        displaces=1 + pair.inside if pair.displaces else 0,
    )
