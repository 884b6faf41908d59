"""What cannot be read is not gone: neither side loses anything by it, and it is told."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Sequence
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from asynctask_nas import sides
from asynctask_nas.changes import Action
from asynctask_nas.copy import PartialCopy
from asynctask_nas.entries import Skipped
from asynctask_nas.tree import Tree
from asynctask_nas.walk import Walk
from tests.unit.nas.test_backup_marks import removed
from tests.unit.nas.trees import a_performer, back_up, changes

Broken = Callable[[str, int], None]


def named(path: Any, name: str) -> bool:
    return isinstance(path, bytes) and path.rstrip(b"/.").endswith(os.fsencode(name))


@pytest.fixture
def unlisted(monkeypatch: pytest.MonkeyPatch) -> Broken:
    """Lets every listing of a folder whose path ends so fail."""
    real = Tree.folder_to_read

    def broken(name: str, number: int) -> None:
        def folder_to_read(self: Tree, path: bytes) -> int:
            if named(self.full(path), name):
                raise OSError(number, os.strerror(number), path)
            return real(self, path)

        monkeypatch.setattr(Tree, "folder_to_read", folder_to_read)

    return broken


@pytest.fixture
def unknown(monkeypatch: pytest.MonkeyPatch) -> Broken:
    """Lets every look at an entry of one side whose path ends so fail; it is listed all the same."""
    real, real_facts = sides.FolderSide.look, sides.FolderSide.facts

    def broken(name: str, number: int) -> None:
        def check(side: sides.FolderSide, called: bytes) -> None:
            path = side._tree.full(side._folder) + b"/" + called
            if named(path, name):
                raise OSError(number, os.strerror(number), path)

        def look(self: sides.FolderSide, called: bytes) -> Any:
            try:
                check(self, called)
            except FileNotFoundError:
                return None
            return real(self, called)

        def facts(self: sides.FolderSide, names: Sequence[bytes], *working: Any) -> list[os.stat_result]:
            for count, called in enumerate(names):
                try:
                    check(self, called)
                except OSError:
                    return real_facts(self, names[:count], *working)
            return real_facts(self, names, *working)

        monkeypatch.setattr(sides.FolderSide, "look", look)
        monkeypatch.setattr(sides.FolderSide, "facts", facts)

    return broken


READ = [errno.EACCES, errno.EIO, errno.ENOENT, errno.ESTALE, errno.ETIMEDOUT, errno.ENODEV, errno.ENOTCONN]


def a_copied_tree(source: Path, destination: Path) -> None:
    (source / "d/e/f").mkdir(parents=True)
    for name in ("d/one", "d/e/two", "d/e/f/three"):
        (source / name).write_text(name)
    back_up(source, destination)


@pytest.mark.parametrize(("number", "folder"), list(zip(READ, cycle(["d", "d/e", "d/e/f"]))))
def test_copy_of_a_source_folder_that_cannot_be_read_stays(
    source: Path, destination: Path, unlisted: Broken, folder: str, number: int
) -> None:
    """Fails when one dead folder of the source costs its copies, or the whole backup."""
    a_copied_tree(source, destination)
    (source / "new").write_text("new")
    unlisted(f"source/{folder}", number)
    _, skipped = back_up(source, destination, mark=True)
    assert list(skipped) == [os.fsencode(folder)]
    assert skipped[os.fsencode(folder)].startswith("folder cannot be read: ")
    assert (destination / "d/e/f/three").read_text() == "d/e/f/three"
    assert (destination / "new").exists()
    assert not (destination / ".asynctask-removed").exists()


@pytest.mark.parametrize(("number", "name"), list(zip(READ, cycle(["d", "d/e", "d/e/f/three"]))))
def test_copy_of_a_source_entry_that_is_listed_and_cannot_be_looked_at_stays(
    source: Path, destination: Path, unknown: Broken, name: str, number: int
) -> None:
    a_copied_tree(source, destination)
    unknown(f"source/{name}", number)
    _, skipped = back_up(source, destination, mark=True)
    assert list(skipped) == [os.fsencode(name)]
    assert (destination / "d/e/f/three").read_text() == "d/e/f/three"
    assert not (destination / ".asynctask-removed").exists()


@pytest.mark.parametrize("number", [errno.EACCES, errno.EIO])
def test_entry_of_the_destination_that_cannot_be_looked_at_costs_only_itself(
    source: Path, destination: Path, unknown: Broken, number: int
) -> None:
    a_copied_tree(source, destination)
    (source / "d/one").write_text("newer")
    (source / "d/e/two").write_text("newer")
    unknown("destination/d/one", number)
    _, skipped = back_up(source, destination, mark=True)
    assert [path for path in skipped if skipped[path].startswith("destination: ")] == [b"d/one"]
    assert (destination / "d/one").read_text() == "d/one"
    assert (destination / "d/e/two").read_text() == "newer"


@pytest.mark.parametrize("exclude", [[], ["*.tmp"]])
def test_folder_of_the_destination_that_cannot_be_read_stays_and_the_rest_around_it_moves(
    source: Path, destination: Path, unlisted: Broken, exclude: list[str]
) -> None:
    """Fails when what is excluded moves away since nobody saw it, or what is in there counts as nothing."""
    for name in ("gone/closed/a.tmp", "gone/open/b", "gone/c"):
        (destination / name).parent.mkdir(parents=True, exist_ok=True)
        (destination / name).write_text(name)
    unlisted("gone/closed", errno.EIO)
    _, skipped = back_up(source, destination, mark=True, exclude=exclude)
    assert skipped == {b"gone/closed": "destination: folder cannot be read: input/output error"}
    assert (destination / "gone/closed/a.tmp").exists()
    assert removed(destination) == {"gone/open/b": "gone/open/b", "gone/c": "gone/c"}


def test_folder_that_cannot_be_read_gives_way_to_nothing(
    source: Path, destination: Path, unlisted: Broken
) -> None:
    (source / "build").write_text("a file")
    (destination / "build/closed").mkdir(parents=True)
    unlisted("build/closed", errno.EACCES)
    _, skipped = back_up(source, destination)
    assert skipped == {b"build": "destination: the folder in its place cannot be read"}
    assert (destination / "build/closed").is_dir()


def test_source_that_cannot_be_asked_once_more_marks_nothing(
    source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when an error of the source is told as one of the destination, or ends the whole backup."""
    (destination / "d").mkdir(parents=True)
    (change,) = [one for one in changes(source, destination, mark=True) if one.action is Action.MARK]
    real = Tree.look

    def look(self: Tree, path: bytes) -> Any:
        if named(self.full(path), "source/d"):
            raise OSError(errno.EIO, "Input/output error", path)
        return real(self, path)

    monkeypatch.setattr(Tree, "look", look)
    with pytest.raises(Skipped, match=r"^input/output error$"):
        a_performer(source, destination).perform(change, PartialCopy(b"d"))
    assert (destination / "d").is_dir()


