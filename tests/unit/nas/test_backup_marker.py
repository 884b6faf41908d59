from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from asynctask import Postpone
from asynctask_core.errors import DestinationUnusable, SourceReplaced
from asynctask_core.ids import id_text, new_id
from asynctask_nas import identity, marker, mounts, remembered
from asynctask_nas.identity import FolderIdentity
from asynctask_nas.marker import Marker
from asynctask_nas.missing import unlike

TASK = id_text(new_id())


@pytest.fixture
def root(destination: Path) -> bytes:
    destination.mkdir()
    return os.fsencode(destination)


def known(**facts: object) -> FolderIdentity:
    about = {
        "path": "/mnt/photos",
        "mount_point": "/mnt/photos",
        "file_system": "fsid:01",
        "device": "/dev/sdb1",
        "kind": "ext4",
        "inside": "/",
        "inode": 2,
    }
    return FolderIdentity(**{**about, **facts})  # pyright: ignore[reportArgumentType]


def test_marker_is_read_as_it_was_written_and_leaves_the_destinations_time_alone(root: bytes) -> None:
    os.utime(root, ns=(5, 5))
    one = Marker(source=known(path="/mnt/%E9"), inside={"a%2Fb": known()})
    marker.write(root, one, TASK)
    assert marker.read(root, root) == one
    assert os.stat(root).st_mtime_ns == 5
    assert sorted(os.listdir(root + b"/.asynctask-backup")) == [b"marker.json"]


def test_marker_that_was_half_written_when_the_machine_crashed_changes_nothing(root: bytes) -> None:
    one = Marker(source=known())
    marker.write(root, one, TASK)
    Path(os.fsdecode(root), ".asynctask-backup/marker.json.new").write_text('{"version": 1, "id')
    assert marker.read(root, root) == one
    other = Marker(one.id)
    marker.write(root, other, TASK)
    assert marker.read(root, root) == other


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", "null", '{"version": "x"}', '{"version": 1, "id": "a", "source": {"nonsense": 1}}'],
)
def test_damaged_marker_is_refused_with_what_to_do(root: bytes, text: str) -> None:
    """Fails when a marker that cannot be read is taken for none: any source would be the right one."""
    marker.write(root, Marker(), TASK)
    Path(os.fsdecode(root), ".asynctask-backup/marker.json").write_text(text)
    with pytest.raises(DestinationUnusable, match=r"marker\.json' is damaged .*delete that file"):
        marker.read(root, root)


def test_marker_of_a_newer_version_is_left_alone(root: bytes) -> None:
    marker.write(root, Marker(), TASK)
    file = Path(os.fsdecode(root), ".asynctask-backup/marker.json")
    file.write_text(json.dumps({**json.loads(file.read_text()), "version": 2}))
    with pytest.raises(DestinationUnusable, match=r"newer version .*\(format 2, this one knows 1\)"):
        marker.read(root, root)


def test_marker_that_may_not_be_written_is_replaced_all_the_same(nobody: Path) -> None:
    root = os.fsencode(nobody)
    marker.write(root, Marker(), TASK)
    (nobody / ".asynctask-backup/marker.json").chmod(0o444)
    other = Marker()
    marker.write(root, other, TASK)
    assert marker.read(root, root) == other


def test_folder_closed_to_its_owner_takes_a_marker_and_stays_closed(nobody: Path) -> None:
    nobody.chmod(0o555)
    marker.write(os.fsencode(nobody), Marker(), TASK)
    assert stat.S_IMODE(nobody.stat().st_mode) == 0o555
    nobody.chmod(0o755)


@pytest.mark.parametrize("kind", ["file", "link"])
def test_users_own_entry_of_the_markers_name_is_refused_in_words(root: bytes, kind: str) -> None:
    place = Path(os.fsdecode(root), ".asynctask-backup")
    place.touch() if kind == "file" else place.symlink_to("/")
    with pytest.raises(DestinationUnusable, match=r"\.asynctask-backup' is not a folder"):
        marker.read(root, root)


