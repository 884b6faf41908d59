"""Set-user-id and set-group-id bits: the system drops them without an error where they may not be set."""

from __future__ import annotations

import errno
import os
import stat
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from asynctask_nas import opened, refused
from asynctask_nas.entries import Entry, look
from asynctask_nas.left_out import left_out, said
from asynctask_nas.opened import OpenedFolders
from asynctask_nas.places import probe
from tests.support.backup_folders import without_capabilities
from tests.unit.nas.trees import back_up, changes, describe

CAP_CHOWN, CAP_FSETID = 0, 4
THEIRS = 4242


@contextmanager
def without_fsetid() -> Iterator[None]:
    """A root that may not set the set-group-id bit of other groups, as in some containers."""
    if os.geteuid() != 0:
        pytest.skip("needs root")
    with without_capabilities(CAP_FSETID):
        yield


def special(source: Path, *, group: int = THEIRS) -> None:
    """Files, small and large, and a folder."""
    (source / "folder").mkdir()
    for name, size, mode in (("small", 10, 0o2711), ("large", 100_000, 0o6755), ("folder/user", 10, 0o4755)):
        (source / name).write_bytes(b"x" * size)
        if os.geteuid() == 0:
            os.chown(source / name, THEIRS, group)
        (source / name).chmod(mode)
    if os.geteuid() == 0:
        os.chown(source / "folder", THEIRS, group)
    (source / "folder").chmod(0o2755)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def entry_at(path: Path) -> Entry:
    found = look(os.fsencode(path))
    assert found is not None
    return found


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
def test_bits_are_kept_where_they_may_be_set(source: Path, destination: Path) -> None:
    """Fails when something after the mode (owner, content, attributes) makes the system drop them again."""
    special(source)
    back_up(source, destination)
    assert describe(destination) == describe(source)
    assert changes(source, destination) == []
    (source / "folder/user").chmod(0o6711)
    os.chown(source / "large", THEIRS + 1, THEIRS)
    (source / "large").chmod(0o6755)
    back_up(source, destination)
    assert describe(destination) == describe(source)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
def test_program_whose_owner_is_refused_does_not_run_as_another_one(
    source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when a copy that stays root's runs as root: a container may know only some owners."""
    special(source)
    real = os.chown

    def refuses(target: Any, owner: int, group: int, **more: Any) -> None:
        if owner == THEIRS:
            raise OSError(errno.EINVAL, "Invalid argument")
        real(target, owner, group, **more)

    monkeypatch.setattr(os, "chown", refuses)
    back_up(source, destination)
    for name, mode in (("small", 0o711), ("large", 0o755), ("folder", 0o755), ("folder/user", 0o755)):
        assert (mode_of(destination / name), (destination / name).stat().st_uid) == (mode, 0)


def test_group_bits_that_the_system_drops_are_told_and_not_set_again_by_every_run(
    source: Path, destination: Path
) -> None:
    """Fails when each run finds other modes, since the system does not tell that it dropped a bit."""
    special(source)
    (source / "own").write_text("own group")
    (source / "own").chmod(0o2755)
    names = ("small", "large", "folder", "folder/user", "own")
    with without_fsetid():
        holds = probe(os.fsencode(destination))
        back_up(source, destination)
        assert changes(source, destination) == []
        found = [mode_of(destination / name) for name in names]
        assert found == [0o711, 0o4755, 0o755, 0o4755, 0o2755]
        lost = [list(left_out(entry_at(source / name), holds)) for name in names]
        assert lost == [["set-group-id bits"]] * 3 + [[]] * 2
        # What another executor could set is not taken away again.
        (destination / "folder").chmod(0o2755)
    (destination / "folder").chmod(0o2755)
    with without_fsetid():
        assert changes(source, destination) == []
    assert changes(source, destination) != []  # one that may set them does


def test_bits_that_an_ordinary_user_does_not_keep_are_told_and_not_set_again_by_every_run(
    nobody: Path,
) -> None:
    source, destination = nobody / "source", nobody / "destination"
    source.mkdir()
    special(source)
    back_up(source, destination)
    assert changes(source, destination) == []
    holds = probe(os.fsencode(destination))
    for name, mode in (("small", 0o711), ("large", 0o755), ("folder", 0o755), ("folder/user", 0o755)):
        assert mode_of(destination / name) == mode
        assert list(left_out(entry_at(source / name), holds)) == ["set-id bits of owners"]


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
def test_bits_that_a_root_without_capabilities_does_not_keep_are_told_with_the_reason(
    source: Path, destination: Path
) -> None:
    """Fails when CAP_FSETID or the destination is blamed: the bits of its own files are left out as well."""
    for name, mode in (("user", 0o4755), ("group", 0o2755)):
        (source / name).write_text("own")
        (source / name).chmod(mode)
    with without_capabilities(CAP_CHOWN, CAP_FSETID):
        holds = probe(os.fsencode(destination))
        back_up(source, destination)
        lost = Counter(
            kind for name in ("user", "group") for kind in left_out(entry_at(source / name), holds)
        )
    assert [mode_of(destination / name) for name in ("user", "group")] == [0o755] * 2
    assert list(said(lost)) == [
        (
            "MODES_NOT_KEPT",
            "this executor cannot set owners there (without CAP_CHOWN, or the destination does not keep them), and "
            "leaves out set-user-id and set-group-id bits: other modes on the copies of 2 entries",
            2,
        )
    ]


def test_bits_are_told_with_the_modes_and_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    why = "this executor does not run as root, and leaves out set-user-id and set-group-id bits"
    assert list(said({"set-id bits of owners": 2})) == [
        ("MODES_NOT_KEPT", f"{why}: other modes on the copies of 2 entries", 2)
    ]
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    why = "set-group-id bits of other groups need CAP_FSETID; the destination does not keep set-id bits"
    assert list(said({"set-id bits": 1, "set-group-id bits": 1})) == [
        ("MODES_NOT_KEPT", f"{why}: other modes on the copies of 2 entries", 2)
    ]
    why = "the destination does not keep modes"
    firsts = {"modes": "'a'", "set-id bits": "'b'"}
    assert list(said({"modes": 1, "set-id bits": 2}, firsts)) == [
        ("MODES_NOT_KEPT", f"{why}: other modes on the copies of 3 entries ('a' and 2 more)", 3)
    ]


def test_folder_that_lost_its_group_bit_when_it_was_opened_is_closed_again(
    destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when such a folder stays open, since its mode is not the one that it was given."""
    destination.mkdir()
    folder = destination / "closed"
    folder.mkdir()
    folder.chmod(0o2555)

    def drops(descriptor: int, mode: int) -> bool:
        return refused.opens(descriptor, mode & ~stat.S_ISGID)

    monkeypatch.setattr(opened, "may_change", lambda _: False)
    monkeypatch.setattr(opened, "opens", drops)
    folders = OpenedFolders(os.fsencode(destination))
    folders.open(b"closed")
    assert mode_of(folder) == 0o755
    folders.close()
    assert mode_of(folder) & 0o777 == 0o555
