"""A folder that somebody swaps for a symbolic link while a backup is at work leads nowhere out of the roots."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from asynctask_core.errors import DestinationUnusable
from asynctask_nas import capabilities, leftovers, marker
from asynctask_nas.changes import Action, Change
from asynctask_nas.copy import PartialCopy
from asynctask_nas.destination import Destination
from asynctask_nas.entries import Skipped
from asynctask_nas.holds import Holds
from asynctask_nas.identity import FolderIdentity
from asynctask_nas.leftovers import part_name
from asynctask_nas.marker import Marker
from asynctask_nas.opened import OpenedFolders
from asynctask_nas.pace import Pace
from asynctask_nas.throttle import Throttle
from asynctask_nas.tree import Tree
from asynctask_nas.verify import CopyVerdict, Verifier
from asynctask_nas.walk import Walk
from tests.unit.nas.trees import a_performer, back_up, changes

Swap = Callable[[Path], None]
TASK = "019aa9ab-5c00-7000-8000-0000deadbeef"


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder of somebody else, with names as in the source."""
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "file").write_text("a secret")
    return folder


@pytest.fixture
def swap(outside: Path) -> Swap:
    """Puts a link to that folder in the place of another."""

    def put(folder: Path) -> None:
        folder.rename(folder.with_name(folder.name + " as it was"))
        folder.symlink_to(outside)

    return put


@pytest.fixture
def copied(source: Path, destination: Path) -> None:
    (source / "d").mkdir()
    (source / "d/file").write_text("content")
    back_up(source, destination)


def untouched(outside: Path) -> bool:
    return {path.name: path.read_text() for path in outside.iterdir()} == {"file": "a secret"}


@pytest.mark.parametrize("action", [Action.COPY, Action.ATTRIBUTES, Action.LINK])
def test_file_is_not_read_through_a_swapped_folder_of_the_source(
    source: Path, destination: Path, copied: None, swap: Swap, outside: Path, action: Action
) -> None:
    os.link(outside / "file", outside / "twin")
    performer = a_performer(source, destination)
    swap(source / "d")
    change = Change(b"d/file", action, leader=b"d/twin" if action is Action.LINK else None)
    with pytest.raises(Skipped, match=r"vanished|symbolic link"):
        performer.perform(change, PartialCopy(b"d/file"))
    assert (destination / "d/file").read_text() == "content"


