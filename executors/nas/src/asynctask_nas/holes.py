"""Finds where a file has content and where it has holes, which take no storage, no bandwidth and no time to read."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator

from asynctask_nas.entries import Entry
from asynctask_nas.holds import Holds
from asynctask_nas.tree import Tree


def stretches(descriptor: int, entry: Entry, start: int = 0) -> Iterator[tuple[int, int]]:
    """The stretches of an open file that hold content, from `start`; the holes between them are left out.

    One stretch to the end if the system does not report holes. Moves the descriptor's position.
    """
    if entry.allocated >= entry.size or not hasattr(os, "SEEK_DATA"):
        if start < entry.size:
            yield start, entry.size
        return
    while start < entry.size:
        try:
            begin = os.lseek(descriptor, start, os.SEEK_DATA)
            end = os.lseek(descriptor, begin, os.SEEK_HOLE)
        except OSError as error:
            if error.errno == errno.ENXIO:
                return
            begin, end = start, entry.size
        if begin >= entry.size:
            return
        yield begin, min(end, entry.size)
        start = end


def content_to_copy(descriptor: int, entry: Entry, start: int, holds: Holds) -> Iterator[tuple[int, int]]:
    """The stretches of an open file that a copy has to write: all of it if the destination keeps no holes.

    Such a destination would itself write the zeros of a hole, in one step that shows no progress and cannot be stopped.
    """
    if holds.holes:
        yield from stretches(descriptor, entry, start)
    elif start < entry.size:
        yield start, entry.size


def content_bytes(source: Tree, path: bytes, entry: Entry, holds: Holds) -> int:
    """How many bytes of the file at `path` in `source` a copy has to write."""
    if entry.allocated >= entry.size or not holds.holes:
        return entry.size
    try:
        descriptor = source.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        # The transfer will get the same error, and report it.
        return content_estimate(entry)
    try:
        return content_of(descriptor, entry)
    finally:
        os.close(descriptor)


def content_of(descriptor: int, entry: Entry) -> int:
    """How many bytes of an open file are content."""
    if entry.allocated >= entry.size:
        return entry.size
    return sum(end - begin for begin, end in stretches(descriptor, entry))


def content_estimate(entry: Entry) -> int:
    """The same without opening the file: exact where it is not compressed."""
    # Small content may be stored in the inode, and then takes no blocks.
    return entry.size if entry.size <= _SMALL else min(entry.size, entry.allocated)


def storage_of(size: int, allocated: int, holds: Holds) -> int:
    """Bytes of storage for the copy of a file that takes `allocated` bytes: whole blocks, less the holes."""
    blocks = -(-size // _BLOCK) * _BLOCK
    # Small content may be stored in the inode on one side and in a block on the other.
    return blocks if size <= _SMALL or not holds.holes else min(blocks, allocated)


_SMALL = 1 << 16
_BLOCK = 4096
