"""Folders that are made with their first files: none is seen before they are complete, and nothing stays."""

from __future__ import annotations

import ctypes
import errno
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from asynctask_core.ids import id_text, new_id
from asynctask_nas import leftovers, new_folders
from asynctask_nas.changes import Action, Change
from asynctask_nas.destination import Destination
from asynctask_nas.new_folders import NewFolder
from asynctask_nas.pace import Pace
from asynctask_nas.places import probe
from asynctask_nas.small import UNUSUAL
from asynctask_nas.small_copies import SmallCopies
from asynctask_nas.throttle import Throttle
from asynctask_nas.tree import Tree
from tests.unit.nas.trees import describe


class Copying:
    """One task that copies small files of `source`, by the thread or by a process."""

    def __init__(self, source: Path, destination: Path, expected: int = 1) -> None:
        root = os.fsencode(destination)
        self.target = Destination(root, id_text(new_id()), probe(root))
        self.copies = SmallCopies(Tree.of(os.fsencode(source)), self.target, Pace(Throttle(None)), expected)
        files = sorted(path for path in source.rglob("*") if path.is_file())
        facts = [(os.fsencode(path.relative_to(source)), path.stat()) for path in files]
        self.changes = [
            Change(path, Action.COPY, one.st_size, mtime_ns=one.st_mtime_ns) for path, one in facts
        ]

    def copy(self) -> list[int]:
        """Copy all."""
        counts: list[int] = []
        while len(counts) < len(self.changes):
            counts += self.copies.copy(self.changes[len(counts) :])
        self.copies.close()
        return counts

    def leave(self, folder: str) -> Path:
        """Leave what a kill leaves of a folder."""
        path = Path(os.fsdecode(self.target.part(os.fsencode(folder))))
        path.mkdir(parents=True)
        (path / "a").write_text("half")
        (path / "of an older version").write_text("half")
        return path


@pytest.fixture
def folder(source: Path) -> Path:
    path = source / "folder"
    path.mkdir()
    for name in ("a", "b"):
        (path / name).write_text(name)
    return path


def unfinished(destination: Path) -> list[Path]:
    return sorted(destination.rglob(".asynctask-*"))


def test_a_new_folder_is_there_with_its_files_or_not_at_all(
    folder: Path, source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[str]] = []
    put = NewFolder.put

    def look_and_put(new: NewFolder) -> None:
        assert not (destination / "folder").exists()
        seen.extend(sorted(os.listdir(one)) for one in unfinished(destination))
        put(new)

    monkeypatch.setattr(NewFolder, "put", look_and_put)
    copying = Copying(source, destination)
    assert copying.copy() == [1, 1]
    assert not copying.target.begun.has(b"folder")
    assert seen == [["a", "b"]]
    assert unfinished(destination) == []
    want, have = describe(source), describe(destination)
    assert have[b"folder/a"] == want[b"folder/a"]
    assert (destination / "folder").stat().st_mode & 0o777 == 0o700, "it is finished later"


def test_what_a_killed_attempt_left_of_a_folder_is_in_nobodys_way(
    folder: Path, source: Path, destination: Path
) -> None:
    copying = Copying(source, destination)
    copying.leave("folder")
    assert copying.copy() == [1, 1]
    assert sorted(os.listdir(destination / "folder")) == ["a", "b"]
    assert unfinished(destination) == []


@pytest.mark.parametrize("how", ["without files", "where folders cannot be renamed"])
def test_what_a_killed_attempt_left_of_a_folder_goes_also_where_the_folder_is_made_otherwise(
    how: str, folder: Path, source: Path, destination: Path
) -> None:
    """Fails when a task that goes on after a kill ends, and what it left stays for the next backup to remove."""
    copying = Copying(source, destination)
    copying.leave("folder")
    if how == "without files":
        copying.target.ensure_folder(b"folder")  # as for a large file
    copying.copies._here._means.makes_folders = False
    assert copying.copy() == [1, 1]
    assert unfinished(destination) == []


