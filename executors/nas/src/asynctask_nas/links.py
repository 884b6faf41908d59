"""Symbolic links, and the other names of a file: made under a temporary name and put in place in one step."""

from __future__ import annotations

import contextlib
import errno
import os

from asynctask_nas import attributes
from asynctask_nas.destination import Destination
from asynctask_nas.entries import Kind, Skipped, source_reason
from asynctask_nas.paths import parent
from asynctask_nas.tree import Tree, divide

_NO_LINKS = frozenset({errno.EPERM, errno.EMLINK, errno.EXDEV, errno.EOPNOTSUPP, errno.EACCES, errno.ENOENT})


def copy_symlink(source: Tree, path: bytes, destination: Destination) -> None:
    """Make `path` the symbolic link that the source has there.

    Raises:
        Skipped: the source has none there any more.
        OSError: the destination failed.
    """
    try:
        entry = source.look(path)
        if entry is None:
            raise Skipped("vanished")
        target = source.readlink(path)
    except OSError as error:
        if error.errno == errno.EINVAL:
            raise Skipped("not a symbolic link any more") from error
        raise _skipped(error) from error
    made = destination.part_name(path)
    with destination.folder(parent(path)) as folder:
        destination.make_way(folder, made, parent(path))
        os.symlink(target, made, dir_fd=folder)
        try:
            with contextlib.suppress(NotImplementedError):
                attributes.apply_to_link(folder, made, entry, destination.holds)
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(made, dir_fd=folder)
            raise
        destination.replace(folder, made, path)


def link_file(source: Tree, leader: bytes, path: bytes, destination: Destination) -> bool:
    """Make `path` another name of `leader`; False when that cannot be, so that the file is copied by itself.

    Both must still be names of one file in the source, and the copy of `leader` must be that file as it is now.

    Raises:
        Skipped: the source has no file there any more.
        OSError: the destination failed.
    """
    try:
        entry, lead = source.look(path), source.look(leader)
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
    made, (leads_in, name) = destination.part_name(path), divide(leader)
    with destination.folder(parent(path)) as folder:
        destination.make_way(folder, made, parent(path))
        try:
            with destination.tree.folder(leads_in) as other:
                os.link(name, made, src_dir_fd=other, dst_dir_fd=folder, follow_symlinks=False)
        except OSError as error:
            if error.errno in _NO_LINKS:
                return False
            raise
        destination.replace(folder, made, path)
    return True


def _skipped(error: OSError) -> BaseException:
    reason = source_reason(error)
    return error if reason is None else Skipped(reason)
