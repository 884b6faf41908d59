"""One root of a backup and everything below it, reached folder by folder: never through a symbolic link, never outside.

If the system follows a path by itself, an attacker who may write into one of its folders can replace a folder by a
symbolic link during a backup, and make the backup read or write other users' files. So each folder of a path is opened
by its name in the folder before it, and a link there is an error. Every operation on an entry uses its name in its open
folder.

Folders are opened without permission to read them (`O_PATH`), if the system can: the right to enter them is enough.
"""

from __future__ import annotations

import errno
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

from asynctask_nas.entries import Entry, entry_of, look_in
from asynctask_nas.looks import Look, looking, no_look
from asynctask_nas.paths import NO_NAMES, ROOT, is_inside, join

_NO_LINKS = os.O_NOFOLLOW | os.O_CLOEXEC
_PASS = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_CLOEXEC
_KEEP_S = 1.0
_LARGE_FOLDER = 1 << 20
"""From this size on, listing a folder checks for a stop: most file systems take about twenty bytes for each name."""
_NAMES_AT_ONCE = 4096
_LONGEST = 4096
"""Most bytes of a full path, with the NUL at its end: we could reach a longer one, but other programs could not."""
_HELD = b"/proc/self/fd/%d"


def _leads_to_held() -> bool:
    """Tell whether such a path leads to the open file: not without /proc (a chroot), or if we may not read it."""
    try:
        descriptor = os.open(b"/", _PASS)
    except OSError:
        return False
    try:
        return os.path.samestat(os.stat(_HELD % descriptor), os.fstat(descriptor))
    except OSError:
        return False
    finally:
        os.close(descriptor)


_HAS_HELD = _leads_to_held()


class OpenFolder:
    """A folder that stays open as long as this object exists: `with folder as descriptor`.

    Several threads may use it. There is no method to close it, so no thread can close it while another one uses it.
    """

    __slots__ = ("_descriptor",)

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def __enter__(self) -> int:
        return self._descriptor

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def __del__(self) -> None:
        os.close(self._descriptor)


