"""Is a copy what the source is? Asked after the transfer, of what this task copied.

A source that changed after it was compared proves nothing: the next run copies it again. It counts as `moved_on`, not
as a difference, unless its copy matches what it is now. Neither does a source that cannot be read say anything about
its copy.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import xxhash

from asynctask_nas.capabilities import Holds
from asynctask_nas.changes import Action, Change
from asynctask_nas.entries import Entry, Kind, entry_of, source_reason
from asynctask_nas.holes import stretches
from asynctask_nas.pace import Pace
from asynctask_nas.tree import Tree

CHECKED = frozenset({Action.COPY, Action.LINK, Action.SYMLINK})
"""Actions whose results are verified."""
_TURN_BYTES = 8 << 20
"""How much is read of one side before the other has its turn: few enough turns for a disk that holds both."""
_SMALL = 64 << 10
"""Up to this size both sides are read at once."""

_ZEROS = bytes(1 << 20)


class Verdict(StrEnum):
    """What a comparison of one item shows."""

    EQUAL = "equal"
    DIFFERENT = "different"
    MOVED_ON = "the source changed since"
    UNREADABLE = "the source cannot be read"


@dataclass(frozen=True, slots=True)
class Verifier:
    """Compares items one after the other; "size" looks at size and time, "checksum" reads both sides in full."""

    source: Tree | bytes
    destination: Tree | bytes
    how: Literal["size", "checksum"]
    holds: Holds
    pace: Pace

    def check(self, change: Change, tick: Callable[[int], None] = lambda _: None) -> tuple[Verdict, str]:
        """Compare one item; the text says in what it differs, or why it cannot be read.

        `tick` is told how far a large file is.

        Raises:
            Stopped: a stop was asked for.
        """
        try:
            entry = self._original(change)
            if entry is None:
                return Verdict.MOVED_ON, ""
            verdict, said = self._compare(change, entry, tick)
            is_settled = verdict is Verdict.EQUAL or self._is_still(change, entry)
        except _Unread as unread:
            return Verdict.UNREADABLE, str(unread)
        return (verdict, said) if is_settled else (Verdict.MOVED_ON, "")

    def _compare(self, change: Change, entry: Entry, tick: Callable[[int], None]) -> tuple[Verdict, str]:
        try:
            differs = self._difference(change, entry, tick)
        except _Unread as unread:
            return Verdict.UNREADABLE, str(unread)
        except OSError as error:
            differs = f"cannot be read: {error.strerror}"
        return (Verdict.DIFFERENT, differs) if differs else (Verdict.EQUAL, "")

    def _original(self, change: Change) -> Entry | None:
        with _reading_source():
            return Tree.of(self.source).look(change.path)

    def _is_still(self, change: Change, entry: Entry) -> bool:
        """Tell whether the source is what was compared, before and after it was read."""
        now = self._original(change)
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
            with _reading_source():
                target = Tree.of(self.source).readlink(change.path)
            is_same = Tree.of(self.destination).readlink(change.path) == target
            return "" if is_same else "points elsewhere"
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
        with ExitStack() as files:
            with _reading_source():
                source = files.enter_context(_opened(Tree.of(self.source), change.path))
            copy = files.enter_context(_opened(Tree.of(self.destination), change.path))
            if hasattr(os, "posix_fadvise"):
                # What was just written is in memory: what counts is what is on storage.
                os.posix_fadvise(copy, 0, 0, os.POSIX_FADV_DONTNEED)
            if self._are_small_and_same(source, copy):
                tick(change.size)
                return ""
            sides = [
                _Side(source, entry_of(os.fstat(source)), is_source=True),
                _Side(copy, entry_of(os.fstat(copy))),
            ]
            # In turns: one of them may be much slower, and then the first half would say nothing about the second.
            while not all(side.is_read for side in sides):
                for side in sides:
                    for _ in side.read_on(self.pace):
                        tick(sum(side.moved for side in sides) // 2)
        original, found = (side.digest.hexdigest() for side in sides)
        return "" if original == found else f"has checksum {found} instead of {original} (xxh3_128)"

    def _are_small_and_same(self, source: int, copy: int) -> bool:
        """Compare two small files without checksums. False when it takes a closer look, which also says why."""
        try:
            one, other = os.fstat(source), os.fstat(copy)
            size = one.st_size
            if size != other.st_size or size > min(_SMALL, self.pace.chunk_bytes):
                return False
            if min(one.st_blocks, other.st_blocks) * 512 < size:
                return False  # holes are not read
            contents: list[bytes] = []
            for descriptor in (source, copy):
                self.pace.take(size)
                contents.append(os.pread(descriptor, size + 1, 0))
        except OSError:
            return False
        return contents[0] == contents[1] and len(contents[0]) == size


class _Side:
    """One of the two files, on its way through the checksum. `moved` is what was read of it, holes left out."""

    def __init__(self, descriptor: int, entry: Entry, *, is_source: bool = False) -> None:
        self._told = _reading_source if is_source else nullcontext
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
        with self._told():
            chunk = os.pread(self._descriptor, count, self._done)
        self.moved += len(chunk)
        return chunk

    def _next(self) -> tuple[int, int]:
        return next(self._stretches, (self._size, self._size))


class _Unread(Exception):
    """The source cannot be read; the text is the reason."""


@contextmanager
def _reading_source() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _Unread(source_reason(error) or error.strerror or str(error)) from error


@contextmanager
def _opened(tree: Tree, path: bytes) -> Iterator[int]:
    descriptor = tree.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