def test_root_that_cannot_be_read_is_no_entry_that_is_skipped(
    source: Path, destination: Path, unlisted: Broken
) -> None:
    """Fails when a backup of nothing ends as "completed, 1 skipped"."""
    destination.mkdir()
    unlisted("source", errno.EIO)
    with pytest.raises(OSError, match="Input/output"):
        list(Walk(os.fsencode(source), os.fsencode(destination)))


@pytest.mark.parametrize("call", ["listxattr", "getxattr"])
@pytest.mark.parametrize("number", [errno.EIO, errno.EACCES, errno.E2BIG])
def test_attributes_that_cannot_be_told_are_not_taken_for_none(
    monkeypatch: pytest.MonkeyPatch, source: Path, destination: Path, call: str, number: int
) -> None:
    """Fails when a copy loses its extended attributes since those of the source could not be read."""
    original, copy = source / "file", destination / "file"
    original.write_text("text")
    try:
        os.setxattr(original, "user.tag", b"kept")
    except OSError:
        pytest.skip("this file system has no extended attributes")
    back_up(source, destination)
    original.chmod(0o600)
    inode, real = original.stat().st_ino, getattr(os, call)

    def broken(target: Any, *arguments: Any, **options: Any) -> Any:
        facts = os.fstat(target) if isinstance(target, int) else os.stat(target)
        if facts.st_ino == inode:
            raise OSError(number, os.strerror(number))
        return real(target, *arguments, **options)

    monkeypatch.setattr(os, call, broken)
    if number == errno.EIO:
        with pytest.raises(Skipped, match="input/output error"):
            a_performer(source, destination).perform(changes(source, destination)[0], PartialCopy(b"file"))
    else:
        back_up(source, destination)
        assert copy.stat().st_mode & 0o777 == 0o600
    monkeypatch.undo()
    assert os.getxattr(copy, "user.tag") == b"kept"
