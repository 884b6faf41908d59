"""Makes a folder together with its first files, and gives it its name when they are in it.

So each of these files is written under its final name, but none is visible before it is complete, with a single rename
for all of them. After a kill, the folder has the name of an unfinished file, and is removed like one.
"""

from __future__ import annotations

import ctypes
import errno
import os
import stat
import sys
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import cast

_OPEN = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_WITHOUT = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EPERM}
"""Errors if a system or file system cannot rename without replacing; EPERM comes from sandboxes."""
_NAME, _EXCLUSIVE = ("renameatx_np", 4) if sys.platform == "darwin" else ("renameat2", 1)
"""The system's function for a rename that fails if the name is taken."""


class NewFolder:
    """The folder `name` in the open folder `above`, called `made` until `put`: `with NewFolder(…) as descriptor`.

    A folder that was not put in place is deleted, with the files in it.
    """

    def __init__(self, above: int, made: bytes, name: bytes) -> None:
        """Make it. No other user can enter it before it is finished.

        Raises:
            OSError: it cannot be made.
        """
        self._above = above
        self._made = made
        self._name = name
        self._is_put = False
        try:
            os.mkdir(made, 0o700, dir_fd=above)
        except FileExistsError:
            clear(above, made)  # of an attempt that was killed
            os.mkdir(made, 0o700, dir_fd=above)
        self._descriptor = -1

    def __enter__(self) -> int:
        try:
            self._descriptor = os.open(self._made, _OPEN, dir_fd=self._above)
        except OSError:
            clear(self._above, self._made)
            raise
        return self._descriptor

    def put(self) -> None:
        """Give it its name.

        Raises:
            OSError: another entry has that name by now, or folders with entries cannot be renamed.
        """
        _rename(self._above, self._made, self._name)
        self._is_put = True

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._descriptor)
        if not self._is_put:
            clear(self._above, self._made)


def _rename(above: int, made: bytes, name: bytes) -> None:
    """Rename in an open folder. An empty folder of that name is not replaced: another program may be using it."""
    if _renameat is not None:
        if not _renameat(above, made, above, name, _EXCLUSIVE):
            return
        number = ctypes.get_errno()
        if number not in _WITHOUT:
            raise OSError(number, os.strerror(number))
    os.rename(made, name, src_dir_fd=above, dst_dir_fd=above)


def _find() -> Callable[[int, bytes, int, bytes, int], int] | None:
    """The C library's function for that, if it has one: Python has none."""
    try:
        found = getattr(ctypes.CDLL(None, use_errno=True), _NAME)
    except (OSError, AttributeError):
        return None
    found.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint]
    found.restype = ctypes.c_int
    return cast("Callable[[int, bytes, int, bytes, int], int]", found)


_renameat = _find()


def clear(above: int, made: bytes) -> None:
    """Delete such a folder in the open folder `above`, if that is possible."""
    with suppress(OSError):
        remove(above, made)


def remove(above: int, made: bytes) -> int:
    """Delete such a folder in the open folder `above`; returns the bytes of storage that this frees.

    Raises:
        OSError: an entry in it cannot be deleted; or it has entries other than files, so it is not ours, and nothing
            was deleted.
    """
    freed = 0
    descriptor = os.open(made, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=above)
    try:
        names = os.listdir(descriptor)
        found = [os.stat(name, dir_fd=descriptor, follow_symlinks=False) for name in names]
        if not all(stat.S_ISREG(one.st_mode) for one in found):
            raise IsADirectoryError(errno.EISDIR, "it holds something else than files")
        for name, facts in zip(names, found, strict=True):
            os.unlink(name, dir_fd=descriptor)
            freed += facts.st_blocks * 512 if facts.st_nlink == 1 else 0
    finally:
        os.close(descriptor)
    os.rmdir(made, dir_fd=above)
    return freed


def take_away(above: int, made: bytes) -> int:
    """The same if another task may still be filling it; never deletes files of a folder that has its final name.

    It renames the folder first. Then the task that fills it cannot give it its name any more, and copies its files
    anew.
    """
    # A leftover's name too, but one that belongs to no path.
    other, freed = made[:-21] + made[-21:-5][::-1] + made[-5:], 0
    with suppress(OSError):
        freed = remove(above, other)  # of a removal that was killed
    try:
        _rename(above, made, other)
    except FileNotFoundError:
        return freed  # it has its final name by now
    except OSError:
        other = made  # folders cannot be renamed here, so no task can give it its name either
    try:
        return freed + remove(above, other)
    except OSError:
        with suppress(OSError):
            _rename(above, other, made)  # the warning names it so
        raise
