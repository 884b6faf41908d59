"""What a glance takes for unchanged, and what it leaves to the comparison. `trees.changes` compares both each time."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from asynctask_nas.capabilities import Holds
from asynctask_nas.exclude import Exclude
from asynctask_nas.glance import Glance
from asynctask_nas.walk import Walk
from tests.unit.nas.trees import back_up, changes


def looked_at(source: Path, destination: Path, holds: Holds | None = None, exclude: str = "") -> Glance:
    glance = Glance(holds or Holds())
    exclusion = Exclude([exclude] if exclude else [])
    for _ in Walk(os.fsencode(source), os.fsencode(destination), exclusion).skip_same(glance):
        pass
    return glance


@pytest.fixture
def same(source: Path, destination: Path) -> Path:
    """A folder of ten files that both sides have, in the source."""
    folder = source / "folder"
    folder.mkdir()
    for number in range(10):
        (folder / str(number)).write_bytes(b"x" * number)
    back_up(source, destination)
    return folder


def test_what_is_the_same_is_counted_and_never_comes_as_a_pair(
    same: Path, source: Path, destination: Path
) -> None:
    glance = Glance(Holds())
    pairs = [pair.path for pair in Walk(os.fsencode(source), os.fsencode(destination)).skip_same(glance)]
    assert pairs == [b".", b"folder"]
    assert glance.take() == (10, 45, 45)
    assert glance.take() == (0, 0, 0)


def test_one_of_many_comes_as_a_pair_so_that_a_walk_can_be_stopped(source: Path, destination: Path) -> None:
    folder = source / "folder"
    folder.mkdir()
    for number in range(200):
        (folder / f"{number:03}").touch()
    back_up(source, destination)
    glance = Glance(Holds())
    pairs = list(Walk(os.fsencode(source), os.fsencode(destination)).skip_same(glance))
    assert len(pairs) == 2 + 3
    assert glance.files == 197


def test_copies_in_doubt_come_as_pairs_and_no_others(same: Path, source: Path, destination: Path) -> None:
    glance = Glance(Holds(), doubted=frozenset({b"3", b"gone"}))
    pairs = [pair.path for pair in Walk(os.fsencode(source), os.fsencode(destination)).skip_same(glance)]
    assert pairs == [b".", b"folder", b"folder/3"]
    assert glance.files == 9


DIFFERENCES: dict[str, Callable[[Path], object]] = {
    "content of another size": lambda path: path.write_bytes(b"another"),
    "another time": lambda path: os.utime(path, ns=(1, 1)),
    "another mode": lambda path: path.chmod(0o640),
    "an extended attribute": lambda path: os.setxattr(path, "user.color", b"blue"),
    "another name of it": lambda path: os.link(path, path.with_name("other")),
    "a folder in its place": lambda path: (path.unlink(), path.mkdir()),
}


@pytest.mark.parametrize("what", DIFFERENCES)
def test_a_difference_is_left_to_the_comparison(
    what: str, same: Path, source: Path, destination: Path
) -> None:
    try:
        DIFFERENCES[what](same / "3")
    except OSError as error:
        pytest.skip(f"this file system has no extended attributes: {error}")
    assert looked_at(source, destination).files == 9
    assert {change.path for change in changes(source, destination)} & {b"folder/3", b"folder/other"}


def test_an_attribute_that_only_the_copy_has_is_left_to_the_comparison(
    same: Path, source: Path, destination: Path
) -> None:
    try:
        os.setxattr(destination / "folder/3", "user.color", b"blue")
    except OSError as error:
        pytest.skip(f"this file system has no extended attributes: {error}")
    assert looked_at(source, destination).files == 9
    assert [change.path for change in changes(source, destination)] == [b"folder/3"]


def test_excluded_files_are_not_counted(same: Path, source: Path, destination: Path) -> None:
    assert looked_at(source, destination, exclude="[0-4]").files == 5


def test_nothing_is_taken_for_unchanged_of_which_the_destination_keeps_less(
    same: Path, source: Path, destination: Path
) -> None:
    (same / "3").chmod(0o4755)
    (destination / "folder/3").chmod(0o4755)
    facts = (same / "3").stat()
    kept = Holds(owners=False, uid=facts.st_uid, gid=facts.st_gid)
    assert looked_at(source, destination, kept).files == 9  # set-user-id is not kept without owners
    assert looked_at(source, destination, Holds(owners=False, uid=facts.st_uid + 1, gid=0)).files == 0
    assert looked_at(source, destination, Holds(mode_mask=0o777)).files == 9
    assert looked_at(source, destination, Holds(attributes=False)).files == 0
    assert looked_at(source, destination, Holds(times=False)).files == 0


def test_files_at_the_top_come_as_pairs(source: Path, destination: Path) -> None:
    (source / "file").touch()
    back_up(source, destination)
    assert looked_at(source, destination).files == 0
    assert stat.S_ISREG((destination / "file").stat().st_mode)
