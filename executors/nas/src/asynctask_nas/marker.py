"""The destination's marker: what this destination is the copy of, kept in `.asynctask-backup/marker.json`.

It outlives tasks, so tonight's backup knows which folder last night's was made from. It is replaced in one step, and
flushed before anything relies on it. Nothing in `.asynctask-backup` is copied, compared, verified or marked.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import uuid4

from asynctask import Postpone
from asynctask_core.errors import DestinationUnusable
from asynctask_nas.exclude import STATE
from asynctask_nas.identity import FolderIdentity
from asynctask_nas.paths import join
from asynctask_nas.places import open_to_us
from asynctask_nas.words import printable

VERSION = 1
NAME = b"marker.json"
_LOCK = b"lock"
_LARGEST = 1 << 20
_BUSY_AFTER = "10s"
_SAME_TASK_WAIT_S = 5.0
_NO_LOCKS = frozenset({errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL, errno.EBADF, errno.EPERM})


@dataclass(frozen=True)
class Marker:
    """What the destination remembers. `source` is None until a backup has seen a source that is not empty."""

    id: str = field(default_factory=lambda: uuid4().hex)
    source: FolderIdentity | None = None
    inside: dict[str, FolderIdentity] = field(default_factory=dict[str, FolderIdentity])
    """What was mounted inside the source, by percent-encoded relative path."""
    inside_destination: dict[str, FolderIdentity] = field(default_factory=dict[str, FolderIdentity])
    """The same of the destination."""


def read(root: bytes, shown: bytes) -> Marker | None:
    """Read the marker of the destination `root`, `shown` to people under that name; None when it has none.

    Raises:
        DestinationUnusable: there is one that cannot be understood.
        OSError: the file system failed.
    """
    folder = join(root, STATE)
    try:
        if not stat.S_ISDIR(os.lstat(folder).st_mode):
            raise DestinationUnusable(
                f"destination_path: '{printable(join(shown, STATE))}' is not a folder, but backups keep what they know "
                f"of a destination there: move it away"
            )
        descriptor = os.open(join(folder, NAME), os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    with open(descriptor, "rb") as file:
        text = file.read(_LARGEST)
    name = printable(join(join(shown, STATE), NAME))
    try:
        return _marker(json.loads(text))
    except _TooNew as newer:
        raise DestinationUnusable(
            f"destination_path: '{name}' was written by a newer version of asynctask-nas (format {newer}, this one "
            f"knows {VERSION}): let an executor of that version make this backup"
        ) from None
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise DestinationUnusable(
            f"destination_path: '{name}' is damaged ({error}), so which source this destination is the copy of is not "
            "known: make sure that the source is the right one, and delete that file"
        ) from None


def write(root: bytes, marker: Marker, task_id: str) -> None:
    """Keep the marker, durable when this returns.

    Raises:
        OSError: it cannot be written.
    """
    facts = {
        "version": VERSION,
        "about": "What this folder is the backup of. Written by asynctask-nas; leave it here.",
        "id": marker.id,
        "source": None if marker.source is None else asdict(marker.source),
        "inside": {path: asdict(one) for path, one in marker.inside.items()},
        "inside_destination": {path: asdict(one) for path, one in marker.inside_destination.items()},
        "task_id": task_id,
        "written": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }
    folder = ensure_state(root)
    made = join(folder, NAME + b".new")
    with contextlib.suppress(FileNotFoundError):
        os.unlink(made)
    descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
    with open(descriptor, "w", encoding="utf-8") as file:
        json.dump(facts, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    os.rename(made, join(folder, NAME))
    sync_folder(folder)
    sync_folder(root)


def ensure_state(root: bytes) -> bytes:
    """Make the folder for what backups keep; the destination's own time stays what it was."""
    folder = join(root, STATE)
    if not os.path.isdir(folder):
        with open_to_us(root):
            before = os.stat(root)
            with contextlib.suppress(FileExistsError):
                os.mkdir(folder, 0o755)
            with contextlib.suppress(OSError):
                os.utime(root, ns=(before.st_atime_ns, before.st_mtime_ns))
    return folder


@contextmanager
def alone(root: bytes, task_id: str) -> Iterator[None]:
    """Be the only task at work on a destination, as far as its file system has locks.

    Another attempt of the same task, whose lease was lost and which does not know it yet, is waited for a little.

    Raises:
        Postpone: another task is at work there.
    """
    descriptor = _open_lock(join(ensure_state(root), _LOCK))
    if descriptor is None:
        yield
        return
    try:
        until = time.monotonic() + _SAME_TASK_WAIT_S
        while not _lock(descriptor):
            holder = os.pread(descriptor, 64, 0).decode("utf-8", "replace").strip()
            if holder and holder != task_id:
                raise Postpone(
                    f"task {holder} is at work on the same destination",
                    after=_BUSY_AFTER,
                    reason="DESTINATION_BUSY",
                )
            if time.monotonic() > until:
                break
            time.sleep(0.1)
        else:
            with contextlib.suppress(OSError):
                os.pwrite(descriptor, task_id.encode().ljust(64), 0)
        yield
    finally:
        os.close(descriptor)


def _open_lock(path: bytes) -> int | None:
    for flags in (os.O_RDWR | os.O_CREAT, os.O_RDONLY):
        try:
            return os.open(path, flags | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
        except PermissionError:
            continue
    return None


def _lock(descriptor: int) -> bool:
    """Take the lock; True also where the file system has none."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno in _NO_LOCKS
    return True


def sync_folder(folder: bytes) -> None:
    """Make the names in a folder durable, where folders can be flushed."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with contextlib.suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


class _TooNew(Exception):
    pass


def _marker(facts: dict[str, Any]) -> Marker:
    version = int(facts["version"])
    if version > VERSION:
        raise _TooNew(version)
    source = facts["source"]
    return Marker(
        str(facts["id"]),
        None if source is None else FolderIdentity(**source),
        {str(path): FolderIdentity(**one) for path, one in facts["inside"].items()},
        {str(path): FolderIdentity(**one) for path, one in facts.get("inside_destination", {}).items()},
    )