class Tree:
    """The root `path` and everything below it; all paths given to methods are relative to it. Thread-safe.

    `descriptor` is the open root; without one the root is opened by its name each time. `keeps` folders stay open for a
    second after they were opened, so that the path is followed once for a group of files.
    """

    def __init__(self, path: bytes, descriptor: int | None = None, *, keeps: int = 0) -> None:
        self.path = path
        """The root's path in messages for people."""
        self._root = None if descriptor is None else OpenFolder(os.dup(descriptor))
        self.is_held = descriptor is not None
        """True if the root stays the same folder even if it is renamed or replaced."""
        self._keeps = keeps
        self._kept: OrderedDict[bytes, tuple[float, OpenFolder]] = OrderedDict()
        self._lock = threading.Lock()

    @classmethod
    def of(cls, root: Tree | bytes) -> Tree:
        """The tree itself, or a new one for a path that is not held open."""
        return root if isinstance(root, Tree) else cls(root)

    def close(self) -> None:
        """Close all folders."""
        with self._lock:
            self._kept.clear()
            self._root = None

    def full(self, path: bytes) -> bytes:
        """The full path, for people."""
        return join(self.path, path)

    # --- folders ------------------------------------------------------------------------------------------------------

    def folder(self, path: bytes) -> OpenFolder:
        """Open the folder `path`.

        Raises:
            NotADirectoryError: it is not a folder; with ELOOP, it or a parent is a symbolic link.
            OSError: it cannot be reached.
        """
        if self._keeps and (kept := self._find(path)) is not None:
            return kept
        try:
            return self._open(path)
        except OSError as error:
            error.filename = self.full(path)
            raise

    def check_length(self, path: bytes) -> None:
        """Check that other programs could reach a folder `path` as well.

        Raises:
            OSError: its full path is too long.
        """
        if len(self.path) + len(path) + 1 >= _LONGEST:
            raise OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG))

    def forget(self, path: bytes = ROOT) -> None:
        """Forget the open folder `path` and all below it, since it was moved."""
        below = path + b"/"
        with self._lock:
            for one in [one for one in self._kept if path in {ROOT, one} or one.startswith(below)]:
                del self._kept[one]

    def _find(self, path: bytes) -> OpenFolder | None:
        kept = self._kept.get(path)  # called several times for each folder, so without the lock
        if kept is None:
            return None
        if kept[0] < time.monotonic():
            with self._lock:
                self._kept.pop(path, None)
            return None
        return kept[1]

    def _open(self, path: bytes) -> OpenFolder:
        if path == ROOT:
            return self._open_root()
        if not is_inside(path):
            raise OSError(errno.EINVAL, "not a path below the root")
        self.check_length(path)
        names = path.split(b"/")
        folder, depth = self._nearest(names)
        try:
            for number in range(depth, len(names)):
                folder = _step(folder, names[number])
        except OSError:
            del folder  # the error may be kept, and would keep it open
            raise
        if self._keeps:
            with self._lock:
                self._kept[path] = time.monotonic() + _KEEP_S, folder
                while len(self._kept) > self._keeps:
                    self._kept.popitem(last=False)
        return folder

    def _nearest(self, names: list[bytes]) -> tuple[OpenFolder, int]:
        """The deepest folder of the path that is open already, and how many names lead to it."""
        if self._keeps:
            for depth in range(len(names) - 1, max(0, len(names) - 4), -1):
                if (kept := self._find(b"/".join(names[:depth]))) is not None:
                    return kept, depth
        return self._open_root(), 0

    def _open_root(self) -> OpenFolder:
        if self._root is not None:
            return self._root
        if self.is_held:
            raise OSError(errno.EBADF, "the root is closed")
        return OpenFolder(os.open(self.path, _PASS))

    # --- entries ------------------------------------------------------------------------------------------------------

    def look(self, path: bytes) -> Entry | None:
        """The entry at `path` itself; None if there is none, or a parent is not a folder.

        Raises:
            OSError: it cannot be read.
        """
        parent, name = divide(path)
        try:
            with self.folder(parent) as folder:
                return look_in(folder, name)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            error.filename = self.full(path)
            raise

    def open(self, path: bytes, flags: int, mode: int = 0o600) -> int:
        """Open the file at `path`; a symbolic link there is an error."""
        parent, name = divide(path)
        try:
            with self.folder(parent) as folder:
                return os.open(name, flags | _NO_LINKS, mode, dir_fd=folder)
        except OSError as error:
            error.filename = self.full(path)
            raise

    def readlink(self, path: bytes) -> bytes:
        """Where the symbolic link at `path` points."""
        parent, name = divide(path)
        try:
            with self.folder(parent) as folder:
                return os.readlink(name, dir_fd=folder)
        except OSError as error:
            error.filename = self.full(path)
            raise

    def scan(self, path: bytes, look: Look = no_look) -> list[tuple[bytes, bool | OSError]]:
        """The names in the folder `path`, each with whether it is a folder, or the error if that cannot be read.

        It calls `look` now and then, which may raise.
        """
        descriptor = self.folder_to_read(path)
        try:
            with os.scandir(descriptor) as found:
                return [(os.fsencode(one.name), _is_folder(one)) for one in looking(found, look)]
        finally:
            os.close(descriptor)

    def names(self, path: bytes, look: Look = no_look) -> list[bytes]:
        """The names in the folder `path`. With very many, it calls `look` now and then, which may raise."""
        descriptor = self.folder_to_read(path)
        try:
            if os.fstat(descriptor).st_size < _LARGE_FOLDER:
                found = os.listdir(descriptor)
            else:
                with os.scandir(descriptor) as entries:
                    found = [one.name for one in looking(entries, look, _NAMES_AT_ONCE)]
        finally:
            os.close(descriptor)
        # Encode all names at once, since no name contains a slash.
        return os.fsencode("/".join(found)).split(b"/") if found else []

    def folder_to_read(self, path: bytes) -> int:
        """A descriptor to list the folder `path`; the caller closes it."""
        try:
            with self.folder(path) as folder:
                return os.open(b".", os.O_RDONLY | os.O_DIRECTORY | _NO_LINKS, dir_fd=folder)
        except OSError as error:
            error.filename = self.full(path)
            raise

    @contextmanager
    def entry(self, path: bytes) -> Iterator[tuple[int | bytes, Entry]]:
        """Hold the file or folder at `path` open, to change its attributes; gives it and its stat facts.

        It is a descriptor; or for an entry that may not be read, a path that leads to that very entry and must be
        followed. Without /proc there is no such path, and the call fails.

        Raises:
            FileNotFoundError: there is no such entry.
            OSError: it is a symbolic link, or cannot be reached.
        """
        try:
            descriptor = self.open(path, os.O_RDONLY | os.O_NONBLOCK)
            is_read = True
        except PermissionError:
            if not (_HAS_HELD and hasattr(os, "O_PATH")):
                raise
            descriptor = self.open(path, os.O_PATH)
            is_read = False
        try:
            yield descriptor if is_read else _HELD % descriptor, entry_of(os.fstat(descriptor))
        finally:
            os.close(descriptor)


def divide(path: bytes) -> tuple[bytes, bytes]:
    """The folder of `path`, and its name in it; the root is `.` in itself."""
    if path == ROOT:
        return ROOT, ROOT
    folder, _, name = path.rpartition(b"/")
    if name in NO_NAMES:
        raise OSError(errno.EINVAL, "not a path below the root", path)
    return folder or ROOT, name


def held(descriptor: int) -> bytes | None:
    """A path that leads to an open folder or file even after a rename; None if the system has no such paths."""
    return _HELD % descriptor if _HAS_HELD else None


def held_descriptors() -> OpenFolder | None:
    """The folder with an entry for each open file of this process, by its descriptor; None if there is none."""
    if not _HAS_HELD:
        return None
    return OpenFolder(os.open(os.path.dirname(_HELD), _PASS))


def set_mode(descriptor: int, mode: int) -> None:
    """Set the mode of an open folder, even if it was opened with `O_PATH`."""
    try:
        os.chmod(b".", mode, dir_fd=descriptor)
    except PermissionError:
        # In a folder that may not be entered, not even "." can be used.
        if (path := held(descriptor)) is None:
            raise
        os.chmod(path, mode)


def _step(folder: OpenFolder, name: bytes) -> OpenFolder:
    with folder as descriptor:
        del folder
        try:
            return OpenFolder(os.open(name, _PASS | os.O_NOFOLLOW, dir_fd=descriptor))
        except OSError as error:
            if error.errno not in {errno.ENOTDIR, errno.ELOOP} or not _is_link(descriptor, name):
                raise
    raise NotADirectoryError(errno.ELOOP, "a symbolic link is in the place of a folder")


def _is_folder(entry: os.DirEntry[str]) -> bool | OSError:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError as error:
        return error


def _is_link(folder: int, name: bytes) -> bool:
    try:
        os.readlink(name, dir_fd=folder)
    except OSError:
        return False
    return True