@pytest.mark.parametrize("theirs", ["folder", "file"])
def test_what_somebody_makes_meanwhile_under_the_same_name_stays(
    folder: Path, source: Path, destination: Path, theirs: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = NewFolder.put

    def come_first(new: NewFolder) -> None:
        if theirs == "folder":
            (destination / "folder").mkdir()
            (destination / "folder/a").write_text("theirs")
        else:
            (destination / "folder").write_text("theirs")
        put(new)

    monkeypatch.setattr(NewFolder, "put", come_first)
    copying = Copying(source, destination)
    assert copying.copy() == [UNUSUAL, UNUSUAL]
    place = destination / "folder"
    assert (place / "a" if theirs == "folder" else place).read_text() == "theirs"
    assert unfinished(destination) == []


def test_an_empty_folder_that_somebody_has_just_made_and_is_in_stays(
    folder: Path, source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when what is made next in it is refused, since a rename has put another folder in its place."""
    if new_folders._renameat is None:
        pytest.skip("this system can only rename over what is there")
    put, theirs = NewFolder.put, destination / "folder"
    made: list[int] = []

    def come_first(new: NewFolder) -> None:
        theirs.mkdir()
        made.append(theirs.stat().st_ino)
        put(new)

    monkeypatch.setattr(NewFolder, "put", come_first)
    assert Copying(source, destination).copy() == [UNUSUAL, UNUSUAL]
    assert made == [theirs.stat().st_ino]
    assert unfinished(destination) == []


@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOSYS, errno.EPERM])
def test_where_a_rename_can_only_replace_new_folders_are_made_all_the_same(
    folder: Path, source: Path, destination: Path, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails on network mounts, which know no such rename: each folder would be made for nothing."""

    def refuse(*_: object) -> int:
        ctypes.set_errno(number)
        return -1

    monkeypatch.setattr(new_folders, "_renameat", refuse)
    assert Copying(source, destination).copy() == [1, 1]
    assert unfinished(destination) == []


def test_a_folder_whose_path_would_be_too_long_for_others_is_not_made(
    folder: Path, source: Path, destination: Path
) -> None:
    """Fails when its first files are copied to where no later run looks, and the others are skipped."""
    copying = Copying(source, destination)
    root = os.open(destination, os.O_RDONLY)
    tree = copying.copies._here._destination = copying.target.tree = Tree(
        os.fsencode(destination).ljust(4096 - len("/folder"), b"x"), root
    )  # as if the root lay so deep
    os.close(root)
    assert copying.copy() == [UNUSUAL, UNUSUAL]
    assert tree.names(b".") == []


def test_who_has_begun_a_folder_waits_for_nobody(
    source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when two threads wait for each other's folders, after somebody has removed what was there."""
    target = Copying(source, destination).target
    target.ensure_folder(b"known")
    (destination / "known").rmdir()
    target.begun.add(b"known")  # by a thread that has found it gone already

    def wait_for(_: bytes) -> None:
        pytest.fail("it would wait for ever")

    monkeypatch.setattr(target.begun, "wait_for", wait_for)
    with pytest.raises(FileNotFoundError):
        target.begin_folder(b"known", waits=False)


def test_no_folder_stays_begun_when_a_group_fails(
    folder: Path, source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when all other threads wait for a folder that nobody makes, and the task cannot even be cancelled."""
    copying = Copying(source, destination)

    def fail(_: bytes) -> bytes:
        raise MemoryError

    monkeypatch.setattr(copying.target, "part_name", fail)
    with pytest.raises(MemoryError):
        copying.copies.copy(copying.changes)
    assert not copying.target.begun.has(b"folder")


def test_where_folders_cannot_be_renamed_the_next_is_made_in_its_place(
    source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when each new folder is made and thrown away, and its files are copied one by one."""
    for number in range(3):
        (source / f"{number}").mkdir()
        (source / f"{number}/file").write_text("content")

    def refuse(_: NewFolder) -> None:
        raise OSError(errno.EBUSY, "Device or resource busy")

    monkeypatch.setattr(NewFolder, "put", refuse)
    assert Copying(source, destination).copy() == [UNUSUAL, 7, 7]
    assert unfinished(destination) == []


def test_a_file_that_cannot_be_copied_leaves_nothing_among_the_others(
    folder: Path, source: Path, destination: Path
) -> None:
    copying = Copying(source, destination)
    (folder / "a").write_text("it has grown")
    assert copying.copy() == [UNUSUAL, 1]
    assert os.listdir(destination / "folder") == ["b"]


def test_a_full_disk_is_left_without_an_unfinished_folder(
    folder: Path, source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when files stay that nobody begins again, and that take the space of the next run."""

    def refuse(_: NewFolder) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(NewFolder, "put", refuse)
    assert Copying(source, destination).copy() == [UNUSUAL, UNUSUAL]
    assert unfinished(destination) == []


def test_a_folder_below_a_new_one_waits_for_it(source: Path, destination: Path) -> None:
    """Fails when threads take each other's folders, or wait for each other for ever."""
    for above in ("a", "a/b", "a/b/c", "d", "d/e"):
        (source / above).mkdir()
        for number in range(12):
            (source / above / f"{number}").write_text(above)
    copying = Copying(source, destination)
    changes = copying.changes
    copied: list[int] = []

    def copy_every(start: int) -> None:
        mine = changes[start::4]
        while mine:
            counts = copying.copies.copy(mine[:3])
            copied.extend(counts)
            mine = mine[len(counts) :]

    threads = [threading.Thread(target=copy_every, args=(start,), daemon=True) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    assert sorted(copied) == sorted(change.size for change in changes)
    have, want = describe(destination), describe(source)
    assert all(have[one.path] == want[one.path] for one in changes)
    assert unfinished(destination) == []


def test_a_folder_that_another_thread_makes_is_waited_for(
    folder: Path, source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when a large file's thread makes the folder that another one is about to put in its place."""
    target = Copying(source, destination).target
    assert target.begin_folder(b"folder", waits=True)
    assert target.begin_folder(b"folder/below", waits=False) is None
    has, asked = target.begun.has, threading.Event()

    def ask(path: bytes) -> bool:
        asked.set()
        return has(path)

    monkeypatch.setattr(target.begun, "has", ask)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(target.ensure_folder, b"folder/below")
        while not (asked.is_set() or waiting.done()):
            asked.wait(0.01)
        assert not waiting.done()
        assert not (destination / "folder").exists()
        (destination / "folder").mkdir()
        target.begun.remove((b"folder",))
        waiting.result(60)
    assert (destination / "folder/below").is_dir()


def test_a_folder_that_is_being_filled_while_another_task_removes_it_is_copied_anew(
    folder: Path, source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when files are deleted that count as copied, since their folder was put in place in that moment."""
    copying = Copying(source, destination)
    tree, path = copying.target.tree, copying.target.part_name(b"folder")
    put, listdir = NewFolder.put, os.listdir
    news: list[NewFolder] = []

    def put_and_list(descriptor: int) -> list[str]:
        monkeypatch.setattr(os, "listdir", listdir)
        with suppress(OSError):
            put(news[0])
        return listdir(descriptor)

    def remove_meanwhile(new: NewFolder) -> None:
        news.append(new)
        monkeypatch.setattr(os, "listdir", put_and_list)
        leftovers.remove(tree, path)
        if not new._is_put:
            put(new)

    monkeypatch.setattr(NewFolder, "put", remove_meanwhile)
    counts = copying.copy()
    assert counts == [UNUSUAL, UNUSUAL] or sorted(os.listdir(destination / "folder")) == ["a", "b"]
    assert unfinished(destination) == []


def test_a_leftover_that_cannot_be_removed_keeps_its_name_and_one_that_was_begun_goes(
    source: Path, destination: Path
) -> None:
    copying = Copying(source, destination)
    left, name = copying.leave("folder"), copying.target.part_name(b"folder")
    half = left.with_name(f"{left.name[:-21]}{left.name[-6:-22:-1]}{left.name[-5:]}")
    half.mkdir()
    (half / "removed in part").write_text("half")
    (left / "of somebody else").mkdir()
    held = sorted(os.listdir(left))
    with pytest.raises(IsADirectoryError):
        leftovers.remove(copying.target.tree, name)
    assert unfinished(destination) == [left]
    assert sorted(os.listdir(left)) == held  # nor is anything in it removed: it may all be somebody else's
    (left / "of somebody else").rmdir()
    leftovers.remove(copying.target.tree, name)
    assert unfinished(destination) == []


def test_what_an_ended_process_left_of_a_folder_is_removed(
    folder: Path, source: Path, destination: Path
) -> None:
    copying = Copying(source, destination, expected=1000)
    copying.copies.start()
    for shared in copying.copies._processes._shared:
        process = shared.coming.result()._process
        process.kill()
        process.wait()
    left = copying.leave("folder")
    assert copying.copies.copy(copying.changes) == [UNUSUAL, UNUSUAL]
    copying.copies.close()
    assert not left.exists()
