"""Does a backup fit into its destination? Checked before the transfer; the error says how much is missing."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from asynctask_core.errors import NotEnoughSpace
from asynctask_nas.changes import Action, Change
from asynctask_nas.paths import ROOT, join, parent
from asynctask_nas.tree import Tree
from asynctask_nas.words import counted, printable, size_text


@dataclass(frozen=True, slots=True)
class Need:
    """The space for a list of changes: most bytes at any moment, and new entries."""

    bytes: int
    entries: int


_MAKES = frozenset({Action.COPY, Action.SYMLINK, Action.FOLDER})


@dataclass(slots=True)
class _Sum:
    """The space for the changes on one file system so far."""

    now: int = 0
    peak: int = 0
    entries: int = 0
    held: deque[int] = field(default_factory=deque[int])

    def add(self, changes: Iterable[Change], concurrency: int) -> None:
        copy, held = Action.COPY, self.held
        now, peak, entries = self.now, self.peak, self.entries
        for one in changes:
            action = one.action
            if one.is_new and (action is copy or action in _MAKES):
                entries += 1
            if action is copy:
                now += one.allocated
                if now > peak:  # noqa: PLR1730 - for every change: a call of `max` takes much longer
                    peak = now
                held.append(one.frees)
                if len(held) >= concurrency:
                    now -= held.popleft()
        self.now, self.peak, self.entries = now, peak, entries


def needs(
    changes: Iterable[Change], concurrency: int = 1, system_of: Callable[[bytes], bytes] | None = None
) -> dict[bytes, Need]:
    """Add up the space for changes in their order, for each file system of a destination.

    A changed file needs space for its new content while the old one is still there, and `concurrency` files change at
    once.
    """
    sums = {ROOT: _Sum()}
    if system_of is None:
        sums[ROOT].add(changes, concurrency)
    else:
        for one in changes:
            system = system_of(one.path)
            if system not in sums:
                sums[system] = _Sum()
            sums[system].add((one,), concurrency)
    return {system: Need(one.peak, one.entries) for system, one in sums.items()}


class DestinationSystems:
    """The file systems of a destination: its own, and those that are mounted inside it, at `points`."""

    def __init__(self, destination: Tree, points: Iterable[bytes]) -> None:
        self._systems: dict[bytes, bytes] = {}
        by_device: dict[int, bytes] = {}
        for point in (ROOT, *sorted(points)):
            # A mount that cannot be read counts with the file system around it; copying to it will report the error.
            with suppress(OSError), destination.folder(point) as folder:
                self._systems[point] = by_device.setdefault(os.fstat(folder).st_dev, point)

    def of(self, path: bytes) -> bytes:
        """The mount point of the file system of `path`; two mount points of one file system count as one."""
        if len(self._systems) == 1:
            return ROOT
        while path not in self._systems:
            path = parent(path)
        return self._systems[path]


def check_space(
    destination: Tree | bytes, wanted: Need, *, shown: bytes | None = None, kept: str = "", at: bytes = ROOT
) -> None:
    """Compare with the free space for ordinary users, in the file system of the destination's folder `at`.

    Raises:
        NotEnoughSpace: it does not fit; the message says how much is missing, and ends with `kept`.
    """
    has = _space(Tree.of(destination), at)
    free = has.f_bavail * has.f_frsize
    name = os.fsdecode(join(shown or Tree.of(destination).path, at))
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
    # File systems that make inodes on demand report zero.
    if has.f_files and wanted.entries > has.f_favail:
        missing = wanted.entries - has.f_favail
        raise NotEnoughSpace(
            f"{name} lacks {missing:,} inodes: the backup makes {wanted.entries:,} new entries, "
            f"{has.f_favail:,} are free{kept}",
            metadata={"missing_inodes": str(missing)},
        )


def said_of_own(unfinished: Sequence[int], task_id: str) -> tuple[str, str]:
    """Texts about the space of the task's own unfinished copies, and what people can do; empty if there are none."""
    if not unfinished:
        return "", ""
    copies = f"{counted(len(unfinished), 'unfinished copies')} of this task"
    return f"{size_text(sum(unfinished))} taken by {copies}", (
        f"; what is unfinished stays until another backup begins there: asynctask restart {task_id} "
        "--from-checkpoint goes on from it, a restart from the beginning removes it"
    )


def full(
    destination: Tree | bytes,
    path: bytes,
    left_bytes: int,
    *,
    shown: bytes | None = None,
    unfinished: Sequence[int] = (),
    task_id: str = "",
) -> NotEnoughSpace:
    """The error for a destination (`shown` to people) that filled up at `path`, with `left_bytes` still to copy.

    `unfinished`: bytes of each unfinished copy that the task `task_id` can go on from.
    """
    tree = Tree.of(destination)
    has = _space(tree)
    with suppress(OSError):
        has = _space(tree, parent(path))
    free = has.f_bavail * has.f_frsize
    missing = max(0, left_bytes - free - sum(unfinished))
    name = os.fsdecode(shown or Tree.of(destination).path)
    taken, kept = said_of_own(unfinished, task_id)
    taken = f" and {taken}" if taken else ""
    return NotEnoughSpace(
        f"{name} is full (or its quota is) at {printable(path)}: {size_text(left_bytes)} are left to copy, "
        f"{size_text(free)} are free{taken}, so at least {size_text(missing)} are missing{kept}",
        metadata={"missing_bytes": str(missing), "left_bytes": str(left_bytes), "free_bytes": str(free)},
    )


def _space(tree: Tree, path: bytes = ROOT) -> os.statvfs_result:
    with tree.folder(path) as folder:
        return os.fstatvfs(folder)
