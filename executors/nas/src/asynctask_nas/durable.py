"""Makes many small files durable at once: their content is on storage before their items are marked as done."""

from __future__ import annotations

import ctypes
import os
import threading
from collections.abc import Callable
from typing import cast

from asynctask_nas.paths import ROOT
from asynctask_nas.tree import Tree

_READ = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC


class Storage:
    """The file systems of a destination, its own first, each held open since before the first write to it.

    `Destination` adds those that are mounted inside it when it first writes to them.

    Linux reports a failed background write only once, to processes that already had the file system open, and drops the
    content: a descriptor that is opened later reports success. So no descriptor is opened for a flush, and after one
    flush has failed, every later one fails too.
    """

    def __init__(self, root: Tree | bytes) -> None:
        self._path = Tree.of(root).path
        self._lock = threading.Lock()
        self._systems: dict[int, int] = {}
        self._failed: OSError | None = None
        self.see(Tree.of(root).open(ROOT, _READ))

    def see(self, descriptor: int) -> None:
        """Also flush the file system of the folder `descriptor` from now on. Takes ownership of the descriptor."""
        device = os.fstat(descriptor).st_dev
        with self._lock:
            if device not in self._systems:
                self._systems[device] = descriptor
                return
        os.close(descriptor)

    @property
    def has_failed(self) -> bool:
        """True once a flush has failed: content written since the flush before may not be durable."""
        return self._failed is not None

    def knows(self, device: int) -> bool:
        """Tell whether a file system is among those that are flushed."""
        return device in self._systems  # read before each write, so without the lock

    def flush(self) -> None:
        """Write everything of these file systems to storage: contents, names and times.

        Raises:
            OSError: it failed, now or before; some content may not be durable.
        """
        if self._failed is not None:
            raise OSError(self._failed.errno, self._failed.strerror, self._path)
        with self._lock:
            descriptors = list(self._systems.values())
        for descriptor in descriptors:
            try:
                _sync(descriptor)
            except OSError as error:
                # The other file systems are not flushed any more either: nothing counts until the stage begins anew.
                self._failed = error
                error.filename = self._path
                raise

    def close(self) -> None:
        """Close all descriptors."""
        with self._lock:
            while self._systems:
                os.close(self._systems.popitem()[1])

    def __del__(self) -> None:
        self.close()


def flush(storage: Storage) -> None:
    """Make everything that was written so far durable, in one call for hundreds of files.

    Flushing each file by itself would cost a rotation of the disk per file.

    Raises:
        OSError: it failed; some content may not be durable.
    """
    storage.flush()


def _sync(descriptor: int) -> None:
    if _syncfs is None:
        os.sync()
    elif _syncfs(descriptor) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _find() -> Callable[[int], int] | None:
    """`syncfs` of the C library, which Python does not offer; absent outside Linux."""
    try:
        found = ctypes.CDLL(None, use_errno=True).syncfs
    except (OSError, AttributeError):
        return None
    found.argtypes = [ctypes.c_int]
    found.restype = ctypes.c_int
    return cast("Callable[[int], int]", found)


_syncfs = _find()
