"""Making many small files durable at once: before items are marked as done, their content is on storage."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from typing import cast


def flush(folder: bytes) -> None:
    """Write everything of the file system that `folder` is on to storage: contents, names and times.

    One call for hundreds of files, where a flush of each would cost a rotation of the disk.

    Raises:
        OSError: it failed; some content may not be durable.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        if _syncfs is None:
            os.sync()
        elif _syncfs(descriptor) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), folder)
    finally:
        os.close(descriptor)


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
