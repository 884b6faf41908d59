"""Finds file systems that are mounted inside a destination and keep less than its own.

The backup treats the whole destination like its own file system. So it warns, and people can choose another place.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress

from asynctask_nas.capabilities import capabilities
from asynctask_nas.entries import Kind
from asynctask_nas.holds import Holds
from asynctask_nas.left_out import ATTRIBUTES, LINKS, MODES, OWNERS, TIMES
from asynctask_nas.paths import ROOT
from asynctask_nas.tree import Tree

_NAMED = (Kind.FILE, Kind.SYMLINK)
LETTERS, SYMLINKS = "letter case", "symbolic links"


def keeping_less(root: Tree, points: Iterable[bytes], holds: Holds) -> Iterator[tuple[bytes, list[str]]]:
    """Those of the mount points that keep less than `holds`, and what they do not keep."""
    with root.folder(ROOT) as folder:
        own = os.fstat(folder).st_dev
    for point in sorted(points):
        # If a mount cannot be tried now, copying to it will report the error.
        with suppress(OSError), root.folder(point) as folder:
            if os.fstat(folder).st_dev == own:
                continue
            tree = Tree(root.full(point), folder)
            try:
                lost = list(_lost(holds, capabilities(tree)))
            finally:
                tree.close()
            if lost:
                yield point, lost


def _lost(own: Holds, inner: Holds) -> Iterator[str]:
    is_narrower = inner.earliest_ns > own.earliest_ns or inner.latest_ns < own.latest_ns
    is_coarser = inner.mtime_grain_ns > own.mtime_grain_ns or inner.old_grain_ns > own.old_grain_ns
    if (own.times and not inner.times) or is_narrower or is_coarser or inner.has_local_times:
        yield TIMES
    for name, has, keeps in (
        (OWNERS, own.owners, inner.owners),
        (MODES, own.modes, inner.modes and inner.mode_mask & own.mode_mask == own.mode_mask),
        (LINKS, True, not any(own.keeps_names(kind) > inner.keeps_names(kind) for kind in _NAMED)),
        (ATTRIBUTES, own.attributes, inner.attributes),
        (SYMLINKS, own.symlinks, inner.symlinks),
        (LETTERS, not own.names.folds, not inner.names.folds),
    ):
        if has and not keeps:
            yield name
