"""Is a copy what the source is? Asked after the transfer, of what this task copied.

A source that changed after it was compared proves nothing: the next run copies it again. It counts as `moved_on`, not
as a difference, unless its copy matches what it is now.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import xxhash

from asynctask_nas.capabilities import Holds
from asynctask_nas.changes import Action, Change
from asynctask_nas.entries import Entry, Kind, entry_of
from asynctask_nas.holes import stretches
from asynctask_nas.pace import Pace
from asynctask_nas.tree import Tree

CHECKED = frozenset({Action.COPY, Action.LINK, Action.SYMLINK})
"""Actions whose results are verified."""
_TURN_BYTES = 8 << 20
"""How much is read of one side before the other has its turn: few enough turns for a disk that holds both."""

_ZEROS = bytes(1 << 20)


class Verdict(StrEnum):
    """What a comparison of one item shows."""

    EQUAL = "equal"
    DIFFERENT = "different"
    MOVED_ON = "the source changed since"


@dataclass(frozen=True, slots=True)
class Verifier:
    """Compares items one after the other; "size" looks at size and time, "checksum" reads both sides in full."""

    source: Tree | bytes
    destination: Tree | bytes
    how: Literal["size", "checksum"]
    holds: Holds
    pace: Pace

    def check(self, change: Change, tick: Callable[[int], None] = lambda _: None) -> tuple[Verdict, str]:
        """Compare one item; with DIFFERENT the text says in what. `tick` is told how far a large file is.

        Raises:
            Stopped: a stop was asked for.
        """
        try:
            entry = Tree.of(self.source).look(change.path)
        except OSError:
            entry = None
        if entry is None:
            return Verdict.MOVED_ON, ""
        try:
            differs = self._difference(change, entry, tick)
        except OSError as error:
            differs = f"cannot be read: {error.strerror}"
        if not differs:
            return Verdict.EQUAL, ""
        return (Verdict.DIFFERENT, differs) if self._is_still(change, entry) else (Verdict.MOVED_ON, "")

    def _is_still(self, change: Change, entry: Entry) -> bool:
        """Tell whether the source is what was compared, before and after it was read."""
        try:
            now = Tree.of(self.source).look(change.path)
        except OSError:
            return False
        facts = (entry.kind, entry.size, entry.mtime_ns)
        if now is None or (now.kind, now.size, now.mtime_ns) != facts or entry.mtime_ns != change.mtime_ns:
            return False
        return change.action is not Action.COPY or entry.size == change.length

    def _difference(self, change: Change, entry: Entry, tick: Callable[[int], None]) -> str:
        copy = Tree.of(self.destination).look(change.path)
        if copy is None:
            return "missing"
        if copy.kind is not entry.kind:
            return f"is a {copy.kind.value}"
        if entry.kind is Kind.SYMLINK:
            targets = {Tree.of(side).readlink(change.path) for side in (self.source, self.destination)}
            return "points elsewhere" if len(targets) > 1 else ""
        if entry.kind is not Kind.FILE:
            return ""
        if copy.size != entry.size:
            return f"has {copy.size:,} bytes instead of {entry.size:,}"
        if self.how == "size":
            times = entry.mtime_ns, copy.mtime_ns
            same_time = self.holds.same_time(*times) or self.holds.same_in_another_zone(*times)
            return "" if same_time else "has another time"
        return self._content_difference(change, tick)

    def _content_difference(self, change: Change, tick: Callable[[int], None]) -> str:
        with (
            _opened(Tree.of(self.source), change.path) as source,
            _opened(Tree.of(self.destination), change.path) as copy,
        ):
            if hasattr(os, "posix_fadvise"):
                # What was just written is in memory: what counts is what is on storage.
                os.posix_fadvise(copy, 0, 0, os.POSIX_FADV_DONTNEED)
            sides = [_Side(descriptor, entry_of(os.fstat(descriptor))) for descriptor in (source, copy)]
            # In turns: one of them may be much slower, and then the first half would say nothing about the second.
            while not all(side.is_read for side in sides):
                for side in sides:
                    for _ in side.read_on(self.pace):
                        tick(sum(side.moved for side in sides) // 2)
        original, found = (side.digest.hexdigest() for side in sides)
        return "" if original == found else f"has checksum {found} instead of {original} (xxh3_128)"


class _Side:
    """One of the two files, on its way through the checksum. `moved` is what was read of it, holes left out."""

    def __init__(self, descriptor: int, entry: Entry) -> None:
        self.digest = xxhash.xxh3_128()
        self.moved = self._done = 0
        self.is_read = False
        self._descriptor = descriptor
        self._size = entry.size
        self._stretches = stretches(descriptor, entry)
        self._begin: int
        self._end: int
        self._begin, self._end = self._next()

    def read_on(self, pace: Pace) -> Iterator[None]:
        """Take the next part, a chunk at a time, to the end where there is no more."""
        until = self._done + _TURN_BYTES
        while self._done < until and not self.is_read:
            chunk = self._hole(pace) if self._done < self._begin else self._content(pace)
            self.digest.update(chunk)
            self._done += len(chunk)
            self.is_read = not chunk
            yield

    def _hole(self, pace: Pace) -> bytes:
        pace.take(0)
        return _ZEROS[: min(len(_ZEROS), self._begin - self._done)]

    def _content(self, pace: Pace) -> bytes:
        if self._done == self._end:
            self._begin, self._end = self._next()
            if self._done < self._begin:
                return self._hole(pace)
        count = min(self._end - self._done, pace.chunk_bytes)
        if not count:
            return b""
        pace.take(count)
        chunk = os.pread(self._descriptor, count, self._done)
        self.moved += len(chunk)
        return chunk

    def _next(self) -> tuple[int, int]:
        return next(self._stretches, (self._size, self._size))


@contextmanager
def _opened(tree: Tree, path: bytes) -> Iterator[int]:
    descriptor = tree.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
