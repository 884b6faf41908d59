"""Folders that refuse user 0, who has lost the privilege to override modes: treated like those that refuse others."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from asynctask_nas import copy
from asynctask_nas.changes import Action, Change
from asynctask_nas.copy import PartialCopy
from asynctask_nas.holds import Holds
from asynctask_nas.opened import OpenedFolders
from asynctask_nas.perform import Performer
from asynctask_nas.small import UNUSUAL, SmallCopier
from asynctask_nas.tree import Tree
from tests.support.backup_folders import CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, without_capabilities
from tests.unit.nas.trees import a_performer, back_up, describe

CAP_FOWNER = 3


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def a_closed_copy(source: Path, destination: Path) -> None:
    for root in (source, destination):
        (root / "closed/deep").mkdir(parents=True)
    (source / "closed/changed").write_text("new")
    (destination / "closed/changed").write_text("old")
    (destination / "closed/extra").write_text("extra")
    (destination / "closed/deep/extra").write_text("another")
    for root in (source, destination):
        for path in (root / "closed/deep", root / "closed", root):
            path.chmod(0o555)


def renew(performer: Performer) -> None:
    for change in (
        Change(b"closed/changed", Action.COPY, size=3, is_new=False),
        Change(b"closed/extra", Action.MARK, is_new=False),
        Change(b"closed/deep/extra", Action.MARK, is_new=False),
        Change(b"closed", Action.FOLDER, is_new=False, mtime_ns=1),
    ):
        performer.perform(change, PartialCopy(change.path))
    performer.destination.close()


def test_closed_folder_that_refuses_user_0_is_opened_and_closed_again(
    source: Path, destination: Path, powerless: None
) -> None:
    """Fails when only the number of the user decides whether a folder is opened."""
    a_closed_copy(source, destination)
    renew(a_performer(source, destination))
    assert (destination / "closed/changed").read_text() == "new"
    assert not (destination / "closed/extra").exists()
    assert not (destination / "closed/deep/extra").exists()
    assert [mode(destination / name) for name in ("", "closed", "closed/deep")] == [0o555] * 3
    assert not (destination / ".asynctask-backup/opened").exists()


def test_closed_folder_that_lets_user_0_in_keeps_its_mode(source: Path, destination: Path) -> None:
    """Fails when folders are opened, and noted, that need not be."""
    if os.geteuid() != 0:
        pytest.skip("modes do not stop user 0 only")
    a_closed_copy(source, destination)
    opened = OpenedFolders(os.fsencode(destination))
    opened.open(b"closed")
    assert not opened.is_open(b"closed")
    assert mode(destination / "closed") == 0o555


def test_folder_that_another_mode_does_not_open_keeps_its_own(destination: Path, powerless: None) -> None:
    """Fails when somebody else's folder is given a mode that helps nobody, or is noted as open."""
    folder = destination / "theirs"
    folder.mkdir(parents=True)
    (destination / ".asynctask-backup").mkdir()
    folder.chmod(0o555)
    os.chown(folder, 12345, 12345)
    before = os.stat(folder)
    opened = OpenedFolders(os.fsencode(destination))
    opened.open(b"theirs")
    assert mode(folder) == 0o555
    with without_capabilities(CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER):
        opened.open(b"theirs")
    assert not opened.is_open(b"theirs")
    assert mode(folder) == 0o555
    assert os.stat(folder).st_mtime_ns == before.st_mtime_ns
    # A note that stayed would have the mode taken from it that somebody gave it later.
    folder.chmod(0o755)
    OpenedFolders(os.fsencode(destination)).recover()
    assert mode(folder) == 0o755


_CHILD = """
import os, sys
from asynctask_nas.opened import OpenedFolders
opened = OpenedFolders(os.fsencode(sys.argv[1]))
opened.open(b"closed")
open(sys.argv[1] + "/closed/new", "w").close()
opened.close()
"""


def test_process_that_was_started_without_the_privilege_opens_closed_folders(destination: Path) -> None:
    setpriv = shutil.which("setpriv")
    if setpriv is None or os.geteuid() != 0:
        pytest.skip("it takes root and setpriv to start a process without a capability")
    (destination / "closed").mkdir(parents=True)
    (destination / "closed").chmod(0o555)
    command = [setpriv, "--bounding-set", "-dac_override,-dac_read_search", sys.executable, "-c", _CHILD]
    subprocess.run([*command, str(destination)], check=True, timeout=300)
    assert (destination / "closed/new").exists()
    assert mode(destination / "closed") == 0o555


def test_append_only_folder_gets_no_copy_that_could_never_be_put_in_place(
    source: Path, destination: Path
) -> None:
    """Fails when every run leaves another unfinished copy that nobody can remove."""
    for name, content in (("small", b"new"), ("large", b"x" * 100_000)):
        for root in (source, destination):
            (root / "kept").mkdir(parents=True, exist_ok=True)
            (root / "kept" / name).write_bytes(content if root == source else b"old")
    os.symlink("small", source / "kept/link")
    os.link(source / "kept/small", source / "other")
    chattr = shutil.which("chattr")
    folder = str(destination / "kept")
    if chattr is None or subprocess.run([chattr, "+a", folder], capture_output=True, check=False).returncode:
        pytest.skip("folders cannot be made append-only here")
    try:
        _, skipped = back_up(source, destination)
        copier = SmallCopier(Tree(os.fsencode(source)), Tree(os.fsencode(destination)), Holds())
        assert copier.copy([(b"kept", b"", [(b"small", b".asynctask-0.part", 3, 0)])]) == [UNUSUAL]
    finally:
        subprocess.run([chattr, "-a", folder], check=True)
    assert skipped.pop(b"kept") == "destination: not permitted"  # its time
    assert set(skipped) == {b"kept/small", b"kept/large", b"kept/link"}
    assert all("append-only" in reason for reason in skipped.values())
    assert sorted(os.listdir(folder)) == ["large", "small"]
    assert set(back_up(source, destination)[1]) == set()
    assert describe(destination) == describe(source)


@pytest.mark.parametrize("flag", ["i", "a"])
def test_large_file_is_not_copied_where_its_copy_cannot_be_replaced(
    source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch, flag: str
) -> None:
    """Fails when all of it is read and written in every run, and refused in the end."""
    (source / "large").write_text("new")
    destination.mkdir()
    (destination / "large").write_text("old")
    monkeypatch.setattr(copy, "LARGE_BYTES", 3)
    monkeypatch.setattr(copy, "_copy_content", None)
    chattr, path = shutil.which("chattr"), str(destination / "large")
    if (
        chattr is None
        or subprocess.run([chattr, f"+{flag}", path], capture_output=True, check=False).returncode
    ):
        pytest.skip("files cannot be made immutable here")
    try:
        _, skipped = back_up(source, destination)
    finally:
        subprocess.run([chattr, f"-{flag}", path], check=True)
    assert "immutable or append-only" in skipped[b"large"]
    assert os.listdir(destination) == ["large"]
