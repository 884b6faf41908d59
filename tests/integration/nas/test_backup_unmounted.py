"""`backup_file` when a file system goes away: nothing unseen is deleted, nothing lands below a mount point."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from asynctask import ItemState
from asynctask_nas import backup, durable, new_folders, transfer
from asynctask_nas import inner as inner_module
from asynctask_protos.task.v1 import state_pb2
from tests.integration.nas.hosts import Host
from tests.support.mounts import Mounted, mount, unmount
from tests.unit.nas.trees import describe


def fill(folder: Path, count: int = 120) -> None:
    for number in range(count):
        (folder / f"d{number % 5}").mkdir(exist_ok=True)
        (folder / f"d{number % 5}" / f"{number}").write_bytes(os.urandom(number))


def waits(host: Host, what: str = "is it still mounted?") -> None:
    """The task waits, and no retry is used up."""
    outcome = host.task.outcome
    assert outcome is not None
    assert outcome.result == state_pb2.ATTEMPT_RESULT_RELEASED, outcome
    assert outcome.failure.reason == "NOT_MOUNTED"
    assert what in outcome.failure.message
    assert outcome.retry_after_ms == 30_000


async def backed_up(source: Path, destination: Path, **config: Any) -> Host:
    host = Host(source_path=source, destination_path=destination, **config)
    await host.run()
    return host


def once(call: str, act: Callable[[], object]) -> Callable[[Host, str], None]:
    """Do something at the first durable call of this name."""
    acts = [act]

    def hook(host: Host, made: str) -> None:
        if made == call and acts:
            acts.pop()()

    return hook


async def test_nightly_backup_of_an_unmounted_source_waits_and_marks_nothing(
    mounted: Mounted, destination: Path
) -> None:
    """Fails when the first look of a new task takes an empty mount point for an empty source."""
    source = mounted("source")
    fill(source)
    (await backed_up(source, destination)).result()
    kept = describe(destination)
    unmount(source)
    host = await backed_up(source, destination, delete_extra="mark")
    waits(host)
    assert describe(destination) == kept
    assert not (destination / ".asynctask-removed").exists()
    mounted("source")
    fill(source)
    (source / "new").touch()
    await host.run()
    assert host.result()["skipped"] == 0
    assert (destination / "new").exists()


async def test_source_that_is_unmounted_while_it_is_compared_is_missed(
    mounted: Mounted, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = mounted("source")
    fill(source)
    (await backed_up(source, destination)).result()
    kept = describe(destination)
    monkeypatch.setattr(backup, "_KEEP_S", 0.0)
    host = Host(source_path=source, destination_path=destination, delete_extra="mark")
    host.on_call = once("compare: checkpoint", lambda: unmount(source))
    await host.run()
    waits(host)
    assert describe(destination) == kept
    assert host.items("changes") == {}


@pytest.mark.parametrize("when", ["prepare: stage_finished", "transfer: manifest items"])
async def test_source_that_is_unmounted_before_or_in_the_transfer_is_missed(
    mounted: Mounted, destination: Path, when: str
) -> None:
    """Fails when files of an unmounted source are skipped as vanished, in this attempt or in the next."""
    source = mounted("source")
    fill(source)
    host = Host(source_path=source, destination_path=destination, delete_extra="mark")
    host.on_call = once(when, lambda: unmount(source))
    for _ in range(2):
        await host.run()
        waits(host)
        assert host.items(state=ItemState.SKIPPED) == {}
    mounted("source")
    fill(source)
    await host.run()
    assert host.result()["skipped"] == 0


@pytest.mark.parametrize(
    "when", ["compare: checkpoint", "prepare: stage_finished", "transfer: manifest items"]
)
@pytest.mark.parametrize("verify", ["none", "checksum"])
async def test_unmounted_destination_gets_nothing_and_nothing_is_marked_as_done(
    source: Path, mounted: Mounted, when: str, verify: str
) -> None:
    """Fails when copies land on the disk below the mount point."""
    fill(source)
    destination = mounted("destination")
    host = Host(source_path=source, destination_path=destination, verify=verify)
    host.on_call = once(when, lambda: unmount(destination))
    for _ in range(2):
        await host.run()
        waits(host)
        assert os.listdir(destination) == []
    done = host.items(state=ItemState.DONE)
    assert when.startswith("transfer") or done == {}


async def test_destination_that_is_unmounted_before_verify_is_missed_not_different(
    source: Path, mounted: Mounted
) -> None:
    fill(source)
    destination = mounted("destination")
    host = Host(source_path=source, destination_path=destination, verify="checksum")
    host.on_call = once("transfer: stage_finished", lambda: unmount(destination))
    await host.run()
    waits(host)
    assert os.listdir(destination) == []


async def test_destination_that_comes_back_is_gone_on_with(
    source: Path, disk: Path, destination: Path
) -> None:
    """A real disk: what was done before it went away is not done again."""
    fill(source)
    destination.mkdir()
    mount(disk, destination)
    host = Host(source_path=source, destination_path=destination, verify="checksum", exclude=["lost+found"])
    host.on_call = once("prepare: stage_finished", lambda: unmount(destination))
    await host.run()
    waits(host)
    mount(disk, destination)
    await host.run()
    assert host.result()["verified"] == 120
    again = await backed_up(source, destination)
    assert again.result()["files"] == 0


async def test_another_disk_at_the_mount_point_of_the_source_is_refused_until_it_is_accepted(
    mounted: Mounted, destination: Path
) -> None:
    """Fails when the backup of one disk is overwritten by another's."""
    source = mounted("source", label="first")
    fill(source)
    (await backed_up(source, destination)).result()
    kept = describe(destination)
    unmount(source)
    mounted("source", label="second")
    (source / "d0").write_text("another disk")
    host = await backed_up(source, destination, delete_extra="mark")
    reason, message = host.failure()
    assert reason == "SOURCE_REPLACED"
    assert host.task.outcome is not None
    assert not host.task.outcome.retryable
    assert "of first (tmpfs)" in message
    assert "of second (tmpfs)" in message
    assert '; if the new one is meant, submit it with "accept_source": ' in message
    assert describe(destination) == kept
    digits = message.partition('"accept_source": "')[2].partition('"')[0]
    (await backed_up(source, destination, accept_source="00000000")).failure()
    (await backed_up(source, destination, accept_source=digits)).result()
    # It is the source from now on, without the option.
    (await backed_up(source, destination)).result()
    unmount(source)
    mounted("source", label="first")
    fill(source)
    assert (await backed_up(source, destination, accept_source=digits)).failure()[0] == "SOURCE_REPLACED"


