"""Copies one file: in chunks, with its holes, resumed in the middle, and put in place in one step.

The content goes into a temporary file beside the destination. A file that takes longer is flushed to storage every
second, and only then `PartialCopy.proven` advances: so everything that a checkpoint counts is on storage. The next
attempt goes on from there if the source was not changed since; otherwise the file starts anew.

A file that changes while it is copied is tried again. If it only grows (a log), the copy goes on, and after the last
try it ends where the file ended when that try began. Before that copy counts, all of it is compared with the source,
since a database or a disk image may grow and change at the same time. The same comparison follows if the source was
changed but has the same modification time, since a program may have set the time back.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from asynctask_nas import attributes
from asynctask_nas.contents import ContentReader, turns
from asynctask_nas.destination import Destination
from asynctask_nas.entries import Entry, Kind, Skipped, entry_of, look_in, source_reason
from asynctask_nas.holes import content_to_copy
from asynctask_nas.notes import REFUSED, joined, note_of_grown
from asynctask_nas.pace import Pace, PaceStopped
from asynctask_nas.paths import parent
from asynctask_nas.tree import Tree

TRIES = 3
"""How often a file that changes during the copy is tried."""
LARGE_BYTES = 8 << 20
"""From this size on a file is flushed by itself; a smaller one is cheaper to copy again, unless it is slow."""
_LONGEST_STEP = 64 << 20
_PROVE_S = 1.0
"""Longest time between two flushes of a file that is written slowly: a kill loses at most this much work."""
_SYNC_S = 0.25
"""Target duration of a flush: a stop waits for one."""
_clock = time.monotonic


@dataclass(slots=True)
class PartialCopy:
    """The progress of one file; other threads read all fields but the first three.

    `written` and `proven` are positions in the file; `proven` is the one up to which it is on storage. `moved` and
    `stored` are the bytes of content before them: holes do not count, since they would distort the rate. `note` is the
    item's note (`asynctask_nas.notes`).
    """

    path: bytes
    size: int = 0
    mtime_ns: int = 0
    written: int = 0
    proven: int = 0
    moved: int = 0
    stored: int = 0
    note: str = ""
    grew: bool = False
    """The source grew since it was read, so the copy must be compared with it before it counts."""
    ctime_ns: int = 0
    """When the source was last changed in any way; 0 if not known."""

    def restart(self) -> None:
        """Count nothing as copied."""
        self.written = self.proven = self.moved = self.stored = 0
        self.grew = False


class SourceChanged(Exception):
    """The source changed since the copy began; `grew` is true if it is longer now."""

    def __init__(self, *, grew: bool = False) -> None:
        super().__init__()
        self.grew = grew


class CopyUnread(OSError):
    """The destination's copy of a file cannot be read."""


def copy_file(source: Tree | bytes, part: PartialCopy, destination: Destination, pace: Pace) -> Entry:
    """Copy `source`/`part.path`, from `part.proven` on if that is possible; returns the source as it was copied.

    Raises:
        Skipped: the source cannot be copied now, or changed `TRIES` times, not only at its end.
        PaceStopped: a stop was asked for; `part.proven` is durable.
        OSError: the destination failed.
    """
    part.note = ""
    source = Tree.of(source)
    for left in reversed(range(TRIES)):
        try:
            return _copy_once(source, part, destination, pace, is_last=not left)
        except SourceChanged as change:
            if change.grew:
                part.grew = True
            else:
                part.restart()
        except Skipped:
            remove_part(part.path, destination)
            raise
        except OSError:
            if not part.proven:
                remove_part(part.path, destination)  # it cannot be resumed, and takes space
            raise
    remove_part(part.path, destination)
    raise Skipped(f"changed while it was copied, {TRIES} times")


def remove_part(path: bytes, destination: Destination) -> None:
    """Delete the temporary file of `path`, if there is one."""
    with suppress(OSError), destination.tree.folder(parent(path)) as folder:
        os.unlink(destination.part_name(path), dir_fd=folder)


