"""The folder of one store: its owner, password, log and socket.

Ownership is a file lock, which the system releases when its holder ends, even by a kill.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from asynctask_standalone.stores.errors import StoreError

LOG_BYTES = 8 << 20
SOCKET_FOLDER_BYTES = 60
"""Longest parent of a socket's folder: the whole path must stay below 108 bytes on Linux and 104 on macOS."""


class StoreFolder:
    """A private folder that belongs to one process at a time."""

    def __init__(self, path: Path, log_name: str) -> None:
        self.path = path
        self.log_path = path / log_name
        self._lock: int | None = None
        self._sockets: Path | None = None

    def take(self) -> None:
        """Make the folder if needed, and own it until `release` or the end of this process.

        Raises:
            StoreError: another process owns it.
        """
        if self._lock is not None:
            return
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.pread(lock, 32, 0).decode(errors="replace").strip() or "unknown"
            os.close(lock)
            message = f"{self.path} is in use by process {holder}: stop that one, or choose another folder"
            raise StoreError(message) from None
        os.truncate(lock, 0)
        os.pwrite(lock, str(os.getpid()).encode(), 0)
        self._lock = lock

    def release(self) -> None:
        """Give the folder free and remove the socket's."""
        if self._sockets is not None:
            _remove(self._sockets)
            self._sockets = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def sockets(self) -> Path:
        """A private folder for the Unix socket, elsewhere, since this one's path may be too long for a socket."""
        if self._sockets is None or not self._sockets.is_dir():
            record = self.path / "sockets"
            with contextlib.suppress(OSError):
                _remove(Path(record.read_text()))  # of an owner that was killed
            parent = tempfile.gettempdir()
            if len(os.fsencode(parent)) > SOCKET_FOLDER_BYTES:
                parent = "/tmp"  # noqa: S108 - the folder in it is private
            self._sockets = Path(tempfile.mkdtemp(prefix="asynctask-", dir=parent))
            record.write_text(str(self._sockets))
        return self._sockets

    def password(self) -> str:
        """The password of this folder's server, made once."""
        path = self.path / "password"
        with contextlib.suppress(FileNotFoundError):
            return path.read_text()
        # Written atomically: with a half-written password no client could ever connect.
        draft = path.with_suffix(".new")
        draft.touch(mode=0o600)
        with draft.open("w") as file:
            file.write(secrets.token_urlsafe(24))
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
        sync_folder(self.path)
        return path.read_text()

    @contextlib.contextmanager
    def open_log(self) -> Iterator[int]:
        """A descriptor to append to the log; a long log is renamed first."""
        with contextlib.suppress(FileNotFoundError):
            if self.log_path.stat().st_size > LOG_BYTES:
                self.log_path.rename(self.log_path.with_suffix(".log.old"))
        log = os.open(self.log_path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            yield log
        finally:
            os.close(log)

    def log_tail(self, lines: int = 12) -> str:
        """The last lines of the log, with its path above them."""
        text = "(empty)"
        with contextlib.suppress(OSError), self.log_path.open("rb") as log:
            log.seek(max(0, self.log_path.stat().st_size - 8192))
            text = "\n".join(log.read().decode(errors="replace").splitlines()[-lines:])
        return f"The end of {self.log_path}:\n{text}"


def sync_folder(folder: Path) -> None:
    """Flush `folder`, so that new and renamed entries survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with contextlib.suppress(OSError):  # some file systems cannot flush folders
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(folder: Path) -> None:
    if folder.name.startswith("asynctask-") and folder.is_dir() and not folder.is_symlink():
        shutil.rmtree(folder, ignore_errors=True)