async def test_folder_that_was_replaced_by_another_is_another_source(source: Path, destination: Path) -> None:
    fill(source)
    (await backed_up(source, destination)).result()
    source.rename(source.with_name("old"))
    shutil.copytree(source.with_name("old"), source)
    assert (await backed_up(source, destination)).failure()[0] == "SOURCE_REPLACED"


async def test_disk_is_the_same_under_another_number_and_mount_point(
    disk: Path, tmp_path: Path, destination: Path
) -> None:
    """Fails when a remount, which changes the device's number, is taken for another source."""
    places = [tmp_path / "one", tmp_path / "two"]
    for place in places:
        place.mkdir()
    mount("-o", "loop", disk, places[0])
    fill(places[0])
    exclude = ["lost+found"]
    (await backed_up(places[0], destination, exclude=exclude)).result()
    unmount(places[0])
    for place in reversed(places):
        mount("-o", "loop", disk, place)
        assert (await backed_up(place, destination, exclude=exclude)).result()["files"] == 0
        unmount(place)


async def test_file_system_inside_the_source_that_is_gone_is_missed(
    mounted: Mounted, source: Path, destination: Path
) -> None:
    """Fails when the copies of an unmounted part of the source are marked."""
    fill(source)
    inner = mounted("source/inner")
    fill(inner)
    (await backed_up(source, destination)).result()
    kept = describe(destination)
    unmount(inner)
    for exclude in ([], ["*.tmp"]):
        host = await backed_up(source, destination, delete_extra="mark", exclude=exclude)
        waits(host, "source/inner' inside the source was")
    assert describe(destination) == kept
    message = host.task.outcome.failure.message if host.task.outcome else ""
    digits = message.partition('"accept_source": "')[2].partition('"')[0]
    (await backed_up(source, destination, exclude=["/inner"])).result()
    # Its copies are more than half of what is there.
    config: dict[str, Any] = {"delete_extra": "mark", "most_marked_percent": 60}
    (await backed_up(source, destination, accept_source=digits, **config)).result()
    assert not (destination / "inner/d0").exists()
    (await backed_up(source, destination, **config)).result()


