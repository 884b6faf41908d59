"""Messages for a file system that fails as a whole. Python's own messages show bytes and temporary files."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager

from asynctask import RetryLater
from asynctask_core.errors import DestinationUnusable, NotEnoughSpace, SourceMissing
from asynctask_nas.words import printable

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
"""Errors of a destination that is full, or whose quota is."""
_FOR_GOOD = frozenset(
    {
        errno.EROFS,
        errno.EACCES,
        errno.EPERM,
        errno.ENOENT,
        errno.ENOTDIR,
        errno.EEXIST,
        errno.ELOOP,
        errno.ENAMETOOLONG,
        errno.EINVAL,
        errno.EILSEQ,
        errno.EOPNOTSUPP,
        errno.ENOSYS,
    }
)
"""Errors that a person must fix; others (input/output, a lost connection) may pass."""


@contextmanager
def destination_told(destination: bytes, use: str) -> Iterator[None]:
    """Translate errors of a destination that cannot be put to `use` (made, read, written to).

    Raises:
        DestinationUnusable: a retry would not help.
        NotEnoughSpace: it is full.
        RetryLater: a retry a little later may help.
    """
    try:
        yield
    except OSError as error:
        said = f"destination_path: the folder '{printable(destination)}' cannot be {use}: {_why(destination, error)}"
        if error.errno in FULL:
            raise NotEnoughSpace(said) from error
        if error.errno in _FOR_GOOD:
            raise DestinationUnusable(said) from error
        raise RetryLater(said) from error


def source_missing(source: bytes, error: OSError | None = None) -> SourceMissing:
    """The error for a source that is not a folder, or that cannot be read because of `error`."""
    why = "is not a folder" if error is None else f"cannot be read: {error.strerror}"
    return SourceMissing(f"source_path: '{printable(source)}' {why}")


def _why(destination: bytes, error: OSError) -> str:
    there = destination
    while not os.path.lexists(there) and there != os.path.dirname(there):
        there = os.path.dirname(there)
    name = "it" if there == destination else f"'{printable(there)}'"
    if error.errno in {errno.EEXIST, errno.ENOTDIR, errno.ENOENT, errno.ELOOP} and not os.path.isdir(there):
        leads_nowhere = os.path.islink(there) and not os.path.exists(there)
        return f"{name} is " + ("a symbolic link that leads nowhere" if leads_nowhere else "not a folder")
    if error.errno == errno.ENOENT and there != destination:
        return f"{name} takes no new folders"
    return error.strerror or str(error)


def failed_at(path: bytes, error: OSError) -> RetryLater:
    """The error for a file system of either side that failed at `path`, in the middle of the work."""
    return RetryLater(f"the file system failed at '{printable(path)}': {error.strerror or error}")


@contextmanager
def told() -> Iterator[None]:
    """Translate an error of a file system as a whole into a retry, since the file system worked before.

    Raises:
        RetryLater: a file system failed.
    """
    try:
        yield
    except OSError as error:
        if not isinstance(error.filename, (bytes, str)):
            raise
        raise failed_at(os.fsencode(error.filename), error) from error
