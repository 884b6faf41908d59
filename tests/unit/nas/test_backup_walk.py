from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from asynctask_nas.entries import Kind
from asynctask_nas.exclude import Exclude
from asynctask_nas.walk import Walk
from tests.unit.nas.trees import back_up, changes


def a_tree(root: Path) -> None:
    for path in ("a", "a-b", "a/x", "a/y/deep", "b", "empty"):
        (root / path).mkdir(parents=True, exist_ok=True)
    for path in ("a/1", "a/x/1", "a/y/deep/2", "a/y/3", "a-b/4", "b/5", "top"):
        (root / path).write_text(path)


def walked(source: Path, destination: Path, after: bytes | None = None) -> list[bytes]:
    return [pair.path for pair in Walk(os.fsencode(source), os.fsencode(destination), after=after)]


def test_walk_goes_on_after_any_path_exactly_where_it_was(source: Path, destination: Path) -> None:
    a_tree(source)
    whole = walked(source, destination)
    assert whole[0] == b"."
    assert len(whole) == 15
    for number, path in enumerate(whole):
        assert walked(source, destination, after=path) == whole[number + 1 :]


def test_walk_goes_on_though_the_last_path_is_gone(source: Path, destination: Path) -> None:
    a_tree(source)
    whole = walked(source, destination)
    (source / "a/1").unlink()
    assert walked(source, destination, after=b"a/1") == whole[whole.index(b"a/1") + 1 :]


def test_what_only_the_destination_has_comes_as_one_pair_for_a_whole_folder(
    source: Path, destination: Path
) -> None:
    a_tree(source)
    a_tree(destination)
    (destination / "extra/deep").mkdir(parents=True)
    (destination / "extra/deep/file").touch()
    found = {pair.path: pair for pair in Walk(os.fsencode(source), os.fsencode(destination))}
    assert found[b"extra"].source is None
    assert b"extra/deep" not in found
    assert found[b"a"].existing is not None
    assert found[b"a"].existing.kind is Kind.FOLDER


def test_excluded_names_come_from_neither_side(source: Path, destination: Path) -> None:
    a_tree(source)
    a_tree(destination)
    (destination / "only.tmp").touch()
    exclude = Exclude(["*.tmp", "a/"])
    found = [pair.path for pair in Walk(os.fsencode(source), os.fsencode(destination), exclude)]
    assert found == [b".", b"a-b", b"a-b/4", b"b", b"b/5", b"empty", b"top"]


def test_pipes_and_sockets_are_skipped_with_their_kind(source: Path, destination: Path) -> None:
    os.mkfifo(source / "pipe")
    os.mknod(source / "socket", 0o140644)
    os.utime(source, (0, 0))
    done, skipped = back_up(source, destination)
    assert skipped == {b"pipe": "is a named pipe", b"socket": "is a socket"}
    assert done == [b"."]
    (source / "pipe").unlink()
    (source / "pipe").write_text("a file now")
    assert b"pipe" in back_up(source, destination)[0]


def test_device_is_skipped_with_its_kind(source: Path, destination: Path) -> None:
    try:
        os.mknod(source / "null", 0o020666, os.makedev(1, 3))
    except PermissionError:
        pytest.skip("making devices is not permitted here")
    assert back_up(source, destination)[1] == {b"null": "is a device"}


def test_names_of_the_backup_itself_are_skipped(source: Path, destination: Path) -> None:
    (source / ".asynctask-removed").mkdir()
    (source / ".asynctask-removed/x").touch()
    (source / ".asynctask-0.part").touch()
    _, skipped = back_up(source, destination)
    assert set(skipped) == {b".asynctask-removed", b".asynctask-0.part"}


def test_path_longer_than_the_system_takes_is_skipped(source: Path) -> None:
    destination = source.with_name(
        "target"
    )  # as long as the source's name: the same folder is too deep for both
    here = os.open(source, os.O_RDONLY)
    try:
        for _ in range(20):
            os.mkdir(b"d" * 250, dir_fd=here)
            there = os.open(b"d" * 250, os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = there
    finally:
        os.close(here)
    _, skipped = back_up(source, destination)
    assert len(skipped) == 1
    assert "path too long" in next(iter(skipped.values()))


def test_leftover_of_an_old_task_is_cleaned_up(source: Path, destination: Path) -> None:
    destination.mkdir()
    (destination / ".asynctask-0.part").write_text("half")
    found = changes(source, destination)
    assert [one.action.value for one in found] == ["clean", "folder"]
    back_up(source, destination)
    assert not (destination / ".asynctask-0.part").exists()


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open folders are counted as Linux tells them")
def test_a_walk_into_a_deep_tree_holds_no_folder_open_for_each_level(source: Path, destination: Path) -> None:
    for root in (source, destination):
        deep = root
        for _ in range(20):
            deep = deep / "d"
            deep.mkdir(parents=True)
            for name in ("a", "z"):
                (deep / name).write_text(name)
    before = len(os.listdir("/proc/self/fd"))
    walk = iter(Walk(os.fsencode(source), os.fsencode(destination)))
    most = max(len(os.listdir("/proc/self/fd")) for _ in walk)
    assert most - before <= 2
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_folder_that_goes_in_the_middle_of_its_entries_is_told_as_vanished(
    source: Path, destination: Path
) -> None:
    (source / "d").mkdir()
    for name in ("a", "b", "c"):
        (source / "d" / name).write_text(name)
    seen: list[bytes] = []
    for pair in Walk(os.fsencode(source), os.fsencode(destination)):
        seen.append(pair.path)
        if pair.path == b"d/a":
            shutil.rmtree(source / "d")
    assert seen == [b".", b"d", b"d/a"]


def test_folder_that_is_gone_with_what_is_mounted_on_demand_in_it_is_not_extra(
    source: Path, destination: Path
) -> None:
    """Fails when the copies of a map of several mounts are marked, since the folder above them is away as well."""
    (source / "auto").mkdir()
    (destination / "auto/host/share").mkdir(parents=True)
    (destination / "auto/host/share/file").touch()
    walk = Walk(os.fsencode(source), os.fsencode(destination), unread=[b"auto/host/share"])
    assert [(pair.path, pair.problem) for pair in walk if pair.source is None] == [
        (b"auto/host", "its file system is not mounted")
    ]
