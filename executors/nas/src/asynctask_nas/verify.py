"""Does a copy equal its source? Checked after the transfer, for the entries that this task copied.

If a source changed after the comparison, a difference proves nothing: the next run copies it again. It counts as
`moved_on`, not as different, unless the next run would take the copy for a good one. A source that cannot be read
proves nothing about its copy either.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

import xxhash

from asynctask_nas.changes import Action, Change
from asynctask_nas.contents import ContentReader, turns
from asynctask_nas.entries import Entry, Kind, source_reason
from asynctask_nas.holds import Holds
from asynctask_nas.pace import Pace
from asynctask_nas.tree import Tree

CHECKED = frozenset({Action.COPY, Action.LINK, Action.SYMLINK})
"""Actions whose results are verified."""
MISSING = "missing"
"""The difference of an entry without any copy."""
_TURN_BYTES = 8 << 20
"""How much is read of one side before the other one: large enough to limit seeks if both are on one disk."""
_SMALL = 64 << 10
"""Up to this size each side is read in one call."""

_NAMES_KEPT = 65_536
"""Most files with several names that are remembered as compared."""

Tick = Callable[[int, int], None]
"""Called with how much of a large file has been compared, and how much there is, both as bytes of its item."""
Names = tuple[int, int, int, int]


class CopyVerdict(StrEnum):
    """The result of comparing one item."""

    EQUAL = "equal"
    DIFFERENT = "different"
    MOVED_ON = "the source changed since"
    UNREADABLE = "the source cannot be read"


@dataclass(frozen=True, slots=True)
class Verifier:
    """Compares items one after the other; "size" compares size and time, "checksum" reads both sides in full."""

    source: Tree | bytes
    destination: Tree | bytes
    how: Literal["size", "checksum"]
    holds: Holds
    pace: Pace
    equal: set[Names] = field(default_factory=set[Names])
    """Files with several names whose contents were equal, so that their other names are not read again."""

    def check(self, change: Change, tick: Tick = lambda _, __: None) -> tuple[CopyVerdict, str]:
        """Compare one item; the text says how it differs, or why it cannot be read.

        `tick` gets the progress of a large file.

        Raises:
            PaceStopped: a stop was asked for.
        """
        try:
            entry = self._original(change)
            if entry is None:
                return CopyVerdict.MOVED_ON, ""
            verdict, said = self._compare(change, entry, tick)
            is_settled = (
                verdict is CopyVerdict.EQUAL or self._is_still(change, entry) or self.passes(change, entry)
            )
        except _Unread as unread:
            return CopyVerdict.UNREADABLE, str(unread)
        return (verdict, said) if is_settled else (CopyVerdict.MOVED_ON, "")

    def _compare(self, change: Change, entry: Entry, tick: Tick) -> tuple[CopyVerdict, str]:
        try:
            differs = self._difference(change, entry, tick)
        except _Unread as unread:
            return CopyVerdict.UNREADABLE, str(unread)
        except OSError as error:
            differs = f"cannot be read: {error.strerror}"
        return (CopyVerdict.DIFFERENT, differs) if differs else (CopyVerdict.EQUAL, "")

    def _original(self, change: Change) -> Entry | None:
        with _reading_source():
            return Tree.of(self.source).look(change.path)

    def _is_still(self, change: Change, entry: Entry) -> bool:
        """Tell whether the source is still as at the comparison, before and after it was read."""
        now = self._original(change)
        facts = (entry.kind, entry.size, entry.mtime_ns)
        if now is None or (now.kind, now.size, now.mtime_ns) != facts or entry.mtime_ns != change.mtime_ns:
            return False
        return change.action is not Action.COPY or entry.size == change.length

    def passes(self, change: Change, entry: Entry | None = None) -> bool:
        """Tell whether the next run would take a differing copy for a good one, since size and time are the source's.

        `entry` is the source as it was when both were compared.
        """
        now = copy = None
        with suppress(OSError):
            now, copy = (Tree.of(side).look(change.path) for side in (self.source, self.destination))
        if now is None or copy is None or not now.kind is copy.kind is Kind.FILE or now.size != copy.size:
            return False
        if entry is not None and (now.size, now.mtime_ns) != (entry.size, entry.mtime_ns):
            return False
        changed_ns = now.mtime_ns if self.holds.times else max(now.mtime_ns, now.ctime_ns)
        return self.holds.same_time(changed_ns, copy.mtime_ns)

    def _difference(self, change: Change, entry: Entry, tick: Tick) -> str:
        copy = Tree.of(self.destination).look(change.path)
        if copy is None:
            return MISSING
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

    def _content_difference(self, change: Change, tick: Tick) -> str:
        with ExitStack() as files:
            with _reading_source():
                source = files.enter_context(_opened(Tree.of(self.source), change.path))
                about = os.fstat(source)
            copy = files.enter_context(_opened(Tree.of(self.destination), change.path))
            names = _names(about, os.fstat(copy)) if change.action is Action.LINK else None
            if names in self.equal:
                return ""
            if hasattr(os, "posix_fadvise"):
                # Recently written content is in memory; drop it there, to read it from storage.
                os.posix_fadvise(copy, 0, 0, os.POSIX_FADV_DONTNEED)
            if self._are_small_and_same(source, copy):
                tick(change.size, change.size)
                differs = ""
            else:
                with _reading_source():
                    original = ContentReader(source, _reading_source)
                differs = self._checksum_difference(original, ContentReader(copy), change, tick)
            if not differs and about.st_nlink > 1:
                self.equal.add(_names(about, os.fstat(copy)))
                if len(self.equal) > _NAMES_KEPT:
                    self.equal.clear()
            return differs

    def _checksum_difference(
        self, source: ContentReader, copy: ContentReader, change: Change, tick: Tick
    ) -> str:
        if source.size != copy.size:
            return f"has {copy.size:,} bytes instead of {source.size:,}"
        whole = max(1, source.content + copy.content)
        # A link's item has size 0: its content counts for the item that it links to.
        size = whole // 2 if change.action is Action.LINK else change.size
        sides, read = [(source, xxhash.xxh3_128()), (copy, xxhash.xxh3_128())], 0
        # In turns, since one side may be much slower: otherwise the progress of one would not predict the other.
        for turn in turns(source, copy, _TURN_BYTES, source.size):
            read += sum(end - begin for begin, end in turn)
            for side, digest in sides:
                for begin, end in turn:
                    for chunk in side.read(begin, end, self.pace):
                        digest.update(chunk)
                        tick(min(size, size * (source.moved + copy.moved) // whole), size)
        original, found = (digest.hexdigest() for _, digest in sides)
        holes = " without holes" if read < source.size else ""
        return "" if original == found else f"has checksum {found} instead of {original} (xxh3_128{holes})"

    def _are_small_and_same(self, source: int, copy: int) -> bool:
        """Compare two small files without checksums. False if a closer look is needed, which also reports errors."""
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


def _names(source: os.stat_result, copy: os.stat_result) -> Names:
    return source.st_dev, source.st_ino, copy.st_dev, copy.st_ino


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
