"""New files that get their name when they are complete (`O_TMPFILE`, see open(2)).

Then the name is written only once, and an abandoned file leaves nothing behind. Several file systems cannot do it:
network mounts, exFAT, NTFS.
"""

from __future__ import annotations

import ctypes
import errno
import os
from collections.abc import Callable
from typing import cast

from asynctask_nas.tree import OpenFolder, held_descriptors

_FLAGS = os.O_WRONLY | os.O_CLOEXEC | getattr(os, "O_TMPFILE", 0)
_IMPOSSIBLE = {errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL, errno.ENOSYS}
_EMPTY_PATH = 0x1000


class UnnamedFiles:
    """Makes such files, and puts them in place. Thread-safe."""

    def __init__(self) -> None:
        self._descriptors: OpenFolder | None = held_descriptors() if hasattr(os, "O_TMPFILE") else None
        self._linkat = _linkat

    def make(self, folder: int, mode: int) -> int:
        """A new file for an open folder, to be written; -1 if the file system has no files without a name."""
        if self._descriptors is None:
            return -1
        try:
            return os.open(b".", _FLAGS, mode, dir_fd=folder)
        except OSError as error:
            if error.errno not in _IMPOSSIBLE:
                raise
            self._descriptors = None
            return -1

    def put(self, descriptor: int, folder: int, name: bytes) -> bool:
        """Give a file its name in the open folder; False if the name is taken.

        Raises:
            OSError: it cannot have the name. After that no more such files are made.
        """
        if self._linkat is not None:
            if not self._linkat(descriptor, b"", folder, name, _EMPTY_PATH):
                return True
            if ctypes.get_errno() == errno.EEXIST:
                return False
            self._linkat = None  # it needs a privilege before Linux 6.10; the way below reports other errors
        descriptors = self._descriptors
        if descriptors is None:
            raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))
        with descriptors as held:
            try:
                os.link(b"%d" % descriptor, name, src_dir_fd=held, dst_dir_fd=folder, follow_symlinks=True)
            except FileExistsError:
                return False
            except OSError:
                # Union mounts and FUSE may make such files but not link them: then each would be written twice.
                self._descriptors = None
                raise
        return True


def _find() -> Callable[[int, bytes, int, bytes, int], int] | None:
    """`linkat` of the C library: Python's `os.link` cannot name an open file."""
    try:
        found = ctypes.CDLL(None, use_errno=True).linkat
    except (OSError, AttributeError):
        return None
    found.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int]
    found.restype = ctypes.c_int
    return cast("Callable[[int, bytes, int, bytes, int], int]", found)


_linkat = _find() if hasattr(os, "O_TMPFILE") else None