async def test_file_system_inside_the_source_that_goes_while_it_is_compared_is_missed(
    mounted: Mounted, source: Path, destination: Path
) -> None:
    """Fails when people are asked whether all of it may be marked, in a comparison that keeps nothing on its way."""
    (source / "file").touch()
    inner = mounted("source/inner")
    fill(inner)
    (await backed_up(source, destination)).result()
    kept = describe(destination)
    host = Host(source_path=source, destination_path=destination, delete_extra="mark")
    host.on_call = once("compare: checkpoint", lambda: unmount(inner))
    await host.run()
    waits(host, "inner")
    assert describe(destination) == kept


async def test_file_system_inside_the_source_that_goes_while_it_is_copied_is_missed(
    mounted: Mounted, source: Path, destination: Path
) -> None:
    fill(source)
    inner = mounted("source/inner")
    fill(inner)
    host = Host(source_path=source, destination_path=destination)
    host.on_call = once("prepare: stage_finished", lambda: unmount(inner))
    await host.run()
    waits(host, "inner")
    assert host.items(state=ItemState.SKIPPED) == {}


async def test_one_file_system_leaves_out_what_is_mounted_inside(
    mounted: Mounted, source: Path, destination: Path, tmp_path: Path
) -> None:
    fill(source)
    inner = mounted("source/inner")
    fill(inner)
    (source / "bound").mkdir()
    mount("--bind", source / "d1", source / "bound")  # the same device
    try:
        (destination / "inner").mkdir(parents=True)
        (destination / "inner/older").touch()
        host = await backed_up(source, destination, one_file_system=True, delete_extra="mark")
        assert host.result()["files"] == 120
        assert os.listdir(destination / "inner") == ["older"]
        assert os.listdir(destination / "bound") == []
        unmount(inner)
        (await backed_up(source, destination, one_file_system=True, delete_extra="mark")).result()
        assert not (destination / "inner/older").exists()  # an empty folder of the source now
    finally:
        unmount(source / "bound")


async def test_one_file_system_leaves_out_no_file_of_a_union(
    mounted: Mounted, source: Path, destination: Path
) -> None:
    """Fails when the files of a container, which have the devices of its layers, are left out without a word."""
    lower, upper = mounted("lower"), mounted("upper")
    fill(lower, 20)
    for name in ("files", "work"):
        (upper / name).mkdir()
    layers = f"lowerdir={lower},upperdir={upper}/files,workdir={upper}/work"
    mount("-t", "overlay", "overlay", "-o", layers, source)
    try:
        (source / "d1/new").write_text("in the upper layer")
        for files in (21, 0):
            host = await backed_up(
                source, destination, one_file_system=True, delete_extra="mark", verify="all"
            )
            assert (host.result()["files"], host.result()["verified"]) == (files, 21)
    finally:
        unmount(source)


async def test_must_be_mounted_waits_for_the_mount(
    mounted: Mounted, tmp_path: Path, destination: Path
) -> None:
    source = tmp_path / "source"
    source.mkdir()
    config: dict[str, Any] = {"must_be_mounted": [str(source)]}
    host = await backed_up(source, destination, **config)
    waits(host, "must_be_mounted")
    assert not destination.exists()
    mounted("source")
    fill(source)
    await host.run()
    assert host.result()["files"] == 120
    both = await backed_up(source, destination, must_be_mounted=True)
    if os.stat(tmp_path).st_dev == os.stat("/").st_dev:
        waits(both, "destination_path: ")
    door = tmp_path / "door"
    door.mkdir()
    mount("--bind", tmp_path, door)  # the system's own disk by another way is a mount all the same
    try:
        (await backed_up(source, door / "copy", must_be_mounted=True)).result()
    finally:
        unmount(door)


