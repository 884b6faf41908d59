from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any, Literal

import pytest

from asynctask_nas import verify
from asynctask_nas.changes import Action, Change
from asynctask_nas.copy import PartialCopy
from asynctask_nas.holds import Holds
from asynctask_nas.pace import Pace, PaceStopped
from asynctask_nas.throttle import Throttle
from asynctask_nas.verify import CopyVerdict, Verifier
from tests.unit.nas.trees import a_performer, changes


@pytest.fixture
def copied(source: Path, destination: Path) -> Change:
    (source / "a").write_bytes(b"x" * 3_000_000)
    (found,) = [one for one in changes(source, destination) if one.action is Action.COPY]
    a_performer(source, destination).perform(found, PartialCopy(b"a"))
    return found


def verdict(
    source: Path,
    destination: Path,
    change: Change,
    how: Literal["size", "checksum"],
    pace: Pace | None = None,
) -> tuple[CopyVerdict, str]:
    pace = pace or Pace(Throttle(None))
    return Verifier(os.fsencode(source), os.fsencode(destination), how, Holds(), pace).check(change)


@pytest.mark.parametrize("how", ["size", "checksum"])
def test_good_copy_is_equal(
    source: Path, destination: Path, copied: Change, how: Literal["size", "checksum"]
) -> None:
    assert verdict(source, destination, copied, how) == (CopyVerdict.EQUAL, "")


def test_changed_byte_is_found_by_checksum_only(source: Path, destination: Path, copied: Change) -> None:
    facts = os.stat(destination / "a")
    with open(destination / "a", "r+b") as file:
        file.seek(2_000_000)
        file.write(b"y")
    os.utime(destination / "a", ns=(facts.st_mtime_ns, facts.st_mtime_ns))
    assert verdict(source, destination, copied, "size")[0] is CopyVerdict.EQUAL
    found, said = verdict(source, destination, copied, "checksum")
    assert found is CopyVerdict.DIFFERENT
    assert said.endswith(" (xxh3_128)")


@pytest.mark.parametrize("size", [0, 500, 64 << 10])
def test_small_copy_is_compared_byte_by_byte(source: Path, destination: Path, size: int) -> None:
    """Fails when a byte that rotted in a small copy is passed over, or is not told with both checksums."""
    (source / "a").write_bytes(b"x" * size)
    (found,) = [one for one in changes(source, destination) if one.action is Action.COPY]
    a_performer(source, destination).perform(found, PartialCopy(b"a"))
    assert verdict(source, destination, found, "checksum") == (CopyVerdict.EQUAL, "")
    if size:
        facts = os.stat(destination / "a")
        (destination / "a").write_bytes(b"x" * (size - 1) + b"y")
        os.utime(destination / "a", ns=(facts.st_mtime_ns, facts.st_mtime_ns))
        differs, said = verdict(source, destination, found, "checksum")
        assert differs is CopyVerdict.DIFFERENT
        assert "has checksum" in said
        assert "instead of" in said


def test_missing_short_and_touched_copies_are_found_by_size(
    source: Path, destination: Path, copied: Change
) -> None:
    os.utime(destination / "a", ns=(5, 5))
    assert verdict(source, destination, copied, "size") == (CopyVerdict.DIFFERENT, "has another time")
    os.truncate(destination / "a", 10)
    assert verdict(source, destination, copied, "size") == (
        CopyVerdict.DIFFERENT,
        "has 10 bytes instead of 3,000,000",
    )
    (destination / "a").unlink()
    assert verdict(source, destination, copied, "size") == (CopyVerdict.DIFFERENT, "missing")
    (destination / "a").mkdir()
    assert verdict(source, destination, copied, "size") == (CopyVerdict.DIFFERENT, "is a folder")


@pytest.mark.parametrize("how", ["size", "checksum"])
def test_source_that_changed_since_is_no_difference(
    source: Path, destination: Path, copied: Change, how: Literal["size", "checksum"]
) -> None:
    (source / "a").write_text("newer")
    assert verdict(source, destination, copied, how) == (CopyVerdict.MOVED_ON, "")
    (source / "a").unlink()
    assert verdict(source, destination, copied, how) == (CopyVerdict.MOVED_ON, "")


def test_copy_of_a_source_that_changed_between_comparison_and_transfer_is_equal(
    source: Path, destination: Path, copied: Change
) -> None:
    (source / "a").write_text("newer")
    a_performer(source, destination).perform(copied, PartialCopy(b"a"))
    assert verdict(source, destination, copied, "checksum") == (CopyVerdict.EQUAL, "")


def test_symbolic_links_are_compared_by_where_they_point(source: Path, destination: Path) -> None:
    os.symlink("one", source / "l")
    (found,) = [one for one in changes(source, destination) if one.action is Action.SYMLINK]
    a_performer(source, destination).perform(found, PartialCopy(b"l"))
    assert verdict(source, destination, found, "size") == (CopyVerdict.EQUAL, "")
    (destination / "l").unlink()
    os.symlink("two", destination / "l")
    assert verdict(source, destination, found, "size") == (CopyVerdict.DIFFERENT, "points elsewhere")


