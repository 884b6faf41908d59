"""What is displaced or marked is set aside, nothing else is, and what is excluded stays, wherever it lies."""

from __future__ import annotations

import errno
import inspect
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from asynctask import Postpone
from asynctask_core.errors import DestinationUnusable
from asynctask_nas.copy import PartialCopy
from asynctask_nas.entries import Skipped
from asynctask_nas.exclude import Exclude
from asynctask_nas.extras import extras
from asynctask_nas.looks import Look, no_look
from asynctask_nas.tree import Tree
from tests.unit.nas.test_backup_marks import removed
from tests.unit.nas.trees import a_performer, back_up, changes, describe

TASK = "019aa9ab-5c00-7000-8000-0000deadbeef"
Make = Callable[[Path], object]


def a_file(path: Path) -> None:
    path.write_text(f"file {path.parent.name}")


def a_link(path: Path) -> None:
    path.symlink_to(f"link {path.parent.name}")


def a_folder(path: Path) -> None:
    path.mkdir()
    (path / "inside").write_text(f"inside {path.parent.name}")


KINDS: dict[str, Make] = {"file": a_file, "link": a_link, "folder": a_folder, "pipe": os.mkfifo}


def kept(destination: Path) -> list[str]:
    """Everything in the removed folder, with what it is."""
    found: list[str] = []
    for task in (destination / ".asynctask-removed").glob("*"):
        for path in sorted(task.rglob("*")):
            if path.is_symlink():
                found.append(f"{path.relative_to(task)} -> {os.readlink(path)}")
            elif path.is_file():
                found.append(f"{path.relative_to(task)}: {path.read_text()}")
            elif path.is_fifo():
                found.append(f"{path.relative_to(task)}|")
    return found


WAS = {
    "file": ["x: file destination"],
    "link": ["x -> link destination"],
    "folder": ["x/inside: inside destination"],
    "pipe": ["x|"],
}


@pytest.mark.parametrize("new", ["file", "link", "folder"])
@pytest.mark.parametrize("old", list(KINDS))
def test_entry_of_another_kind_is_set_aside_and_of_the_same_kind_replaced(
    source: Path, destination: Path, old: str, new: str
) -> None:
    """Fails when a link replaces a file, or a file a link, and the older one is gone for good."""
    destination.mkdir()
    KINDS[new](source / "x")
    KINDS[old](destination / "x")
    back_up(source, destination)
    assert describe(destination).keys() == describe(source).keys()
    assert describe(destination)[b"x"][0] == describe(source)[b"x"][0]
    assert kept(destination) == ([] if old == new else WAS[old])


def test_hard_link_displaces_nothing_for_good(source: Path, destination: Path) -> None:
    (source / "a").write_text("content")
    os.link(source / "a", source / "b")
    destination.mkdir()
    (destination / "b").symlink_to("mine")
    back_up(source, destination)
    assert kept(destination) == ["b -> mine"]
    assert (destination / "a").stat().st_ino == (destination / "b").stat().st_ino


def test_excluded_entries_stay_also_in_folders_that_only_the_destination_has(
    source: Path, destination: Path
) -> None:
    """Fails when a whole folder moves away with what is excluded in it."""
    (source / "keep").touch()
    for name in ("gone/deep/a.tmp", "gone/deep/b", "gone/all/c", "gone/d.tmp/e", "gone/f", "plain/g"):
        (destination / name).parent.mkdir(parents=True, exist_ok=True)
        (destination / name).write_text(name)
    for _ in range(2):
        _, skipped = back_up(source, destination, exclude=["*.tmp"], mark=True)
        assert skipped == {}
    assert removed(destination) == {name: name for name in ("gone/deep/b", "gone/all/c", "gone/f", "plain/g")}
    left = {str(path.relative_to(destination)) for path in (destination / "gone").rglob("*")}
    assert left == {"gone/deep", "gone/deep/a.tmp", "gone/d.tmp", "gone/d.tmp/e"}
    assert changes(source, destination, exclude=["*.tmp"], mark=True) == []


