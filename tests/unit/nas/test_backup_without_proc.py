"""Executors without /proc (a chroot, a hardened service): everything works, or says what does not."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from asynctask import Postpone
from asynctask_core.ids import id_text, new_id
from asynctask_nas import attributes, mounts, tree, warned
from asynctask_nas.changes import Action
from asynctask_nas.config import BackupConfig
from asynctask_nas.holding import held
from asynctask_nas.marker import read
from asynctask_nas.opened import OpenedFolders
from asynctask_nas.tree import Tree, set_mode
from tests.support.mounts import Mounted, unmount
from tests.unit.nas.trees import a_tree, back_up, changes, describe


@pytest.fixture
def no_proc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "_HAS_HELD", False)
    monkeypatch.setattr(mounts, "_TABLE", "/nowhere/mountinfo")


def mark_all(root: Path) -> None:
    for path in (root, root / "folder 1", root / "folder 1/file 1", root / "holes"):
        try:
            os.setxattr(path, b"user.note", path.name.encode())
        except OSError:
            pytest.skip("there are no extended attributes here")


def test_tree_is_copied_with_its_attributes_and_only_once(
    no_proc: None, source: Path, destination: Path
) -> None:
    """Fails when attributes of files or folders are passed over without a word, or copied by every run."""
    a_tree(source)
    mark_all(source)
    back_up(source, destination)
    (source / "pipe").unlink()
    back_up(source, destination)
    assert describe(destination) == describe(source)
    assert changes(source, destination) == []
    for name in ("folder 1", "folder 2/file 2"):
        os.setxattr(source / name, b"user.note", b"new")
    assert {one.path: one.action for one in changes(source, destination)} == {
        b".": Action.FOLDER,
        b"folder 1": Action.FOLDER,
        b"folder 2/file 2": Action.ATTRIBUTES,
    }
    back_up(source, destination)
    assert describe(destination) == describe(source)


def test_nothing_of_a_swapped_folder_is_read(no_proc: None, source: Path, tmp_path: Path) -> None:
    """Fails when attributes are read by a path through folders that may be links by now."""
    (source / "a").mkdir()
    (source / "a/file").touch()
    os.symlink("/", source / "a/link")
    one = Tree(os.fsencode(source))
    with one.folder(b"a") as folder:
        (source / "a").rename(tmp_path / "away")
        other = tmp_path / "other"
        other.mkdir()
        (other / "file").touch()
        try:
            os.setxattr(other / "file", b"user.note", b"theirs")
        except OSError:
            pytest.skip("there are no extended attributes here")
        os.symlink(other, source / "a")
        assert attributes.extended_in(folder, b"file") == {}
        with pytest.raises(OSError, match="symbolic links"):
            attributes.extended_in(folder, b"link")
    with pytest.raises(NotADirectoryError):
        attributes.extended_of(one, b"a/file")


def test_closed_folders_are_opened_and_closed(no_proc: None, nobody: Path) -> None:
    folder = nobody / "closed"
    folder.mkdir()
    folder.chmod(0o555)
    opened = OpenedFolders(os.fsencode(nobody))
    opened.open(b"closed")
    assert opened.is_open(b"closed")
    (folder / "new").touch()
    opened.close()
    assert folder.stat().st_mode & 0o777 == 0o555


@pytest.mark.parametrize("has_proc", [True, False])
def test_mode_of_a_folder_that_may_not_be_entered(
    has_proc: bool, nobody: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without /proc no path leads there, and that is an error and no silence."""
    folder = nobody / "closed"
    folder.mkdir()
    folder.chmod(0o600)
    monkeypatch.setattr(tree, "_HAS_HELD", has_proc and tree.held(0) is not None)
    with Tree(os.fsencode(nobody)).folder(b"closed") as here:
        if tree.held(0) is None:
            with pytest.raises(PermissionError):
                set_mode(here, 0o700)
        else:
            set_mode(here, 0o700)
            assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("side", ["source", "destination"])
def test_attributes_of_a_damaged_file_are_not_taken_for_the_same(
    side: str, source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when a disk that cannot tell them is passed over in silence."""
    (source / "file").write_text("one")
    back_up(source, destination)
    real = attributes.extended_of

    def broken(one: Tree, path: bytes) -> dict[bytes, bytes]:
        if one.path.endswith(side.encode()) and path == b"file":
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return real(one, path)

    monkeypatch.setattr(attributes, "extended_of", broken)
    assert (
        attributes.differ_extended(Tree(os.fsencode(source)), Tree(os.fsencode(destination)), b".") is False
    )
    with pytest.raises(OSError, match="Input/output"):
        attributes.differ_extended(Tree(os.fsencode(source)), Tree(os.fsencode(destination)), b"file")


@pytest.fixture
def ctx(source: Path, destination: Path) -> Any:
    return SimpleNamespace(config=BackupConfig(str(source), str(destination)), task_id=id_text(new_id()))


def test_marker_of_a_backup_that_knew_what_is_mounted_goes_on_being_compared(
    ctx: Any, source: Path, destination: Path, mounted: Mounted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when an executor without /proc takes the same disk for another one, forgets it, or misses it no more."""
    if not mounts.table():
        pytest.skip("what is mounted is not told here")
    mounted("source")
    mounted("source/inner", label="inner")
    with held(ctx, None) as roots:
        assert not roots.is_blind
        roots.remember_source(roots.known)
    kept = read(os.fsencode(destination), b"")
    assert kept is not None
    assert list(kept.inside) == ["inner"]
    monkeypatch.setattr(tree, "_HAS_HELD", False)
    monkeypatch.setattr(mounts, "_TABLE", "/nowhere/mountinfo")
    with held(ctx, None) as roots:
        assert roots.is_blind
        roots.remember_source(roots.known)
        known = roots.known
        roots.check()
        assert read(os.fsencode(destination), b"") == kept
        unmount(source / "inner")
        with pytest.raises(Postpone, match="is it still mounted"):
            roots.check()
    with pytest.raises(Postpone, match="is it still mounted"), held(ctx, known):
        pass


def test_first_backup_is_gone_on_with_where_what_is_mounted_is_not_told(
    ctx: Any, destination: Path, mounted: Mounted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when such an executor misses what the task knows and no marker does, or writes down less than was seen."""
    if not mounts.table():
        pytest.skip("what is mounted is not told here")
    mounted("source")
    mounted("source/inner", label="inner")
    mounted("destination")
    mounted("destination/below", label="below")
    with held(ctx, None) as roots:
        seen = roots.known
    monkeypatch.setattr(tree, "_HAS_HELD", False)
    monkeypatch.setattr(mounts, "_TABLE", "/nowhere/mountinfo")
    with held(ctx, seen) as roots:
        assert roots.is_blind
        roots.remember_source(seen)
    kept = read(os.fsencode(destination), b"")
    assert kept is not None
    assert kept.source == seen.source
    assert list(kept.inside) == ["inner"]
    assert list(kept.inside_destination) == ["below"]


def test_what_cannot_be_missed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[tuple[str, str, int]] = []
    ctx: Any = SimpleNamespace(warn=lambda *words: said.append(words))
    for platform in ("darwin", "linux"):
        monkeypatch.setattr(sys, "platform", platform)
        warned.warn_of_unknown_mounts(ctx)
    assert [(code, count) for code, _, count in said] == [("MOUNTS_UNKNOWN", 1)]