def test_folder_that_is_swapped_while_its_file_is_opened_is_still_the_folder(
    source: Path, destination: Path, copied: None, swap: Swap, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when the path is followed once more after it was looked at."""
    (source / "d/file").write_text("newer content")
    performer, real = a_performer(source, destination), Tree.folder

    def folder(self: Tree, path: bytes) -> Any:
        found = real(self, path)
        if path == b"d" and self.path == os.fsencode(source):
            monkeypatch.setattr(Tree, "folder", real)
            swap(source / "d")
        return found

    monkeypatch.setattr(Tree, "folder", folder)
    performer.perform(Change(b"d/file", Action.COPY), PartialCopy(b"d/file"))
    assert (destination / "d/file").read_text() == "newer content"


def test_walk_does_not_enter_a_swapped_folder(source: Path, destination: Path, copied: None, swap: Swap):
    (destination / "extra").mkdir()
    seen: list[bytes] = []
    for pair in Walk(os.fsencode(source), os.fsencode(destination)):
        if pair.path == b"d" and not (source / "d").is_symlink():
            swap(source / "d")
            swap(destination / "d")
        seen.append(pair.path)
        assert pair.path != b"d/file" or pair.source is None
    assert b"d" in seen


@pytest.mark.parametrize("kind", ["file", "link", "hard link"])
def test_nothing_is_written_through_a_swapped_folder_of_the_destination(
    source: Path,
    destination: Path,
    copied: None,
    swap: Swap,
    outside: Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
) -> None:
    """The folder is swapped just after it was seen to be one; the link is set aside and the copy lands inside."""
    if kind == "file":
        (source / "d/new").write_text("new")
    elif kind == "link":
        (source / "d/new").symlink_to("file")
    else:
        (source / "d/file").unlink()
        (source / "top").write_text("new")
        os.link(source / "top", source / "d/new")
    performer, real = a_performer(source, destination), Destination.ensure_folder
    todo = changes(source, destination)

    def ensure_folder(self: Destination, path: bytes) -> None:
        real(self, path)
        if path == b"d" and not (destination / "d").is_symlink():
            monkeypatch.setattr(Destination, "ensure_folder", real)
            swap(destination / "d")

    monkeypatch.setattr(Destination, "ensure_folder", ensure_folder)
    for change in todo:
        performer.perform(change, PartialCopy(change.path))
    assert untouched(outside)
    assert not (destination / "d").is_symlink()
    assert os.path.lexists(destination / "d/new")


def test_mode_and_time_are_not_set_through_a_swapped_folder(
    source: Path, destination: Path, copied: None, swap: Swap, outside: Path
) -> None:
    (outside / "file").write_text("content")
    facts = os.stat(source / "d/file")
    os.utime(outside / "file", ns=(facts.st_mtime_ns, facts.st_mtime_ns))
    before = os.stat(outside / "file")
    (source / "d/file").chmod(0o600)
    performer = a_performer(source, destination)
    swap(destination / "d")
    with pytest.raises(Skipped, match="destination: vanished"):
        performer.perform(Change(b"d/file", Action.ATTRIBUTES), PartialCopy(b"d/file"))
    performer.perform(Change(b"d", Action.FOLDER), PartialCopy(b"d"))
    assert os.stat(outside / "file").st_mode == before.st_mode
    assert (destination / "d").is_dir()
    assert not (destination / "d").is_symlink()


def test_nothing_is_set_aside_out_of_a_swapped_folder(
    source: Path, destination: Path, copied: None, swap: Swap, outside: Path
) -> None:
    target = a_performer(source, destination).destination
    swap(destination / "d")
    target.set_aside(b"d/file")
    assert untouched(outside)


@pytest.mark.parametrize("level", [".asynctask-removed", "the task's own folder", "d"])
def test_nothing_is_set_aside_into_a_swapped_folder(
    source: Path,
    destination: Path,
    copied: None,
    swap: Swap,
    outside: Path,
    monkeypatch: pytest.MonkeyPatch,
    level: str,
) -> None:
    target = a_performer(source, destination, task_id=TASK).destination
    (destination / "d/before").touch()
    target.set_aside(b"d/before")
    task = Path(os.fsdecode(target.removed))
    place = {".asynctask-removed": task.parent, "d": task / "d"}.get(level, task)
    real = Destination._check_removed

    def check_removed(self: Destination) -> None:
        real(self)
        monkeypatch.setattr(Destination, "_check_removed", real)
        swap(place)

    monkeypatch.setattr(Destination, "_check_removed", check_removed)
    if level == ".asynctask-removed":
        with pytest.raises(DestinationUnusable, match="is a symbolic link"):
            target.set_aside(b"d/file")
    else:
        target.set_aside(b"d/file")
        assert (task.with_name(task.name + "~2") / "d/file").read_text() == "content"
    assert untouched(outside)


@pytest.mark.parametrize("kind", ["file", "link"])
def test_nothing_is_set_aside_into_a_file_or_a_link(
    source: Path, destination: Path, copied: None, outside: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when it is tried for ever, under one name after the other."""
    monkeypatch.setattr("asynctask_nas.destination.count", lambda first: range(first, 9))
    place = destination / ".asynctask-removed"
    place.touch() if kind == "file" else place.symlink_to(outside)
    with pytest.raises(DestinationUnusable, match="takes what backups set aside: move it away"):
        a_performer(source, destination).destination.set_aside(b"d/file")
    assert (destination / "d/file").read_text() == "content"
    assert untouched(outside)


def test_nothing_is_opened_through_a_link_in_the_place_of_a_file(source: Path, outside: Path) -> None:
    (source / "file").symlink_to(outside / "file")
    with pytest.raises(OSError, match="symbolic links"):
        os.close(Tree(os.fsencode(source)).open(b"file", os.O_RDONLY))


def test_no_leftover_is_deleted_through_a_swapped_folder(
    source: Path, destination: Path, copied: None, swap: Swap, outside: Path
) -> None:
    name = os.fsdecode(part_name(TASK, b"d/file"))
    (outside / name).touch()
    performer = a_performer(source, destination)
    swap(destination / "d")
    change = Change(b"d/" + os.fsencode(name), Action.CLEAN)
    performer.perform(change, PartialCopy(change.path))
    assert (outside / name).exists()


def test_copy_that_is_verified_is_not_looked_for_behind_a_link(
    source: Path, destination: Path, copied: None, swap: Swap, outside: Path
) -> None:
    facts = os.stat(source / "d/file")
    (outside / "file").write_text("content")
    swap(destination / "d")
    verifier = Verifier(
        os.fsencode(source), os.fsencode(destination), "checksum", Holds(), Pace(Throttle(None))
    )
    change = Change(b"d/file", Action.COPY, size=facts.st_size, mtime_ns=facts.st_mtime_ns)
    assert verifier.check(change) == (CopyVerdict.DIFFERENT, "missing")


@pytest.mark.parametrize("when", ["closed", "recovered"])
def test_mode_is_given_back_to_no_other_folder(nobody: Path, when: str) -> None:
    """Fails when the folder of a note is looked for by its path, and a folder of ours elsewhere is closed."""
    root, outside = nobody / "destination", nobody / "outside"
    for folder in (root / ".asynctask-backup", root / "d", outside):
        folder.mkdir(parents=True)
    (root / "d").chmod(0o555)
    opened = OpenedFolders(os.fsencode(root))
    opened.open(b"d")
    assert stat.S_IMODE((root / "d").stat().st_mode) == 0o755
    (root / "d").rename(root / "other")
    (root / "d").symlink_to(outside)
    if when == "closed":
        opened.close()
    else:
        OpenedFolders(os.fsencode(root)).recover()
    assert stat.S_IMODE(outside.stat().st_mode) == 0o755


@pytest.mark.parametrize("path", ["../outside", "d/../../outside", "{absolute}", "", "d//x", "."])
def test_notes_of_paths_that_lead_out_of_the_destination_are_refused(nobody: Path, path: str) -> None:
    root, outside = nobody / "destination", nobody / "outside"
    for folder in (root / ".asynctask-backup", root / "d/x", outside):
        folder.mkdir(parents=True)
    note = path.format(absolute=outside)
    (root / ".asynctask-backup/opened").write_text(f"+ {note} 555\n")
    OpenedFolders(os.fsencode(root)).recover()
    for folder in (outside, root / "d/x"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o755
    root.chmod(0o755)


def test_marker_with_a_path_that_leads_out_of_a_root_is_refused(destination: Path) -> None:
    destination.mkdir()
    root = os.fsencode(destination)
    marker.write(root, Marker("1", None, {"..%2Foutside": FolderIdentity("a", "b")}), TASK)
    with pytest.raises(DestinationUnusable, match="is no path below a root"):
        marker.read(root, root)


def test_nothing_of_ours_is_kept_behind_a_link(destination: Path, outside: Path, tmp_path: Path) -> None:
    """The folder of the marker is a link: to write there would be to write outside of the destination."""
    destination.mkdir()
    (destination / ".asynctask-backup").symlink_to(outside)
    tree = Tree(os.fsencode(destination))
    for write in (
        lambda: marker.write(tree, Marker(), TASK),
        lambda: leftovers.begin(tree, TASK),
        lambda: marker.ensure_state(tree),
    ):
        with pytest.raises(NotADirectoryError):
            write()
    OpenedFolders(tree).recover()
    leftovers.end(tree, TASK)
    assert leftovers.kept_for(tree, TASK) == frozenset()
    with capabilities.scratch(tree) as folder:
        assert Path(os.fsdecode(folder)).parent == destination
    assert untouched(outside)


@pytest.mark.parametrize("path", [b"../x", b"/x", b"a/../x", b"a//x", b"a/./x", b"", b"a/..", b"a\0b"])
def test_tree_takes_no_path_that_leads_elsewhere(source: Path, path: bytes) -> None:
    tree = Tree(os.fsencode(source))
    (source / "a").mkdir()
    for call in (tree.folder, tree.names):
        with pytest.raises((OSError, ValueError)):
            call(path)


def test_folder_kept_open_is_forgotten_when_it_moves(source: Path) -> None:
    """Fails when what is written to a path lands in the folder that was there before."""
    (source / "a/b").mkdir(parents=True)
    descriptor = os.open(source, os.O_RDONLY)
    tree = Tree(os.fsencode(source), descriptor, keeps=4)
    os.close(descriptor)
    assert tree.names(b"a/b") == []
    (source / "a").rename(source / "was")
    (source / "a/b").mkdir(parents=True)
    (source / "a/b/new").touch()
    tree.forget(b"a")
    assert tree.names(b"a/b") == [b"new"]
    tree.close()
    with pytest.raises(OSError, match="the root is closed"):
        tree.folder(b"a")