def test_excluded_entry_that_came_after_the_comparison_stays_too(source: Path, destination: Path) -> None:
    (destination / "gone").mkdir(parents=True)
    (destination / "gone/a").touch()
    found = {one.path: one for one in changes(source, destination, exclude=["*.tmp"], mark=True)}
    (destination / "gone/new.tmp").touch()
    performer = replace(a_performer(source, destination), exclude=Exclude(["*.tmp"]))
    with pytest.raises(Skipped, match="holds something excluded now"):
        performer.perform(found[b"gone"], PartialCopy(b"gone"))
    assert sorted(os.listdir(destination / "gone")) == ["a", "new.tmp"]


@pytest.mark.parametrize("inside", [True, False])
def test_what_is_excluded_gives_way_to_nothing(source: Path, destination: Path, inside: bool) -> None:
    """As rsync does: a folder that holds excluded files is no folder to be replaced by a file."""
    (source / "build").write_text("a file")
    (destination / "build").mkdir(parents=True)
    (destination / "build/cache.tmp").write_text("mine")
    _, skipped = back_up(source, destination, exclude=["*.tmp"] if inside else ["build/"], mark=True)
    assert skipped == {
        b"build": "destination: the entry in its place is excluded, or has excluded entries in it"
    }
    assert (destination / "build/cache.tmp").read_text() == "mine"
    assert not (destination / ".asynctask-removed").exists()


def test_users_own_names_that_begin_like_ours_are_files_like_any_other(
    source: Path, destination: Path
) -> None:
    """Fails when a file of a user is deleted as an unfinished copy of ours."""
    (source / ".asynctask-my notes.part").write_text("mine")
    (destination / "d").mkdir(parents=True)
    for name in (".asynctask-letters.part", "d/.asynctask-x.y.part"):
        (destination / name).write_text(name)
        os.utime(destination / name, (1, 1))
    _, skipped = back_up(source, destination, mark=True)
    assert skipped == {}
    assert (destination / ".asynctask-my notes.part").read_text() == "mine"
    assert set(removed(destination)) == {".asynctask-letters.part", "d/.asynctask-x.y.part"}


@pytest.mark.parametrize("make", [a_file, a_link])
def test_removed_folder_that_is_no_folder_is_refused_in_words(
    source: Path, destination: Path, make: Make
) -> None:
    """Fails when it is tried again without an end, or when entries move through a link to somewhere else."""
    destination.mkdir()
    make(destination / ".asynctask-removed")
    (destination / "extra").touch()
    performer = a_performer(source, destination)
    with pytest.raises(
        DestinationUnusable, match=r"/destination/\.asynctask-removed' is a (file|symbolic link)"
    ):
        performer.destination.set_aside(b"extra")
    assert (destination / "extra").exists()


def test_what_stands_where_an_unfinished_copy_belongs_is_no_obstacle(source: Path, destination: Path) -> None:
    (source / "a").write_text("content")
    performer = a_performer(source, destination)
    part = Path(os.fsdecode(performer.destination.part(b"a")))
    part.mkdir()
    (part / "inside").write_text("whose?")
    for change in changes(source, destination):
        performer.perform(change, PartialCopy(change.path))
    assert (destination / "a").read_text() == "content"
    assert list(removed(destination).values()) == ["whose?"]


def test_nothing_is_marked_when_a_root_is_missed(source: Path, destination: Path) -> None:
    """Fails when the source that an entry is missing from is not looked for before the entry moves."""
    destination.mkdir()
    (destination / "extra").touch()

    def missed() -> None:
        raise Postpone("is it still mounted?")

    performer = replace(a_performer(source, destination), check=missed)
    (change,) = [one for one in changes(source, destination, mark=True) if one.path == b"extra"]
    with pytest.raises(Postpone):
        performer.perform(change, PartialCopy(b"extra"))
    assert (destination / "extra").exists()


def test_source_that_was_away_for_a_moment_marks_nothing(source: Path, destination: Path) -> None:
    destination.mkdir()
    (destination / "extra").touch()
    (change,) = [one for one in changes(source, destination, mark=True) if one.path == b"extra"]
    performer = replace(a_performer(source, destination), check=(source / "extra").touch)
    performer.perform(change, PartialCopy(b"extra"))
    assert (destination / "extra").exists()


