"""Small files copied in few calls, and what is left to the long way."""

from __future__ import annotations

import ctypes
import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from asynctask_core.ids import id_text, new_id
from asynctask_nas import attributes, small, unnamed_files
from asynctask_nas.changes import Action, Change
from asynctask_nas.destination import Destination
from asynctask_nas.pace import Pace, PaceStopped
from asynctask_nas.places import probe
from asynctask_nas.small import SMALL_BYTES, UNUSUAL
from asynctask_nas.small_copies import SmallCopies
from asynctask_nas.throttle import Throttle
from asynctask_nas.tree import Tree
from tests.unit.nas.trees import describe


def copied(source: Path, destination: Path, pace: Pace | None = None, *, makes_folder: bool = False) -> int:
    root = os.fsencode(destination)
    if not makes_folder:
        (destination / "folder").mkdir(parents=True, exist_ok=True)
    target = Destination(root, id_text(new_id()), probe(root))
    copies = SmallCopies(Tree.of(os.fsencode(source)), target, pace or Pace(Throttle(None)), 1)
    facts = os.stat(source / "folder/file") if (source / "folder/file").is_file() else None
    change = Change(
        b"folder/file",
        Action.COPY,
        facts.st_size if facts else 7,
        mtime_ns=facts.st_mtime_ns if facts else 1_234_567_890_123_456_789,
    )
    if not copies.takes(change):
        return UNUSUAL
    (count,) = copies.copy([change])
    return count


@pytest.fixture
def file(source: Path) -> Path:
    path = source / "folder/file"
    path.parent.mkdir()
    path.write_bytes(b"content")
    path.chmod(0o640)
    os.utime(path, ns=(1, 1_234_567_890_123_456_789))
    return path


def test_a_small_file_is_copied_with_all_that_belongs_to_it(
    file: Path, source: Path, destination: Path
) -> None:
    assert copied(source, destination) == 7
    key = b"folder/file"
    assert describe(destination)[key] == describe(source)[key]
    assert os.listdir(destination / "folder") == ["file"]


def test_an_older_version_is_replaced(file: Path, source: Path, destination: Path) -> None:
    (destination / "folder").mkdir(parents=True)
    (destination / "folder/file").write_text("older")
    assert copied(source, destination) == 7
    assert (destination / "folder/file").read_text() == "content"


