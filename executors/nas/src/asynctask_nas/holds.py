"""What a destination can keep, as `asynctask_nas.capabilities` finds it out, and what times and modes become there.

A module of its own that loads quickly, since the processes that copy small files need it.
"""

from __future__ import annotations

import stat
from typing import NamedTuple

from asynctask_nas.entries import Entry, Kind

NEVER_NS = 10**30
SET_ID_BITS = stat.S_ISUID | stat.S_ISGID
_QUARTER_NS = 900 * 10**9
_ZONES_NS = 27 * 3600 * 10**9
"""Largest difference between two time zones, with summer time."""


class NameRules(NamedTuple):
    """How a destination treats names; the default is that of most Linux file systems: any bytes.

    Attributes:
        folds_case: `Docs` and `docs` are one name.
        folds_forms: The two Unicode forms of a letter with an accent are one name.
        lists_otherwise: A folder may list another name than was given.
        refuses: Some names are refused, such as those with a question mark.
        takes_only_utf8: Names that are not UTF-8 are refused.
        respells: An entry can be renamed to another letter case of its name.
    """

    folds_case: bool = False
    folds_forms: bool = False
    lists_otherwise: bool = False
    refuses: bool = False
    takes_only_utf8: bool = False
    respells: bool = False

    @property
    def folds(self) -> bool:
        """Two names of a source may be one here."""
        return self.folds_case or self.folds_forms or self.lists_otherwise


class Holds(NamedTuple):
    """What a destination can keep.

    Attributes:
        mtime_grain_ns: Steps of its times; `old_grain_ns` before 1970, where NTFS drops fractions of a second.
        modes, owners, links, attributes, symlinks, holes: Whether it keeps them.
        times: Whether times can be set at all.
        earliest_ns, latest_ns: Its first and last time; times outside become these.
        has_local_times: It stores local time: all times change with the time zone.
        linked_symlinks: Whether a symbolic link can have several names, as a file can if `links` is true.
        names: How it treats names.
        uid, gid, file_mode, folder_mode: The values of a new entry if owners or modes are not kept.
        largest: Bytes of the largest file: 4 GiB less one with FAT.
        mode_mask, mode_forced: Bits of a mode that are kept, and bits that every mode has.
        set_gid_groups: Groups whose set-group-id bit can be set, None for all: without CAP_FSETID the system silently
            drops the bit for other groups, even for root.
    """

    mtime_grain_ns: int = 1
    modes: bool = True
    owners: bool = True
    links: bool = True
    attributes: bool = True
    symlinks: bool = True
    holes: bool = True
    times: bool = True
    old_grain_ns: int = 1
    earliest_ns: int = -NEVER_NS
    latest_ns: int = NEVER_NS
    has_local_times: bool = False
    names: NameRules = NameRules()
    uid: int = 0
    gid: int = 0
    file_mode: int = 0
    folder_mode: int = 0
    largest: int = 1 << 63
    mode_mask: int = 0o7777
    mode_forced: int = 0
    linked_symlinks: bool = True
    set_gid_groups: frozenset[int] | None = None

    def keeps_names(self, kind: Kind) -> bool:
        """Tell whether an entry of a kind can have several names."""
        return self.links and (kind is Kind.FILE or (kind is Kind.SYMLINK and self.linked_symlinks))

    def time(self, source_ns: int) -> int:
        """The time for a copy: the nearest one that can be kept."""
        return min(max(source_ns, self.earliest_ns), self.latest_ns)

    def same_time(self, source_ns: int, copy_ns: int) -> bool:
        """Tell whether `copy_ns` is `source_ns` as the destination keeps it, rounded either way.

        If times cannot be set, a copy has the time of its creation, and any earlier time of the source counts as the
        same.
        """
        if not self.times:
            return source_ns <= copy_ns
        wanted = self.time(source_ns)
        grain = self.mtime_grain_ns if wanted >= 0 else max(self.mtime_grain_ns, self.old_grain_ns)
        return abs(wanted - copy_ns) < grain

    def same_in_another_zone(self, source_ns: int, copy_ns: int) -> bool:
        """Tell whether `copy_ns` may be `source_ns` in another time zone; then the contents must be compared."""
        if not self.has_local_times:
            return False
        off = abs(self.time(source_ns) - copy_ns)
        rest = off % _QUARTER_NS
        return off < _ZONES_NS and min(rest, _QUARTER_NS - rest) < self.mtime_grain_ns

    def mode(self, entry: Entry) -> int:
        """The mode that a copy gets.

        If owners are not kept, set-user-id and set-group-id bits are dropped, and folders stay readable for us, since
        the next run must read them.
        """
        mode = self.wanted_mode(entry)
        if not self.owners:
            mode &= ~SET_ID_BITS
        elif self.set_gid_groups is not None and entry.gid not in self.set_gid_groups:
            mode &= ~stat.S_ISGID
        return mode & self.mode_mask | self.mode_forced

    def wanted_mode(self, entry: Entry) -> int:
        """The mode that a copy would get if every bit could be kept."""
        is_ours = entry.kind is Kind.FOLDER and not self.owners
        return entry.mode | stat.S_IRUSR | stat.S_IXUSR if is_ours else entry.mode
