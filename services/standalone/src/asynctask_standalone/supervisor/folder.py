"""The data folder of one standalone cluster, and the lock that keeps a second `asynctask up` out of it."""

from __future__ import annotations

import fcntl
import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TextIO

PORTS: Final = "ports.json"
"""The file that remembers the parts' ports."""
_LOCK: Final = "up.lock"


class FolderInUse(Exception):
    """Another `asynctask up` runs with this folder."""


class FolderRefused(Exception):
    """The path cannot be a data folder."""


@dataclass(frozen=True, slots=True)
class DataFolder:
    """Where everything is kept: `postgres/`, `redis/`, `logs/`, `pids/` and the lock."""

    path: Path

    @property
    def postgres(self) -> Path:
        return self.path / "postgres"

    @property
    def redis(self) -> Path:
        return self.path / "redis"

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def pids(self) -> Path:
        return self.path / "pids"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Lock the folder for this process, and make it if needed; the system releases the lock when the process dies.

        A folder that was made here and has no data at the end, as after a refused start, is removed again.

        Raises:
            FolderInUse: another process holds it; the message names it.
            FolderRefused: it is not a folder, or cannot be made.
            OSError: the folder cannot be written.
        """
        made = [one for one in (self.path, *self.path.parents) if not one.exists()]
        try:
            # Only its owner may enter: the sockets and passwords of Postgres and Redis are in here.
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except FileExistsError:
            raise FolderRefused(f"{self.path} is not a folder") from None
        except OSError as error:
            _remove_empty(made)
            raise FolderRefused(f"the folder {self.path} cannot be created: {error.strerror}") from None
        with self._lock() as lock:
            for inner in (self.logs, self.pids):
                inner.mkdir(exist_ok=True)
            lock.truncate()
            json.dump({"pid": os.getpid()}, lock)
            lock.flush()
            try:
                yield
            finally:
                if self.path in made:
                    self._remove_unused(made)

    @contextmanager
    def _lock(self) -> Iterator[TextIO]:
        path = self.path / _LOCK
        while True:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            with os.fdopen(descriptor, "r+", encoding="utf-8") as lock:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    raise FolderInUse(
                        f"another `asynctask up`{_holder(lock.read())} uses the data folder {self.path}"
                    ) from None
                # Another `up` whose start was refused may have removed the file that was locked here.
                if _is_at(path, lock):
                    yield lock
                    return

    def _remove_unused(self, made: list[Path]) -> None:
        """Remove the folders that were made here, unless they hold data."""
        if {one.name for one in self.path.iterdir()} - {self.logs.name, self.pids.name, _LOCK, PORTS}:
            return
        if any(any(inner.iterdir()) for inner in (self.logs, self.pids)):
            return
        for name in (PORTS, _LOCK):
            (self.path / name).unlink(missing_ok=True)
        _remove_empty([self.logs, self.pids, *made])


def default_folder() -> Path:
    """The default folder for this user's data, by the conventions of the system."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "asynctask"
    data_home = os.environ.get("XDG_DATA_HOME", "")
    # The XDG specification says to ignore relative paths.
    base = Path(data_home) if data_home.startswith("/") else Path.home() / ".local" / "share"
    return base / "asynctask"


def _holder(text: str) -> str:
    try:
        return f" (process {json.loads(text)['pid']})"
    except (ValueError, KeyError, TypeError):
        return ""


def _is_at(path: Path, file: TextIO) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False


def _remove_empty(folders: Iterable[Path]) -> None:
    """Remove those folders that exist and are empty."""
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()
