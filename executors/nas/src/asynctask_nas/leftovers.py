"""Our unfinished files and folders at a destination: which task they belong to, and when they are removed.

Their names begin with digits of their task. A task that may go on (paused, killed, waiting) has a note in the
destination, and its files stay; those of every other task are removed before the check for free space.
"""

from __future__ import annotations

import contextlib
import functools
import os
import re
import stat
import time
from collections.abc import Iterable

import xxhash

from asynctask_nas import new_folders
from asynctask_nas.entries import Entry, Kind
from asynctask_nas.exclude import PART_PREFIX, PART_SUFFIX, STATE, is_part
from asynctask_nas.marker import ensure_state
from asynctask_nas.paths import ROOT, join, parent
from asynctask_nas.tree import Tree, divide

_OURS = re.compile(rb"\.asynctask-([0-9a-f]{8})[0-9a-f]{16}\.part")
_DIGITS = re.compile(rb"\.asynctask-[0-9a-f]+\.part")
_TASKS = b"tasks"
_FOLDER = STATE + b"/" + _TASKS
_LEFT_NS = 24 * 3600 * 10**9
"""Age from which on a file with a name of an older version counts as a leftover."""
_OPEN_S = 48 * 3600
"""How long a task keeps its unfinished files after it last renewed its note."""
_RENEW_S = 3600
"""How often a running task renews its note."""


def part_name(task_id: str, path: bytes) -> bytes:
    """Name of the unfinished file or folder for `path`: the same in every attempt of the task."""
    digest = xxhash.xxh3_64_hexdigest(task_id.encode() + b"/" + path).encode()
    return PART_PREFIX + _digits(task_id) + digest + PART_SUFFIX


def storage_of_parts(root: Tree | bytes, task_id: str, paths: Iterable[bytes]) -> list[int]:
    """Bytes of storage of each unfinished file for `paths` that exists."""
    tree = Tree.of(root)
    taken: list[int] = []
    for path in paths:
        with contextlib.suppress(OSError):
            found = tree.look(join(parent(path), part_name(task_id, path)))
            if found is not None:
                taken.append(found.allocated)
    return taken


def is_unfinished(path: bytes, *, is_folder: bool) -> bool:
    """Tell whether an entry is an unfinished file or folder of ours, by its name."""
    return is_part(path) and (not is_folder or _OURS.fullmatch(_name(path)) is not None)


def is_leftover(path: bytes, existing: Entry, kept_for: frozenset[bytes], now_ns: int) -> bool:
    """Tell whether an unfinished file or folder belongs to no task that may go on (`kept_for`: digits of those)."""
    if (found := _OURS.fullmatch(_name(path))) and existing.kind in {Kind.FILE, Kind.FOLDER}:
        return found[1] not in kept_for
    if existing.kind is not Kind.FILE:
        return existing.kind is Kind.SYMLINK and found is not None
    is_ours = _DIGITS.fullmatch(_name(path)) is not None or existing.size == 0
    return is_ours and existing.mtime_ns < now_ns - _LEFT_NS


def is_of_another(root: Tree | bytes, path: bytes) -> bool:
    """Tell whether an unfinished entry is in another destination inside this one, which has its own notes of tasks."""
    tree, inside = Tree.of(root), parent(path)
    while inside != ROOT:
        with contextlib.suppress(OSError):
            if tree.look(inside + b"/" + STATE) is not None:
                return True
        inside = parent(inside)
    return False


def begin(root: Tree | bytes, task_id: str) -> None:
    """Note in the destination that the task has unfinished files, or will have some."""
    tree = Tree.of(root)
    # If the notes belong to another user, other tasks may remove our unfinished files, which are then copied again.
    with contextlib.suppress(PermissionError), ensure_state(tree) as state:
        with contextlib.suppress(FileExistsError):
            os.mkdir(_TASKS, 0o755, dir_fd=state)
        note = _FOLDER + b"/" + _digits(task_id)
        descriptor = tree.open(note, os.O_WRONLY | os.O_CREAT | os.O_NONBLOCK, 0o644)
        try:
            os.utime(descriptor)
        finally:
            os.close(descriptor)


class TaskNote:
    """Renews the note of a running task, which may take longer than a note is valid."""

    def __init__(self, root: Tree | bytes, task_id: str) -> None:
        """The note must have been made just now, with `begin`."""
        self._root = root
        self._task_id = task_id
        self._renewed_at = time.monotonic()

    def renew(self) -> None:
        """Renew the note, if it is time."""
        now = time.monotonic()
        if now - self._renewed_at >= _RENEW_S:
            self._renewed_at = now
            with contextlib.suppress(OSError):
                begin(self._root, self._task_id)


def end(root: Tree | bytes, task_id: str) -> None:
    """Remove the note of a task that has ended for good, so that its unfinished files may be removed."""
    with contextlib.suppress(OSError), Tree.of(root).folder(_FOLDER) as notes:
        os.unlink(_digits(task_id), dir_fd=notes)


def kept_for(root: Tree | bytes, task_id: str) -> frozenset[bytes]:
    """Digits of other tasks that may go on. Removes old notes."""
    tree = Tree.of(root)
    found: set[bytes] = set()
    with contextlib.suppress(OSError), tree.folder(_FOLDER) as notes:
        for name in tree.names(_FOLDER):
            if name == _digits(task_id):
                continue
            with contextlib.suppress(OSError):
                facts = os.stat(name, dir_fd=notes, follow_symlinks=False)
                if facts.st_mtime < time.time() - _OPEN_S:
                    os.unlink(name, dir_fd=notes)
                else:
                    found.add(name)
    return frozenset(found)


def remove(tree: Tree, path: bytes) -> int:
    """Delete the unfinished file or folder at `path`; returns the bytes of storage that this frees.

    Raises:
        OSError: it cannot be deleted.
    """
    inside, name = divide(path)
    try:
        with tree.folder(inside) as folder:
            facts = os.stat(name, dir_fd=folder, follow_symlinks=False)
            if stat.S_ISDIR(facts.st_mode) and _OURS.fullmatch(name):
                return new_folders.take_away(folder, name)
            os.unlink(name, dir_fd=folder)
    except (FileNotFoundError, NotADirectoryError):
        return 0
    return facts.st_blocks * 512 if facts.st_nlink == 1 else 0


@functools.lru_cache(maxsize=16)
def _digits(task_id: str) -> bytes:
    return xxhash.xxh3_64_hexdigest(task_id.encode())[:8].encode()


def _name(path: bytes) -> bytes:
    return path.rpartition(b"/")[2]
