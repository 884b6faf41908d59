"""A small file that has nothing unusual about it, copied with as few calls of the system as can be.

Most files of most trees are that. Everything else is left to `asynctask_nas.copy`, which begins anew and knows what to
do or to say: a file that vanishes, changes or has holes, another kind of entry in its place, an error of either side.
"""

from __future__ import annotations

import os

from asynctask_nas import attributes
from asynctask_nas.destination import Destination
from asynctask_nas.entries import Entry, Kind, entry_of, look_in
from asynctask_nas.pace import Pace
from asynctask_nas.tree import Tree, divide

SMALL_BYTES = 64 << 10
"""Up to this size a file is read and written in one call each."""
_READ = os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC | getattr(os, "O_NOATIME", 0)
_MAKE = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def copy_small(source: Tree, path: bytes, destination: Destination, pace: Pace) -> int | None:
    """Copy the file at `path`; answers its bytes, or None when that is for `copy_file`. Never raises an `OSError`.

    Raises:
        Stopped: a stop was asked for; nothing is begun.
    """
    try:
        inside, name = divide(path)
        with source.folder(inside) as theirs, destination.folder(inside) as ours:
            reader = os.open(name, _READ, dir_fd=theirs)
            try:
                entry = entry_of(os.fstat(reader))
                most = min(SMALL_BYTES, pace.chunk_bytes)
                if entry.kind is not Kind.FILE or entry.allocated < entry.size or entry.size > most:
                    return None
                pace.take(entry.size)
                return _copy(reader, entry, path, ours, destination)
            finally:
                os.close(reader)
    except OSError:
        return None


def _copy(reader: int, entry: Entry, path: bytes, folder: int, destination: Destination) -> int | None:
    name, made = divide(path)[1], destination.part_name(path)
    content, wanted = os.pread(reader, entry.size + 1, 0), attributes.to_copy(reader)
    writer = os.open(made, _MAKE, 0o600, dir_fd=folder)
    try:
        written = os.write(writer, content)
        now = os.fstat(reader)
        if (written, now.st_size, now.st_mtime_ns) != (entry.size, entry.size, entry.mtime_ns):
            return None
        attributes.apply(writer, entry, wanted, destination.holds)
    finally:
        os.close(writer)
    older = look_in(folder, name)
    if older is not None and older.kind is not Kind.FILE:
        return None
    os.rename(made, name, src_dir_fd=folder, dst_dir_fd=folder)
    return entry.size
