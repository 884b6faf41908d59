from __future__ import annotations

import errno
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from asynctask_nas.changes import Action, Change, change_of
from asynctask_nas.copy import PartialCopy
from asynctask_nas.entries import look
from asynctask_nas.left_out import left_out
from asynctask_nas.order import Order
from asynctask_nas.places import probe
from tests.unit.nas.trees import a_performer, back_up, changes, describe


def linked_symlinks(source: Path, *names: str) -> None:
    os.symlink("target", source / names[0])
    for name in names[1:]:
        os.link(source / names[0], source / name, follow_symlinks=False)


def test_symbolic_link_with_several_names_is_one_at_the_destination(source: Path, destination: Path) -> None:
    """Fails when each name becomes a link of its own, which rsync -aH keeps as one."""
    (source / "sub").mkdir()
    linked_symlinks(source, "a", "b", "sub/c")
    linked_symlinks(source, "alone")
    done, skipped = back_up(source, destination)
    assert (len(done), skipped) == (6, {})
    assert describe(destination) == describe(source)
    assert changes(source, destination) == []
    if (rsync := shutil.which("rsync")) is not None:
        words = [rsync, "-aHAXi", "--dry-run", "--delete", "--exclude=/.asynctask-*"]
        assert subprocess.check_output([*words, f"{source}/", f"{destination}/"], text=True) == ""


@pytest.mark.parametrize("change", ["new name", "one removed", "one points elsewhere", "all point elsewhere"])
def test_name_of_a_symbolic_link_that_changes_leaves_the_others_linked(
    source: Path, destination: Path, change: str
) -> None:
    linked_symlinks(source, "a", "b", "c")
    back_up(source, destination)
    kept = (destination / "a").lstat().st_ino
    match change:
        case "new name":
            os.link(source / "b", source / "0", follow_symlinks=False)
        case "one removed":
            (source / "b").unlink()
        case "one points elsewhere":
            (source / "b").unlink()
            os.symlink("elsewhere", source / "b")
        case _:
            for name in "abc":
                (source / name).unlink()
            os.symlink("elsewhere", source / "a")
            for name in "bc":
                os.link(source / "a", source / name, follow_symlinks=False)
    done, _ = back_up(source, destination, mark=True)
    found = describe(destination)
    assert found == describe(source)
    assert changes(source, destination) == []
    if change != "all point elsewhere":
        assert (destination / "a").lstat().st_ino == kept
        assert len(done) == 2  # that name, and the time of its folder


def test_symbolic_links_that_an_older_version_copied_one_by_one_become_one(
    source: Path, destination: Path
) -> None:
    linked_symlinks(source, "a", "b")
    for name in ("a", "b"):
        destination.mkdir(exist_ok=True)
        os.symlink("target", destination / name)
    back_up(source, destination)
    assert describe(destination) == describe(source)


def test_symbolic_link_is_not_made_a_name_of_one_that_points_elsewhere(
    source: Path, destination: Path
) -> None:
    """The one at the destination may have been changed since the comparison, by somebody else."""
    linked_symlinks(source, "a", "b")
    back_up(source, destination)
    (destination / "b").unlink()
    os.link(source / "a", source / "c", follow_symlinks=False)
    found = [one for one in changes(source, destination) if one.action is Action.LINK]
    (destination / "a").unlink()
    os.symlink("elsewhere", destination / "a")
    performer = a_performer(source, destination)
    for one in found:
        performer.perform(one, PartialCopy(one.path))
    assert [os.readlink(destination / name) for name in "bc"] == ["target", "target"]


@pytest.mark.parametrize("number", [errno.EPERM, errno.EMLINK])
@pytest.mark.parametrize("kind", ["file", "symbolic link"])
def test_names_that_cannot_be_linked_are_copied_once(
    source: Path, destination: Path, kind: str, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when one name more than a file system allows fails the backup, or is copied again by every run."""
    if kind == "file":
        (source / "a").write_text("one")
        os.link(source / "a", source / "b")
    else:
        linked_symlinks(source, "a", "b")
    destination.mkdir()
    real = os.link

    def refused(*words: Any, **more: Any) -> None:
        if b"asynctask" not in os.fsencode(words[0]):  # what the destination can do is tried by such names
            raise OSError(number, os.strerror(number))
        real(*words, **more)

    monkeypatch.setattr(os, "link", refused)
    assert back_up(source, destination)[1] == {}
    made = (destination / "b").lstat()
    assert made.st_nlink == 1
    if kind == "file":
        (source / "b").chmod(0o604)
    back_up(source, destination)
    assert (destination / "b").lstat().st_ino == made.st_ino
    if kind == "file":
        assert (destination / "b").stat().st_mode & 0o777 == 0o604
        (source / "b").write_text("other")
    else:
        for name in "ab":
            (source / name).unlink()
            os.symlink("other", source / name)
    back_up(source, destination)
    if kind == "file":
        assert (destination / "b").read_text() == "other"
    else:
        assert os.readlink(destination / "b") == "other"


def test_name_that_is_to_be_renewed_and_cannot_be_linked_is_copied(
    source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when a copy that may not be on storage stays since its size and time are right."""
    for name in ("a", "b"):
        destination.mkdir(exist_ok=True)
        (destination / name).write_text("lost")
        os.utime(destination / name, ns=(1, 1))
    (source / "a").write_text("good")
    os.utime(source / "a", ns=(1, 1))
    os.link(source / "a", source / "b")
    renewed = Change(
        path=b"a", action=Action.COPY, size=1, inode=(1, 7), existing=(5, 3), renews=True, is_new=False
    )
    same = Change(path=b"b", action=Action.SAME, inode=(1, 7), existing=(5, 4), is_new=False)
    with Order() as order:
        order.add([renewed, same])
        order.close()
        first, second, *_ = order
    assert (second.action, second.renews) == (Action.LINK, True)
    second = change_of(second.path, second.size, second.planned())

    def refused(*_: object, **__: object) -> None:
        raise OSError(errno.EMLINK, "Too many links")

    monkeypatch.setattr(os, "link", refused)
    performer = a_performer(source, destination)
    for one in (first, second):
        performer.perform(one, PartialCopy(one.path))
    assert (destination / "b").read_text() == "good"


def test_destination_that_gives_symbolic_links_no_further_names_says_so_and_copies_them_once(
    source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    linked_symlinks(source, "a", "b")
    real = os.link

    def refused(*words: Any, **more: Any) -> None:
        if more.get("follow_symlinks") is False and b"symlink" in os.fsencode(words[0]):
            raise OSError(errno.EPERM, "not here")
        real(*words, **more)

    monkeypatch.setattr(os, "link", refused)
    back_up(source, destination)
    assert os.readlink(destination / "b") == "target"
    assert changes(source, destination) == []
    destination_holds = probe(os.fsencode(destination))
    assert (destination_holds.links, destination_holds.linked_symlinks) == (True, False)
    entry = look(os.fsencode(source / "a"))
    assert entry is not None
    assert list(left_out(entry, destination_holds)) == ["hard links"]
