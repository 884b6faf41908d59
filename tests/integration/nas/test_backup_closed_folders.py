"""Folders without write permission, as an ordinary user: updated like any other, and closed again."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from asynctask_nas.opened import OpenedFolders
from tests.integration.nas.hosts import Host
from tests.unit.nas.test_backup_marks import removed
from tests.unit.nas.trees import describe


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def opened(root: Path) -> None:
    """So that the test, and the cleaning up after it, may change it."""
    for path in [root, *root.rglob("*")]:
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)


def closed(root: Path) -> None:
    for path in sorted(root.rglob("*"), reverse=True):
        if path.is_dir() and not path.is_symlink() and ".asynctask-backup" not in path.parts:
            path.chmod(0o555)
    root.chmod(0o555)


@pytest.fixture
def closed_source(nobody: Path) -> Path:
    source = nobody / "source"
    for name in ("mod/changed", "mod/gone", "mod/deep/gone too", "mod/deep/er/old", "mod/folder/x", "kind/x"):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(name)
    closed(source)
    return source


async def backed_up(source: Path, copy: Path, **config: object) -> Host:
    host = Host(source_path=source, destination_path=copy, delete_extra="mark", verify="checksum", **config)
    await host.run()
    return host


def change(source: Path) -> None:
    """Everything that can happen in a closed folder."""
    opened(source)
    (source / "mod/changed").write_text("another text")
    (source / "mod/gone").unlink()
    (source / "mod/deep/gone too").unlink()
    (source / "mod/new").write_text("new")
    (source / "mod/new folder").mkdir()
    (source / "mod/link").symlink_to("new")
    os.link(source / "mod/new", source / "mod/other name")
    (source / "mod/deep/er/old").chmod(0o600)
    shutil.rmtree(source / "mod/folder")
    shutil.rmtree(source / "kind")
    (source / "kind").write_text("a file now")
    closed(source)


async def test_files_in_closed_folders_are_updated_marked_and_replaced(
    nobody: Path, closed_source: Path
) -> None:
    """Fails when an ordinary user's backup skips what is in a folder that is closed to its owner."""
    source, copy = closed_source, nobody / "copy"
    (await backed_up(source, copy)).result()
    assert describe(copy) == describe(source)
    change(source)
    host = await backed_up(source, copy)
    assert host.result()["skipped"] == 0
    assert describe(copy) == describe(source)
    assert mode(copy / "mod/deep") == 0o555
    assert set(removed(copy)) == {"mod/gone", "mod/deep/gone too", "mod/folder/x", "kind/x"}
    (task,) = (copy / ".asynctask-removed").iterdir()
    assert mode(task / "mod/folder") == 0o555
    assert not (copy / ".asynctask-backup/opened").exists()
    opened(nobody)


@pytest.mark.skipif(shutil.which("rsync") is None, reason="there is no rsync to compare with")
async def test_closed_folders_end_as_with_rsync(nobody: Path, closed_source: Path) -> None:
    source, copy, other = closed_source, nobody / "copy", nobody / "other"
    for step in (lambda: None, lambda: change(source)):
        step()
        (await backed_up(source, copy)).result()
        command = ["rsync", "-aHAX", "--delete", f"{source}/", f"{other}/"]
        subprocess.run(command, check=True, user=os.geteuid(), group=os.getegid())
    # rsync leaves the times of some closed folders as they became by its own work.
    assert {path: about[:4] for path, about in describe(copy).items()} == {
        path: about[:4] for path, about in describe(other).items()
    }
    opened(nobody)


@pytest.mark.parametrize("by", ["the same task", "the next task"])
async def test_folder_that_a_killed_backup_left_open_is_closed_again(
    nobody: Path, closed_source: Path, by: str
) -> None:
    """Fails when a folder that only the destination has stays open after a crash."""
    source, copy = closed_source, nobody / "copy"
    (await backed_up(source, copy)).result()
    opened(copy)
    (copy / "extra").mkdir()
    (copy / "extra/a.tmp").touch()
    (copy / "extra/b").touch()
    closed(copy)
    host = Host(source_path=source, destination_path=copy, delete_extra="mark", exclude=["*.tmp"])
    left: list[int] = []

    def kill(host: Host, call: str) -> None:
        if call == "transfer: manifest items" and (copy / ".asynctask-backup/opened").exists():
            left.append(mode(copy / "extra"))
            host.kill()

    host.on_call = kill
    with pytest.MonkeyPatch.context() as dead:
        dead.setattr(OpenedFolders, "close", lambda self: None)  # a killed process closes nothing
        await host.run()
    assert left == [0o755]
    assert mode(copy / "extra") == 0o755
    if by == "the same task":
        host.on_call = None
        await host.run()
        host.result()
    else:
        (await backed_up(source, copy, exclude=["*.tmp"])).result()
    assert mode(copy / "extra") == 0o555
    assert os.listdir(copy / "extra") == ["a.tmp"]
    opened(nobody)


async def test_folders_above_a_change_are_not_opened_for_good(nobody: Path) -> None:
    """Fails when the parents of a changed folder keep a mode that is not the source's."""
    source, copy = nobody / "source", nobody / "copy"
    (source / "a/b/c").mkdir(parents=True)
    (source / "a/b/c/file").write_text("one")
    closed(source)
    (await backed_up(source, copy)).result()
    opened(source)
    (source / "a/b/c/file").write_text("another")
    closed(source)
    (await backed_up(source, copy)).result()
    assert [mode(copy / name) for name in ("", "a", "a/b", "a/b/c")] == [0o555] * 4
    opened(nobody)
