"""The destination's marker: a record of the source that it is the copy of, in `.asynctask-backup/marker.json`.

It outlives tasks, so tonight's backup knows which folder last night's backup copied. It is replaced in one step, and
flushed before any code relies on it. Nothing in `.asynctask-backup` is copied, compared, verified or marked.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import unquote_to_bytes
from uuid import uuid4

from asynctask import Postpone
from asynctask_core.errors import DestinationUnusable
from asynctask_nas.entries import Kind
from asynctask_nas.exclude import STATE
from asynctask_nas.identity import FolderIdentity
from asynctask_nas.paths import ROOT, is_inside, join
from asynctask_nas.places import open_to_us
from asynctask_nas.tree import OpenFolder, Tree
from asynctask_nas.words import printable

VERSION = 1
NAME = b"marker.json"
_LOCK = b"lock"
_LARGEST = 1 << 20
_NO_LINK = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_BUSY_AFTER = "10s"
_SAME_TASK_WAIT_S = 5.0
_NO_LOCKS = frozenset({errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL, errno.EBADF, errno.EPERM})


@dataclass(frozen=True)
class Marker:
    """The record in a destination. `source` is None until the first entry of a source is about to be written there."""

    id: str = field(default_factory=lambda: uuid4().hex)
    source: FolderIdentity | None = None
    inside: dict[str, FolderIdentity] = field(default_factory=dict[str, FolderIdentity])
    """What was mounted inside the source, by percent-encoded relative path."""
    inside_destination: dict[str, FolderIdentity] = field(default_factory=dict[str, FolderIdentity])
    """The same for the destination."""


def read(root: Tree | bytes, shown: bytes) -> Marker | None:
    """Read the marker of the destination `root`; None if it has none. Messages name the destination `shown`.

    Raises:
        DestinationUnusable: there is one that cannot be understood.
        OSError: the file system failed.
    """
    tree = Tree.of(root)
    try:
        found = tree.look(STATE)
        if found is not None and found.kind is not Kind.FOLDER:
            raise DestinationUnusable(
                f"destination_path: '{printable(join(shown, STATE))}' is not a folder, but backups keep what they know "
                f"of a destination there: move it away"
            )
        descriptor = tree.open(STATE + b"/" + NAME, os.O_RDONLY | os.O_NONBLOCK)
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
            f"destination_path: '{name}' is damaged ({error}), so the source of this destination is not known: "
            "make sure that source_path is the right one, and delete that file"
        ) from None


def write(root: Tree | bytes, marker: Marker, task_id: str) -> None:
    """Write the marker; it is durable when this returns.

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
    tree, made = Tree.of(root), NAME + b".new"
    with ensure_state(tree) as folder:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(made, dir_fd=folder)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(made, flags, 0o644, dir_fd=folder)
        with open(descriptor, "w", encoding="utf-8") as file:
            json.dump(facts, file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        os.rename(made, NAME, src_dir_fd=folder, dst_dir_fd=folder)
        _sync_folder(folder)
    with tree.folder(ROOT) as top:
        _sync_folder(top)


def ensure_state(root: Tree | bytes) -> OpenFolder:
    """Open the folder for the records of backups, made if needed; the destination folder keeps its time."""
    tree = Tree.of(root)
    with contextlib.suppress(FileNotFoundError):
        return tree.folder(STATE)
    with open_to_us(tree), tree.folder(ROOT) as top:
        before = os.fstat(top)
        with contextlib.suppress(FileExistsError):
            os.mkdir(STATE, 0o755, dir_fd=top)
        with contextlib.suppress(OSError):
            os.utime(b".", ns=(before.st_atime_ns, before.st_mtime_ns), dir_fd=top)
    return tree.folder(STATE)


@contextmanager
def alone(root: Tree | bytes, task_id: str) -> Iterator[None]:
    """Lock the destination for this task, if its file system has locks.

    It waits a few seconds for an older attempt of the same task that does not know yet that it lost its lease.

    Raises:
        Postpone: another task is at work there.
    """
    with ensure_state(root) as folder:
        descriptor = _open_lock(folder)
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


def _open_lock(folder: int) -> int | None:
    for flags in (os.O_RDWR | os.O_CREAT, os.O_RDONLY):
        try:
            return os.open(_LOCK, flags | _NO_LINK, 0o644, dir_fd=folder)
        except PermissionError:
            continue
    return None


def _lock(descriptor: int) -> bool:
    """Take the lock; True also if the file system has no locks."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno in _NO_LOCKS
    return True


def _sync_folder(folder: int) -> None:
    """Make the names in an open folder durable, if the file system can flush folders."""
    descriptor = os.open(b".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=folder)
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
        _inside(facts["inside"]),
        _inside(facts.get("inside_destination", {})),
    )


def _inside(facts: dict[str, Any]) -> dict[str, FolderIdentity]:
    for path in facts:
        if not is_inside(unquote_to_bytes(path)):
            raise ValueError(f"{path!r} is no path below a root")
    return {str(path): FolderIdentity(**one) for path, one in facts.items()}
