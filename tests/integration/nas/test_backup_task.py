"""`backup_file` through the SDK's own runner: whole runs."""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from asynctask import AttemptResult, ItemState, testing
from asynctask_nas import (
    BackupConfig,
    assembling,
    backup,
    backup_file,
    capabilities,
    making_room,
    results,
    transfer,
    verifying,
)
from asynctask_nas.holds import Holds
from asynctask_nas.pace import Pace
from asynctask_nas.places import probe
from asynctask_protos.task.v1 import manifest_pb2
from tests.integration.nas.hosts import Host
from tests.support.disks import a_disk
from tests.unit.nas.trees import a_tree, describe

MIB = 1 << 20


async def test_backup_makes_an_identical_tree_and_a_second_one_does_nothing(
    source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_tree(source)
    host = Host(source_path=source, destination_path=destination, verify="checksum")
    await host.run()
    assert host.result() == {
        "files": 44,
        "bytes": sum(
            path.stat().st_size for path in source.rglob("*") if path.is_file() and not path.is_symlink()
        )
        - (source / "other name").stat().st_size
        - 5 * MIB,  # the hole
        "skipped": 1,
        "verify": "checksum",
        "verified": 44,
        "verified_bytes": host.result()["bytes"],
        "changed_since": 0,
        "grown": 0,
        "repaired": 0,
        "unreadable": 0,
        "attributes_only": 0,
        "set_aside": 0,
        "displaced": 0,
    }
    os.unlink(source / "pipe")
    os.utime(source, ns=(1, 1))
    os.utime(destination, ns=(1, 1))
    assert describe(destination) == describe(source)
    assert host.items(state=ItemState.SKIPPED) == {b"pipe": "is a named pipe"}
    ((key, warning),) = host.task.warnings
    assert (key, warning.total) == (("transfer", "SKIPPED"), 1)
    assert warning.text.startswith("pipe: is a named pipe; see asynctask items ")
    assert host.items(state=ItemState.TODO) == {}
    monkeypatch.setattr(backup, "Transfer", None)  # no threads, and no flush
    again = Host(source_path=source, destination_path=destination)
    await again.run()
    assert again.result()["files"] == 0
    assert again.items() == {}
    assert again.items() == {}
    assert not len(again.task.warnings)


async def test_what_is_set_aside_is_counted_and_its_place_is_told(
    source: Path, destination: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Fails when people have to look for what a backup took away from its place."""
    caplog.set_level("INFO", "asynctask.task")
    for name in ("kept", "old", "folder"):
        (source / name).mkdir()
        (source / name / "file").write_text("content")
    await Host(source_path=source, destination_path=destination).run()
    shutil.rmtree(source / "folder")
    (source / "old/file").unlink()
    host = Host(
        source_path=source, destination_path=destination, delete_extra="mark", most_marked_percent=100
    )
    await host.run()
    assert (host.result()["set_aside"], host.result()["files"]) == (2, 0)
    (removed,) = (destination / ".asynctask-removed").iterdir()
    place = removed.relative_to(destination)
    notes = host.items(state=ItemState.DONE)
    assert notes[b"folder"] == f"set aside: it is {place}/folder now"
    assert notes[b"old/file"] == f"set aside: it is {place}/old/file now"
    said = f"set aside 2 entries that only the destination had, in its folder {place}"
    assert said in [record.getMessage() for record in caplog.records]


async def test_what_was_there_already_does_not_count_as_copied(
    source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when `files` and `bytes` are more than this run copied: other modes, and times of another time zone."""
    for name in ("mode", "moved", "newer", "denied"):
        (source / name).write_text(name)
    await Host(source_path=source, destination_path=destination).run()
    (source / "mode").chmod(0o604)
    (source / "newer").write_text("newer content")
    os.utime(destination / "moved", ns=(0, (source / "moved").stat().st_mtime_ns + 3600 * 10**9))

    def in_another_zone(*words: Any, **more: Any) -> Holds:
        return probe(*words, **more)._replace(has_local_times=True)

    monkeypatch.setattr(making_room, "probe", in_another_zone)
    monkeypatch.setattr(assembling, "probe", in_another_zone)
    host = Host(source_path=source, destination_path=destination, verify="checksum")
    await host.run()
    result = host.result()
    assert (result["files"], result["bytes"], result["attributes_only"]) == (1, len("newer content"), 2)
    assert result["verified"] == 2  # a copy that was there was compared as well
    messages = [report[-1] for report in host.link.reports]
    assert "2 files, attributes of 1, 18 B" in messages
    assert "2 of 2 files, attributes of 1 of 1" in messages
    assert host.link.reports[-1][-1] == "2 of 2 files"


@pytest.mark.parametrize("kill", [False, True])
async def test_what_had_to_be_copied_in_the_end_counts_as_copied(
    source: Path, destination: Path, kill: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when a file counts as what it was to be: given a mode, or made another name."""
    for name in ("a", "mode"):
        (source / name).write_text(name)
    await Host(source_path=source, destination_path=destination).run()
    os.link(source / "a", source / "b")
    (source / "mode").chmod(0o604)

    def change(host: Host, call: str) -> None:
        if call == "prepare: stage_finished":
            (source / "mode").write_text("written meanwhile")
        if kill and call == "transfer: stage_finished":
            host.on_call = None
            host.kill()

    def refused(*_: object, **__: object) -> None:
        raise OSError(errno.EMLINK, "Too many links")

    monkeypatch.setattr(os, "link", refused)
    monkeypatch.setattr(capabilities, "_keeps_links", lambda _: True)
    host = Host(source_path=source, destination_path=destination)
    host.on_call = change
    await host.run()
    if kill:
        await host.run()
    result = host.result()
    assert (result["files"], result["bytes"], result["attributes_only"]) == (
        2,
        len("a" + "written meanwhile"),
        0,
    )
    assert result["verified"] == 2


@pytest.mark.parametrize("kill", [False, True])
async def test_bytes_are_those_that_were_copied_and_not_those_that_were_compared(
    source: Path, destination: Path, kill: bool
) -> None:
    """Fails when a file that grew or shrank after the comparison counts with the size that it had then."""
    sizes = {"grown": 30, "shrunk": 7, "emptied": 0, "large": 200_000, "same": 50}
    for name in sizes:
        (source / name).write_bytes(b"x" * 50)
    (source / "large").write_bytes(b"x" * 300_000)

    def change(host: Host, call: str) -> None:
        if call == "prepare: stage_finished":
            for name, size in sizes.items():
                if name != "same":
                    (source / name).write_bytes(b"y" * size)
        if kill and call == "transfer: stage_finished":
            host.on_call = None
            host.kill()

    host = Host(source_path=source, destination_path=destination, verify="checksum")
    host.on_call = change
    await host.run()
    if kill:
        await host.run()
    result = host.result()
    assert {name: (destination / name).stat().st_size for name in sizes} == sizes
    assert (result["files"], result["bytes"]) == (5, sum(sizes.values()))
    assert (result["verified"], result["verified_bytes"]) == (5, sum(sizes.values()))
    notes = host.items(state=ItemState.DONE)
    assert notes[b"shrunk"] == "was copied with another size than it was compared with: 7 bytes"
    assert notes[b"same"] == ""
    verified = [report[1:3] for report in host.link.reports if report[0] == "verify"]
    assert verified[-1] == (sum(sizes.values()), sum(sizes.values()))


@pytest.mark.parametrize("change", ["grows", "shrinks"])
async def test_bytes_of_a_file_that_changes_while_it_is_copied_are_those_of_its_copy(
    source: Path, destination: Path, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (source / "log").write_bytes(b"x" * 1000)
    real, changes = Pace.take, [1]

    def take(self: Pace, count: int) -> None:
        if change == "grows":
            with (source / "log").open("ab") as file:
                file.write(b"more")
        elif changes:
            changes.pop()
            (source / "log").write_bytes(b"x" * 10)
        real(self, count)

    monkeypatch.setattr(Pace, "take", take)
    host = Host(source_path=source, destination_path=destination)
    await host.run()
    result, copy = host.result(), (destination / "log").stat().st_size
    assert (result["files"], result["grown"]) == (1, int(change == "grows"))
    assert result["bytes"] == copy != 1000


async def test_progress_tells_bytes_and_files_and_never_goes_back(source: Path, destination: Path) -> None:
    a_tree(source)
    (source / "large").write_bytes(os.urandom(12 * MIB))
    host = Host(source_path=source, destination_path=destination)
    await host.run()
    seen = [report[1:] for report in host.link.reports if report[0] == "transfer"]
    done = [report[0] for report in seen]
    assert done == sorted(done)
    total = host.result()["bytes"]
    assert seen[-1] == (total, total, "bytes", "45 of 46 files, 1 skipped")


@pytest.mark.parametrize("kill", [False, True])
async def test_what_is_skipped_is_missing_to_the_whole_of_the_files_and_the_bar_is_full_all_the_same(
    source: Path, destination: Path, kill: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when what is skipped counts as done, or a pipe in another sense than a file."""
    for name in ("a", "b", "c", "folder/gone", "mode"):
        (source / name).parent.mkdir(exist_ok=True)
        (source / name).write_text(name)
    await Host(source_path=source, destination_path=destination).run()
    for name in ("a", "b", "c", "folder/gone"):
        (source / name).write_text(f"newer {name}")
    (source / "mode").chmod(0o604)
    (source / "folder").chmod(0o705)
    os.mkfifo(source / "fifo")
    monkeypatch.setattr(transfer, "_TURN_S", 0.0)

    def change(host: Host, call: str) -> None:
        if call == "prepare: stage_finished":
            shutil.rmtree(source / "folder")
            (source / "mode").unlink()
        if kill and call == "transfer: stage_finished":
            host.on_call = None
            host.kill()

    host = Host(source_path=source, destination_path=destination)
    host.on_call = change
    await host.run()
    if kill:
        await host.run()
    assert (host.result()["files"], host.result()["skipped"]) == (3, 4)
    said = {stage: message for stage, *_, message in host.link.reports}
    assert said["prepare"] == "4 files, attributes of 1, 38 B, 1 to skip"
    assert said["transfer"] == "3 of 5 files, attributes of 0 of 1, 3 skipped, 1 other entry skipped"
    *_, (_, done, total, _, _) = (report for report in host.link.reports if report[0] == "transfer")
    assert done == total


async def test_progress_of_verify_never_goes_back_nor_beyond_the_whole(
    source: Path, destination: Path
) -> None:
    a_tree(source)
    (source / "large").write_bytes(os.urandom(4 * MIB))
    os.link(source / "large", source / "large too")  # read again, though its bytes count once
    host = Host(source_path=source, destination_path=destination, verify="checksum")
    await host.run()
    done = [report[1] for report in host.link.reports if report[0] == "verify"]
    assert done == sorted(done)
    assert done[-1] == host.result()["bytes"]


async def test_one_is_told_as_one_and_stages_count_the_same_changes(source: Path, destination: Path) -> None:
    (source / "only").write_bytes(b"x" * MIB)
    host = Host(source_path=source, destination_path=destination)
    await host.run()
    last = {stage: (total, unit, said) for stage, _, total, unit, said in host.link.reports}
    assert last == {
        "compare": (2, "entries", "1 file to copy, 1 folder to make or update"),  # the source itself
        "prepare": (2, "changes", "1 file, 1.0 MiB"),
        "transfer": (MIB, "bytes", "1 of 1 file"),
        "verify": (MIB, "bytes", "1 of 1 file"),
    }


async def test_item_that_a_person_took_off_the_list_is_left_alone(source: Path, destination: Path) -> None:
    a_tree(source)
    host = Host(source_path=source, destination_path=destination)

    def untick(host: Host, call: str) -> None:
        if call == "prepare: stage_finished":
            for item in host.task.manifests["items"].items.values():
                if item.key == b"holes":
                    item.state = manifest_pb2.ITEM_STATE_EXCLUDED

    host.on_call = untick
    await host.run()
    assert host.result()["files"] == 43
    *_, (_, done, total, _, said) = (report for report in host.link.reports if report[0] == "transfer")
    assert (done, said) == (total, "43 of 44 files, 1 skipped")  # the pipe
    assert not (destination / "holes").exists()
    assert (destination / "link").is_symlink()


async def test_many_small_files_go_through_with_several_at_once(source: Path, destination: Path) -> None:
    for number in range(3000):
        (source / str(number)).write_bytes(b"x" * (number % 100))
    host = Host(source_path=source, destination_path=destination)
    await asyncio.wait_for(host.run(), 240)
    assert host.result()["files"] == 3000
    assert len(host.items(state=ItemState.DONE)) == 3001


async def test_users_own_bench_runs_a_backup_with_kills_at_its_checkpoints(
    source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_tree(source)
    for module in (backup, verifying):
        monkeypatch.setattr(module, "_KEEP_S", 0.0)
    config = BackupConfig(str(source), str(destination), verify="checksum")
    run = await testing.run(backup_file, config, fail_at_checkpoint=[1, 2, 4])
    assert run.attempts == [AttemptResult.LOST] * 3 + [AttemptResult.SUCCESS]
    assert run.result == results.Result(
        files=44,
        bytes=run.result.bytes,
        skipped=1,
        verify="checksum",
        verified=44,
        verified_bytes=run.result.bytes,
    )


async def test_file_that_grows_all_the_while_has_a_copy_and_the_task_says_so(
    source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (source / "log").write_text("start")
    (source / "still").write_text("still")
    real = Pace.take

    def take(self: Pace, count: int) -> None:
        with (source / "log").open("ab") as file:
            file.write(b"more")
        real(self, count)

    monkeypatch.setattr(Pace, "take", take)
    host = Host(source_path=source, destination_path=destination)
    await host.run()
    assert (host.result()["files"], host.result()["grown"], host.result()["skipped"]) == (2, 1, 0)
    assert "grew while it was copied: its first " in host.items(state=ItemState.DONE)[b"log"]
    assert host.items(state=ItemState.DONE)[b"still"] == ""
    warning = dict(host.task.warnings)["transfer", "GREW"]
    said = "'log': copied up to the size at the last try; the next run takes the rest"
    assert (warning.total, warning.text) == (1, said)
    copy = (destination / "log").read_bytes()
    assert copy
    assert (source / "log").read_bytes().startswith(copy)


async def test_set_group_id_bit_that_is_not_kept_is_a_warning_of_each_run_and_no_change_of_the_next(
    nobody: Path,
) -> None:
    source, destination = nobody / "source", nobody / "destination"
    (source / "shared").mkdir(parents=True)
    (source / "shared").chmod(0o2755)
    for number in range(2):
        host = Host(source_path=source, destination_path=destination)
        await host.run()
        host.result()
        warning = dict(host.task.warnings)["compare", "MODES_NOT_KEPT"]
        assert warning.total == 1
        assert "set-group-id bits" in warning.text
        assert warning.text.endswith("other modes on the copies of 1 entry ('shared')")
        assert bool(host.items()) == (number == 0)


async def test_log_alone_tells_what_a_backup_found_and_did(
    source: Path, destination: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "asynctask.task")
    (source / "photos").mkdir()
    for number in range(3):
        (source / f"photos/{number}.jpg").write_bytes(b"x" * 1024)
    for number in range(12):
        os.mkfifo(source / f"pipe-{number:02}")
    os.utime(source, ns=(1, 1))
    host = Host(source_path=source, destination_path=destination, bandwidth_limit="1MiB", verify="checksum")
    await host.run()
    said = [record.getMessage() for record in caplog.records if record.levelname == "INFO"]
    needed = said.pop(2)
    assert needed.startswith("listed 17 items to work on; they need ")
    assert said == [
        f"comparing '{source}' with '{destination}'",
        "compared 15 files (3.0 KiB) and 2 folders: "
        "3 files to copy (3.0 KiB), 2 folders to make or update, 12 to skip",
        "copying 3 files (3.0 KiB), at most 1.0 MiB a second",
        "copied 3 files (3.0 KiB); skipped 12 entries",
        "verifying 3 files by their content",
        "verified 3 files (3.0 KiB): equal to the source",
    ]
    skipped = [record.getMessage() for record in caplog.records if "pipe-" in record.getMessage()]
    assert len(skipped) == 10
    assert "skipped pipe-01: is a named pipe" in skipped
    caplog.clear()
    await Host(source_path=source, destination_path=destination, verify="none").run()
    said = [record.getMessage() for record in caplog.records if record.levelname == "INFO"]
    assert said.pop(2).startswith("listed 12 items to work on; they need 0 B")
    assert said[1:] == [
        "compared 15 files (3.0 KiB) and 2 folders: 12 to skip",
        "copied nothing; skipped 12 entries",
        "the copies were not compared with their sources: verify is none",
    ]


async def test_skipped_entry_is_named_once_in_the_log(
    source: Path, destination: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Fails when its own line says what the warning says: the warning is a line of the log too."""
    os.mkfifo(source / "fifo")
    host = Host(source_path=source, destination_path=destination)
    await host.run()
    assert host.result()["skipped"] == 1
    [line] = [record.getMessage() for record in caplog.records if "fifo" in record.getMessage()]
    assert line.startswith("SKIPPED: fifo: is a ")


@pytest.mark.parametrize("kind", ["windows", "exfat"])
async def test_whole_task_tries_names_where_numbers_of_inodes_are_used_again_at_once(
    source: Path, tmp_path: Path, kind: str
) -> None:
    """Fails when the folder in which names are tried is taken for the one before, which is gone: twins were copied over
    each other then, or nothing at all was."""
    for name in ("Twin", "twin", "plain"):
        (source / name).write_text(name)
    with a_disk(kind, tmp_path) as disk:
        for copied in (2, 0):
            host = Host(source_path=source, destination_path=disk.folder, verify="all")
            await host.run()
            assert (host.result()["files"], host.result()["skipped"]) == (copied, 1)


async def test_copy_that_was_replaced_under_another_spelling_of_its_folder_is_no_difference(
    source: Path, tmp_path: Path
) -> None:
    """Fails when the copy before is compared: FUSE keeps it for a second under each spelling that was looked at."""
    (source / "Docs").mkdir()
    (source / "Docs/file").write_text("older")
    with a_disk("exfat", tmp_path) as disk:
        await Host(source_path=source, destination_path=disk.folder).run()
        os.rename(source / "Docs", source / "docs")
        (source / "docs/file").write_text("newer version")
        host = Host(source_path=source, destination_path=disk.folder, verify="checksum")
        await host.run()
        assert host.result()["verified"] == 1