def test_only_one_task_is_at_work_on_a_destination(root: bytes) -> None:
    with marker.alone(root, TASK):
        with pytest.raises(Postpone, match=f"task {TASK} is at work") as caught, marker.alone(root, "other"):
            pass
        assert caught.value.reason == "DESTINATION_BUSY"
    with marker.alone(root, "other"):
        pass


def test_attempt_that_was_lost_does_not_hold_up_the_next_one_of_its_task(
    root: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marker, "_SAME_TASK_WAIT_S", 0.0)
    with marker.alone(root, TASK), marker.alone(root, TASK):
        pass


def test_disk_with_another_name_is_the_same_disk() -> None:
    """What is mounted is called otherwise after a restart; its own id, and a folder's inode, stay."""
    assert known().is_same(known(device="/dev/sdc1", kind="ext3", mount_point="/media/x", inside="/moved"))
    assert not known().is_same(known(file_system="fsid:02"))
    assert not known().is_same(known(inode=3))
    # Of a system without ids: what is mounted, and where in it.
    share = known(file_system="", device="nas:/photos", kind="nfs", inode=0)
    assert share.is_same(known(file_system="", device="nas:/photos", kind="nfs4", inode=0))
    assert not share.is_same(known(file_system="", device="nas:/music", kind="nfs", inode=0))
    assert not share.is_same(known(file_system="", device="nas:/photos", kind="nfs", inode=0, inside="/sub"))


def test_what_lies_below_a_mount_point_is_told_from_another_disk() -> None:
    assert known().is_unmounted(known(mount_point="/", file_system="fsid:02"))
    assert known().is_unmounted(known(mount_point="/mnt", file_system="fsid:02"))
    assert known().is_unmounted(known(kind="autofs", file_system=""))
    assert not known().is_unmounted(known(file_system="fsid:02"))
    assert not known(mount_point="/").is_unmounted(known(file_system="fsid:02"))
    assert not known().is_unmounted(known(mount_point="/mnt/pho", file_system="fsid:02"))


def test_digits_to_accept_a_source_by_change_with_what_it_is() -> None:
    one = identity.fingerprint(known(), {})
    assert one == identity.fingerprint(known(mount_point="/elsewhere", device="/dev/sdz"), {})
    assert (
        len({one, identity.fingerprint(known(inode=7), {}), identity.fingerprint(known(), {"a": known()})})
        == 3
    )


TABLE = rb"""21 1 8:1 / / rw - ext4 /dev/sda1 rw
30 21 0:25 / /mnt/my\040photos rw,relatime shared:1 - ext4 /dev/sdb1 rw
31 30 0:26 /sub /mnt/my\040photos/inner rw - btrfs /dev/sdc rw
32 31 0:27 / /mnt/my\040photos/inner/deep rw - nfs4 nas:/deep rw
33 30 0:28 / /mnt/my\040photos/proc rw - proc proc rw
34 21 0:29 / /mnt/my\040photosX rw - xfs /dev/sdd rw
35 30 0:30 / /mnt/my\040photos rw - ext4 /dev/sde rw
36 31 0:31 / /mnt/my\040photos/inner rw - xfs /dev/sdf rw
short line
"""


def test_table_of_mounts_is_read_with_what_can_be_seen() -> None:
    table = mounts.read(TABLE)
    assert [one.number for one in table] == [21, 30, 31, 32, 33, 34, 35, 36]
    assert table[1].point == b"/mnt/my photos"
    assert (table[2].root, table[2].kind, table[2].device) == (b"/sub", "btrfs", "/dev/sdc")
    found = mounts.inside(table, table[1], b"/mnt/my photos")
    # The newer mount over `inner` is what is seen there.
    assert {path: one.number for path, one in found.items()} == {b"inner": 36, b"proc": 33}
    assert mounts.inside(table, table[6], b"/mnt/my photos") == {}
    assert found[b"proc"].is_passing
    assert not found[b"inner"].is_passing


