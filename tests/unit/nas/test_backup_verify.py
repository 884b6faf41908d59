from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any, Literal

import pytest

from asynctask_nas import verify
from asynctask_nas.capabilities import Holds
from asynctask_nas.changes import Action, Change
from asynctask_nas.copy import Part
from asynctask_nas.pace import Pace, Stopped
from asynctask_nas.throttle import Throttle
from asynctask_nas.verify import Verdict, Verifier
from tests.unit.nas.trees import a_performer, changes


@pytest.fixture
def copied(source: Path, destination: Path) -> Change:
    (source / "a").write_bytes(b"x" * 3_000_000)
    (found,) = [one for one in changes(source, destination) if one.action is Action.COPY]
    a_performer(source, destination).perform(found, Part(b"a"))
    return found


def verdict(
    source: Path,
    destination: Path,
    change: Change,
    how: Literal["size", "checksum"],
    pace: Pace | None = None,
) -> tuple[Verdict, str]:
    pace = pace or Pace(Throttle(None))
    return Verifier(os.fsencode(source), os.fsencode(destination), how, Holds(), pace).check(change)


@pytest.mark.parametrize("how", ["size", "checksum"])
def test_good_copy_is_equal(
    source: Path, destination: Path, copied: Change, how: Literal["size", "checksum"]
) -> None:
    assert verdict(source, destination, copied, how) == (Verdict.EQUAL, "")


def test_changed_byte_is_found_by_checksum_only(source: Path, destination: Path, copied: Change) -> None:
    facts = os.stat(destination / "a")
    with open(destination / "a", "r+b") as file:
        file.seek(2_000_000)
        file.write(b"y")
    os.utime(destination / "a", ns=(facts.st_mtime_ns, facts.st_mtime_ns))
    assert verdict(source, destination, copied, "size")[0] is Verdict.EQUAL
    found, said = verdict(source, destination, copied, "checksum")
    assert found is Verdict.DIFFERENT
    assert "has checksum" in said


@pytest.mark.parametrize("size", [0, 500, 64 << 10])
def test_small_copy_is_compared_byte_by_byte(source: Path, destination: Path, size: int) -> None:
    """Fails when a byte that rotted in a small copy is passed over, or is not told with both checksums."""
    (source / "a").write_bytes(b"x" * size)
    (found,) = [one for one in changes(source, destination) if one.action is Action.COPY]
    a_performer(source, destination).perform(found, Part(b"a"))
    assert verdict(source, destination, found, "checksum") == (Verdict.EQUAL, "")
    if size:
        facts = os.stat(destination / "a")
        (destination / "a").write_bytes(b"x" * (size - 1) + b"y")
        os.utime(destination / "a", ns=(facts.st_mtime_ns, facts.st_mtime_ns))
        differs, said = verdict(source, destination, found, "checksum")
        assert differs is Verdict.DIFFERENT
        assert "has checksum" in said
        assert "instead of" in said


def test_missing_short_and_touched_copies_are_found_by_size(
    source: Path, destination: Path, copied: Change
) -> None:
    os.utime(destination / "a", ns=(5, 5))
    assert verdict(source, destination, copied, "size") == (Verdict.DIFFERENT, "has another time")
    os.truncate(destination / "a", 10)
    assert verdict(source, destination, copied, "size") == (
        Verdict.DIFFERENT,
        "has 10 bytes instead of 3,000,000",
    )
    (destination / "a").unlink()
    assert verdict(source, destination, copied, "size") == (Verdict.DIFFERENT, "missing")
    (destination / "a").mkdir()
    assert verdict(source, destination, copied, "size") == (Verdict.DIFFERENT, "is a folder")


@pytest.mark.parametrize("how", ["size", "checksum"])
def test_source_that_changed_since_is_no_difference(
    source: Path, destination: Path, copied: Change, how: Literal["size", "checksum"]
) -> None:
    (source / "a").write_text("newer")
    assert verdict(source, destination, copied, how) == (Verdict.MOVED_ON, "")
    (source / "a").unlink()
    assert verdict(source, destination, copied, how) == (Verdict.MOVED_ON, "")


