"""Unfinished copies of ours: used by the task that made them, removed once it has ended, never in the way."""

from __future__ import annotations

import errno
import json
import os
import re
import stat
import threading
from pathlib import Path
from typing import Any

import pytest

from asynctask import Requested
from asynctask_core.errors import NotEnoughSpace
from asynctask_core.ids import id_text, new_id
from asynctask_nas import assembling, backup, copy, leftovers, making_room, marker, transfer
from asynctask_nas.changes import Change
from asynctask_nas.copy import PartialCopy
from asynctask_nas.holds import Holds
from asynctask_nas.perform import Performer
from asynctask_nas.places import probe
from asynctask_nas.roots import HeldRoots
from asynctask_nas.tree import Tree
from asynctask_protos.task.v1 import state_pb2
from tests.integration.nas.hosts import Host
from tests.support.mounts import Mounted, fill, mount

MIB = 1 << 20


def parts(folder: Path) -> list[Path]:
    return sorted(folder.rglob(".asynctask-*.part"))


def without_room(*_: Any, **__: Any) -> Holds:
    raise NotEnoughSpace("no room")


def a_folder_with_leftovers(destination: Path, *names: bytes) -> Path:
    """A folder that only the destination has, with an unfinished file of an ended task for each name."""
    folder = destination / "only here"
    folder.mkdir(parents=True)
    for name in names:
        (folder / os.fsdecode(leftovers.part_name(id_text(new_id()), name))).write_bytes(b"unfinished")
    return folder


async def stopped_in_the_middle(source: Path, destination: Path, how: str, **config: Any) -> Host:
    """A task that has copied some of `large` when it stops."""
    host = Host(source_path=source, destination_path=destination, bandwidth_limit="12MiB", **config)

    def stop(host: Host, stage: str) -> None:
        at_work = [one for one in parts(destination) if one.stat().st_size >= 9 * MIB]
        if stage == "transfer" and at_work:
            host.on_progress = None
            if how == "kill":
                host.kill()
            else:
                host.ask(Requested(how))

    host.on_progress = stop
    await host.run()
    return host