@pytest.fixture(params=["by its descriptor", "through /proc", "not at all"])
def unnamed(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """How a system names a file that was made without a name."""
    if request.param != "by its descriptor":
        monkeypatch.setattr(unnamed_files, "_linkat", None)
    if request.param == "not at all":
        monkeypatch.setattr(unnamed_files, "held_descriptors", lambda: None)
    return request.param


@pytest.mark.parametrize("is_there", [False, True])
def test_a_copy_has_no_name_before_it_is_complete_where_the_system_can_do_that(
    unnamed: str,
    is_there: bool,
    file: Path,
    source: Path,
    destination: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = destination / "folder"
    folder.mkdir(parents=True)
    if is_there:
        (folder / "file").write_text("older")
    seen: list[int] = []

    def set_time(target: int, *, ns: tuple[int, int]) -> None:
        os.utime(target, ns=ns)
        seen.append(len(os.listdir(folder)))

    class WatchedSystem:
        utime = staticmethod(set_time)

        def __getattr__(self, name: str) -> object:
            return getattr(os, name)

    monkeypatch.setattr(small, "os", WatchedSystem())
    monkeypatch.setattr(attributes, "os", WatchedSystem())
    assert copied(source, destination) == 7
    assert seen == [is_there + (unnamed == "not at all")]
    assert describe(destination)[b"folder/file"] == describe(source)[b"folder/file"]
    assert os.listdir(folder) == ["file"]


def test_a_file_system_without_files_that_have_no_name_gets_named_ones(
    file: Path, source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(name: bytes, *arguments: object, **more: object) -> int:
        raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))

    class OlderSystem:
        open = staticmethod(refuse)

        def __getattr__(self, name: str) -> object:
            return getattr(os, name)

    monkeypatch.setattr(unnamed_files, "os", OlderSystem())
    assert copied(source, destination) == 7
    assert describe(destination)[b"folder/file"] == describe(source)[b"folder/file"]


def test_where_files_can_be_made_and_not_named_the_next_ones_are_made_with_a_name(
    source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when every file is written twice there: union mounts, and file systems in user space, refuse the link."""

    def refuse(*_: object, **__: object) -> int:
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))

    def refuse_by_its_descriptor(*_: object) -> int:
        ctypes.set_errno(errno.EXDEV)
        return -1

    class UnlinkedSystem:
        link = staticmethod(refuse)

        def __getattr__(self, name: str) -> object:
            return getattr(os, name)

    monkeypatch.setattr(unnamed_files, "os", UnlinkedSystem())
    monkeypatch.setattr(unnamed_files, "_linkat", refuse_by_its_descriptor)
    files: list[small.SmallFile] = []
    for number in range(2):
        file = source / f"{number}"
        file.touch()
        files.append((b"%d" % number, b"part", 0, file.stat().st_mtime_ns))
    theirs, ours = (Tree.of(os.fsencode(folder)) for folder in (source, destination))
    copier = small.SmallCopier(theirs, ours, probe(os.fsencode(destination)))
    assert copier.copy([(b".", b"", files)]) == [UNUSUAL, 0]
    assert os.listdir(destination) == ["1"]


ODD: dict[str, Callable[[Path, Path], object]] = {
    "it vanished": lambda file, _: file.unlink(),
    "it is a symbolic link": lambda file, _: (file.unlink(), file.symlink_to("elsewhere")),
    "it is a pipe": lambda file, _: (file.unlink(), os.mkfifo(file)),
    "it is large": lambda file, _: file.write_bytes(b"x" * (SMALL_BYTES + 1)),
    "it is a hole": lambda file, _: os.truncate(file, SMALL_BYTES),
    "a folder is in its place": lambda _, copy: copy.mkdir(parents=True),
    "a link is in its place": lambda _, copy: (copy.parent.mkdir(parents=True), copy.symlink_to("elsewhere")),
}


@pytest.mark.parametrize("what", ODD)
def test_what_is_unusual_is_left_to_the_long_way(
    what: str, file: Path, source: Path, destination: Path
) -> None:
    ODD[what](file, destination / "folder/file")
    before = describe(destination).get(b"folder/file")
    assert copied(source, destination) == UNUSUAL
    assert describe(destination).get(b"folder/file") == before


@pytest.mark.parametrize("change", [b"content and more", b"short", b"CONTENT"])
def test_a_file_that_changes_while_it_is_copied_is_never_put_in_place(
    change: bytes, file: Path, source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(descriptor: int, count: int, offset: int) -> bytes:
        content = os.pread(descriptor, count, offset)
        file.write_bytes(change)
        return content

    class ChangingSystem:
        pread = staticmethod(read)

        def __getattr__(self, name: str) -> object:
            return getattr(os, name)

    monkeypatch.setattr(small, "os", ChangingSystem())
    assert copied(source, destination) == UNUSUAL
    assert not (destination / "folder/file").exists()


@pytest.mark.parametrize("makes_folder", [False, True])
def test_nothing_is_written_where_it_could_not_be_flushed(
    file: Path, source: Path, destination: Path, makes_folder: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when a file counts as done on a file system that nobody watches over, since its folder cannot be read."""

    def will_write(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Destination, "will_write", will_write)
    assert copied(source, destination, makes_folder=makes_folder) == UNUSUAL
    assert [path for path in destination.rglob("*") if path.is_file()] == []


def test_a_stop_is_obeyed_before_anything_is_begun(file: Path, source: Path, destination: Path) -> None:
    pace = Pace(Throttle(None))
    pace.stop()
    with pytest.raises(PaceStopped):
        copied(source, destination, pace, makes_folder=True)
    assert not (destination / "folder").exists()


def test_a_copy_that_does_not_fit_leaves_nothing(
    file: Path, source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when a full disk is left with unfinished files that nobody begins again before the next backup."""

    def refuse(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    class FullSystem:
        write = staticmethod(refuse)

        def __getattr__(self, name: str) -> object:
            return getattr(os, name)

    monkeypatch.setattr(small, "os", FullSystem())
    assert copied(source, destination) == UNUSUAL
    assert os.listdir(destination / "folder") == []


def test_files_get_their_mode_also_where_the_system_makes_them_with_another(
    source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As some servers do whose folders have rules for new files."""

    def opened(name: bytes, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        return os.open(name, flags, mode | 0o040, dir_fd=dir_fd)

    class GenerousSystem:
        open = staticmethod(opened)

        def __getattr__(self, name: str) -> object:
            return getattr(os, name)

    for module in (small, unnamed_files):
        monkeypatch.setattr(module, "os", GenerousSystem())
    for folder in (source, destination):
        (folder / "folder").mkdir(parents=True)
    files: list[small.SmallFile] = []
    for number in range(3):
        file = source / f"folder/{number}"
        file.touch()
        file.chmod(0o600)
        files.append((b"%d" % number, b"part", 0, file.stat().st_mtime_ns))
    theirs, ours = (Tree.of(os.fsencode(folder)) for folder in (source, destination))
    copier = small.SmallCopier(theirs, ours, probe(os.fsencode(destination)), umask=0)
    assert copier.copy([(b"folder", b"", files)]) == [0, 0, 0]
    assert {file.stat().st_mode & 0o7777 for file in (destination / "folder").iterdir()} == {0o600}


def test_a_time_that_the_destination_cannot_hold_becomes_the_nearest_that_it_can(
    source: Path, destination: Path
) -> None:
    files: list[small.SmallFile] = []
    for number, mtime_ns in enumerate((2, 7, 10, 11, 12, 13)):
        file = source / f"{number}"
        file.touch()
        os.utime(file, ns=(0, mtime_ns * 10**9))
        files.append((b"%d" % number, b"part", 0, mtime_ns * 10**9))
    theirs, ours = (Tree.of(os.fsencode(folder)) for folder in (source, destination))
    holds = probe(os.fsencode(destination))._replace(earliest_ns=10 * 10**9, latest_ns=12 * 10**9)
    assert small.SmallCopier(theirs, ours, holds, umask=0).copy([(b".", b"", files)]) == [0] * 6
    times = [os.stat(destination / f"{number}").st_mtime for number in range(6)]
    assert times == [10, 10, 10, 11, 12, 12]