def test_open_folder_is_found_in_the_table_of_this_machine(tmp_path: Path) -> None:
    table = mounts.read(mounts.table())
    if not table:
        pytest.skip("this system has no table of mounts")
    descriptor = os.open(tmp_path, os.O_RDONLY)
    try:
        found = mounts.holding(table, descriptor)
        assert found is not None
        about = identity.identify(os.fsencode(tmp_path), descriptor, table)
        assert about.is_same(identity.identify(os.fsencode(tmp_path) + b"/.", descriptor, table))
    finally:
        os.close(descriptor)


def test_point_of_a_path_that_is_not_made_yet_is_known(tmp_path: Path) -> None:
    table = mounts.read(TABLE)
    for path, point in {
        b"/mnt/my photos/inner/x/y": b"/mnt/my photos/inner",
        b"/mnt/my photos2": b"/",
        b"/mnt/my photosX": b"/mnt/my photosX",
        b"/": b"/",
    }.items():
        assert mounts.point_of(table, path) == point
    assert mounts.is_mounted(table, b"/mnt/my photos")
    assert not mounts.is_mounted(table, b"/mnt")
    waiting = mounts.read(b"21 1 8:1 / /net rw - autofs auto rw\n")
    assert not mounts.is_mounted(waiting, b"/net")
    assert mounts.is_mounted([], b"/")


def test_machine_remembers_destinations_that_can_be_unmounted_and_not_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "remembered"
    monkeypatch.setattr(remembered, "FOLDER", folder)
    monkeypatch.setattr(remembered, "_MOST", 3)
    remembered.remember(b"/on/root", known(mount_point="/"))
    assert not folder.exists()
    for number in range(5):
        remembered.remember(b"/mnt/%d" % number, known())
    assert len(list(folder.iterdir())) == 3
    remembered.remember(b"/mnt/4", known(mount_point="/"))
    assert len(list(folder.iterdir())) == 2


def test_home_that_cannot_be_written_to_is_no_failure(nobody: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody.chmod(0o500)
    monkeypatch.setattr(remembered, "FOLDER", nobody / "state")
    remembered.remember(b"/mnt/a", known())
    remembered.miss(b"/mnt/a", after="1s", reason="NOT_MOUNTED")
    nobody.chmod(0o700)


def test_folder_below_the_mount_point_of_a_remembered_destination_is_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when a new task makes a new copy on the disk below the mount point."""
    monkeypatch.setattr(remembered, "FOLDER", tmp_path / "remembered")
    destination = tmp_path / "disk/copy"
    destination.parent.mkdir()
    path = os.fsencode(destination)
    remembered.remember(path, known(mount_point=str(destination.parent)))
    with pytest.raises(Postpone, match="is it still mounted"):
        remembered.miss(path, after="1s", reason="NOT_MOUNTED")
    (destination / ".asynctask-backup").mkdir(parents=True)  # as the message says
    remembered.miss(path, after="1s", reason="NOT_MOUNTED")


def test_root_that_is_not_there_is_waited_for_and_another_source_refused() -> None:
    below = known(mount_point="/", file_system="fsid:02")
    other = known(file_system="fsid:02")
    for what, now in (("source", below), ("destination", below), ("destination", other)):
        assert isinstance(unlike(what, b"/mnt/photos", known(), now, ""), Postpone), what
    assert isinstance(unlike("source", b"/mnt/photos", known(), other, ""), SourceReplaced)


def test_another_source_is_told_without_numbers_of_the_file_system() -> None:
    """Fails when people read of inodes: of a folder that was made anew nothing else differs."""
    anew = str(unlike("source", b"/mnt/photos", known(), known(inode=3), ""))
    assert anew.startswith(
        "the source '/mnt/photos' ('/' of /dev/sdb1 (ext4), mounted at '/mnt/photos') is not the folder that it was"
    )
    other = str(unlike("source", b"/mnt/photos", known(), known(device="/dev/sdc1"), ""))
    assert "and is '/' of /dev/sdc1 (ext4), mounted at '/mnt/photos' now" in other
    assert "inode" not in anew + other
