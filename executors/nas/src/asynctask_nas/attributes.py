"""What an entry has besides content: owner, mode, extended attributes, times."""

from __future__ import annotations

import contextlib
import errno
import os

from asynctask_nas.capabilities import Holds
from asynctask_nas.entries import Entry, Kind

_FOR_ALL = (b"user.", b"system.posix_acl_")
_FOR_ROOT = (*_FOR_ALL, b"trusted.", b"security.capability")


def extended(path: bytes | int) -> dict[bytes, bytes]:
    """The extended attributes that a backup keeps: users' own, ACLs and, for root, capabilities.

    Labels of security modules are left out: they belong to the machine, not to the file.
    """
    if not hasattr(os, "listxattr"):
        return {}
    found: dict[bytes, bytes] = {}
    try:
        names = os.listxattr(path, follow_symlinks=False) if isinstance(path, bytes) else os.listxattr(path)
    except OSError:
        return found
    if not names:
        return found
    kept = _FOR_ROOT if os.geteuid() == 0 else _FOR_ALL
    for name in map(os.fsencode, names):
        if name.startswith(kept):
            # An attribute may go between the listing and the reading.
            with contextlib.suppress(OSError):
                found[name] = _read(path, name)
    return found


def _read(path: bytes | int, name: bytes) -> bytes:
    if isinstance(path, bytes):
        return os.getxattr(path, name, follow_symlinks=False)
    return os.getxattr(path, name)


def apply(target: bytes | int, entry: Entry, wanted: dict[bytes, bytes] | None, holds: Holds) -> None:
    """Give a copy (a path, or an open file) its owner, mode, extended attributes and time, as far as they can be held.

    In this order: a change of owner clears capabilities and set-user-id, an ACL refines the mode, and everything
    before would spoil the time. `wanted` is None to leave extended attributes alone. Symbolic links have no mode.
    """
    is_link = entry.kind is Kind.SYMLINK
    if holds.owners:
        _give(target, entry)
    if holds.modes and not is_link:
        os.chmod(target, holds.mode(entry))
    if wanted is not None and holds.attributes and not is_link:
        _apply_extended(target, wanted)
    if not holds.times:
        return
    times = (holds.time(entry.mtime_ns), holds.time(entry.mtime_ns))
    if isinstance(target, bytes):
        os.utime(target, ns=times, follow_symlinks=False)
    else:
        os.utime(target, ns=times)


def _give(target: bytes | int, entry: Entry) -> None:
    try:
        if isinstance(target, bytes):
            os.chown(target, entry.uid, entry.gid, follow_symlinks=False)
        else:
            os.chown(target, entry.uid, entry.gid)
    except OSError as error:
        # A single owner may be refused, where a container knows only some; a copy with another owner is a copy.
        if error.errno not in {errno.EPERM, errno.EINVAL, errno.EOVERFLOW}:
            raise


def _apply_extended(target: bytes | int, wanted: dict[bytes, bytes]) -> None:
    held = extended(target)
    # The destination may refuse a single one (too large, a namespace it does not know): the rest still counts.
    for name in held.keys() - wanted.keys():
        with contextlib.suppress(OSError):
            os.removexattr(target, name)
    for name, value in wanted.items():
        if held.get(name) != value:
            with contextlib.suppress(OSError):
                os.setxattr(target, name, value)


def differ(source: bytes, entry: Entry, copy: bytes, existing: Entry, holds: Holds) -> bool:
    """Tell whether anything but content, kind and time of two entries differs, of what the destination can hold."""
    if holds.owners and (entry.uid, entry.gid) != (existing.uid, existing.gid):
        return True
    if entry.kind is Kind.SYMLINK:
        return False
    if holds.modes and holds.mode(entry) != existing.mode:
        return True
    return holds.attributes and extended(source) != extended(copy)
