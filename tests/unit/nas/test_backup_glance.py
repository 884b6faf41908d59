"""What a glance takes for unchanged, and what it leaves to the comparison. `trees.changes` compares both each time."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from asynctask_nas.exclude import Exclude
from asynctask_nas.glance import Glance
from asynctask_nas.holds import Holds
from asynctask_nas.sides import FolderSide
from asynctask_nas.tree import Tree
from asynctask_nas.walk import Walk
from asynctask_nas.working_folder import WorkingFolder, with_working_folder
from tests.unit.nas.trees import back_up, changes


def looked_at(source: Path, destination: Path, holds: Holds | None = None, exclude: str = "") -> Glance:
    glance = Glance(holds or Holds())
    exclusion = Exclude([exclude] if exclude else [])
    for _ in Walk(os.fsencode(source), os.fsencode(destination), exclusion).skip_same(glance):
        pass
    return glance


def a_held_tree(root: Path) -> Tree:
    descriptor = os.open(root, os.O_RDONLY)
    try:
        return Tree(os.fsencode(root), descriptor, keeps=16)
    finally:
        os.close(descriptor)


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


@pytest.fixture
def many(source: Path, destination: Path) -> None:
    """A folder of 300 empty files that both sides have."""
    for root in (source, destination):
        (root / "folder").mkdir(parents=True)
        for number in range(300):
            path = root / f"folder/{number:03}"
            path.touch()
            os.utime(path, ns=(0, 0))


def test_one_of_many_comes_as_a_pair_so_that_progress_is_told(
    many: None, source: Path, destination: Path
) -> None:
    glance = Glance(Holds())
    pairs = [pair.path for pair in Walk(os.fsencode(source), os.fsencode(destination)).skip_same(glance)]
    assert pairs == [b".", b"folder", b"folder/255"]
    assert glance.files == 299


def test_walk_that_shall_stop_gives_a_pair_after_a_few_files(
    many: None, source: Path, destination: Path
) -> None:
    glance = Glance(Holds(), hurries=lambda: glance.files > 0)
    walk = iter(Walk(os.fsencode(source), os.fsencode(destination)).skip_same(glance))
    assert [next(walk).path for _ in range(3)] == [b".", b"folder", b"folder/064"]
    assert glance.files == 64


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


KINDS = ["same", "same", "same", "same", "changed", "attributed", "folder", "link", "new", "extra"]


def a_pair_of_trees(source: Path, destination: Path, kinds: list[str]) -> None:
    """A folder with an entry of each of the kinds, in this order, on both sides."""
    for root in (source, destination):
        (root / "folder").mkdir(parents=True)
        for number, kind in enumerate(kinds):
            if kind == ("extra" if root is source else "new"):
                continue
            path = root / f"folder/{number:02}"
            if kind == "link":
                path.symlink_to("nowhere")
                continue
            if kind == "folder":
                path.mkdir()
                path /= "file"
            path.write_bytes(b"x" * number)
            if kind == "attributed":
                os.setxattr(path, "user.color", b"blue")
            time = 1 if kind == "changed" and root is source else 0
            os.utime(path, ns=(time, time))


@settings(max_examples=25, deadline=None)
@given(kinds=st.lists(st.sampled_from(KINDS), max_size=20), at=st.integers(0, 50), is_own=st.booleans())
@example(kinds=["attributed", *["same"] * 6, "attributed", "same"], at=2, is_own=True)
@example(kinds=["same", "folder", "same", "changed", "same", "changed"], at=4, is_own=False)
def test_pairs_and_what_is_counted_before_them_are_the_whole_wherever_a_walk_goes_on_from(
    kinds: list[str], at: int, is_own: bool
) -> None:
    """Fails when what comes after a pair is counted before it: a walk that goes on from there counts it again."""

    def look(working: WorkingFolder | None) -> None:
        glance = Glance(Holds(), working=working if is_own else None)
        counted = list[tuple[bytes, int]]()
        for pair in Walk(*roots).skip_same(glance):
            assert list(whole)[: len(counted) + glance.files + 1][-1] == pair.path
            counted.append((pair.path, glance.files))
        assert len(counted) + glance.files == len(whole)
        came = {path for path, _ in counted}
        assert {kind for path, kind in whole.items() if path not in came} <= {"same"}
        after, before = counted[at % len(counted)]
        rest = Glance(Holds(), working=working if is_own else None)
        pairs = [pair.path for pair in Walk(*roots, after=after).skip_same(rest)]
        assert pairs == [path for path, _ in counted[at % len(counted) + 1 :]]
        assert before + rest.files == glance.files

    with tempfile.TemporaryDirectory() as folder:
        source, destination = Path(folder, "source"), Path(folder, "destination")
        try:
            a_pair_of_trees(source, destination, kinds)
        except OSError as error:
            pytest.skip(f"this file system has no extended attributes: {error}")
        roots = os.fsencode(source), os.fsencode(destination)
        whole: dict[bytes, str] = {}
        for pair in Walk(*roots):
            name = pair.path.rpartition(b"/")[2]
            inside = "same" if name == b"file" else ""
            whole[pair.path] = inside or (kinds[int(name)] if name.isdigit() else "folder")
        with_working_folder(look)


@pytest.mark.parametrize("side", ["source", "destination"])
@pytest.mark.parametrize("is_own", [True, False])
def test_glance_looks_into_no_folder_that_takes_the_place_of_another(
    same: Path, source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch, side: str, is_own: bool
) -> None:
    """Fails when a path is followed once more: the files behind the link have extended attributes and other times."""
    swapped = (source if side == "source" else destination) / "folder"
    outside = source.parent / "outside"
    outside.mkdir()
    for number in range(10):
        (outside / str(number)).write_bytes(b"x" * number)
    real = FolderSide.facts

    def facts(self: FolderSide, names: Sequence[bytes], working: WorkingFolder | None = None) -> Any:
        found = real(self, names, working)
        if not swapped.is_symlink():
            swapped.rename(swapped.with_name("as it was"))
            swapped.symlink_to(outside)
        return found

    def look(working: WorkingFolder | None) -> int:
        glance = Glance(Holds(), working=working if is_own else None)
        one, other = a_held_tree(source), a_held_tree(destination)
        walk = iter(Walk(one, other).skip_same(glance))
        assert [next(walk).path for _ in range(2)] == [b".", b"folder"]
        assert one.names(b"folder") == other.names(b"folder")
        monkeypatch.setattr(FolderSide, "facts", facts)
        assert list(walk) == []
        return glance.files

    try:
        for number in range(10):
            os.setxattr(outside / str(number), "user.color", b"blue")
    except OSError as error:
        pytest.skip(f"this file system has no extended attributes: {error}")
    assert with_working_folder(look) == 10
