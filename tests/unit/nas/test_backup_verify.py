from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

import pytest

from asynctask_nas.changes import Action, Change
from asynctask_nas.copy import Part
from asynctask_nas.pace import Pace, Stopped
from asynctask_nas.places import Holds
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


def test_verification_takes_from_the_limit_what_the_source_has_and_no_more(
    source: Path, destination: Path, copied: Change
) -> None:
    taken: list[int] = []

    class Counts(Pace):
        def take(self, count: int) -> None:
            taken.append(count)

    assert verdict(source, destination, copied, "checksum", Counts(Throttle(None)))[0] is Verdict.EQUAL
    assert sum(taken) == 3_000_000


def test_verification_stops_in_the_middle_of_a_file(source: Path, destination: Path, copied: Change) -> None:
    pace = Pace(Throttle(None))
    pace.stop()
    with pytest.raises(Stopped):
        verdict(source, destination, copied, "checksum", pace)