def test_copy_of_a_source_that_changed_between_comparison_and_transfer_is_equal(
    source: Path, destination: Path, copied: Change
) -> None:
    (source / "a").write_text("newer")
    a_performer(source, destination).perform(copied, Part(b"a"))
    assert verdict(source, destination, copied, "checksum") == (Verdict.EQUAL, "")


def test_symbolic_links_are_compared_by_where_they_point(source: Path, destination: Path) -> None:
    os.symlink("one", source / "l")
    (found,) = [one for one in changes(source, destination) if one.action is Action.SYMLINK]
    a_performer(source, destination).perform(found, Part(b"l"))
    assert verdict(source, destination, found, "size") == (Verdict.EQUAL, "")
    (destination / "l").unlink()
    os.symlink("two", destination / "l")
    assert verdict(source, destination, found, "size") == (Verdict.DIFFERENT, "points elsewhere")


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
    assert verdict(source, destination, copied, "checksum", pace)[0] is Verdict.EQUAL
    assert pace.taken == 2 * 3_000_000


def test_verification_is_as_far_as_what_it_took_from_the_limit(
    source: Path, destination: Path, copied: Change
) -> None:
    pace, seen = Counts(), list[tuple[int, int]]()
    verifier = Verifier(os.fsencode(source), os.fsencode(destination), "checksum", Holds(), pace)
    verifier.check(copied, lambda done: seen.append((done, pace.taken)))
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
    assert verdict(source, destination, copied, "checksum") == (Verdict.EQUAL, "")
    assert len(read) == 2
    assert max(lead) <= 1 << 20


def test_verification_stops_in_the_middle_of_a_file(source: Path, destination: Path, copied: Change) -> None:
    pace = Pace(Throttle(None))
    pace.stop()
    with pytest.raises(Stopped):
        verdict(source, destination, copied, "checksum", pace)


def test_holes_are_compared_and_cost_nothing(source: Path, destination: Path) -> None:
    """Fails when a checksum of a file with holes reads, shows and limits more than there is."""
    with open(source / "image", "wb") as file:
        for at in (0, 20 << 20, 60 << 20):
            file.seek(at)
            file.write(b"x" * (1 << 20))
        file.truncate(100 << 20)
    found = next(one for one in changes(source, destination) if one.action is Action.COPY)
    a_performer(source, destination).perform(found, Part(b"image"))
    taken: list[int] = []
    ticks: list[int] = []

    class Watch(Pace):
        def take(self, count: int) -> None:
            taken.append(count)

    checker = Verifier(
        os.fsencode(source), os.fsencode(destination), "checksum", Holds(), Watch(Throttle(None))
    )
    assert checker.check(found, ticks.append) == (Verdict.EQUAL, "")
    assert sum(taken) == 2 * found.size == 6 << 20
    assert ticks == sorted(ticks)
    assert ticks[-1] == found.size
    for wrong in (b"y", b"\0"):
        facts = os.stat(destination / "image")
        with open(destination / "image", "r+b") as file:
            file.seek(40 << 20 if wrong == b"y" else 20 << 20)
            file.write(wrong)
        os.utime(destination / "image", ns=(facts.st_mtime_ns, facts.st_mtime_ns))
        assert checker.check(found)[0] is Verdict.DIFFERENT
        copy = (source / "image").read_bytes()
        (destination / "image").write_bytes(copy)
        os.utime(destination / "image", ns=(found.mtime_ns, found.mtime_ns))
        assert checker.check(found) == (Verdict.EQUAL, "")


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
    assert verdict(source, destination, copied, "checksum") == (Verdict.UNREADABLE, said)


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
    assert verdict(source, destination, copied, "checksum") == (Verdict.DIFFERENT, said)