async def test_source_that_is_gone_with_its_folder_waits_when_a_backup_knows_it(
    source: Path, destination: Path
) -> None:
    """A disk that desktops mount: its folder goes with it."""
    fill(source)
    (await backed_up(source, destination)).result()
    shutil.rmtree(source)
    waits(await backed_up(source, destination, delete_extra="mark"))
    unknown = await backed_up(source.with_name("unknown"), destination)
    assert unknown.failure()[0] == "SOURCE_MISSING"


async def test_first_backup_into_an_older_copy_without_a_marker_adopts_it(
    source: Path, destination: Path
) -> None:
    fill(source)
    shutil.copytree(source, destination)
    (destination / "extra").touch()
    host = await backed_up(source, destination, delete_extra="mark")
    assert host.result()["files"] == 0
    assert not (destination / "extra").exists()
    marker = json.loads((destination / ".asynctask-backup/marker.json").read_text())
    assert marker["source"]["inode"] in {source.stat().st_ino, 0}


async def test_empty_source_of_a_first_backup_is_not_what_the_destination_is_the_copy_of(
    mounted: Mounted, tmp_path: Path, destination: Path
) -> None:
    """Fails when a mount that comes after the first backup has to be accepted."""
    (tmp_path / "source").mkdir()
    (await backed_up(tmp_path / "source", destination)).result()
    source = mounted("source")
    fill(source)
    assert (await backed_up(source, destination)).result()["files"] == 120


async def test_copy_of_a_copy_has_its_own_marker(source: Path, destination: Path, tmp_path: Path) -> None:
    """Backups in both directions: the marker of one is nothing to copy, compare or mark for the other."""
    fill(source)
    (await backed_up(source, destination)).result()
    third = tmp_path / "third"
    config: dict[str, Any] = {"verify": "checksum", "delete_extra": "mark"}
    host = await backed_up(destination, third, **config)
    assert (host.result()["files"], host.result()["skipped"]) == (120, 0)
    assert describe(third) == describe(source)
    ours, theirs = (
        json.loads((root / ".asynctask-backup/marker.json").read_text()) for root in (destination, third)
    )
    assert ours["id"] != theirs["id"]
    back = await backed_up(third, source, **config)
    assert back.result()["files"] == 0


async def test_nightly_backup_into_an_unmounted_destination_waits(source: Path, mounted: Mounted) -> None:
    """Fails when the first look of a new task makes a new copy on the disk below the mount point."""
    fill(source)
    destination = mounted("destination")
    (await backed_up(source, destination / "copy")).result()
    unmount(destination)
    host = await backed_up(source, destination / "copy")
    waits(host, "is it still mounted?")
    assert os.listdir(destination) == []
    (destination / "copy/.asynctask-backup").mkdir(parents=True)  # as the message says
    await host.run()
    assert host.result()["files"] == 120
    (await backed_up(source, destination / "copy")).result()


async def test_roots_that_people_name_by_links_are_followed(
    source: Path, mounted: Mounted, tmp_path: Path
) -> None:
    fill(source)
    disk = mounted("disk")
    (tmp_path / "to source").symlink_to(source)
    (tmp_path / "to disk").symlink_to(disk)
    host = await backed_up(tmp_path / "to source", tmp_path / "to disk", verify="checksum")
    assert host.result()["verified"] == 120
    assert describe(disk) == describe(source)
    unmount(disk)
    waits(await backed_up(tmp_path / "to source", tmp_path / "to disk"))


