"""Opens folders of the destination that refuse their owner, and restores their modes afterwards.

The copy of a folder without write permission lacks it too, so an ordinary user could not update the entries in it. The
mode is restored when the backup ends, in every case: the opened folders are noted in the destination first, so the next
backup closes those that a killed one left open.
"""

from __future__ import annotations

import contextlib
import os
import stat
import threading
from urllib.parse import quote_from_bytes, unquote_to_bytes

from asynctask_nas.exclude import STATE
from asynctask_nas.paths import ROOT, is_inside
from asynctask_nas.refused import may_change, opens
from asynctask_nas.tree import Tree, set_mode

_NOTES = b"opened"
_LARGEST = 64 << 20
"""Most bytes of notes that are read."""


class OpenedFolders:
    """Thread-safe. No effect on folders that let us in as they are, and on those of other users."""

    def __init__(self, root: Tree | bytes) -> None:
        self._tree = Tree.of(root)
        self._lock = threading.Lock()
        self._modes: dict[bytes, int] = {}

    def open(self, path: bytes, *, later: bytes | None = None) -> None:
        """Make the folder `path` writable for us; `later` is its path at the time when it is closed again."""
        with self._lock:
            if (later or path) in self._modes:
                return
            with contextlib.suppress(OSError), self._tree.folder(path) as folder:
                mode = stat.S_IMODE(os.fstat(folder).st_mode)
                if mode & stat.S_IRWXU == stat.S_IRWXU or may_change(folder):
                    return
                places = {path, later or path}
                for place in places:
                    self._note(b"+ %s %o" % (quote_from_bytes(place).encode(), mode), durable=True)
                if opens(folder, mode | stat.S_IRWXU):
                    self._modes[later or path] = mode
                    return
                for place in places:
                    self._note(b"- %s" % quote_from_bytes(place).encode())

    def is_open(self, path: bytes) -> bool:
        """Tell whether `path` is a folder that was opened, and is not closed yet."""
        return path in self._modes

    def forget(self, path: bytes) -> None:
        """Forget a folder that has got its proper mode by other code."""
        with self._lock:
            if self._modes.pop(path, None) is not None:
                self._note(b"- %s" % quote_from_bytes(path).encode())

    def close(self) -> None:
        """Restore the mode of every folder."""
        with self._lock:
            while self._modes:
                path, mode = self._modes.popitem()
                self._give_back(path, mode)
            with contextlib.suppress(OSError), self._tree.folder(STATE) as folder:
                os.unlink(_NOTES, dir_fd=folder)

    def recover(self) -> None:
        """Close the folders that a killed backup left open. Ignores notes with paths outside the destination."""
        try:
            descriptor = self._tree.open(STATE + b"/" + _NOTES, os.O_RDONLY | os.O_NONBLOCK)
            with open(descriptor, "rb") as file:
                lines = file.read(_LARGEST).splitlines()
        except OSError:
            return
        for line in lines:
            sign, *words = line.split(b" ")
            path = unquote_to_bytes(words[0]) if words else b""
            if path != ROOT and not is_inside(path):
                continue
            if sign == b"+" and len(words) == 2:
                with contextlib.suppress(ValueError):
                    self._modes.setdefault(path, int(words[1], 8) & 0o7777)
            elif sign == b"-":
                self._modes.pop(path, None)
        self.close()

    def _give_back(self, path: bytes, mode: int) -> None:
        with contextlib.suppress(OSError), self._tree.folder(path) as folder:
            # The system may have dropped the set-group-id bit when the folder was opened.
            now = stat.S_IMODE(os.fstat(folder).st_mode)
            if now | stat.S_ISGID == mode | stat.S_IRWXU | stat.S_ISGID:
                set_mode(folder, mode)

    def _note(self, line: bytes, *, durable: bool = False) -> None:
        """Add a note, if possible. Without the folder for notes, a kill leaves folders writable for their owner."""
        with contextlib.suppress(OSError):
            path, flags = STATE + b"/" + _NOTES, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NONBLOCK
            descriptor = self._tree.open(path, flags, 0o644)
            try:
                os.write(descriptor, line + b"\n")
                if durable:
                    os.fsync(descriptor)
            finally:
                os.close(descriptor)
