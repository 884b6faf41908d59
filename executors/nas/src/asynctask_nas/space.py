"""Does a backup fit into its destination? Said before it begins, with what is missing."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from asynctask_core.errors import NotEnoughSpace
from asynctask_nas.changes import Action, Change
from asynctask_nas.paths import ROOT
from asynctask_nas.tree import Tree
from asynctask_nas.words import printable, size_text


@dataclass(frozen=True, slots=True)
class Need:
    """What a list of changes takes: bytes at the worst moment, and new entries."""

    bytes: int
    entries: int


def need(changes: Iterable[Change], concurrency: int = 1) -> Need:
    """Add up what changes take in their order.

    A changed file needs its new content beside the old one for a while, and `concurrency` files are changed at once.
    """
    now = peak = entries = 0
    held: deque[int] = deque()
    for one in changes:
        entries += one.is_new and one.action in {Action.COPY, Action.SYMLINK, Action.FOLDER}
        if one.action is Action.COPY:
            now += one.allocated
            peak = max(peak, now)
            held.append(one.frees)
            if len(held) >= concurrency:
                now -= held.popleft()
    return Need(peak, entries)


def check_space(
    destination: Tree | bytes, wanted: Need, *, shown: bytes | None = None, kept: str = ""
) -> None:
    """Compare with what the destination has free for ordinary users.

    Raises:
        NotEnoughSpace: it does not fit; the message says how much is missing.
    """
    has = _space(Tree.of(destination))
    free = has.f_bavail * has.f_frsize
    name = os.fsdecode(shown or Tree.of(destination).path)
    if wanted.bytes > free:
        missing = wanted.bytes - free
        raise NotEnoughSpace(
            f"{name} lacks {size_text(missing)}: the backup needs {size_text(wanted.bytes)}, "
            f"{size_text(free)} are free{kept}",
            metadata={
                "missing_bytes": str(missing),
                "needed_bytes": str(wanted.bytes),
                "free_bytes": str(free),
            },
        )
    # Some file systems make inodes as they need them and say zero.
    if has.f_files and wanted.entries > has.f_favail:
        missing = wanted.entries - has.f_favail
        raise NotEnoughSpace(
            f"{name} lacks {missing:,} inodes: the backup makes {wanted.entries:,} new entries, "
            f"{has.f_favail:,} are free",
            metadata={"missing_inodes": str(missing)},
        )


def full(
    destination: Tree | bytes, path: bytes, left_bytes: int, *, shown: bytes | None = None
) -> NotEnoughSpace:
    """The error for a destination (`shown` to people) that filled up at `path`, with `left_bytes` still to copy."""
    has = _space(Tree.of(destination))
    free = has.f_bavail * has.f_frsize
    missing = max(0, left_bytes - free)
    name = os.fsdecode(shown or Tree.of(destination).path)
    return NotEnoughSpace(
        f"{name} is full (or its quota is) at {printable(path)}: {size_text(left_bytes)} are left "
        f"to copy, {size_text(free)} are free, so at least {size_text(missing)} are missing",
        metadata={"missing_bytes": str(missing), "left_bytes": str(left_bytes), "free_bytes": str(free)},
    )


def _space(tree: Tree) -> os.statvfs_result:
    with tree.folder(ROOT) as folder:
        return os.fstatvfs(folder)
