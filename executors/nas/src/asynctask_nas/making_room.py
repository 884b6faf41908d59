"""A destination in which not even an empty file fits: what ended tasks left unfinished there goes before all else.

Elsewhere the comparison finds it on its way, and prepare removes it. Here nothing could begin, for ever.
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
    """Find out what the destination holds; where it is full, what ended tasks left unfinished is removed first.

    Raises:
        NotEnoughSpace: it is full all the same; the message says what unfinished copies of other tasks take.
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
    """Remove leftovers; answers what is to be said of those that stay for tasks that may go on."""
    # Removing a leftover deletes the notes of which folders a killed task had opened, so these are closed first.
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
    """Where the destination is full, say what `parts` of this very task take, and how it goes on from them.

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
    """What people can do about space that unfinished copies take."""
    if not count:
        return ""
    copies = f"{counted(count, 'unfinished copies')} of tasks that may go on"
    return f"; {copies} take {size_text(size)} there, and are removed once those tasks have ended"


def _unfinished(tree: Tree, exclude: Exclude, look: Look) -> Iterator[bytes]:
    """Unfinished files and folders of ours, wherever a backup may have left some."""
    for name, is_folder in tree.scan(b".", look):
        if isinstance(is_folder, OSError) or name in {REMOVED, STATE}:
            continue
        if is_unfinished(name, is_folder=is_folder):
            yield name
        elif is_folder and not (exclude and exclude.matches(name, is_folder=True)):
            yield from survey(tree, name, exclude, look).parts
