"""Does a folder refuse us, and does another mode help? The system's answer counts, not our user id.

User 0 is refused like any other user if it lacks the privilege to override modes (containers that drop capabilities,
user namespaces), or if a file server maps it to another user (NFS with `root_squash`). Such a server also shows its
folders under another user id than 0.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
import sys

from asynctask_nas.tree import set_mode

_ALL = os.R_OK | os.W_OK | os.X_OK
_GET_FLAGS = 0x80086601
"""`FS_IOC_GETFLAGS` on most processors. On others the call fails, which counts as no flags."""
_IMMUTABLE, _APPEND_ONLY = 0x10, 0x20
_EFFECTIVE = os.access in os.supports_effective_ids


def may_change(folder: int, how: int = _ALL) -> bool:
    """Tell whether we may list an open folder, enter it and make entries in it; `how` names which of these."""
    return os.access(b".", how, dir_fd=folder, effective_ids=_EFFECTIVE)


def is_append_only(folder: int) -> bool:
    """Tell whether new entries of an open folder can be neither renamed nor removed (`chattr +a`)."""
    return bool(_flags(folder, b".") & _APPEND_ONLY)


def is_fixed(folder: int, name: bytes) -> bool:
    """Tell whether the file `name` in an open folder can be neither replaced nor removed (`chattr +i`, `+a`)."""
    return bool(_flags(folder, name) & (_APPEND_ONLY | _IMMUTABLE))


def _flags(folder: int, name: bytes) -> int:
    if sys.platform != "linux":
        return 0
    try:
        descriptor = os.open(name, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
    except OSError:
        return 0
    try:
        flags = fcntl.ioctl(descriptor, _GET_FLAGS, bytes(8))
    except OSError:
        return 0  # most file systems have no such flags
    finally:
        os.close(descriptor)
    return int.from_bytes(flags[:4], sys.byteorder)


def opens(folder: int, mode: int, how: int = _ALL) -> bool:
    """Give an open folder a mode that lets us in; tell whether it does. If not, restore the old mode."""
    before = stat.S_IMODE(os.fstat(folder).st_mode)
    try:
        set_mode(folder, mode)
    except OSError:
        return False  # another user's folder, or a read-only file system
    if may_change(folder, how):
        return True
    with contextlib.suppress(OSError):
        set_mode(folder, before)
    return False
