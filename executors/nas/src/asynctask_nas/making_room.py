"""Removes unfinished copies of ended tasks first, if not even an empty file fits into the destination.

Otherwise the comparison finds them, and prepare removes them. But in a full destination the comparison cannot begin.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from asynctask_core.errors import NotEnoughSpace
from asynctask_nas.exclude import REMOVED, STATE, Exclude
from asynctask_nas.extras import survey
from asynctask_nas.holds import Holds
from asynctask_nas.leftovers import is_leftover, is_of_another, is_unfinished, kept_for, storage_of_parts
from asynctask_nas.looks import Look
from asynctask_nas.opened import OpenedFolders
from asynctask_nas.places import probe
from asynctask_nas.space import said_of_own
from asynctask_nas.tree import Tree
from asynctask_nas.words import counted, size_text

if TYPE_CHECKING:
    from asynctask import ThreadContext
    from asynctask_nas.config import BackupConfig
    from asynctask_nas.copy import PartialCopy
    from asynctask_nas.roots import HeldRoots


def probe_with_room(ctx: ThreadContext[BackupConfig], roots: HeldRoots) -> Holds:
    """Find out what the destination can keep; if it is full, remove unfinished copies of ended tasks first.

    Raises:
        NotEnoughSpace: it is still full; the message says how much unfinished copies of other tasks take.
    """
    shown = ctx.config.destination
    try:
        return probe(roots.destination, shown=shown)
    except NotEnoughSpace as error:
        kept = _make_room(ctx, roots)
        try:
            return probe(roots.destination, shown=shown)
        except NotEnoughSpace:
            raise NotEnoughSpace(f"{error.message}{kept}") from error


def _make_room(ctx: ThreadContext[BackupConfig], roots: HeldRoots) -> str:
    """Remove leftovers; returns a text about those that stay, for tasks that may go on."""
    # Close the folders that a killed task had opened first: removing a leftover deletes the notes about them.
    OpenedFolders(roots.destination).recover()
    tree, kept_tasks, now_ns = roots.destination, kept_for(roots.destination, ctx.task_id), time.time_ns()
    removed = kept = taken = 0
    for path in _unfinished(tree, Exclude(ctx.config.exclude), ctx.safe_point):
        ctx.safe_point()
        with contextlib.suppress(OSError):
            found = tree.look(path)
            if found is None or is_of_another(tree, path):
                continue
            if not is_leftover(path, found, kept_tasks, now_ns):
                kept += 1
                taken += found.allocated
            elif not roots.remove_part(path):
                removed += 1
    if removed:
        ctx.log.info(
            "the destination was full: removed %s of ended tasks", counted(removed, "unfinished copies")
        )
    return said_of_kept(kept, taken)


@contextmanager
def own_told(ctx: ThreadContext[BackupConfig], tree: Tree, parts: Iterable[PartialCopy]) -> Iterator[None]:
    """If the destination is full, add to the error how much `parts` of this task take, and how it can go on from them.

    Raises:
        NotEnoughSpace: it is full.
    """
    try:
        yield
    except NotEnoughSpace as error:
        sizes = storage_of_parts(tree, ctx.task_id, [part.path for part in parts])
        taken, kept = said_of_own(sizes, ctx.task_id)
        if not taken:
            raise
        raise NotEnoughSpace(f"{error.message}; {taken}{kept}") from error


def said_of_kept(count: int, size: int) -> str:
    """A text about the space of unfinished copies and when it is freed."""
    if not count:
        return ""
    copies = f"{counted(count, 'unfinished copies')} of tasks that may go on"
    return f"; {copies} take {size_text(size)} there, and are removed once those tasks have ended"


def _unfinished(tree: Tree, exclude: Exclude, look: Look) -> Iterator[bytes]:
    """Our unfinished files and folders, in all places where a backup may have left some."""
    for name, is_folder in tree.scan(b".", look):
        if isinstance(is_folder, OSError) or name in {REMOVED, STATE}:
            continue
        if is_unfinished(name, is_folder=is_folder):
            yield name
        elif is_folder and not (exclude and exclude.matches(name, is_folder=True)):
            yield from survey(tree, name, exclude, look).parts
