"""Copies small plain files, which most files are, with as few system calls as possible.

All other cases are left to `asynctask_nas.copy`, which copies the file anew and handles or reports them: a file that
vanishes, changes or has holes, another kind of entry in its place, an error of either side.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import time
from collections.abc import Sequence
from typing import NamedTuple

from asynctask_nas import attributes
from asynctask_nas.entries import Entry, entry_of
from asynctask_nas.holds import Holds
from asynctask_nas.new_folders import NewFolder, clear
from asynctask_nas.refused import is_append_only
from asynctask_nas.tree import Tree, divide, held
from asynctask_nas.unnamed_files import UnnamedFiles

SMALL_BYTES = 64 << 10
"""Up to this size a file is read and written in one call each."""
UNUSUAL = -1
"""In place of a file's bytes: it was not copied, and is left to `copy_file`."""
_TURN_S = 0.05
"""Seconds after which a call returns, so that the caller can check for a stop."""
_READ = os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC | getattr(os, "O_NOATIME", 0)
_MAKE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_PRIVATE = 0o600
_TAKEN = {errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR}
"""Errors of a rename if the name is taken."""
_SPECIAL = stat.S_ISUID | stat.S_ISGID | stat.S_ISVTX


SmallFile = tuple[bytes, bytes, int, int]
"""A file as the comparison saw it: its name, the name of the unfinished copy, its size, its time in nanoseconds."""
Request = Sequence[tuple[bytes, bytes, Sequence[SmallFile]]]
"""For each folder: its path relative to the roots, its name while it is made together with its files (empty if it
exists already), and the files to copy."""


class _Means:
    """Facts that are the same for all copies."""

    __slots__ = (
        "earliest_ns",
        "has_attributes",
        "has_times",
        "holds",
        "latest_ns",
        "makes_folders",
        "umask",
        "unnamed",
    )

    def __init__(self, holds: Holds, umask: int) -> None:
        self.holds = holds
        # Read for each file, and access to a named tuple is slower.
        self.has_attributes, self.has_times = holds.attributes, holds.times
        self.earliest_ns, self.latest_ns = holds.earliest_ns, holds.latest_ns
        self.umask = umask
        self.unnamed = UnnamedFiles()
        self.makes_folders = True
        """False once a folder could not be renamed."""


class _Turn:
    """The time limit of a call, and the results for one folder's files."""

    __slots__ = ("done", "ends_at")

    def __init__(self, ends_at: float) -> None:
        self.ends_at = ends_at
        self.done: list[int] = []
        """The bytes of each file, or UNUSUAL."""


class _Rest(NamedTuple):
    """What a copy still needs after it was made, if that is more than its content and time."""

    entry: Entry
    extended: dict[bytes, bytes] | None


class SmallCopier:
    """Copies files from one tree to another, into folders that exist or that it makes with them.

    `umask` is the process's umask, if no other thread changes it.
    """

    def __init__(self, source: Tree, destination: Tree, holds: Holds, umask: int = 0o777) -> None:
        self._source = source
        self._destination = destination
        self._means = _Means(holds, umask)

    def copy(self, request: Request) -> list[int]:
        """Copy the first files of a request, for about a twentieth of a second; returns the bytes of each, or UNUSUAL.

        Never raises an `OSError`.
        """
        copied: list[int] = []
        turn = _Turn(time.monotonic() + _TURN_S)
        for path, made, files in request:
            turn.done = []
            try:
                with self._source.folder(path) as theirs:
                    if made:
                        self._make(path, made, theirs, files, turn)
                    else:
                        with self._destination.folder(path) as ours:
                            _Folder(theirs, ours, self._means).copy(files, turn)
            except OSError:
                turn.done = [UNUSUAL] * len(files)
            copied += turn.done
            if len(turn.done) < len(files) or time.monotonic() >= turn.ends_at:
                break
        return copied

    def _make(self, path: bytes, made: bytes, theirs: int, files: Sequence[SmallFile], turn: _Turn) -> None:
        """Make a folder with the files in it."""
        inside, name = divide(path)
        with self._destination.folder(inside) as above:
            if not self._means.makes_folders or is_append_only(above):
                os.mkdir(name, 0o700, dir_fd=above)
                clear(above, made)  # of an attempt that was killed
                with self._destination.folder(path) as ours:
                    _Folder(theirs, ours, self._means).copy(files, turn)
                return
            folder = NewFolder(above, made, name)
            with folder as ours:
                _Folder(theirs, ours, self._means, is_new=True).copy(files, turn)
                try:
                    folder.put()
                except OSError as error:
                    self._means.makes_folders = error.errno in _TAKEN
                    raise