async def test_destination_that_filled_up_leaves_nothing_that_blocks_the_next_run(
    source: Path, mounted: Mounted
) -> None:
    """Fails when the unfinished copies of the run that failed take the space that the next one needs, for ever."""
    destination = mounted("destination", size="40m")
    for number in range(4):
        (source / f"{number}").write_bytes(os.urandom(17 * MIB // 2))
    host = Host(source_path=source, destination_path=destination, bandwidth_limit="8MiB")

    def fill(host: Host, stage: str) -> None:
        if stage == "transfer" and sum(one.stat().st_size for one in parts(destination)) > 4 * MIB:
            host.on_progress = None
            with (destination / "somebody else").open("wb") as file:
                try:
                    while True:
                        file.write(bytes(MIB))
                except OSError as error:
                    assert error.errno == errno.ENOSPC  # noqa: PT017

    host.on_progress = fill
    await host.run()
    assert host.failure()[0] == "NOT_ENOUGH_SPACE"
    (destination / "somebody else").unlink()
    again = Host(source_path=source, destination_path=destination)
    await again.run()
    assert again.result()["files"] == 4
    assert parts(destination) == []


async def test_destination_without_any_room_is_given_that_of_ended_tasks_and_of_no_others(
    source: Path, tmp_path: Path, disk: Path
) -> None:
    """Fails when every run ends at trying out what the destination can hold, for want of what our own copies take."""
    destination = tmp_path / "destination"
    destination.mkdir()
    mount(disk, destination)
    (destination / "lost+found").rmdir()
    (source / "deep").mkdir()
    await Host(source_path=source, destination_path=destination).run()
    (source / "deep/a").write_bytes(os.urandom(100_000))
    other, root = id_text(new_id()), os.fsencode(destination)
    leftovers.begin(root, other)
    part = destination / "deep" / os.fsdecode(leftovers.part_name(other, b"deep/large"))
    fill(part)
    host = Host(source_path=source, destination_path=destination)
    await host.run()
    reason, message = host.failure()
    assert reason == "NOT_ENOUGH_SPACE"
    said = r"No space left on device; 1 unfinished copy of tasks that may go on take [\d.]+ MiB there"
    assert re.search(said, message)
    assert part.exists()
    leftovers.end(root, other)
    again = Host(source_path=source, destination_path=destination)
    await again.run()
    assert again.result()["files"] == 1
    assert parts(destination) == []


async def test_making_room_closes_the_folders_that_a_killed_task_had_opened(
    source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when making room deletes the notes of opened folders: such a folder stays open for its owner for ever."""
    (destination / ".asynctask-backup").mkdir(parents=True)
    folder = a_folder_with_leftovers(destination, b"large")
    folder.chmod(0o555)
    (destination / ".asynctask-backup/opened").write_bytes(b"+ only%20here 555\n")
    folder.chmod(0o755)  # as the task does before it is killed

    def probe_while_full(*words: Any, **more: Any) -> Holds:
        return without_room() if parts(destination) else probe(*words, **more)

    monkeypatch.setattr(making_room, "probe", probe_while_full)
    host = Host(source_path=source, destination_path=destination)
    await host.run()
    assert host.result()["files"] == 0
    assert parts(destination) == []
    assert stat.S_IMODE(folder.stat().st_mode) == 0o555


async def test_pause_is_obeyed_before_the_next_leftover_that_makes_room(
    source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when a pause or a cancel waits until the last leftover of a full destination is removed."""
    a_folder_with_leftovers(destination, b"first", b"second", b"third")
    host = Host(source_path=source, destination_path=destination)
    remove_part = HeldRoots.remove_part

    def remove_and_ask(roots: HeldRoots, path: bytes) -> str:
        host.ask(Requested.PAUSE)
        return remove_part(roots, path)

    monkeypatch.setattr(HeldRoots, "remove_part", remove_and_ask)
    monkeypatch.setattr(making_room, "probe", without_room)
    outcome = await host.run()
    assert outcome is not None
    assert outcome.result == state_pb2.ATTEMPT_RESULT_PAUSED
    assert len(parts(destination)) == 2


@pytest.mark.parametrize("extra", [True, False])
async def test_unfinished_copies_of_an_ended_task_are_removed_before_the_space_is_checked(
    source: Path, mounted: Mounted, extra: bool
) -> None:
    """Fails when they are found only in folders that the source has too, or only after the check."""
    destination = mounted("destination", size="8m")
    (source / "a").write_bytes(os.urandom(5 * MIB))
    folder = destination / "only here" if extra else destination
    folder.mkdir(exist_ok=True)
    name = leftovers.part_name(id_text(new_id()), b"gone")
    (folder / os.fsdecode(name)).write_bytes(bytes(6 * MIB))
    host = Host(source_path=source, destination_path=destination)
    await host.run()
    assert host.result()["files"] == 1
    assert parts(destination) == []


async def test_changes_are_about_entries_and_our_own_leftovers_are_neither(
    source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Fails when people read of more changes than there are entries."""
    caplog.set_level("INFO", "asynctask.task")
    monkeypatch.setattr(backup, "_LOOK_EVERY", 1)
    for name in ("a", "b", "c"):
        (source / name).write_text(name)
    (source / "closed").mkdir()
    os.mkfifo(source / "pipe")
    a_folder_with_leftovers(destination, *(b"%d" % number for number in range(7)))
    (destination / "extra").touch()
    read = Tree.folder_to_read

    def refuse(tree: Tree, path: bytes) -> int:
        if path == b"closed" and tree.path == os.fsencode(source):
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return read(tree, path)

    monkeypatch.setattr(Tree, "folder_to_read", refuse)
    host = Host(
        source_path=source, destination_path=destination, delete_extra="mark", most_marked_percent=100
    )
    await host.run()
    host.result()
    # The source itself, five entries in it, and two that only the destination has.
    todo = "3 files to copy{}, 2 folders to make or update, 2 entries to move to .asynctask-removed"
    counts = f"{todo}, 2 to skip, 7 unfinished copies to remove"
    reports = {stage: report for stage, *report in host.link.reports}
    assert reports["compare"] == [8, 8, "entries", counts.format("")]
    assert reports["prepare"] == [7, 7, "changes", "3 files, 3 B, 2 to skip"]
    said = f"compared 4 files (3 B) and 2 folders: {counts.format(' (3 B)')}"
    assert said in [record.getMessage() for record in caplog.records]
    done = [report[1] for report in host.link.reports if report[0] == "prepare"]
    assert len(done) > 7
    assert done == sorted(done)
    assert parts(destination) == []


async def test_large_file_goes_on_from_what_is_proven_after_the_destination_was_full(
    source: Path, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when a restart from the checkpoint copies everything again, or the failure does not say what is there."""
    monkeypatch.setattr(copy, "LARGE_BYTES", MIB // 2)
    (source / "large").write_bytes(os.urandom(3 * MIB))
    host = Host(source_path=source, destination_path=small_disk)

    def fill(_: Host, call: str) -> None:
        if call == "prepare: stage_finished":
            (small_disk / "somebody else").write_bytes(bytes(2 * MIB))

    host.on_call = fill
    await host.run()
    reason, message = host.failure()
    assert reason == "NOT_ENOUGH_SPACE"
    (part,) = parts(small_disk)
    taken = part.stat().st_blocks * 512
    assert f"{taken / MIB:.1f} MiB taken by 1 unfinished copy of this task, so at least " in message
    assert f"asynctask restart {id_text(host.task_id)} --from-checkpoint goes on" in message
    assert host.task.checkpoint is not None
    (kept,) = json.loads(host.task.checkpoint.json)["parts"]
    assert kept["proven"] >= MIB // 2
    host.on_call = None
    with monkeypatch.context() as still_full:
        still_full.setattr(assembling, "probe", without_room)
        await host.run()  # as a restart from the checkpoint, or a retry, does
    said = f"no room; {taken / MIB:.1f} MiB taken by 1 unfinished copy of this task; what is unfinished stays"
    assert said in host.failure()[1]
    (small_disk / "somebody else").unlink()
    read: list[int] = []
    real = os.pread

    def pread(descriptor: int, count: int, offset: int) -> bytes:
        if os.fstat(descriptor).st_size == 3 * MIB:
            read.append(offset)
        return real(descriptor, count, offset)

    with monkeypatch.context() as counting:
        counting.setattr(os, "pread", pread)
        await host.run()
    assert host.result()["files"] == 1
    assert min(read) == kept["proven"]
    assert (small_disk / "large").read_bytes() == (source / "large").read_bytes()
    assert parts(small_disk) == []


async def test_task_that_begins_anew_removes_its_own_unfinished_copies_before_the_space_is_checked(
    source: Path, mounted: Mounted
) -> None:
    """Without its checkpoint nothing is proven of them: they must not be in its way."""
    destination = mounted("destination", size="8m")
    (source / "a").write_bytes(os.urandom(5 * MIB))
    host = Host(source_path=source, destination_path=destination)
    task_id = id_text(host.task_id)
    leftovers.begin(os.fsencode(destination), task_id)
    for path in ("a", "gone since"):
        name = leftovers.part_name(task_id, path.encode())
        (destination / os.fsdecode(name)).write_bytes(bytes(3 * MIB))
    await host.run()
    assert host.result()["files"] == 1
    assert (destination / "a").read_bytes() == (source / "a").read_bytes()
    assert parts(destination) == []


async def test_task_that_is_killed_or_paused_keeps_its_unfinished_copy_beside_another_task(
    source: Path, destination: Path
) -> None:
    """Fails when the nightly run deletes what a paused one goes on from."""
    (source / "large").write_bytes(os.urandom(24 * MIB))
    host = await stopped_in_the_middle(source, destination, "pause")
    (part,) = parts(destination)
    size = part.stat().st_size
    (source / "large").rename(source / "elsewhere")
    other = Host(source_path=source, destination_path=destination)
    await other.run()
    assert other.result()["files"] == 1
    assert part.stat().st_size == size
    (source / "elsewhere").rename(source / "large")
    host.ask(None)
    host.on_progress = None
    await host.run()
    assert host.result()["files"] == 1
    assert parts(destination) == []


async def test_space_that_unfinished_copies_take_is_said(source: Path, mounted: Mounted) -> None:
    """Fails when people are told to make room, and nothing tells them where it went."""
    destination = mounted("destination", size="30m")
    (source / "large").write_bytes(os.urandom(24 * MIB))
    await stopped_in_the_middle(source, destination, "pause")
    (part,) = parts(destination)
    (source / "large").rename(source / "other")
    host = Host(source_path=source, destination_path=destination)
    await host.run()
    reason, message = host.failure()
    assert reason == "NOT_ENOUGH_SPACE"
    said = r"are free; 1 unfinished copy of tasks that may go on take [\d.]+ MiB there, and are removed once those "
    assert re.search(said + "tasks have ended$", message)
    assert part.exists()


async def test_cancelled_task_leaves_no_unfinished_copy(
    source: Path, destination: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when a cancel does not log that it removed copies, or the restart's progress counts what it removed."""
    monkeypatch.setattr(transfer, "_KEEP_S", 0)
    monkeypatch.setattr(copy, "_PROVE_S", 0)
    caplog.set_level("INFO")
    (source / "large").write_bytes(os.urandom(24 * MIB))
    host = await stopped_in_the_middle(source, destination, "cancel")
    assert parts(destination) == []
    assert os.listdir(destination / ".asynctask-backup/tasks") == []
    assert "unfinished copies of large files; a restart copies them anew" in caplog.text
    assert host.task.checkpoint is not None
    assert json.loads(host.task.checkpoint.json)["parts"][0]["proven"] >= 4 * MIB
    seen = len(host.link.reports)
    reported = threading.Event()
    perform = Performer.perform

    def perform_later(performer: Performer, change: Change, part: PartialCopy) -> None:
        assert reported.wait(30)
        perform(performer, change, part)

    def look(_: Host, stage: str) -> None:
        if stage == "transfer":
            reported.set()

    host.on_progress = look
    monkeypatch.setattr(Performer, "perform", perform_later)
    await host.run()
    assert (destination / "large").read_bytes() == (source / "large").read_bytes()
    first = next(report for report in host.link.reports[seen:] if report[0] == "transfer")
    assert first[1] < 4 * MIB


async def test_task_that_was_heard_of_no_more_gives_its_unfinished_copy_up(
    source: Path, destination: Path
) -> None:
    (source / "large").write_bytes(os.urandom(24 * MIB))
    await stopped_in_the_middle(source, destination, "kill")
    (note,) = (destination / ".asynctask-backup/tasks").iterdir()
    os.utime(note, (1, 1))
    (source / "large").unlink()
    (source / "small").touch()
    other = Host(source_path=source, destination_path=destination)
    await other.run()
    other.result()
    assert parts(destination) == []


async def test_failure_to_put_a_file_in_its_place_leaves_no_unfinished_copy(
    source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (source / "a").write_bytes(b"content" * 20_000)  # small ones are not renamed
    real = os.rename

    def fails(made: bytes, place: bytes, **folders: int) -> None:
        if os.fsencode(made).endswith(b".part"):
            raise OSError(errno.EIO, "Input/output error", made)
        real(made, place, **folders)

    host = Host(source_path=source, destination_path=destination)
    with monkeypatch.context() as broken:
        broken.setattr(os, "rename", fails)
        await host.run()
    assert "the file system failed at" in host.failure()[1]
    assert parts(destination) == []
    await host.run()
    assert host.result()["files"] == 1


async def test_second_backup_into_the_same_destination_waits_for_the_first(
    source: Path, destination: Path
) -> None:
    """Fails when two tasks mark, clean and replace in one destination at once."""
    (source / "a").touch()
    first = Host(source_path=source, destination_path=destination)
    second = Host(source_path=source, destination_path=destination)
    destination.mkdir()
    with marker.alone(os.fsencode(destination), id_text(first.task_id)):
        await second.run()
    outcome = second.task.outcome
    assert outcome is not None
    assert outcome.failure.reason == "DESTINATION_BUSY"
    assert id_text(first.task_id) in outcome.failure.message
    assert outcome.retry_after_ms == 10_000
    await second.run()
    assert second.result()["files"] == 1


@pytest.mark.parametrize("number", [errno.EPERM, errno.EBUSY, errno.EIO])
async def test_unfinished_copy_that_cannot_be_deleted_is_told_and_in_nobodys_way(
    source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """Fails when one immutable file that a run before left behind ends every backup from then on."""
    (source / "a").write_text("content")
    destination.mkdir()
    left = destination / os.fsdecode(leftovers.part_name(id_text(new_id()), b"a"))
    left.write_text("half")
    real = os.unlink

    def unlink(path: Any, **more: Any) -> None:
        if os.fsencode(path).endswith(os.fsencode(left.name)):
            raise OSError(number, os.strerror(number), path)
        real(path, **more)

    with monkeypatch.context() as broken:
        broken.setattr(os, "unlink", unlink)
        host = Host(source_path=source, destination_path=destination)
        await host.run()
    assert (host.result()["files"], host.result()["skipped"]) == (1, 0)
    assert host.task.warnings.by_code() == {"LEFTOVER_KEPT": 1}
    assert left.exists()
    again = Host(source_path=source, destination_path=destination)
    await again.run()
    assert not left.exists()


@pytest.mark.parametrize("exclude", [[], [".*"], ["a"]], ids=["nothing", "hidden files", "a file in it"])
@pytest.mark.parametrize("kind", ["file", "folder"])
async def test_what_an_ended_task_left_is_removed_and_nothing_else(
    source: Path, destination: Path, kind: str, exclude: list[str]
) -> None:
    """Fails when an unfinished folder is marked piece by piece, or stays since its name or a name in it is excluded."""
    (source / "kept").mkdir()
    ended = id_text(new_id())
    for inside in ("", "kept", "extra"):
        (destination / inside).mkdir(parents=True, exist_ok=True)
        left = destination / inside / os.fsdecode(leftovers.part_name(ended, inside.encode() + b"/f"))
        if kind == "file":
            left.write_text("half")
        else:
            left.mkdir()
            for name in ("a", "b"):
                (left / name).write_text("half")
    (destination / "extra/theirs").write_text("theirs")
    host = Host(
        source_path=source,
        destination_path=destination,
        delete_extra="mark",
        exclude=exclude,
        allow_empty_source=True,
    )
    await host.run()
    assert host.result()["set_aside"] == 1
    assert [key for key in host.items() if b".part/" in key] == []
    assert parts(destination) == []
    (removed,) = (destination / ".asynctask-removed").glob("*/extra")
    assert os.listdir(removed) == ["theirs"]
