"""Folders that are being made together with their first files: by one thread each, while other threads wait."""

from __future__ import annotations

import threading
from collections.abc import Iterable


class BegunFolders:
    """The set of those folders. Callers hold `lock`, except for `remove`; `wait_for` releases it while it waits."""

    def __init__(self, lock: threading.Lock) -> None:
        self._paths: set[bytes] = set()
        self._removed = threading.Condition(lock)

    def add(self, path: bytes) -> None:
        """Say that this thread makes the folder."""
        self._paths.add(path)

    def has(self, path: bytes) -> bool:
        """Tell whether a folder or a parent of it is being made."""
        return bool(self._paths) and any(path == one or path.startswith(one + b"/") for one in self._paths)

    def wait_for(self, path: bytes) -> None:
        """Wait until neither the folder nor a parent of it is being made. Only for threads that are making none."""
        while self.has(path):
            self._removed.wait()

    def remove(self, paths: Iterable[bytes]) -> None:
        """Say that the folders are made, or will not be."""
        with self._removed:
            self._paths.difference_update(paths)
            self._removed.notify_all()
