"""Folders that are being made together with their first files: one thread is at each, and the others wait for it."""

from __future__ import annotations

import threading
from collections.abc import Iterable


class BegunFolders:
    """Which those are. All calls but `remove` are made with `lock` held; to wait gives it to others meanwhile."""

    def __init__(self, lock: threading.Lock) -> None:
        self._paths: set[bytes] = set()
        self._removed = threading.Condition(lock)

    def add(self, path: bytes) -> None:
        """This thread makes it."""
        self._paths.add(path)

    def has(self, path: bytes) -> bool:
        """Tell whether a folder, or one that it lies in, is being made."""
        return bool(self._paths) and any(path == one or path.startswith(one + b"/") for one in self._paths)

    def wait_for(self, path: bytes) -> None:
        """Wait until neither the folder nor one that it lies in is being made. For who is making none."""
        while self.has(path):
            self._removed.wait()

    def remove(self, paths: Iterable[bytes]) -> None:
        """They are made, or will not be."""
        with self._removed:
            self._paths.difference_update(paths)
            self._removed.notify_all()
