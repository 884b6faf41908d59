"""Writing below the destination: never through a symbolic link, never over something that is not in the backup.

What stands in the way of another kind of entry (a folder where a file belongs, and the reverse) and, with
`delete_extra="mark"`, what only the destination has, moves to `.asynctask-removed/<task>/<path>`, where `<task>` is
the task's submit time in UTC with the end of its id: `20251122T034611Z-9f3c21ab`. Nothing is ever deleted but the
older version of a file that its newer version replaces. People empty that folder when they like.
"""

from __future__ import annotations

import contextlib
import os
import stat
import threading
from datetime import UTC, datetime
from itertools import count

import xxhash

from asynctask_core.ids import id_time_ms, parse_id
from asynctask_nas.entries import Entry, Kind, look
from asynctask_nas.exclude import PART_PREFIX, PART_SUFFIX, REMOVED
from asynctask_nas.places import Holds
from asynctask_nas.walk import ROOT, join, parent

_KNOWN_FOLDERS = 10_000


class Destination:
    """The destination of one task. Thread-safe; all paths are relative."""

    def __init__(self, root: bytes, task_id: str, holds: Holds) -> None:
        self.root = root
        self.holds = holds
        self._task_id = task_id
        self._lock = threading.Lock()
        self._known: set[bytes] = set()

    def full(self, path: bytes) -> bytes:
        """The full path."""
        return join(self.root, path)

    def look(self, path: bytes) -> Entry | None:
        """What is there now."""
        return look(self.full(path))

    def part(self, path: bytes) -> bytes:
        """Full path of the temporary file beside `path`: the same in every attempt of the task, whatever its name."""
        digest = xxhash.xxh3_64_hexdigest(self._task_id.encode() + b"/" + path).encode()
        return join(self.full(parent(path)), PART_PREFIX + digest + PART_SUFFIX)

    def ensure_folder(self, path: bytes) -> None:
        """Make `path` a folder, with its parents; what is in the way is set aside. New ones are private until done."""
        if path in self._known:
            return
        with self._lock:
            steps = path.split(b"/")
            for length in range(0 if path == ROOT else 1, len(steps) + 1):
                self._ensure(b"/".join(steps[:length]) or ROOT)
            if len(self._known) >= _KNOWN_FOLDERS:
                self._known.clear()
            self._known.add(path)

    def _ensure(self, path: bytes) -> None:
        found = self.look(path)
        if found is not None and found.kind is not Kind.FOLDER and path != ROOT:
            self._move(path)
            found = None
        if found is None:
            with contextlib.suppress(FileExistsError):
                os.mkdir(self.full(path), 0o700)
        elif os.geteuid() != 0 and found.mode & stat.S_IRWXU != stat.S_IRWXU:
            # Ours, but closed: its proper mode comes back when the folder is finished.
            with contextlib.suppress(PermissionError):
                os.chmod(self.full(path), found.mode | stat.S_IRWXU)

    def replace(self, made: bytes, path: bytes) -> None:
        """Move the finished entry `made` (a full path) to `path` in one step; a folder in the way is set aside."""
        try:
            os.rename(made, self.full(path))
        except IsADirectoryError:
            self.set_aside(path)
            os.rename(made, self.full(path))

    def set_aside(self, path: bytes) -> None:
        """Move `path` into the removed folder; nothing happens when it is gone already."""
        with self._lock:
            self._known.clear()
            self._move(path)

    def _move(self, path: bytes) -> None:
        for number in count(1):
            target = join(self.removed if number == 1 else self.removed + b"~%d" % number, path)
            try:
                os.makedirs(os.path.dirname(target), mode=0o700, exist_ok=True)
                if os.path.lexists(target):
                    continue
                os.rename(self.full(path), target)
            except (FileExistsError, NotADirectoryError):
                # An earlier run of this task put a file where now a folder is needed.
                if look(self.full(path)) is None:
                    return
            except FileNotFoundError:
                return
            else:
                return

    @property
    def removed(self) -> bytes:
        """Full path of the folder that takes what this task sets aside."""
        task = parse_id(self._task_id)
        when = datetime.fromtimestamp(id_time_ms(task) / 1000, UTC).strftime("%Y%m%dT%H%M%SZ")
        return join(self.root, REMOVED + b"/" + f"{when}-{task.hex()[-8:]}".encode())