async def test_message_about_a_failure_names_files_as_people_know_them(
    source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when it names the open folder through which the backup works."""
    fill(source)

    def failing(real: Any) -> Any:
        def fails(path: Any, *more: Any, **folders: int) -> None:
            if b"d1" in {path, *more}:
                raise OSError(errno.EIO, "Input/output error", path)
            real(path, *more, **folders)

        return fails

    host = Host(source_path=source, destination_path=destination)
    with monkeypatch.context() as broken:
        # A folder is made in its place, or gets its name there.
        broken.setattr(os, "mkdir", failing(os.mkdir))
        broken.setattr(os, "rename", failing(os.rename))
        broken.setattr(new_folders, "_renameat", None)
        await host.run()
    assert "/proc/" not in host.failure()[1]
    assert str(destination) in host.failure()[1]


@pytest.mark.parametrize("when", ["before the task", "compare: checkpoint", "prepare: stage_finished"])
async def test_file_system_inside_the_destination_that_is_gone_is_missed(
    source: Path, mounted: Mounted, destination: Path, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when the part of a destination that is on a disk of its own is copied again below its mount point."""
    (source / "inner").mkdir()
    fill(source / "inner")
    inner = mounted("destination/inner")
    monkeypatch.setattr(inner_module, "_lost", lambda *_: ["times"])
    first = await backed_up(source, destination)
    first.result()
    text = dict(first.task.warnings)["compare", "KEEPS_LESS_INSIDE"].text
    assert text.startswith(f"inside the destination '{inner}' is mounted, which does not keep times; ")
    host = Host(source_path=source, destination_path=destination, verify="checksum")
    (source / "inner/new").touch()
    if when == "before the task":
        unmount(inner)
    else:
        host.on_call = once(when, lambda: unmount(inner))
    await host.run()
    waits(host, "destination/inner' inside the destination was")
    assert "marker.json" in host.task.outcome.failure.message or when != "before the task"  # type: ignore[union-attr]
    assert host.items(state=ItemState.DONE) == {}
    mounted("destination/inner")
    await host.run()
    host.result()


async def test_file_system_inside_the_destination_that_goes_before_a_first_copy_is_missed(
    mounted: Mounted, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when a task only misses what the marker knows, which is nothing until the first copy."""
    monkeypatch.setattr(inner_module, "_lost", lambda *_: [])
    (source / "inner").mkdir()
    fill(source / "inner")
    inner = mounted("destination/inner")
    host = Host(source_path=source, destination_path=inner.parent)
    host.on_call = once("prepare: stage_finished", lambda: unmount(inner))
    for _ in range(2):
        await host.run()
        waits(host, "destination/inner' inside the destination was")
    assert os.listdir(inner) == []
    mounted("destination/inner")
    await host.run()
    assert host.result()["files"] == 120


async def test_comparison_that_is_repeated_warns_once(
    source: Path, mounted: Mounted, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (source / "inner").mkdir()
    fill(source / "inner")
    mounted("destination/inner")
    monkeypatch.setattr(inner_module, "_lost", lambda *_: ["times"])
    monkeypatch.setattr(backup, "_KEEP_S", 0.0)
    host = Host(source_path=source, destination_path=destination)
    host.on_call = once("compare: stage_finished", host.kill)
    await host.run()
    host.on_call = None
    await host.run()
    host.result()
    assert dict(host.task.warnings)["compare", "KEEPS_LESS_INSIDE"].total == 1


@pytest.mark.parametrize("becomes", ["nothing", "a file"])
async def test_folder_with_a_disk_mounted_in_it_is_not_moved_away(
    source: Path, mounted: Mounted, destination: Path, becomes: str
) -> None:
    """Fails when the disk moves along, and every later backup waits for it at its place."""
    (source / "file").touch()
    if becomes == "a file":
        (source / "extra").touch()
    inner = mounted("destination/extra/inner")
    fill(inner, 3)
    for _ in range(2):
        host = await backed_up(source, destination, delete_extra="mark", most_marked_percent=100)
        host.result()
        assert host.items(state=ItemState.SKIPPED) == {b"extra": "destination: something is mounted in it"}
        assert os.path.ismount(inner)


async def test_bind_mount_of_the_same_file_system_is_missed(
    source: Path, tmp_path: Path, destination: Path
) -> None:
    """Fails when only the file system is compared: it is the same one below the mount point."""
    fill(source)
    door = tmp_path / "door"
    door.mkdir()
    mount("--bind", source, door)
    try:
        (await backed_up(door, destination)).result()
    finally:
        unmount(door)
    waits(await backed_up(door, destination, delete_extra="mark"))
    # The same folder by another way is the same source.
    (await backed_up(source, destination, delete_extra="mark")).result()


async def test_empty_source_beside_a_full_destination_is_said_also_when_nothing_is_marked(
    source: Path, destination: Path
) -> None:
    destination.mkdir()
    fill(destination)
    host = await backed_up(source, destination)
    host.result()
    assert host.task.warnings.by_code() == {"SOURCE_EMPTY": 125}


async def test_mount_that_one_backup_leaves_out_is_still_missed_by_the_others(
    mounted: Mounted, source: Path, destination: Path
) -> None:
    inner = mounted("source/inner")
    fill(inner)
    (source / "file").touch()
    (await backed_up(source, destination)).result()
    (await backed_up(source, destination, exclude=["/inner"])).result()
    (await backed_up(source, destination, one_file_system=True)).result()
    unmount(inner)
    waits(await backed_up(source, destination), "inner")


def unmounts(monkeypatch: pytest.MonkeyPatch, folder: Path, *, at: int) -> None:
    """The flush of this number, from 1, finds a file system gone."""
    flushes: list[durable.Storage] = []

    def flush(storage: durable.Storage) -> None:
        flushes.append(storage)
        if len(flushes) == at:
            unmount(folder)
        durable.flush(storage)

    monkeypatch.setattr(transfer, "flush", flush)


@pytest.mark.parametrize("root", ["source", "destination"])
async def test_transfer_ends_when_a_batch_ends_after_a_root_went_away(
    mounted: Mounted, root: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when the roots are looked for at the start of an attempt only: all of it was done in the meantime."""
    source, destination = tmp_path / "source", tmp_path / "destination"
    source.mkdir()
    away = mounted(root)
    fill(source)
    monkeypatch.setattr(transfer, "WINDOW", 8)
    monkeypatch.setattr(transfer, "WINDOW_MOST", 8)
    unmounts(monkeypatch, away, at=2)
    host = Host(source_path=source, destination_path=destination)
    await host.run()
    waits(host)
    assert host.task.stage == "transfer"
    assert 1 <= len(host.items(state=ItemState.DONE)) <= 16
    assert os.listdir(away) == []


async def test_files_that_were_complete_when_the_destination_went_away_count_at_once(
    source: Path, disk: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when what was flushed is copied again: the next attempt counts its progress from what is marked."""
    fill(source)
    destination.mkdir()
    mount("-o", "loop", disk, destination)
    monkeypatch.setattr(transfer, "WINDOW", 8)
    monkeypatch.setattr(transfer, "WINDOW_MOST", 8)
    unmounts(monkeypatch, destination, at=2)
    host = Host(source_path=source, destination_path=destination, exclude=["lost+found"])
    await host.run()
    waits(host)
    mount("-o", "loop", disk, destination)
    copied = {
        os.fsencode(path.relative_to(destination))
        for path in destination.rglob("d*/*")
        if not path.name.startswith(".asynctask-")
    }
    assert copied
    assert set(host.items(state=ItemState.DONE)) == copied
    await host.run()
    host.result()


async def test_nothing_is_marked_when_a_disk_inside_the_destination_went_away_meanwhile(
    source: Path, mounted: Mounted, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when copies count that may lie below the mount point."""
    fill(source)
    inner = mounted("destination/d1")
    unmounts(monkeypatch, inner, at=1)
    host = Host(source_path=source, destination_path=destination)
    await host.run()
    waits(host, "destination/d1' inside the destination was")
    assert host.items(state=ItemState.DONE) == {}


async def test_source_that_may_not_be_read_any_more_is_said_as_that(nobody: Path) -> None:
    """Fails when a lack of permission is waited for as if it were a disk."""
    source = nobody / "source"
    source.mkdir()
    (source / "file").touch()
    (await backed_up(source, nobody / "copy")).result()
    source.chmod(0)
    reason, message = (await backed_up(source, nobody / "copy")).failure()
    assert reason == "SOURCE_MISSING"
    assert "Permission denied" in message
    source.chmod(0o700)
