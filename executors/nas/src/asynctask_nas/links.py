"""Symbolic links, and the other names of a file: made under a temporary name and put in place in one step."""

from __future__ import annotations

import contextlib
import errno
import os

from asynctask_nas import attributes
from asynctask_nas.destination import Destination
from asynctask_nas.entries import Kind, Skipped, look, source_reason
from asynctask_nas.walk import join, parent

_NO_LINKS = frozenset({errno.EPERM, errno.EMLINK, errno.EXDEV, errno.EOPNOTSUPP, errno.EACCES, errno.ENOENT})


def copy_symlink(source: bytes, path: bytes, destination: Destination) -> None:
    """Make `path` the symbolic link that the source has there.

    Raises:
        Skipped: the source has none there any more.
        OSError: the destination failed.
    """
    original = join(source, path)
    try:
        entry = look(original)
        if entry is None:
            raise Skipped("vanished")
        target = os.readlink(original)
    except OSError as error:
        if error.errno == errno.EINVAL:
            raise Skipped("not a symbolic link any more") from error
        raise _skipped(error) from error
    destination.ensure_folder(parent(path))
    made = destination.part(path)
    destination.make_way(made)
    os.symlink(target, made)
    try:
        with contextlib.suppress(NotImplementedError):
            attributes.apply(made, entry, None, destination.holds)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(made)
        raise
    destination.replace(made, path)


def link_file(source: bytes, leader: bytes, path: bytes, destination: Destination) -> bool:
    """Make `path` another name of `leader`; False when that cannot be, so that the file is copied by itself.

    Both must still be names of one file in the source, and the copy of `leader` must be that file as it is now.

    Raises:
        Skipped: the source has no file there any more.
        OSError: the destination failed.
    """
    try:
        entry, lead = look(join(source, path)), look(join(source, leader))
    except OSError as error:
        raise _skipped(error) from error
    if entry is None:
        raise Skipped("vanished")
    copy = destination.look(leader)
    if lead is None or copy is None or (entry.device, entry.inode) != (lead.device, lead.inode):
        return False
    is_current = entry.size == copy.size and destination.holds.same_time(entry.mtime_ns, copy.mtime_ns)
    if copy.kind is not Kind.FILE or not is_current:
        return False
    existing = destination.look(path)
    if existing is not None and (existing.device, existing.inode) == (copy.device, copy.inode):
        return True
    destination.ensure_folder(parent(path))
    made = destination.part(path)
    destination.make_way(made)
    try:
        os.link(destination.full(leader), made, follow_symlinks=False)
    except OSError as error:
        if error.errno in _NO_LINKS:
            return False
        raise
    destination.replace(made, path)
    return True


def _skipped(error: OSError) -> BaseException:
    reason = source_reason(error)
    return error if reason is None else Skipped(reason)
