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
from asynctask_nas.paths import join

_NOTES = b"opened"


class OpenedFolders:
    """Thread-safe. Does nothing for root, whom modes do not stop, and for folders of somebody else."""

    def __init__(self, root: bytes) -> None:
        self._root = root
        self._lock = threading.Lock()
        self._modes: dict[bytes, int] = {}
        self._notes = join(root, STATE + b"/" + _NOTES)

    def open(self, path: bytes, *, later: bytes | None = None) -> None:
        """Let us change what is in the folder `path`; `later` is where the folder will be when it is closed again."""
        user = os.geteuid()
        if user == 0:
            return
        with self._lock:
            if (later or path) in self._modes:
                return
            try:
                facts = os.lstat(join(self._root, path))
            except OSError:
                return
            mode = stat.S_IMODE(facts.st_mode)
            if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != user or mode & stat.S_IRWXU == stat.S_IRWXU:
                return
            for place in {path, later or path}:
                self._note(b"+ %s %o" % (quote_from_bytes(place).encode(), mode), durable=True)
            with contextlib.suppress(OSError):
                os.chmod(join(self._root, path), mode | stat.S_IRWXU)
                self._modes[later or path] = mode

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
            with contextlib.suppress(OSError):
                os.unlink(self._notes)

    def recover(self) -> None:
        """Close what a killed backup left open."""
        try:
            with open(self._notes, "rb") as file:
                lines = file.read().splitlines()
        except OSError:
            return
        for line in lines:
            sign, *words = line.split(b" ")
            if sign == b"+" and len(words) == 2:
                with contextlib.suppress(ValueError):
                    self._modes.setdefault(unquote_to_bytes(words[0]), int(words[1], 8))
            elif sign == b"-" and words:
                self._modes.pop(unquote_to_bytes(words[0]), None)
        self.close()

    def _give_back(self, path: bytes, mode: int) -> None:
        full = join(self._root, path)
        with contextlib.suppress(OSError):
            facts = os.lstat(full)
            if stat.S_ISDIR(facts.st_mode) and stat.S_IMODE(facts.st_mode) == mode | stat.S_IRWXU:
                os.chmod(full, mode)

    def _note(self, line: bytes, *, durable: bool = False) -> None:
        """Nobody may depend on this: without the folder for notes a kill leaves folders open for their owner."""
        with contextlib.suppress(OSError):
            descriptor = os.open(self._notes, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
            try:
                os.write(descriptor, line + b"\n")
                if durable:
                    os.fsync(descriptor)
            finally:
                os.close(descriptor)
