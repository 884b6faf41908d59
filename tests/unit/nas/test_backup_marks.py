from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from asynctask_core.ids import id_text, new_id
from asynctask_nas import listed_names
from asynctask_nas.changes import Action, Change
from asynctask_nas.copy import PartialCopy
from asynctask_nas.holds import NameRules
from asynctask_nas.leftovers import part_name
from asynctask_nas.looks import Look, no_look
from asynctask_nas.tree import Tree
from tests.unit.nas.trees import a_performer, back_up, changes, describe


def removed(destination: Path) -> dict[str, str]:
    """What lies in the removed folder, by path below the task's own folder."""
    found: dict[str, str] = {}
    for task in (destination / ".asynctask-removed").iterdir():
        for path in task.rglob("*"):
            if path.is_file():
                found[str(path.relative_to(task))] = path.read_text()
    return found


def test_extra_entries_stay_unless_they_are_to_be_marked(source: Path, destination: Path) -> None:
    (source / "a").touch()
    back_up(source, destination)
    (destination / "extra").write_text("mine")
    back_up(source, destination)
    assert (destination / "extra").read_text() == "mine"


def test_marked_entries_move_with_their_path_and_are_not_found_again(source: Path, destination: Path) -> None:
    (source / "d").mkdir()
    (source / "d/keep").touch()
    back_up(source, destination)
    (destination / "d/extra").write_text("file")
    (destination / "folder/deep").mkdir(parents=True)
    (destination / "folder/deep/file").write_text("deep")
    done, _ = back_up(source, destination, mark=True)
    assert set(done) == {b"d/extra", b"folder", b"d", b"."}
    assert removed(destination) == {"d/extra": "file", "folder/deep/file": "deep"}
    assert describe(destination) == describe(source)
    assert changes(source, destination, mark=True) == []


def test_excluded_entries_of_the_destination_are_not_marked(source: Path, destination: Path) -> None:
    destination.mkdir()
    (destination / "notes.tmp").write_text("mine")
    back_up(source, destination, exclude=["*.tmp"], mark=True)
    assert (destination / "notes.tmp").exists()


@pytest.mark.parametrize("in_source", [False, True])
def test_unfinished_copies_of_another_destination_inside_this_one_are_left_alone(
    source: Path, destination: Path, in_source: bool
) -> None:
    """Fails when what a paused task goes on from is removed by the backup of a folder around its destination."""
    inner = destination / "inner"
    (inner / "folder").mkdir(parents=True)
    (inner / ".asynctask-backup").mkdir()
    if in_source:
        (source / "inner/folder").mkdir(parents=True)
    name = os.fsdecode(part_name(id_text(new_id()), b"folder/file"))
    for folder in (inner, inner / "folder", destination):
        (folder / name).write_text("half")
    (inner / os.fsdecode(part_name(id_text(new_id()), b"folder"))).mkdir()
    cleaned = {one.path for one in changes(source, destination) if one.action is Action.CLEAN}
    assert cleaned == {os.fsencode(name)}


def test_marking_again_does_nothing(source: Path, destination: Path) -> None:
    destination.mkdir()
    (destination / "extra").write_text("x")
    task_id = id_text(new_id())
    performer = a_performer(source, destination, task_id=task_id)
    performer.destination.set_aside(b"extra")
    performer.destination.set_aside(b"extra")
    assert removed(destination) == {"extra": "x"}


def test_second_thing_of_one_name_is_kept_beside_the_first(source: Path, destination: Path) -> None:
    target = a_performer(source, destination).destination
    for text in ("one", "two"):
        (destination / "d").mkdir()
        (destination / "d/file").write_text(text)
        target.set_aside(b"d/file")
        (destination / "d").rmdir()
    (destination / "d").write_text("a file now")
    target.set_aside(b"d")
    folders = sorted((destination / ".asynctask-removed").iterdir())
    assert [path.name.partition("~")[2] for path in folders] == ["", "2", "3"]
    assert [(path / "d/file").read_text() for path in folders[:2]] == ["one", "two"]
    assert (folders[2] / "d").read_text() == "a file now"