def _copy_once(
    source: Tree, part: PartialCopy, destination: Destination, pace: Pace, *, is_last: bool
) -> Entry:
    temporary = destination.part_name(part.path)
    with (
        destination.folder(parent(part.path)) as folder,
        _open_source(source, part.path) as (reader, entry),
    ):
        # Otherwise it may have other content with the same size and time.
        is_untouched = part.ctime_ns in {0, entry.ctime_ns}
        is_same = is_untouched and (part.size, part.mtime_ns) == (entry.size, entry.mtime_ns)
        goes_on = is_same or (part.grew and part.size <= entry.size)
        if not goes_on:
            # Before anything below can fail: what was proven belongs to other content than the new size and time.
            part.restart()
        part.size, part.mtime_ns, part.ctime_ns = entry.size, entry.mtime_ns, entry.ctime_ns
        if entry.size >= LARGE_BYTES:
            destination.check_replaceable(folder, part.path)
        with _open_part(folder, part.path, part.proven if goes_on else 0, destination) as (writer, offset):
            if offset:
                part.written, part.moved = offset, part.stored
            else:
                part.restart()
            try:
                left = content_to_copy(reader, entry, part.proven, destination.holds)
                _copy_content(reader, writer, left, part, pace)
            except PaceStopped:
                _prove(writer, part)
                raise
            is_touched = _check_unchanged(reader, writer, entry, part, is_last=is_last)
            if part.grew or is_touched:
                _check_same(reader, writer, entry.size, part, pace)
                part.grew = False
            if entry.allocated < entry.size:
                os.ftruncate(writer, entry.size)  # a hole at the end
            is_whole = attributes.apply(writer, entry, _attributes_of(reader), destination.holds)
            if entry.size >= LARGE_BYTES:
                os.fsync(writer)
        try:
            destination.replace(folder, temporary, part.path)
        except FileNotFoundError:
            if look_in(folder, temporary) is not None:
                # Some drivers report a refused name with this error.
                remove_part(part.path, destination)
                raise Skipped("destination: name refused") from None
            # Another executor, which lost this task and did not know it yet, has put it in place.
            raise SourceChanged from None
        if not is_whole:
            part.note = joined(part.note, REFUSED)
        return entry


def is_copied(source: Tree | bytes, part: PartialCopy, destination: Destination, pace: Pace) -> bool:
    """Tell whether the destination has the content of `source`/`part.path` already; both are read.

    Raises:
        Skipped: the source cannot be read now.
        PaceStopped: a stop was asked for.
    """
    with _open_source(Tree.of(source), part.path) as (reader, entry):
        try:
            copy = destination.tree.open(part.path, os.O_RDONLY | os.O_NONBLOCK)
        except OSError:
            return False
        try:
            _check_same(reader, copy, entry.size, part, pace)
            return os.fstat(copy).st_size == os.fstat(reader).st_size
        except (SourceChanged, CopyUnread):
            return False  # a copy that is damaged on its disk is replaced by a new one
        finally:
            os.close(copy)


@contextmanager
def _open_source(source: Tree, path: bytes) -> Iterator[tuple[int, Entry]]:
    flags = os.O_RDONLY | os.O_NONBLOCK
    try:
        try:
            descriptor = source.open(path, flags | getattr(os, "O_NOATIME", 0))
        except PermissionError:
            # Only owners may read without updating the access time.
            descriptor = source.open(path, flags)
    except OSError as error:
        raise _skipped(error) from error
    try:
        entry = entry_of(os.fstat(descriptor))
        if entry.kind is not Kind.FILE:
            raise Skipped(f"is a {entry.kind.value} now")
        yield descriptor, entry
    finally:
        os.close(descriptor)


@contextmanager
def _open_part(folder: int, path: bytes, proven: int, destination: Destination) -> Iterator[tuple[int, int]]:
    """Open the temporary file of `path` in the open `folder`, to go on at `proven`; or make a new one, at 0."""
    name = destination.part_name(path)
    descriptor = _reopen(folder, name, proven) if proven else None
    if descriptor is None:
        proven, descriptor = 0, _create(folder, name, parent(path), destination)
    try:
        yield descriptor, proven
    finally:
        os.close(descriptor)