class Counts(Pace):
    """Lets everything through and counts it."""

    def __init__(self) -> None:
        super().__init__(Throttle(None))
        self.taken = 0

    def take(self, count: int) -> None:
        self.taken += count


def test_verification_takes_from_the_limit_what_both_sides_have_and_no_more(
    source: Path, destination: Path, copied: Change
) -> None:
    pace = Counts()
    assert verdict(source, destination, copied, "checksum", pace)[0] is CopyVerdict.EQUAL
    assert pace.taken == 2 * 3_000_000


def test_verification_is_as_far_as_what_it_took_from_the_limit(
    source: Path, destination: Path, copied: Change
) -> None:
    pace, seen = Counts(), list[tuple[int, int]]()
    verifier = Verifier(os.fsencode(source), os.fsencode(destination), "checksum", Holds(), pace)
    verifier.check(copied, lambda done, _: seen.append((done, pace.taken)))
    assert len(seen) >= 6
    assert [done for done, _ in seen] == [taken // 2 for _, taken in seen]
    assert seen[-1][0] == 3_000_000


def test_verification_reads_both_sides_side_by_side(
    source: Path, destination: Path, copied: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of them may be much slower: read one after the other, the first half would say nothing about the second."""
    monkeypatch.setattr(verify, "_TURN_BYTES", 1 << 20)
    real, read, lead = os.pread, dict[int, int](), list[int]()

    def counted(descriptor: int, count: int, offset: int) -> bytes:
        chunk = real(descriptor, count, offset)
        read[descriptor] = read.get(descriptor, 0) + len(chunk)
        lead.append(max(read.values()) - min(read.values()) if len(read) > 1 else 0)
        return chunk

    monkeypatch.setattr(os, "pread", counted)
    assert verdict(source, destination, copied, "checksum") == (CopyVerdict.EQUAL, "")
    assert len(read) == 2
    assert max(lead) <= 1 << 20


def test_verification_stops_in_the_middle_of_a_file(source: Path, destination: Path, copied: Change) -> None:
    pace = Pace(Throttle(None))
    pace.stop()
    with pytest.raises(PaceStopped):
        verdict(source, destination, copied, "checksum", pace)


def test_holes_are_compared_and_cost_nothing(source: Path, destination: Path) -> None:
    """Fails when a checksum of a file with holes reads, shows and limits more than there is."""
    with open(source / "image", "wb") as file:
        for at in (0, 3 << 20, 6 << 20):
            file.seek(at)
            file.write(b"x" * (1 << 20))
        file.truncate(10 << 20)
    found = next(one for one in changes(source, destination) if one.action is Action.COPY)
    a_performer(source, destination).perform(found, PartialCopy(b"image"))
    taken: list[int] = []
    ticks: list[int] = []

    class Watch(Pace):
        def take(self, count: int) -> None:
            taken.append(count)

    checker = Verifier(
        os.fsencode(source), os.fsencode(destination), "checksum", Holds(), Watch(Throttle(None))
    )
    assert checker.check(found, lambda done, _: ticks.append(done)) == (CopyVerdict.EQUAL, "")
    assert sum(taken) == 2 * found.size == 6 << 20
    assert ticks == sorted(ticks)
    assert ticks[-1] == found.size
    for wrong in (b"y", b"\0"):
        facts = os.stat(destination / "image")
        with open(destination / "image", "r+b") as file:
            file.seek(5 << 20 if wrong == b"y" else 3 << 20)
            file.write(wrong)
        os.utime(destination / "image", ns=(facts.st_mtime_ns, facts.st_mtime_ns))
        assert checker.check(found)[0] is CopyVerdict.DIFFERENT
        copy = (source / "image").read_bytes()
        (destination / "image").write_bytes(copy)
        os.utime(destination / "image", ns=(found.mtime_ns, found.mtime_ns))
        assert checker.check(found) == (CopyVerdict.EQUAL, "")


class CountedPace(Pace):
    """Lets everything through, but not often: a hole of a terabyte is no million chunks."""

    def __init__(self, most: int) -> None:
        super().__init__(Throttle(None))
        self.counts: list[int] = []
        self._most = most

    def take(self, count: int) -> None:
        self.counts.append(count)
        assert len(self.counts) <= self._most


def with_time_of(file: Path, other: Path) -> None:
    times = other.stat()
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))


def a_large_hole(file: Path, *, size: int = 1 << 40) -> None:
    with file.open("wb") as opened:
        opened.write(b"begin")
        opened.seek(size - 3)
        opened.write(b"end")


def test_hole_of_a_terabyte_on_both_sides_takes_no_time(source: Path, destination: Path) -> None:
    """Fails when holes are hashed as zeros: 105 s, in which nothing moved."""
    a_large_hole(source / "image")
    found = next(one for one in changes(source, destination) if one.action is Action.COPY)
    a_performer(source, destination).perform(found, PartialCopy(b"image"))
    pace = CountedPace(20)
    assert verdict(source, destination, found, "checksum", pace) == (CopyVerdict.EQUAL, "")
    assert sum(pace.counts) == 2 * found.size
    with (destination / "image").open("r+b") as file:
        file.seek(1 << 39)
        file.write(b"x")
    with_time_of(destination / "image", source / "image")
    differs, said = verdict(source, destination, found, "checksum", CountedPace(20))
    assert differs is CopyVerdict.DIFFERENT
    assert said.endswith(" (xxh3_128 without holes)")


@pytest.mark.parametrize("side", ["source", "copy"])
def test_hole_on_one_side_equals_zeros_on_the_other(source: Path, destination: Path, side: str) -> None:
    """Fails when only what the source has is compared, or when a copy on FAT, which has no holes, differs."""
    a_large_hole(source / "image", size=3 << 20)
    found = next(one for one in changes(source, destination) if one.action is Action.COPY)
    a_performer(source, destination).perform(found, PartialCopy(b"image"))
    full = (source if side == "source" else destination) / "image"
    content = full.read_bytes()
    full.unlink()
    full.write_bytes(content)
    os.utime(full, ns=(found.mtime_ns, found.mtime_ns))
    pace = Counts()
    seen: list[tuple[int, int]] = []
    verifier = Verifier(os.fsencode(source), os.fsencode(destination), "checksum", Holds(), pace)
    assert verifier.check(found, lambda *done: seen.append(done)) == (CopyVerdict.EQUAL, "")
    assert pace.taken == (3 << 20) + found.size
    # It moves all the while, and ends where the content of the item does.
    assert seen == sorted(seen)
    assert len(seen) >= 3
    assert seen[-1] == (found.size, found.size)
    with full.open("r+b") as file:
        file.seek(1 << 20)
        file.write(b"x")
    os.utime(full, ns=(found.mtime_ns, found.mtime_ns))
    assert verdict(source, destination, found, "checksum")[0] is CopyVerdict.DIFFERENT


def test_other_name_of_a_compared_file_is_not_read_again(source: Path, destination: Path) -> None:
    """Fails when each name of a large file takes as long as the first, while the bar stands still."""
    (source / "a").write_bytes(b"x" * 3_000_000)
    os.link(source / "a", source / "b")
    performer = a_performer(source, destination)
    first, second = (one for one in changes(source, destination) if one.action is not Action.FOLDER)
    for one in (first, second):
        performer.perform(one, PartialCopy(one.path))
    pace = Counts()
    verifier = Verifier(os.fsencode(source), os.fsencode(destination), "checksum", Holds(), pace)
    assert verifier.check(first) == (CopyVerdict.EQUAL, "")
    assert second.action is Action.LINK
    assert verifier.check(second) == (CopyVerdict.EQUAL, "")
    assert pace.taken == 6_000_000
    os.unlink(destination / "b")
    (destination / "b").write_bytes(b"x" * 3_000_000)
    with_time_of(destination / "b", source / "b")
    # What is no name of the compared copy is read, and says how far it is of what.
    seen: list[tuple[int, int]] = []
    assert verifier.check(second, lambda *done: seen.append(done)) == (CopyVerdict.EQUAL, "")
    assert seen[0] == (500_000, 3_000_000) or len(seen) >= 6
    assert seen[-1] == (3_000_000, 3_000_000)
    assert pace.taken == 12_000_000


@pytest.mark.parametrize(
    ("call", "number"), [("stat", errno.EACCES), ("open", errno.EIO), ("pread", errno.EIO)]
)
def test_source_that_cannot_be_read_is_told_as_that(
    source: Path,
    destination: Path,
    copied: Change,
    call: str,
    number: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Fails when a lack of permission, or a damaged disk, of the source is told as a copy that differs."""
    real = getattr(os, call)
    file, folder = os.stat(source / "a"), os.stat(source)

    def is_source(what: Any, dir_fd: int | None) -> bool:
        if isinstance(what, int):
            return os.path.samestat(os.fstat(what), file)
        return what == b"a" and dir_fd is not None and os.path.samestat(os.fstat(dir_fd), folder)

    def fails(what: Any, *words: Any, **more: Any) -> Any:
        if is_source(what, more.get("dir_fd")):
            raise OSError(number, os.strerror(number), what)
        return real(what, *words, **more)

    monkeypatch.setattr(os, call, fails)
    said = {errno.EACCES: "permission denied", errno.EIO: "input/output error"}[number]
    assert verdict(source, destination, copied, "checksum") == (CopyVerdict.UNREADABLE, said)


def test_copy_that_cannot_be_read_differs(
    source: Path, destination: Path, copied: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.pread
    there = os.stat(destination / "a")

    def fails(descriptor: int, *words: Any) -> bytes:
        if os.path.samestat(os.fstat(descriptor), there):
            raise OSError(errno.EIO, "Input/output error")
        return real(descriptor, *words)

    monkeypatch.setattr(os, "pread", fails)
    said = "cannot be read: Input/output error"
    assert verdict(source, destination, copied, "checksum") == (CopyVerdict.DIFFERENT, said)
