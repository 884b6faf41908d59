"""What is said when a file system fails as a whole: in words, for Python's show paths as bytes, and temporary files."""

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
"""Errors that somebody has to do something about; others (input/output, a lost connection) may pass."""


@contextmanager
def destination_told(destination: bytes, use: str) -> Iterator[None]:
    """Tell why a destination cannot be put to `use` (made, read, written to).

    Raises:
        DestinationUnusable: nor will it be when it is tried again.
        NotEnoughSpace: it is full.
        RetryLater: it may be, a little later.
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
    """The error for a source that is no folder, or that cannot be read because of `error`."""
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
    """The error for a file system that failed at `path`, of either side, in the middle of the work."""
    return RetryLater(f"the file system failed at '{printable(path)}': {error.strerror or error}")


@contextmanager
def told() -> Iterator[None]:
    """Tell in words when a file system fails as a whole; it is tried again, for it worked before.

    Raises:
        RetryLater: it did.
    """
    try:
        yield
    except OSError as error:
        if not isinstance(error.filename, (bytes, str)):
            raise
        raise failed_at(os.fsencode(error.filename), error) from error
