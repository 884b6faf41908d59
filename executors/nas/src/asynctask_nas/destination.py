"""Writing below the destination: never through a symbolic link, never over something that is not in the backup.

What stands in the way of another kind of entry (a folder where a file belongs, and the reverse) and, with
`delete_extra="mark"`, what only the destination has, moves to `.asynctask-removed/<task>/<path>`, where `<task>` is
the task's submit time in UTC with the end of its id: `20251122T034611Z-9f3c21ab`. Nothing is ever deleted but the
older version of a file or symbolic link that its newer version replaces. People empty that folder when they like.
"""

from __future__ import annotations

import contextlib
import os
import threading
from datetime import UTC, datetime
from itertools import count

from asynctask_core.errors import DestinationUnusable
from asynctask_core.ids import id_time_ms, parse_id
from asynctask_nas.capabilities import Holds
from asynctask_nas.entries import Entry, Kind, look
from asynctask_nas.exclude import REMOVED
from asynctask_nas.leftovers import part_name
from asynctask_nas.opened import OpenedFolders
from asynctask_nas.walk import ROOT, join, parent
from asynctask_nas.words import printable

_KNOWN_FOLDERS = 10_000


class Destination:
    """The destination of one task. Thread-safe; all paths are relative."""

    def __init__(
        self,
        root: bytes,
        task_id: str,
        holds: Holds,
        *,
        shown: bytes | None = None,
        keeps_replaced: bool = False,
    ) -> None:
        self.root = root
        self.keeps_replaced = keeps_replaced
        """True to set aside what is replaced by another version of the same kind, too."""
        self.shown = shown or root
        """The root as people know it."""
        self.holds = holds
        self.opened = OpenedFolders(root)
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
        return join(self.full(parent(path)), part_name(self._task_id, path))

    def ensure_folder(self, path: bytes) -> None:
        """Make `path` a folder that takes new entries, with its parents; what is in the way is set aside.

        New folders are private until they are finished.
        """
        if path in self._known:
            return
        with self._lock:
            steps = path.split(b"/")
            for length in range(0 if path == ROOT else 1, len(steps) + 1):
                self._ensure(b"/".join(steps[:length]) or ROOT)
            self.opened.open(path)
            if len(self._known) >= _KNOWN_FOLDERS:
                self._known.clear()
            self._known.add(path)

    def _ensure(self, path: bytes) -> None:
        found = self.look(path)
        if found is not None and found.kind is not Kind.FOLDER and path != ROOT:
            self._move(path)
            found = None
        if found is None:
            self.opened.open(parent(path))
            with contextlib.suppress(FileExistsError):
                os.mkdir(self.full(path), 0o700)

    def replace(self, made: bytes, path: bytes) -> None:
        """Move the finished entry `made` (a full path) to `path` in one step.

        An older version of the same kind is replaced by it, unless it is to be kept; everything else in the way is set
        aside. When it fails,
        `made` is deleted: nothing could go on from it.
        """
        try:
            found = self.look(path)
            new = None if found is None else look(made)
            if found and new and (found.kind is not new.kind or self.keeps_replaced):
                self.set_aside(path)
            try:
                os.rename(made, self.full(path))
            except IsADirectoryError:
                self.set_aside(path)
                os.rename(made, self.full(path))
        except FileNotFoundError:
            raise
        except Exception:
            with contextlib.suppress(OSError):
                os.unlink(made)
            raise

    def make_way(self, made: bytes) -> None:
        """Let nothing be at `made`, where an unfinished entry is about to be: a leftover goes, a folder moves away."""
        try:
            os.unlink(made)
        except FileNotFoundError:
            pass
        except (IsADirectoryError, PermissionError):
            found = look(made)
            if found is None or found.kind is not Kind.FOLDER:
                raise
            self.set_aside(made[len(self.root) + 1 :])

    def respell(self, listed: bytes, path: bytes) -> None:
        """Give the entry that its folder lists as `listed` the spelling of `path`, another letter case of it."""
        with self._lock, contextlib.suppress(OSError):
            os.rename(join(self.full(parent(path)), listed), self.full(path))

    def set_aside(self, path: bytes) -> None:
        """Move `path` into the removed folder; nothing happens when it is gone already."""
        with self._lock:
            self._known.clear()
            self._move(path)

    def _move(self, path: bytes) -> None:
        if look(self.full(path)) is None:
            return
        self._check_removed()
        for number in count(1):
            place = (
                REMOVED + b"/" + self._task_folder + (b"" if number == 1 else b"~%d" % number) + b"/" + path
            )
            target = self.full(place)
            try:
                self.opened.open(ROOT)
                os.makedirs(os.path.dirname(target), mode=0o700, exist_ok=True)
                if os.path.lexists(target):
                    continue
                self.opened.open(parent(path))
                self.opened.open(path, later=place)  # a folder that moves gets another ".." written into it
                os.rename(self.full(path), target)
            except (FileExistsError, NotADirectoryError):
                # An earlier run of this task put a file where now a folder is needed.
                if look(self.full(path)) is None:
                    return
            except FileNotFoundError:
                return
            else:
                return

    def _check_removed(self) -> None:
        """Never move anything through a link, or into what is no folder of ours."""
        found = self.look(REMOVED)
        if found is not None and found.kind is not Kind.FOLDER:
            raise DestinationUnusable(
                f"destination_path: '{printable(join(self.shown, REMOVED))}' is a {found.kind.value}, but a folder of "
                "that name takes what backups set aside: move it away"
            )

    @property
    def removed(self) -> bytes:
        """Full path of the folder that takes what this task sets aside."""
        return self.full(REMOVED + b"/" + self._task_folder)

    @property
    def _task_folder(self) -> bytes:
        task = parse_id(self._task_id)
        when = datetime.fromtimestamp(id_time_ms(task) / 1000, UTC).strftime("%Y%m%dT%H%M%SZ")
        return f"{when}-{task.hex()[-8:]}".encode()
