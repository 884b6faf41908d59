"""What an entry has besides content: owner, mode, extended attributes, times."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import islice

from asynctask_nas.entries import Entry, Kind, source_reason
from asynctask_nas.holds import SET_ID_BITS, Holds
from asynctask_nas.paths import ROOT, join
from asynctask_nas.tree import Tree, divide
from asynctask_nas.tree import held as held_at

_ACCESS = b"system.posix_acl_"
_FOR_ALL = (b"user.", _ACCESS)
_FOR_ROOT = (*_FOR_ALL, b"trusted.", b"security.capability")
_WITHOUT = {errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS}
"""Errors of a file system without extended attributes."""
_NOT_ALLOWED = {errno.EACCES, errno.EPERM}


def extended(target: bytes | int, *, follows: bool = False) -> dict[bytes, bytes]:
    """The extended attributes that a backup keeps: users' own, ACLs and, for root, capabilities.

    Args:
        target: an open file, or a path.
        follows: True for a path that leads to an open file.

    Labels of security modules are left out: they belong to the machine, not to the file.

    Raises:
        OSError: they cannot be read. That differs from having none: a copy would lose its own.
    """
    if not hasattr(os, "listxattr"):
        return {}
    found: dict[bytes, bytes] = {}
    try:
        names = (
            os.listxattr(target, follow_symlinks=follows)
            if isinstance(target, bytes)
            else os.listxattr(target)
        )
    except OSError as error:
        if error.errno in _WITHOUT:
            return found
        raise
    if not names:
        return found
    kept = _FOR_ROOT if os.geteuid() == 0 else _FOR_ALL
    for name in map(os.fsencode, names):
        if name.startswith(kept):
            try:
                found[name] = _read(target, name, follows)
            except OSError as error:
                if error.errno != errno.ENODATA:  # else it was removed after it was listed
                    raise
    return found


def without_extended(names: Sequence[bytes], folder: bytes = b"") -> int:
    """How many of the files `names`, counted from the first, have no extended attributes that a backup keeps.

    It stops at the first file whose attributes cannot be read. `folder` is a path that ends with a slash; the default
    is the working directory.
    """
    if not hasattr(os, "listxattr"):
        return len(names)
    paths = [folder + name for name in names] if folder else names
    look = partial(os.listxattr, follow_symlinks=False)
    found: list[list[str]] = []
    while len(found) < len(names):
        try:
            found.extend(map(look, islice(paths, len(found), None)))
        except OSError as error:
            if error.errno not in _WITHOUT:
                break
            found.append([])
    if not any(found):
        return len(found)
    passed: list[str] = []
    for count, one in enumerate(found):
        if one and one != passed:
            if any(os.fsencode(name).startswith(_FOR_ROOT) for name in one):
                return count
            passed = one  # a label of a security module, which all files may have
    return len(found)


def extended_in(folder: int, name: bytes) -> dict[bytes, bytes]:
    """The same for the file or folder `name` in an open folder; the folder itself is `.`.

    Raises:
        OSError: they cannot be read. Without /proc this also happens for entries that may not be opened.
    """
    if (place := held_at(folder)) is not None:
        # The root gets a slash at its end: without it the entry would be the link in /proc that leads to the root.
        return extended(join(place, b"" if name == ROOT else name))
    descriptor = os.open(name, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
    try:
        return extended(descriptor)
    finally:
        os.close(descriptor)


def extended_of(tree: Tree, path: bytes) -> dict[bytes, bytes]:
    """The same for the entry at `path`, reached through the folders of `tree`."""
    inside, name = divide(path)
    with tree.folder(inside) as folder:
        return extended_in(folder, name)


def to_copy(target: int | tuple[Tree, bytes]) -> dict[bytes, bytes] | None:
    """The extended attributes for the copy of an open file, or of the entry at a path of a tree.

    None if they may not be read: the copy keeps its own.

    Raises:
        OSError: the source is damaged or does not answer, which concerns the entry as a whole.
    """
    try:
        return extended(target) if isinstance(target, int) else extended_of(*target)
    except OSError as error:
        if error.errno not in _NOT_ALLOWED and source_reason(error) is not None:
            raise
        return None


def _read(target: bytes | int, name: bytes, follows: bool) -> bytes:
    if isinstance(target, bytes):
        return os.getxattr(target, name, follow_symlinks=follows)
    return os.getxattr(target, name)


def apply(target: bytes | int, entry: Entry, wanted: dict[bytes, bytes] | None, holds: Holds) -> bool:
    """Give a copy its owner, mode, extended attributes and time, as far as the destination can keep them.

    The order matters: a change of owner clears capabilities and set-user-id, an ACL refines the mode, and all of them
    change the time.

    Args:
        target: an open copy; or for a copy that may not be opened, a path that leads to it alone (`Tree.entry`).
        entry: the source.
        wanted: the extended attributes; None to leave them as they are.
        holds: what the destination can keep.

    Returns:
        False if the destination refused an extended attribute.
    """
    is_whole = True
    is_given = not holds.owners or _give(target, entry)
    if holds.modes:
        mode = holds.mode(entry)
        # With set-user-id and a wrong owner, a program would run as the wrong user.
        os.chmod(target, mode if is_given else mode & ~SET_ID_BITS)
    if wanted is not None and holds.attributes:
        is_whole = set_extended(target, wanted)
        mode = holds.mode(entry)
        if not is_whole and holds.modes and not mode & stat.S_IWUSR:
            # Without the right to write, only root may set users' own attributes.
            os.chmod(target, mode | stat.S_IWUSR)
            try:
                is_whole = set_extended(target, wanted)
            finally:
                os.chmod(target, mode)
    if holds.times:
        os.utime(target, ns=(holds.time(entry.mtime_ns), holds.time(entry.mtime_ns)))
    return is_whole


def apply_to_link(folder: int, name: bytes, entry: Entry, holds: Holds) -> None:
    """Give a symbolic link in an open folder its owner and time: it has no mode, and cannot be opened."""
    if holds.owners:
        _give(name, entry, folder=folder)
    if holds.times:
        times = (holds.time(entry.mtime_ns), holds.time(entry.mtime_ns))
        os.utime(name, ns=times, dir_fd=folder, follow_symlinks=False)


def _give(target: bytes | int, entry: Entry, *, folder: int | None = None) -> bool:
    """Set an owner; False if the destination refuses that."""
    try:
        if folder is None:
            os.chown(target, entry.uid, entry.gid)
        else:
            os.chown(target, entry.uid, entry.gid, dir_fd=folder, follow_symlinks=False)
    except OSError as error:
        # A container may refuse owners that it does not map; a copy with another owner is still a copy.
        if error.errno not in {errno.EPERM, errno.EINVAL, errno.EOVERFLOW}:
            raise
        return False
    return True


def set_extended(target: bytes | int, wanted: dict[bytes, bytes]) -> bool:
    """Give an open file, or what a path leads to, these extended attributes, and remove others that a backup keeps.

    Returns False if one was refused (too large, or in a namespace that the file system does not know): the others are
    set, and the refused one has no older value.
    """
    held: dict[bytes, bytes] = {}
    with contextlib.suppress(OSError):
        held = extended(target, follows=True)
    is_whole = True
    for name in held.keys() - wanted.keys():
        is_whole &= _remove(target, name)
    for name, value in in_order(wanted):
        if held.get(name) != value:
            try:
                os.setxattr(target, name, value)
            except OSError:
                is_whole = False
                if name in held:
                    _remove(target, name)
    return is_whole


def in_order(wanted: Mapping[bytes, bytes]) -> list[tuple[bytes, bytes]]:
    """Access lists last: an access list may remove the right to set the others."""
    return sorted(wanted.items(), key=lambda one: one[0].startswith(_ACCESS))


def _remove(target: bytes | int, name: bytes) -> bool:
    try:
        os.removexattr(target, name)
    except OSError:
        return False
    return True


def differ(entry: Entry, existing: Entry, holds: Holds) -> bool:
    """Tell whether owner or mode of two entries of the same kind differ, as far as the destination can keep them."""
    if holds.owners and (entry.uid, entry.gid) != (existing.uid, existing.gid):
        return True
    if entry.kind is Kind.SYMLINK:
        return False
    # A mode that another executor could set, and this one cannot, also counts as right.
    mode = existing.mode
    return holds.modes and mode != holds.mode(entry) and mode != holds.wanted_mode(entry)


IsSettled = Callable[[dict[bytes, bytes], dict[bytes, bytes], Kind], bool]
"""Tells whether a copy with the second attributes would still have only those after the first were set."""


def differ_extended(
    source: Tree, destination: Tree, path: bytes, kind: Kind = Kind.FILE, is_settled: IsSettled | None = None
) -> bool:
    """Tell whether the extended attributes of an entry and its copy differ; False if they may not be read.

    Raises:
        OSError: the entry or its copy is damaged, gone, or does not answer.
    """
    if not hasattr(os, "listxattr"):
        return False
    try:
        wanted, held = extended_of(source, path), extended_of(destination, path)
    except OSError as error:
        if error.errno in _NOT_ALLOWED:
            return False
        raise
    return wanted != held and (is_settled is None or not is_settled(wanted, held, kind))
