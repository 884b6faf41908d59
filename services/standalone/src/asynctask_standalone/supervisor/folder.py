"""The data folder of one standalone cluster, and the lock that keeps a second `asynctask up` out of it."""

from __future__ import annotations

import fcntl
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


class FolderInUse(Exception):
    """Another `asynctask up` runs with this folder."""


class FolderRefused(Exception):
    """What was named cannot be a data folder."""


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
        """Hold the folder for this process, making it if need be; the system lets go when the process dies.

        Raises:
            FolderInUse: somebody holds it; the message says who.
            FolderRefused: it is no folder, or cannot be made.
            OSError: the folder cannot be written.
        """
        try:
            # Only its owner may enter: Postgres and Redis listen on sockets and keep passwords in here.
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except FileExistsError:
            raise FolderRefused(f"{self.path} is not a folder") from None
        except OSError as error:
            raise FolderRefused(f"the folder {self.path} cannot be created: {error.strerror}") from None
        for inner in (self.logs, self.pids):
            inner.mkdir(exist_ok=True)
        descriptor = os.open(self.path / "up.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "r+", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise FolderInUse(
                    f"another `asynctask up`{_holder(lock.read())} uses the data folder {self.path}"
                ) from None
            lock.truncate()
            json.dump({"pid": os.getpid()}, lock)
            lock.flush()
            yield


def default_folder() -> Path:
    """The folder for this user's data when nobody names another, by the habits of the system."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "asynctask"
    data_home = os.environ.get("XDG_DATA_HOME", "")
    # The XDG specification has relative paths ignored.
    base = Path(data_home) if data_home.startswith("/") else Path.home() / ".local" / "share"
    return base / "asynctask"


def _holder(text: str) -> str:
    try:
        return f" (process {json.loads(text)['pid']})"
    except (ValueError, KeyError, TypeError):
        return ""
