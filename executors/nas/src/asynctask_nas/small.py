"""Small files that have nothing unusual about them, copied with as few calls of the system as can be.

Most files of most trees are that. Everything else is left to `asynctask_nas.copy`, which begins anew and knows what to
do or to say: a file that vanishes, changes or has holes, another kind of entry in its place, an error of either side.
"""

from __future__ import annotations

import contextlib
import os
import stat
import time
from collections.abc import Sequence

from asynctask_nas import attributes
from asynctask_nas.capabilities import Holds
from asynctask_nas.entries import entry_of
from asynctask_nas.tree import Tree, held

SMALL_BYTES = 64 << 10
"""Up to this size a file is read and written in one call each."""
UNUSUAL = -1
"""Instead of a file's bytes: it was not copied, that is for `copy_file`."""
_TURN_S = 0.05
"""After about this long there is an answer: then somebody looks whether to go on."""
_READ = os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC | getattr(os, "O_NOATIME", 0)
_MAKE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_PRIVATE = 0o600
_SPECIAL = stat.S_ISUID | stat.S_ISGID | stat.S_ISVTX


SmallFile = tuple[bytes, bytes, int, int]
"""A file as the comparison saw it: its name, the name of the unfinished copy, its size, its time in nanoseconds."""
Request = Sequence[tuple[bytes, Sequence[SmallFile]]]
"""Folders, relative to the roots, and the files to copy in each."""


class SmallCopier:
    """Copies files from one tree to another, into folders that are there.

    `umask` is that of the process, where no other thread changes it.
    """

    def __init__(self, source: Tree, destination: Tree, holds: Holds, umask: int = 0o777) -> None:
        self._source = source
        self._destination = destination
        self._holds = holds
        self._umask = umask
        self._modes: dict[int, int] = {}

    def copy(self, request: Request) -> list[int]:
        """Copy the first files of a request, for about a twentieth of a second; answers the bytes of each, or UNUSUAL.

        Never raises an `OSError`.
        """
        copied: list[int] = []
        ends_at = time.monotonic() + _TURN_S
        for path, files in request:
            try:
                with self._source.folder(path) as theirs, self._destination.folder(path) as ours:
                    folder = _Folder(theirs, ours, self._holds, self._umask, self._modes)
                    for file in files:
                        copied.append(folder.copy(file))
                        if time.monotonic() >= ends_at:
                            return copied
            except OSError:
                copied += [UNUSUAL] * len(files)
        return copied


class _Folder:
    """Copies files from one open folder to another."""

    def __init__(self, theirs: int, ours: int, holds: Holds, umask: int, modes: dict[int, int]) -> None:
        self._theirs = theirs
        self._ours = ours
        self._holds = holds
        self._umask = umask
        self._modes = modes
        self._owner: tuple[int, int] | None = None
        """That of a new file here, once there was one."""
        self._inherits = _has_default_acl(ours)
        """True where a new file gets more than it was given: an access list, or another mode."""

    def copy(self, file: SmallFile) -> int:
        """Copy a file; answers its bytes, or UNUSUAL."""
        try:
            return self._copy(file)
        except OSError:
            return UNUSUAL

    def _copy(self, file: SmallFile) -> int:
        name, made, size, mtime_ns = file
        ours = self._ours
        reader = os.open(name, _READ, dir_fd=self._theirs)
        try:
            content = os.pread(reader, size + 1, 0)
            # What it is now is what it was when it was compared: so this is what it was in between.
            facts = os.fstat(reader)
            if (len(content), facts.st_size, facts.st_mtime_ns) != (size, size, mtime_ns):
                return UNUSUAL
            if not stat.S_ISREG(facts.st_mode) or facts.st_blocks * 512 < size:
                return UNUSUAL
            wanted = attributes.to_copy(reader) if self._holds.attributes else None
        finally:
            os.close(reader)
        self._make(made, content, facts, wanted)
        try:
            in_the_way = os.stat(name, dir_fd=ours, follow_symlinks=False).st_mode
        except FileNotFoundError:
            pass
        else:
            if not stat.S_ISREG(in_the_way):
                return UNUSUAL
        os.rename(made, name, src_dir_fd=ours, dst_dir_fd=ours)
        return size

    def _make(
        self, made: bytes, content: bytes, facts: os.stat_result, wanted: dict[bytes, bytes] | None
    ) -> None:
        holds, owner = self._holds, (facts.st_uid, facts.st_gid)
        mode = self._modes.get(facts.st_mode)
        if mode is None:
            mode = self._modes[facts.st_mode] = holds.mode(entry_of(facts))
        # With the owner that it will have, and nobody else's access to take away, it may have its mode at once.
        is_known = self._owner is not None and (not holds.owners or owner == self._owner)
        is_plain = is_known and not wanted and not self._inherits
        has_mode = not holds.modes or (is_plain and not mode & (self._umask | _SPECIAL))
        writer = os.open(made, _MAKE, mode if has_mode and holds.modes else _PRIVATE, dir_fd=self._ours)
        try:
            if os.write(writer, content) != len(content):
                raise OSError("written in part")
            if is_plain and has_mode:
                if holds.times:
                    mtime_ns = holds.time(facts.st_mtime_ns)
                    os.utime(writer, ns=(mtime_ns, mtime_ns))
                return
            if self._owner is None:
                first = os.fstat(writer)
                self._owner = first.st_uid, first.st_gid
                self._inherits |= stat.S_IMODE(first.st_mode) != _PRIVATE
            attributes.apply(writer, entry_of(facts), wanted, holds)
        except OSError:
            # On a full disk those that are left to others may be begun by nobody, once one has failed.
            with contextlib.suppress(OSError):
                os.unlink(made, dir_fd=self._ours)
            raise
        finally:
            os.close(writer)


def _has_default_acl(folder: int) -> bool:
    """Tell whether new entries of an open folder may inherit something; True where that cannot be told."""
    place = held(folder)
    if place is None or not hasattr(os, "listxattr"):
        return True
    try:
        return "system.posix_acl_default" in os.listxattr(place)
    except OSError:
        return True
