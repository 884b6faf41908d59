"""Makes symbolic links and hard links under a temporary name, and puts them in place in one step."""

from __future__ import annotations

import contextlib
import errno
import os

from asynctask_nas import attributes
from asynctask_nas.destination import Destination
from asynctask_nas.entries import Entry, Kind, Skipped, source_reason
from asynctask_nas.paths import parent
from asynctask_nas.tree import Tree, divide

_NO_LINKS = frozenset({errno.EPERM, errno.EMLINK, errno.EXDEV, errno.EOPNOTSUPP, errno.EACCES, errno.ENOENT})


def copy_symlink(source: Tree, path: bytes, destination: Destination) -> None:
    """Make `path` the symbolic link that the source has there.

    Raises:
        Skipped: the source has no symbolic link there any more.
        OSError: the destination failed.
    """
    try:
        entry = source.look(path)
        if entry is None:
            raise Skipped("vanished")
        if entry.kind is not Kind.SYMLINK:
            raise Skipped(f"is a {entry.kind.value} now")
        target = source.readlink(path)
    except OSError as error:
        if error.errno == errno.EINVAL:
            raise Skipped("not a symbolic link any more") from error
        raise _skipped(error) from error
    made = destination.part_name(path)
    with destination.folder(parent(path)) as folder:
        destination.begin_in(folder)
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


def link_entry(source: Tree, leader: bytes, path: bytes, destination: Destination) -> bool:
    """Make `path` another name of `leader`, a file or a symbolic link; False if that is not possible.

    Both must still be names of one entry in the source, and the copy of `leader` must be that entry as it is now.

    Raises:
        Skipped: the source has nothing there any more.
        OSError: the destination failed.
    """
    try:
        entry, lead = source.look(path), source.look(leader)
        target = source.readlink(path) if entry is not None and entry.kind is Kind.SYMLINK else b""
    except OSError as error:
        raise _skipped(error) from error
    if entry is None:
        raise Skipped("vanished")
    copy = destination.look(leader)
    if lead is None or copy is None or (entry.device, entry.inode) != (lead.device, lead.inode):
        return False
    if not _is_current(leader, entry, target, copy, destination):
        return False
    existing = destination.look(path)
    if existing is not None and (existing.device, existing.inode) == (copy.device, copy.inode):
        return True
    made, (leads_in, name) = destination.part_name(path), divide(leader)
    with destination.folder(parent(path)) as folder:
        destination.begin_in(folder)
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


def is_symlink_current(source: Tree, path: bytes, entry: Entry, destination: Destination) -> bool:
    """Tell whether the destination already has the symbolic link `entry` at `path`, as an entry of its own."""
    try:
        copy = destination.look(path)
        if copy is None or copy.kind is not Kind.SYMLINK or attributes.differ(entry, copy, destination.holds):
            return False
        return destination.tree.readlink(path) == source.readlink(path)
    except OSError:
        return False  # making it anew will report the error


def _is_current(leader: bytes, entry: Entry, target: bytes, copy: Entry, destination: Destination) -> bool:
    if copy.kind is not entry.kind:
        return False
    if entry.kind is Kind.SYMLINK:
        return destination.tree.readlink(leader) == target
    same_time = destination.holds.same_time(entry.mtime_ns, copy.mtime_ns)
    return entry.kind is Kind.FILE and entry.size == copy.size and same_time


def _skipped(error: OSError) -> BaseException:
    reason = source_reason(error)
    return error if reason is None else Skipped(reason)
