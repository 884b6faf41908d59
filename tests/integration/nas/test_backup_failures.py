"""`backup_file` that cannot be done: it fails clearly, and keeps what is finished."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest

from asynctask import ItemState
from asynctask_nas import compare, durable, marker, transfer
from asynctask_nas.changes import Change
from asynctask_nas.compare import CompareRules
from asynctask_nas.walk import Pair
from tests.integration.nas.hosts import Host
from tests.unit.nas.trees import a_tree

MIB = 1 << 20


@pytest.mark.parametrize(
    ("config", "reason", "message"),
    [
        (
            {"source_path": "/nowhere/at/all"},
            "SOURCE_MISSING",
            "source_path: '/nowhere/at/all' cannot be read",
        ),
        ({"destination_path": "{source}/inside"}, "DESTINATION_INSIDE_SOURCE", "lies inside the source"),
        (
            {"destination_path": "/dev/null"},
            "DESTINATION_UNUSABLE",
            "destination_path: the folder '/dev/null' cannot be made: it is not a folder",
        ),
        ({"destination_path": "relative"}, "CONFIG_INVALID", "destination_path: must be an absolute path"),
        ({"bandwidth_limit": "fast"}, "CONFIG_INVALID", "bandwidth_limit: 'fast' is not a rate"),
    ],
)
async def test_wrong_input_fails_for_good_and_changes_nothing(
    source: Path, destination: Path, config: dict[str, Any], reason: str, message: str
) -> None:
    config = {key: value.format(source=source) for key, value in config.items()}
    host = Host(**{"source_path": source, "destination_path": destination, **config})
    await host.run()
    assert host.failure()[0] == reason
    assert message in host.failure()[1]
    assert host.task.outcome is not None
    assert not host.task.outcome.retryable
    assert os.listdir(source) == []
    assert not destination.exists()


async def test_destination_too_small_fails_before_anything_is_copied(source: Path, small_disk: Path) -> None:
    (source / "large").write_bytes(os.urandom(6 * MIB))
    host = Host(source_path=source, destination_path=small_disk)
    await host.run()
    reason, message = host.failure()
    assert reason == "NOT_ENOUGH_SPACE"
    assert "lacks 2.0 MiB: the backup needs 6.0 MiB, 4.0 MiB are free" in message
    assert os.listdir(small_disk) == [".asynctask-backup"]


async def test_backup_that_failed_before_its_first_copy_leaves_the_destination_to_another_source(
    source: Path, small_disk: Path, tmp_path: Path
) -> None:
    """Fails when a destination with nothing in it counts as the copy of the source that did not fit."""
    (source / "large").write_bytes(os.urandom(6 * MIB))
    host = Host(source_path=source, destination_path=small_disk)
    await host.run()
    assert host.failure()[0] == "NOT_ENOUGH_SPACE"
    smaller = tmp_path / "smaller"
    smaller.mkdir()
    (smaller / "file").write_text("fits")
    other = Host(source_path=smaller, destination_path=small_disk)
    await other.run()
    assert other.result()["files"] == 1
    await host.run()  # as `restart --from-checkpoint` does
    assert host.failure()[0] == "SOURCE_REPLACED"


@pytest.mark.parametrize("is_there", [False, True])
async def test_destination_remembers_the_source_before_the_first_copy_stands_there(
    source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch, is_there: bool
) -> None:
    """Fails when a crash right after the first copy leaves a destination that any source may change."""
    (source / "file").write_text("content")
    (source / "other").write_text("content")
    if is_there:
        shutil.copytree(source, destination)
        (source / "other").write_text("newer content")
    host = Host(source_path=source, destination_path=destination)
    seen: dict[str, bool] = {}

    def note(when: str) -> None:
        found = marker.read(os.fsencode(destination), b"")
        assert found is not None
        seen[when] = found.source is not None
        assert (destination / "file").exists() is is_there

    def begin(made: transfer.Transfer) -> None:
        note("first change")
        run(made)

    run = transfer.Transfer.run
    monkeypatch.setattr(transfer.Transfer, "run", begin)
    host.on_call = lambda _, call: note("fits") if call == "prepare: stage_finished" else None
    await host.run()
    assert host.result()["files"] == 2 - is_there
    assert seen == {"fits": is_there, "first change": True}


async def test_destination_that_fills_up_on_the_way_fails_clearly_and_keeps_what_is_finished(
    source: Path, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer, "CONCURRENCY", 1)
    (source / "a").write_bytes(os.urandom(MIB))
    (source / "b").write_bytes(os.urandom(2 * MIB))
    host = Host(source_path=source, destination_path=small_disk)

    def fill(host: Host, call: str) -> None:
        if call == "prepare: stage_finished":
            (small_disk / "somebody else").write_bytes(bytes(2 * MIB))

    host.on_call = fill
    await host.run()
    reason, message = host.failure()
    assert reason == "NOT_ENOUGH_SPACE"
    assert "is full" in message
    assert host.items(state=ItemState.DONE) == {b"a": ""}
    os.unlink(small_disk / "somebody else")
    host.on_call = None
    await host.run()
    assert host.result()["files"] == 2
    assert (small_disk / "b").read_bytes() == (source / "b").read_bytes()


async def test_differences_after_the_transfer_fail_the_task_and_are_listed(
    source: Path, destination: Path
) -> None:
    a_tree(source)
    host = Host(source_path=source, destination_path=destination, verify="checksum")

    def tamper(host: Host, call: str) -> None:
        if call == "transfer: stage_finished":
            for name in ("folder 3/file 3", "folder 4/file 4"):
                facts = os.stat(destination / name)
                content = bytearray((destination / name).read_bytes())
                content[7] ^= 1
                (destination / name).write_bytes(content)
                os.utime(destination / name, ns=(facts.st_mtime_ns, facts.st_mtime_ns))

    host.on_call = tamper
    await host.run()
    reason, message = host.failure()
    assert reason == "VERIFICATION_FAILED"
    assert message.startswith("2 of 44 copies differ from their sources: folder 3/file 3 (has checksum")
    # As failed, so that the list of what failed is no empty one.
    failed = host.items("differences", ItemState.FAILED)
    assert set(failed) == {b"folder 3/file 3", b"folder 4/file 4"}
    assert all(error.startswith("has checksum") for error in failed.values())
    again = Host(source_path=source, destination_path=destination)
    await again.run()
    assert again.result()["files"] == 2, "copies that are known to be bad pass for good ones no more"
    for name in ("folder 3/file 3", "folder 4/file 4"):
        assert (destination / name).read_bytes() == (source / name).read_bytes()
    assert not (destination / ".asynctask-backup/unflushed").exists()


async def test_source_that_is_gone_as_a_whole_is_no_reason_to_skip_every_file(
    source: Path, destination: Path
) -> None:
    a_tree(source)
    host = Host(source_path=source, destination_path=destination)

    def unmount(host: Host, call: str) -> None:
        if call == "prepare: stage_finished":
            source.rename(source.with_name("elsewhere"))

    host.on_call = unmount
    await host.run()
    assert host.task.outcome is not None
    assert host.task.outcome.retryable
    assert host.task.outcome.retry_after_ms == 30_000
    assert host.items(state=ItemState.SKIPPED) == {}
    source.with_name("elsewhere").rename(source)
    host.on_call = None
    await host.run()
    assert host.result()["files"] == 44


async def test_destination_that_becomes_read_only_is_tried_again_and_told_in_words(
    source: Path, small_disk: Path
) -> None:
    """Fails when it is told as Python does, with bytes and the name of a temporary file."""
    a_tree(source)
    host = Host(source_path=source, destination_path=small_disk)

    def remount(host: Host, call: str) -> None:
        if call == "prepare: stage_finished":
            subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)

    host.on_call = remount
    await host.run()
    said = f"destination_path: the folder '{small_disk}' cannot be written to: Read-only file system"
    assert host.failure() == ("HANDLER_ERROR", said)
    assert host.task.outcome is not None
    assert host.task.outcome.retryable
    assert host.task.outcome.retry_after_ms == 30_000
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    host.on_call = None
    await host.run()
    assert host.result()["files"] == 44


async def test_destination_that_fails_while_it_is_written_is_told_with_the_file(
    source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (source / "a").write_bytes(b"content" * 20_000)  # small ones are not renamed
    host = Host(source_path=source, destination_path=destination)

    real = os.rename

    def fails(made: Any, name: Any, **folders: int) -> None:
        if name == b"a":
            raise OSError(errno.EROFS, "Read-only file system", made)
        real(made, name, **folders)

    with monkeypatch.context() as broken:
        broken.setattr(os, "rename", fails)
        await host.run()
    said = f"the file system failed at '{destination}/a': Read-only file system"
    assert host.failure() == ("HANDLER_ERROR", said)
    assert host.task.outcome is not None
    assert host.task.outcome.retryable
    await host.run()
    assert host.result()["files"] == 1


async def test_what_a_failed_flush_may_have_lost_is_copied_again_by_the_next_task(
    source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when the next backup trusts the size and time of copies whose content may never have reached storage."""
    for name in ("a", "b", "c"):
        (source / name).write_text(name)
    (source / "link").symlink_to("a")

    def fails(_: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as broken:
        broken.setattr(durable, "_sync", fails)
        failed = Host(source_path=source, destination_path=destination)
        await failed.run()
    assert failed.failure() == ("HANDLER_ERROR", failed.failure()[1])
    assert failed.items(state=ItemState.DONE) == {}
    assert (destination / "a").read_text() == "a"
    # As the disk may have it in truth.
    facts = (destination / "b").stat()
    (destination / "b").write_text("\0")
    os.utime(destination / "b", ns=(facts.st_atime_ns, facts.st_mtime_ns))
    first = Host(source_path=source, destination_path=destination, exclude=["c"])
    await first.run()
    assert first.result()["files"] == 3
    assert (destination / "b").read_text() == "b"
    # What this run left out is doubted still, and nothing else.
    second = Host(source_path=source, destination_path=destination)
    await second.run()
    assert list(second.items()) == [b"c", b"."]
    third = Host(source_path=source, destination_path=destination)
    await third.run()
    assert third.items() == {}
    assert not (destination / ".asynctask-backup/unflushed").exists()


@pytest.mark.parametrize("how", ["excluded", "gone"])
async def test_doubt_about_what_a_run_leaves_out_costs_the_others_no_closer_look(
    source: Path, destination: Path, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when one note makes every later run compare every file in full, or when the note is lost by then."""
    (source / "folder").mkdir()
    for number in range(10):
        (source / f"folder/{number}").write_text("x")
    await Host(source_path=source, destination_path=destination).run()
    (destination / ".asynctask-backup/unflushed").write_text("folder/3\n")
    away = source.with_name("away")
    if how == "gone":
        (source / "folder/3").rename(away)
        os.utime(source / "folder", ns=(1, 1))
    judged: list[bytes] = []

    def judge(pair: Pair, rules: CompareRules) -> Change | None:
        judged.append(pair.path)
        return real(pair, rules)

    real = compare.judge
    monkeypatch.setattr(compare, "judge", judge)
    left_out = ["3"] if how == "excluded" else []
    host = Host(source_path=source, destination_path=destination, exclude=left_out)
    await host.run()
    host.result()
    assert {path for path in judged if path.startswith(b"folder/")} <= {b"folder/3"}
    if how == "gone":
        away.rename(source / "folder/3")
    again = Host(source_path=source, destination_path=destination)
    await again.run()
    again.result()
    assert b"folder/3" in again.items()
    assert not (destination / ".asynctask-backup/unflushed").exists()


async def test_file_that_changed_when_only_its_mode_was_to_be_set_is_doubted_too(
    source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when a failed flush is forgotten of what was to be given a mode, and had to be copied."""
    (source / "a").write_text("old")
    await Host(source_path=source, destination_path=destination).run()
    (source / "a").chmod(0o640)

    def breaks(_: Host, call: str) -> None:
        if call == "prepare: stage_finished":
            (source / "a").write_text("new")
            monkeypatch.setattr(durable, "_sync", fails)

    def fails(_: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    failed = Host(source_path=source, destination_path=destination)
    failed.on_call = breaks
    await failed.run()
    assert (destination / "a").read_text() == "new"
    monkeypatch.undo()
    again = Host(source_path=source, destination_path=destination)
    await again.run()
    assert b"a" in again.items()


async def test_copy_of_a_folder_that_is_closed_to_its_owner_is_verified_and_renewed(nobody: Path) -> None:
    """Fails when nothing can be tried out in a closed folder: every backup of one ended with "Permission denied"."""
    source, copy = nobody / "source", nobody / "copy"
    source.mkdir()
    for name in ("a", "b"):
        (source / name).write_text(name)
        source.chmod(0o555)
        host = Host(source_path=source, destination_path=copy)
        await host.run()
        assert host.result()["verified"] == 1
        assert stat.S_IMODE(copy.stat().st_mode) == 0o555
        source.chmod(0o755)
    assert sorted(os.listdir(copy)) == [".asynctask-backup", "a", "b"]
    copy.chmod(0o755)