def test_levels_of_the_removed_folder_are_as_open_as_what_they_stand_for(
    source: Path, destination: Path
) -> None:
    """Fails when a user cannot get at an own file that was set aside, or others can at one that was private."""
    (destination / "open/private").mkdir(parents=True)
    for name, mode in (("", 0o755), ("open", 0o775), ("open/private", 0o700)):
        (destination / name).chmod(mode)
        if os.geteuid() == 0:
            os.chown(destination / name, 1234, 1234)
    (destination / "open/private/file").write_text("x")
    target = a_performer(source, destination).destination
    target.set_aside(b"open/private/file")
    task, private = Path(os.fsdecode(target.removed)), "open/private"
    for level, name in ((task.parent, ""), (task, ""), (task / "open", "open"), (task / private, private)):
        made, model = level.stat(), (destination / name).stat()
        assert (made.st_mode, made.st_uid, made.st_gid) == (model.st_mode, model.st_uid, model.st_gid)


def test_levels_of_the_removed_folder_lock_an_ordinary_user_not_out(nobody: Path) -> None:
    source, destination = nobody / "source", nobody / "destination"
    (destination / "d").mkdir(parents=True)
    source.mkdir()
    for name in ("one", "two"):
        (destination / "d" / name).write_text(name)
    (destination / "d").chmod(0o555)
    top = b""
    for _ in range(2):
        target = a_performer(source, destination, task_id=TASK).destination
        target.set_aside(b"d/one")
        target.set_aside(b"d/two")
        top = target.removed
        target.close()
    assert sorted(removed(destination).values()) == ["one", "two"]
    assert (Path(os.fsdecode(top)) / "d").stat().st_mode & 0o777 == 0o755
    (destination / "d").chmod(0o755)


def test_what_cannot_move_leaves_no_empty_folders_behind(
    source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when each run leaves some, as where a sticky folder keeps somebody else's entry."""
    source.joinpath("deep").mkdir()
    (destination / "deep").mkdir(parents=True)
    (destination / "deep/theirs").touch()
    real = os.rename

    def rename(one: bytes, other: bytes, **folders: int) -> None:
        if one == b"theirs":
            raise PermissionError(errno.EPERM, "sticky")
        real(one, other, **folders)

    monkeypatch.setattr(os, "rename", rename)
    _, skipped = back_up(source, destination, mark=True)
    assert skipped == {b"deep/theirs": "destination: not permitted"}
    assert os.listdir(destination / ".asynctask-removed") == []
    monkeypatch.setattr(os, "rename", real)
    assert b"deep/theirs" in back_up(source, destination, mark=True)[0]


def test_deep_folder_with_something_excluded_at_its_end_is_looked_through_twice_at_most(
    destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when each level is counted anew, or is a level of calls: a thousand of them took minutes, or failed."""
    (destination / "a" / "/".join("b" * 80) / "cache").mkdir(parents=True)
    scanned: list[bytes] = []
    scan = Tree.scan

    def counted(tree: Tree, path: bytes, look: Look = no_look) -> list[tuple[bytes, bool | OSError]]:
        scanned.append(path)
        return scan(tree, path, look)

    monkeypatch.setattr(Tree, "scan", counted)
    limit, depth = sys.getrecursionlimit(), len(inspect.stack(0))
    sys.setrecursionlimit(depth + 60)
    try:
        found = list(extras(Tree(os.fsencode(destination)), b"a", Exclude(["cache"])))
    finally:
        sys.setrecursionlimit(limit)
    assert len(found) == 81
    assert all(one.stays for one in found)
    assert len(scanned) == 2 * 81


def test_folder_that_is_there_is_looked_at_once_however_deep_it_lies(
    source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when each folder above is asked for too: a tree of 900 folders took half a minute."""
    path = "/".join("a" * 50)
    (destination / path).mkdir(parents=True)
    target = a_performer(source, destination).destination
    looked: list[bytes] = []
    look = Tree.look
    monkeypatch.setattr(Tree, "look", lambda tree, at: looked.append(at) or look(tree, at))
    target.ensure_folder(path.encode())
    assert looked == [path.encode()]