class _Folder:
    """Copies files from one open folder to another."""

    def __init__(self, theirs: int, ours: int, means: _Means, *, is_new: bool = False) -> None:
        """`is_new`: the folder is not visible yet, so a file may have its name before it is complete."""
        if not is_new and is_append_only(ours):
            raise OSError(errno.EPERM, "no copy could be renamed")
        self._theirs = theirs
        self._ours = ours
        self._is_new = is_new
        self._means = means
        self._owner: tuple[int, int] | None = None
        """The owner of a new file here, once one was made."""
        self._inherits = _has_default_acl(ours)
        """True if a new file inherits an access list, or another mode."""
        self._modes: dict[tuple[int, int, int], int] = {}
        """The mode for making a copy, by the original's mode and owner; only for copies without a `_Rest`."""

    def copy(self, files: Sequence[SmallFile], turn: _Turn) -> None:
        """Copy the first of some files, until the time limit."""
        done, ends_at = turn.done, turn.ends_at
        for file in files:
            try:
                done.append(self._copy(file))
            except OSError:
                done.append(UNUSUAL)
            if time.monotonic() >= ends_at:
                return

    def _copy(self, file: SmallFile) -> int:
        name, _, size, mtime_ns = file
        reader = os.open(name, _READ, dir_fd=self._theirs)
        try:
            content = os.pread(reader, size + 1, 0)
            # Size and time are as at the comparison, so the content read is of that version.
            facts = os.fstat(reader)
            if (len(content), facts.st_size, facts.st_mtime_ns) != (size, size, mtime_ns):
                return UNUSUAL
            if not stat.S_ISREG(facts.st_mode) or facts.st_blocks * 512 < size:
                return UNUSUAL
            extended = attributes.to_copy(reader) if self._means.has_attributes else None
        finally:
            os.close(reader)
        # Most files have the mode and owner of an earlier one, and no extended attributes.
        mode, rest = self._modes.get((facts.st_mode, facts.st_uid, facts.st_gid)), None
        if mode is None or extended:
            mode, rest = self._begin(facts, extended)
        if self._is_new:
            self._make(name, content, mtime_ns, mode, rest)
            return size
        return size if self._put(file, content, mode, rest) else UNUSUAL

    def _put(self, file: SmallFile, content: bytes, mode: int, rest: _Rest | None) -> bool:
        """Make a copy and give it its name, by way of an unfinished file's name if needed.

        Returns False if an entry of another kind has its name.
        """
        name, made, _, mtime_ns = file
        ours, unnamed = self._ours, self._means.unnamed
        writer = unnamed.make(ours, mode)
        if writer < 0:
            self._make(made, content, mtime_ns, mode, rest)
            may_be_named = self._may_be_replaced(name)
        else:
            try:
                self._fill(writer, content, mtime_ns, rest)
                if unnamed.put(writer, ours, name):
                    return True
                may_be_named = self._may_be_replaced(name) and unnamed.put(writer, ours, made)
            finally:
                os.close(writer)
        if may_be_named:
            os.rename(made, name, src_dir_fd=ours, dst_dir_fd=ours)
        return may_be_named

    def _begin(self, facts: os.stat_result, extended: dict[bytes, bytes] | None) -> tuple[int, _Rest | None]:
        """The mode for making a copy, and what must be set after that."""
        holds, owner = self._means.holds, self._owner
        entry = entry_of(facts)
        mode = holds.mode(entry)
        # If it is made with its final owner and inherits no access rights, it can be made with its final mode.
        is_plain = (
            owner is not None
            and not extended
            and not self._inherits
            and (not holds.owners or owner == (facts.st_uid, facts.st_gid))
            and (not holds.modes or not mode & (self._means.umask | _SPECIAL))
        )
        if not is_plain:
            return _PRIVATE, _Rest(entry, extended)
        first = self._modes[facts.st_mode, facts.st_uid, facts.st_gid] = mode if holds.modes else _PRIVATE
        return first, None

    def _may_be_replaced(self, name: bytes) -> bool:
        try:
            return stat.S_ISREG(os.stat(name, dir_fd=self._ours, follow_symlinks=False).st_mode)
        except FileNotFoundError:
            return True

    def _make(self, made: bytes, content: bytes, mtime_ns: int, mode: int, rest: _Rest | None) -> None:
        """Make the copy under an unfinished file's name, or in an unfinished folder."""
        writer = os.open(made, _MAKE, mode, dir_fd=self._ours)
        try:
            self._fill(writer, content, mtime_ns, rest)
        except OSError:
            # Remove it: on a full disk, once one file has failed, no one may begin the others and replace this part.
            with contextlib.suppress(OSError):
                os.unlink(made, dir_fd=self._ours)
            raise
        finally:
            os.close(writer)

    def _fill(self, writer: int, content: bytes, mtime_ns: int, rest: _Rest | None) -> None:
        """Write a new file, and set its attributes."""
        if os.write(writer, content) != len(content):
            raise OSError("written in part")
        if rest is None:
            means = self._means
            if means.has_times:
                if not means.earliest_ns <= mtime_ns <= means.latest_ns:
                    mtime_ns = means.holds.time(mtime_ns)
                os.utime(writer, ns=(mtime_ns, mtime_ns))
            return
        if self._owner is None:
            first = os.fstat(writer)
            self._owner = first.st_uid, first.st_gid
            self._inherits |= stat.S_IMODE(first.st_mode) != _PRIVATE
        if not attributes.apply(writer, rest.entry, rest.extended, self._means.holds):
            raise OSError("not all of its attributes were taken")


def _has_default_acl(folder: int) -> bool:
    """Tell whether new entries of an open folder may inherit access lists; True if that is not known."""
    place = held(folder)
    if place is None or not hasattr(os, "listxattr"):
        return True
    try:
        return "system.posix_acl_default" in os.listxattr(place)
    except OSError:
        return True
