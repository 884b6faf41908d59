"""Reads what is at a path, and words the errors of a file system for people."""

from __future__ import annotations

import errno
import os
import stat
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What an entry is; the value is the word people read."""

    FILE = "file"
    FOLDER = "folder"
    SYMLINK = "symbolic link"
    PIPE = "named pipe"
    SOCKET = "socket"
    DEVICE = "device"
    UNKNOWN = "special file"


_KINDS = {
    stat.S_IFREG: Kind.FILE,
    stat.S_IFDIR: Kind.FOLDER,
    stat.S_IFLNK: Kind.SYMLINK,
    stat.S_IFIFO: Kind.PIPE,
    stat.S_IFSOCK: Kind.SOCKET,
    stat.S_IFBLK: Kind.DEVICE,
    stat.S_IFCHR: Kind.DEVICE,
}
_FORMAT = stat.S_IFMT(0o777777)
COPIED = frozenset({Kind.FILE, Kind.FOLDER, Kind.SYMLINK})
"""Kinds that a backup can hold; the others are skipped with the reason."""


class Entry(NamedTuple):
    """One entry as `lstat` shows it."""

    kind: Kind
    size: int
    mtime_ns: int
    mode: int
    uid: int
    gid: int
    device: int
    inode: int
    links: int
    allocated: int
    """Bytes of storage that it takes, less than `size` when it has holes."""
    ctime_ns: int = 0
    """When it was last changed in any way; programs cannot set this time."""


def entry_of(facts: os.stat_result) -> Entry:
    """Read what matters from a stat result."""
    mode = facts.st_mode
    return Entry(
        _KINDS.get(mode & _FORMAT, Kind.UNKNOWN),
        facts.st_size,
        facts.st_mtime_ns,
        mode & 0o7777,
        facts.st_uid,
        facts.st_gid,
        facts.st_dev,
        facts.st_ino,
        facts.st_nlink,
        facts.st_blocks * 512,
        facts.st_ctime_ns,
    )


def look(path: bytes) -> Entry | None:
    """What is at `path` itself, links not followed; None if nothing is.

    Raises:
        OSError: it cannot be read.
    """
    try:
        return entry_of(os.lstat(path))
    except (FileNotFoundError, NotADirectoryError):
        return None


def look_in(folder: int, name: bytes) -> Entry | None:
    """The same for the entry `name` in an open folder, so that the system follows no path.

    Raises:
        OSError: it cannot be read.
    """
    try:
        return entry_of(os.stat(name, dir_fd=folder, follow_symlinks=False))
    except (FileNotFoundError, NotADirectoryError):
        return None


class Skipped(Exception):
    """An entry that cannot be copied now; the text is the reason. The next run tries again."""


_REASONS = {
    errno.ENOENT: "vanished",
    errno.ENOTDIR: "vanished",
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
    errno.EBUSY: "locked",
    errno.EAGAIN: "locked",
    errno.ETXTBSY: "locked",
    errno.EDEADLK: "locked",
    errno.ENOLCK: "locked",
    errno.ELOOP: "replaced by a symbolic link",
    errno.ENXIO: "not a regular file any more",
    errno.EIO: "input/output error",
    errno.ESTALE: "replaced while it was read",
    errno.ENAMETOOLONG: "path too long",
    errno.EBADMSG: "damaged on its disk",
    getattr(errno, "EUCLEAN", -1): "damaged on its disk",
}
_AWAY = {
    errno.ENODEV: "its file system is not there",
    errno.ENOTCONN: "its file system is not there",
    errno.ETIMEDOUT: "its file system does not answer",
    errno.EHOSTDOWN: "its file system does not answer",
    errno.EHOSTUNREACH: "its file system does not answer",
    errno.ENETUNREACH: "its file system does not answer",
    errno.ECONNREFUSED: "its file system does not answer",
    errno.ECONNRESET: "its file system does not answer",
    errno.ECONNABORTED: "its file system does not answer",
    getattr(errno, "EREMOTEIO", -2): "its file system does not answer",
}
"""Errors of an automount, a network mount or a FUSE driver inside a source when it is gone."""
_REFUSED = {
    errno.EACCES: "permission denied",
    errno.EPERM: "not permitted",
    errno.EBUSY: "locked",
    errno.ETXTBSY: "locked",
    errno.ENAMETOOLONG: "name or path too long",
    errno.EINVAL: "name or content refused",
    errno.EILSEQ: "name refused",
    errno.EFBIG: "file too large",
    errno.ELOOP: "replaced by a symbolic link",
    errno.EXDEV: "on another file system",
    errno.EMLINK: "too many links",
    errno.EOPNOTSUPP: "not supported",
    errno.ENOSYS: "not supported",
}


_DAMAGED = frozenset({errno.EIO, errno.EBADMSG, getattr(errno, "EUCLEAN", -1)})


def source_reason(error: OSError) -> str | None:
    """Why reading one entry of the source failed; None if the error is not a matter of that entry.

    It does not decide whether the source as a whole is there: `HeldRoots.check` does.
    """
    number = error.errno or 0
    return _REASONS.get(number) or _AWAY.get(number)


def copy_reason(error: OSError) -> str | None:
    """Why reading one entry of the destination failed; None if the error is not a matter of that entry."""
    return _REASONS.get(error.errno or 0)


def damage_reason(error: OSError) -> str | None:
    """Why an entry of the destination cannot be read, if the error means that it is damaged on its disk."""
    reason = _REASONS[error.errno] if error.errno in _DAMAGED else None
    return reason and f"destination: {reason}"


def destination_reason(error: OSError) -> str | None:
    """Why writing one entry failed; None if the error is not a matter of that entry."""
    reason = _REFUSED.get(error.errno or 0)
    return reason and f"destination: {reason}"
