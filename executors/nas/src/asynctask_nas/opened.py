"""Folders of the destination that are closed to their owner: opened for a while, and closed again afterwards.

A copy of a folder without write permission has none either, so an ordinary user could not renew what is in it. Its
mode is given back when the backup has ended, however it ends: what was opened is noted in the destination first, so
the next backup closes what a killed one left open.
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
    """Thread-safe. Does nothing for folders that let us in as they are, and for those of somebody else."""

    def __init__(self, root: Tree | bytes) -> None:
        self._tree = Tree.of(root)
        self._lock = threading.Lock()
        self._modes: dict[bytes, int] = {}

    def open(self, path: bytes, *, later: bytes | None = None) -> None:
        """Let us change what is in the folder `path`; `later` is where the folder will be when it is closed again."""
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
        """The folder has got its proper mode by other means."""
        with self._lock:
            if self._modes.pop(path, None) is not None:
                self._note(b"- %s" % quote_from_bytes(path).encode())

    def close(self) -> None:
        """Give every folder its mode back."""
        with self._lock:
            while self._modes:
                path, mode = self._modes.popitem()
                self._give_back(path, mode)
            with contextlib.suppress(OSError), self._tree.folder(STATE) as folder:
                os.unlink(_NOTES, dir_fd=folder)

    def recover(self) -> None:
        """Close what a killed backup left open. A note of a path that leads out of the destination is none of ours."""
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
        """Nobody may depend on this: without the folder for notes a kill leaves folders open for their owner."""
        with contextlib.suppress(OSError):
            path, flags = STATE + b"/" + _NOTES, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NONBLOCK
            descriptor = self._tree.open(path, flags, 0o644)
            try:
                os.write(descriptor, line + b"\n")
                if durable:
                    os.fsync(descriptor)
            finally:
                os.close(descriptor)