def _reopen(folder: int, name: bytes, proven: int) -> int | None:
    try:
        descriptor = os.open(name, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
    except OSError:
        return None
    if os.fstat(descriptor).st_size < proven:
        os.close(descriptor)
        return None
    # What follows was written but never flushed: after a power cut it may be anything.
    os.ftruncate(descriptor, proven)
    return descriptor


def _create(folder: int, name: bytes, inside: bytes, destination: Destination) -> int:
    destination.begin_in(folder)
    flags = os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_CREAT | os.O_EXCL
    try:
        return os.open(name, flags, 0o600, dir_fd=folder)
    except FileExistsError:
        destination.make_way(folder, name, inside)
        return os.open(name, flags, 0o600, dir_fd=folder)


def _copy_content(
    reader: int, writer: int, left: Iterable[tuple[int, int]], part: PartialCopy, pace: Pace
) -> None:
    step, last, proven_at = LARGE_BYTES, part.proven, _clock()
    for start, end in left:
        part.written = offset = start
        while offset < end:
            count = min(pace.chunk_bytes, end - offset)
            pace.take(count)
            chunk = _read(reader, count, offset)
            _write(writer, chunk, offset)
            offset += len(chunk)
            part.written = offset
            part.moved += len(chunk)
            is_step = offset - last >= step
            is_late = offset < part.size and _clock() - proven_at >= _PROVE_S
            if is_step or is_late:
                taken = _prove(writer, part)
                last, proven_at = offset, _clock()
                if is_step:
                    step = (
                        min(step * 2, _LONGEST_STEP) if taken < _SYNC_S else max(step // 2, pace.chunk_bytes)
                    )
    part.written = part.size


def _read(reader: int, count: int, offset: int) -> bytes:
    try:
        chunk = os.pread(reader, count, offset)
    except OSError as error:
        raise _skipped(error) from error
    if not chunk:
        raise SourceChanged
    return chunk


def _attributes_of(reader: int) -> dict[bytes, bytes] | None:
    try:
        return attributes.to_copy(reader)
    except OSError as error:
        raise _skipped(error) from error


def _write(writer: int, chunk: bytes, offset: int) -> None:
    view = memoryview(chunk)
    while view:
        count = os.pwrite(writer, view, offset)
        view, offset = view[count:], offset + count


def _prove(writer: int, part: PartialCopy) -> float:
    """Flush what was written; returns the seconds that took."""
    begin = _clock()
    if os.fstat(writer).st_size < part.written:
        os.ftruncate(writer, part.written)  # it ends with a hole; `_reopen` rejects shorter files
    os.fsync(writer)
    part.proven, part.stored = part.written, part.moved
    return _clock() - begin


def _check_unchanged(reader: int, writer: int, entry: Entry, part: PartialCopy, *, is_last: bool) -> bool:
    """Tell whether the source was changed while it was copied, so that both must be compared."""
    now = entry_of(os.fstat(reader))
    if (now.size, now.mtime_ns) == (entry.size, entry.mtime_ns):
        return now.ctime_ns != entry.ctime_ns
    grew = now.size > entry.size
    if not grew:
        raise SourceChanged
    if not is_last:
        _prove(writer, part)
        raise SourceChanged(grew=True)
    part.note = note_of_grown(entry.size)
    return True


def _check_same(reader: int, writer: int, size: int, part: PartialCopy, pace: Pace) -> None:
    """Compare the copy with the source as it is now, which may have changed during the copy, not only grown.

    Meanwhile `part.moved` is the progress of the comparison.
    """
    source, copy = ContentReader(reader, _reading_source), ContentReader(writer, _reading_copy)
    content, whole, before = source.content, max(1, source.content + copy.content), part.moved
    try:
        for turn in turns(source, copy, pace.chunk_bytes, size):
            for begin, end in turn:
                chunk = b"".join(source.read(begin, end, pace))
                if len(chunk) < end - begin:
                    raise SourceChanged
                # The copy may still lack a hole at its end.
                if b"".join(copy.read(begin, end, pace)).ljust(len(chunk), b"\0") != chunk:
                    raise SourceChanged
            part.moved = min(content, content * (source.moved + copy.moved) // whole)
    finally:
        part.moved = before


@contextmanager
def _reading_source() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _skipped(error) from error


@contextmanager
def _reading_copy() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CopyUnread(error.errno, error.strerror) from error


def _skipped(error: OSError) -> BaseException:
    reason = source_reason(error)
    return error if reason is None else Skipped(reason)