def test_folder_in_the_way_of_a_file_is_set_aside_not_deleted(source: Path, destination: Path) -> None:
    (source / "x").write_text("a file")
    (source / "y").symlink_to("x")
    for name in "xy":
        (destination / name).mkdir(parents=True)
        (destination / name / "inside").write_text(name)
    back_up(source, destination)
    assert describe(destination) == describe(source)
    assert removed(destination) == {"x/inside": "x", "y/inside": "y"}


def test_file_or_link_in_the_way_of_a_folder_is_set_aside_and_never_followed(
    source: Path, destination: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    for name in ("d", "e"):
        (source / name).mkdir()
        (source / name / "file").write_text("content")
    destination.mkdir()
    (destination / "d").symlink_to(outside)
    (destination / "e").write_text("a file")
    back_up(source, destination)
    assert os.listdir(outside) == []
    assert describe(destination) == describe(source)
    assert removed(destination) == {"e": "a file"}


def test_entry_that_is_back_in_the_source_is_not_marked(source: Path, destination: Path) -> None:
    destination.mkdir()
    (destination / "a").write_text("old")
    (mark,) = [one for one in changes(source, destination, mark=True) if one.path == b"a"]
    (source / "a").write_text("back")
    a_performer(source, destination).perform(mark, PartialCopy(b"a"))
    assert (destination / "a").read_text() == "old"


def test_removed_folder_is_named_by_the_tasks_time_and_id(source: Path, destination: Path) -> None:
    task_id = "019aa9ab-5c00-7000-8000-0000deadbeef"
    target = a_performer(source, destination, task_id=task_id).destination
    assert target.removed == os.fsencode(destination / ".asynctask-removed/20251122T034611Z-deadbeef")


def test_folder_of_the_source_is_listed_once_for_many_marks_where_names_are_folded(
    source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when each of 10,000 marks in a folder of 10,000 names folds all of them."""
    (source / "d").mkdir()
    (destination / "d").mkdir(parents=True)
    (source / "d/Kept").touch()
    for name in ("kept", *map(str, range(20))):
        (destination / "d" / name).touch()
    performer = a_performer(source, destination)
    performer.destination.holds = performer.destination.holds._replace(names=NameRules(folds_case=True))
    monkeypatch.setattr(listed_names, "_SETTLED_NS", -1)
    listed: list[bytes] = []
    real = Tree.names

    def names(tree: Tree, path: bytes, look: Look = no_look) -> list[bytes]:
        listed.append(path)
        return real(tree, path, look)

    monkeypatch.setattr(Tree, "names", names)
    for name in ("kept", *map(str, range(10))):
        performer.perform(Change(b"d/" + name.encode(), Action.MARK, is_new=False), PartialCopy(b""))
    assert listed == [b"d"]
    (source / "d/15").touch()  # the folder changed, so it is listed again
    os.utime(source / "d", (1, 1))
    for name in range(10, 20):
        performer.perform(Change(b"d/%d" % name, Action.MARK, is_new=False), PartialCopy(b""))
    assert listed == [b"d"] * 2
    assert set(os.listdir(destination / "d")) == {"kept", "15"}


def test_folder_that_changed_a_moment_ago_is_listed_each_time(source: Path) -> None:
    """Fails when a change within one step of its time is not seen."""
    (source / "d").mkdir()
    names = listed_names.ListedNames()
    for name in ("a", "b", "c"):
        (source / "d" / name).touch()
        os.utime(source / "d", (time.time(), 0))
        found = names.of(Tree(os.fsencode(source)), b"d", no_look)
        assert found is not None
        assert name.encode() in found.names
    assert names.of(Tree(os.fsencode(source)), b"gone", no_look) is None
