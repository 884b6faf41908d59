from __future__ import annotations

import contextlib
import errno
import os
import stat
import subprocess
from pathlib import Path

import pytest

from asynctask import RetryLater
from asynctask_core.errors import (
    DestinationInsideSource,
    DestinationUnusable,
    NotEnoughSpace,
    SourceMissing,
)
from asynctask_nas import capabilities
from asynctask_nas.changes import Action
from asynctask_nas.entries import look
from asynctask_nas.failing import told
from asynctask_nas.holds import Holds, NameRules
from asynctask_nas.left_out import left_out, said
from asynctask_nas.places import check_places, probe
from asynctask_nas.tree import Tree
from asynctask_nas.walk import Walk
from tests.unit.nas.trees import back_up, changes


def check(source: Path, destination: Path) -> None:
    check_places(os.fsencode(source), os.fsencode(destination))


def test_two_folders_apart_pass_and_nothing_is_made(source: Path, destination: Path) -> None:
    check(source, destination)
    check(source, source.with_name("source-2"))
    assert not destination.exists()


def test_missing_source_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceMissing, match=r"^source_path: '.*nowhere' cannot be read: No such file"):
        check(tmp_path / "nowhere", tmp_path / "x")
    assert not SourceMissing.retryable


def test_source_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SourceMissing, match=r"^source_path: '.*file' is not a folder$"):
        check(tmp_path / "file", tmp_path / "x")


def test_source_that_cannot_be_read_is_refused(nobody: Path) -> None:
    (nobody / "source").mkdir(mode=0)
    with pytest.raises(SourceMissing, match=r"^source_path: .*Permission denied"):
        check(nobody / "source", nobody / "x")


def test_one_folder_as_both_is_refused_as_that(source: Path, tmp_path: Path) -> None:
    (tmp_path / "alias").symlink_to(source)
    for destination in (source, tmp_path / "alias"):
        with pytest.raises(DestinationInsideSource) as caught:
            check(source, destination)
        said = f"the source {str(source)!r} and the destination {str(destination)!r} are the same folder"
        assert str(caught.value) == said


@pytest.mark.parametrize("inside", ["sub", "sub/not/there/yet"])
def test_destination_inside_source_is_refused(source: Path, inside: str) -> None:
    (source / "sub").mkdir()
    with pytest.raises(DestinationInsideSource, match=r"the destination .* lies inside the source"):
        check(source, source / inside)
    assert not (source / "sub/not").exists()


def test_source_inside_destination_is_refused(source: Path) -> None:
    with pytest.raises(DestinationInsideSource, match=r"the source .* lies inside the destination"):
        check(source, source.parent)


def test_destination_inside_source_through_links_is_refused(source: Path, tmp_path: Path) -> None:
    (source / "sub").mkdir()
    (tmp_path / "door").symlink_to(source / "sub")
    with pytest.raises(DestinationInsideSource):
        check(source, tmp_path / "door/deeper")
    (tmp_path / "alias").symlink_to(source)
    with pytest.raises(DestinationInsideSource):
        check(tmp_path / "alias", source / "sub")


def bind(one: Path, other: Path) -> None:
    other.mkdir(exist_ok=True)
    if subprocess.run(["mount", "--bind", str(one), str(other)], capture_output=True, check=False).returncode:
        pytest.skip("bind mounts are not permitted here")


def test_source_under_another_name_by_a_bind_mount_is_refused(source: Path, tmp_path: Path) -> None:
    twin = tmp_path / "twin"
    bind(source, twin)
    try:
        with pytest.raises(DestinationInsideSource):
            check(source, twin / "sub")
    finally:
        subprocess.run(["umount", str(twin)], check=True)


def test_destination_mounted_from_within_the_source_is_found_by_the_walk(
    source: Path, tmp_path: Path
) -> None:
    (source / "a/sub").mkdir(parents=True)
    door = tmp_path / "door"
    bind(source / "a/sub", door)
    try:
        check(source, door)
        with pytest.raises(DestinationInsideSource, match="a/sub"):
            list(Walk(os.fsencode(source), os.fsencode(door)))
    finally:
        subprocess.run(["umount", str(door)], check=True)


def test_probe_finds_out_what_this_file_system_holds_and_leaves_no_trace(destination: Path) -> None:
    destination.mkdir()
    os.utime(destination, ns=(5, 5))
    holds = probe(os.fsencode(destination))
    assert (holds.mtime_grain_ns, holds.modes, holds.links, holds.attributes) == (1, True, True, True)
    assert (holds.owners, holds.symlinks, holds.holes, holds.times) == (os.geteuid() == 0, True, True, True)
    assert holds.names == NameRules()
    assert not holds.has_local_times
    assert os.stat(destination).st_mtime_ns == 5
    assert os.listdir(destination) == []


def test_probe_makes_the_destination(tmp_path: Path) -> None:
    probe(os.fsencode(tmp_path / "a/b/c"))
    assert (tmp_path / "a/b/c").is_dir()


def refused(destination: Path) -> str:
    with pytest.raises(DestinationUnusable) as caught:
        probe(os.fsencode(destination))
    said = f"destination_path: the folder '{destination}' cannot be "
    assert str(caught.value).startswith(said)
    return str(caught.value).removeprefix(said)


def test_destination_that_cannot_be_made_is_refused_for_good_and_says_why(tmp_path: Path) -> None:
    """Fails when it is told as Python does, bytes and all, and tried again: only a person can change it."""
    file = tmp_path / "file"
    file.touch()
    dangling, loop = tmp_path / "dangling", tmp_path / "loop"
    dangling.symlink_to("nothing")
    loop.symlink_to("loop")
    assert refused(file) == "made: it is not a folder"
    assert refused(file / "a/b") == f"made: '{file}' is not a folder"
    assert refused(dangling) == "made: it is a symbolic link that leads nowhere"
    assert refused(dangling / "a") == f"made: '{dangling}' is a symbolic link that leads nowhere"
    assert refused(loop) == "made: it is a symbolic link that leads nowhere"
    assert refused(tmp_path / ("n" * 300)) == "made: File name too long"
    assert not DestinationUnusable.retryable


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="there is no /proc")
def test_destination_below_what_takes_no_folders_is_refused() -> None:
    assert refused(Path("/proc/asynctask-copy")) == "made: '/proc' takes no new folders"


def test_destination_that_does_not_permit_it_is_refused(nobody: Path) -> None:
    (nobody / "unread").mkdir(mode=0o300)
    assert refused(nobody / "unread") == "read: Permission denied"
    (nobody / "closed").mkdir(mode=0o500)
    assert refused(nobody / "closed/sub") == "made: Permission denied"


def test_destination_on_a_read_only_file_system_is_refused(small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    assert refused(small_disk) == "written to: Read-only file system"
    assert refused(small_disk / "sub") == "made: Read-only file system"


@pytest.mark.parametrize(
    ("number", "kind"),
    [(errno.ENOSPC, NotEnoughSpace), (errno.EDQUOT, NotEnoughSpace), (errno.EIO, RetryLater)],
)
def test_destination_that_is_full_is_told_as_that_and_one_that_fails_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, destination: Path, number: int, kind: type[Exception]
) -> None:
    def fails(path: bytes, **more: object) -> None:
        raise OSError(number, os.strerror(number), path)

    monkeypatch.setattr(os, "makedirs", fails)
    with pytest.raises(kind) as caught:
        probe(os.fsencode(destination))
    said = f"destination_path: the folder '{destination}' cannot be made: {os.strerror(number)}"
    assert str(caught.value) == said


def test_folder_of_our_own_that_is_closed_can_be_looked_into_and_stays_closed(nobody: Path) -> None:
    """Fails when it is refused: the copy of a folder that is closed to its owner could not be verified, nor renewed."""
    closed = nobody / "closed"
    closed.mkdir(mode=0o555)
    probe(os.fsencode(closed))
    assert stat.S_IMODE(closed.stat().st_mode) == 0o555
    assert os.listdir(closed) == []


def test_failure_of_a_file_system_is_told_without_bytes() -> None:
    with pytest.raises(RetryLater) as caught, told():
        raise OSError(errno.EIO, "Input/output error", b"/mnt/a\xff")
    assert str(caught.value) == r"the file system failed at '/mnt/a\xff': Input/output error"
    with pytest.raises(TimeoutError), told():
        raise TimeoutError


def test_times_are_compared_as_coarsely_as_they_are_kept() -> None:
    fat = Holds(mtime_grain_ns=2_000_000_000)
    assert fat.same_time(1_999_999_999, 0)
    assert not fat.same_time(2_000_000_000, 0)
    assert Holds().same_time(7, 7)
    assert not Holds().same_time(7, 8)


def test_times_of_a_coarse_file_system_are_recognised(
    monkeypatch: pytest.MonkeyPatch, destination: Path
) -> None:
    real = os.utime

    def whole_even_seconds(path: object, ns: tuple[int, int], **more: object) -> None:
        real(path, ns=(ns[0] // (2 * 10**9) * 2 * 10**9,) * 2, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(os, "utime", whole_even_seconds)
    assert probe(os.fsencode(destination)).mtime_grain_ns == 2_000_000_000


def test_not_enough_space_is_never_retried() -> None:
    assert not NotEnoughSpace.retryable


def test_times_that_cannot_be_kept_are_the_nearest_that_can() -> None:
    """Fails when a file of 2040 is copied at every run to a file system that ends in 2038."""
    ends = Holds(mtime_grain_ns=10**9, earliest_ns=0, latest_ns=(2**31 - 1) * 10**9)
    assert ends.time(2**40 * 10**9) == ends.latest_ns
    assert ends.same_time(2_209_075_200 * 10**9, (2**31 - 1) * 10**9)
    assert ends.same_time(-5, 0)
    assert not ends.same_time(2_209_075_200 * 10**9, 7)


def test_file_system_that_takes_no_times_has_copies_as_old_as_they_are(
    monkeypatch: pytest.MonkeyPatch, source: Path, destination: Path
) -> None:
    """Fails when a copy whose time cannot be set is skipped, or copied again at every run."""
    (source / "folder").mkdir()
    (source / "folder/file").write_text("content")
    os.utime(source / "folder/file", (0, 0))
    os.utime(source / "folder", (0, 0))

    def refuses(path: object, *_: object, **__: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted", path)

    with monkeypatch.context() as patched:
        patched.setattr(os, "utime", refuses)
        assert not probe(os.fsencode(destination)).times
        assert back_up(source, destination)[1] == {}
        assert changes(source, destination) == []
        (source / "folder/file").write_text("CONTENT")
        os.chmod(source / "folder/file", 0o644)
    os.utime(source / "folder/file", (0, 0))
    with monkeypatch.context() as patched:
        patched.setattr(os, "utime", refuses)
        assert [one.path for one in changes(source, destination)] == [b"folder/file", b"folder"]
        back_up(source, destination)
        assert (destination / "folder/file").read_text() == "CONTENT"


def test_owner_that_is_refused_for_one_file_leaves_it_a_copy(
    monkeypatch: pytest.MonkeyPatch, source: Path, destination: Path
) -> None:
    """Fails when a file is skipped for an owner that a container does not know."""
    if os.geteuid() != 0:
        pytest.skip("only root gives files away")
    (source / "file").write_text("content")
    os.chown(source / "file", 4242, 4242)
    real = os.chown

    def refuses(path: object, uid: int, gid: int, **more: object) -> None:
        if uid == 4242:
            raise OSError(errno.EINVAL, "Invalid argument", path)
        real(path, uid, gid, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "chown", refuses)
    assert back_up(source, destination)[1] == {}
    assert (destination / "file").read_text() == "content"


def test_links_that_cannot_be_kept_are_skipped_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, source: Path, destination: Path
) -> None:
    """Fails when the whole backup fails at the first symbolic link, as on exFAT."""
    (source / "link").symlink_to("nowhere")
    (source / "file").write_text("x")

    def refuses(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSYS, "Function not implemented")

    monkeypatch.setattr(os, "symlink", refuses)
    done, skipped = back_up(source, destination)
    assert skipped == {b"link": "destination: keeps no symbolic links"}
    assert b"file" in done
    assert [one.action.value for one in changes(source, destination)] == ["skip"]
    entry = look(os.fsencode(source / "link"))
    assert entry is not None
    entry = entry._replace(links=2, uid=7)
    assert list(left_out(entry, Holds(symlinks=False, owners=False, linked_symlinks=False))) == []


def test_what_is_not_kept_is_counted_by_kind(source: Path) -> None:
    (source / "file").write_text("x")
    os.link(source / "file", source / "twin")
    os.chmod(source / "file", 0o640)
    path = os.fsencode(source / "file")
    entry = look(path)
    assert entry is not None
    fat = Holds(
        modes=False,
        owners=False,
        links=False,
        attributes=False,
        uid=entry.uid + 1,
        file_mode=0o777,
        latest_ns=5,
    )
    assert list(left_out(entry, fat)) == ["owners", "modes", "times", "hard links"]
    assert list(left_out(entry, Holds())) == []
    assert list(said({"modes": 1, "hard links": 2000})) == [
        ("MODES_NOT_KEPT", "the destination does not keep modes: other modes on the copies of 1 entry", 1),
        (
            "HARD_LINKS_NOT_KEPT",
            "the destination does not keep hard links: a separate copy for each name of 2,000 entries",
            2000,
        ),
    ]


@pytest.mark.parametrize(
    ("user", "why"),
    [
        (
            0,
            "this executor cannot set owners there (without CAP_CHOWN, or the destination does not keep them)",
        ),
        (1000, "this executor does not run as root and cannot set owners"),
    ],
)
def test_executor_that_cannot_set_owners_is_named_and_not_the_destination(
    monkeypatch: pytest.MonkeyPatch, user: int, why: str
) -> None:
    """The destination is no reason where only root could have kept them."""
    monkeypatch.setattr(os, "geteuid", lambda: user)
    assert list(said({"owners": 3})) == [
        ("OWNERS_NOT_KEPT", f"{why}: other owners on the copies of 3 entries", 3)
    ]


def test_bits_of_modes_that_are_not_kept_are_not_compared(
    monkeypatch: pytest.MonkeyPatch, source: Path, destination: Path
) -> None:
    """Fails when every run gives a file the bit that the destination drops."""
    (source / "file").write_text("x")
    (source / "file").chmod(0o664)
    real, real_path = os.fchmod, os.chmod

    def drops(descriptor: int, mode: int) -> None:
        real(descriptor, mode & ~0o022)

    def drops_too(path: object, mode: int, **more: object) -> None:
        real_path(path, mode & ~0o022, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "fchmod", drops)
    monkeypatch.setattr(os, "chmod", drops_too)
    holds = probe(os.fsencode(destination))
    assert (holds.modes, holds.mode_mask, holds.mode_forced) == (True, 0o7755, 0)
    back_up(source, destination)
    assert stat.S_IMODE((destination / "file").stat().st_mode) == 0o644
    assert changes(source, destination) == []
    entry = look(os.fsencode(source / "file"))
    assert entry is not None
    assert list(left_out(entry, holds)) == ["modes"]


def test_file_that_is_too_large_for_fat_is_skipped_before_it_is_copied(
    monkeypatch: pytest.MonkeyPatch, source: Path, destination: Path
) -> None:
    """Fails when four gigabytes of it are copied at every run, and thrown away."""
    monkeypatch.setattr(capabilities, "_kind", lambda _: "vfat")
    holds = probe(os.fsencode(destination))
    assert (holds.largest, holds.mtime_grain_ns, holds.has_local_times) == ((1 << 32) - 1, 2 * 10**9, True)
    for name, size in (("fits", (1 << 32) - 1), ("large", 1 << 32)):
        with open(source / name, "wb") as file:
            file.truncate(size)
    found = {one.path: one for one in changes(source, destination)}
    assert found[b"fits"].action is Action.COPY
    assert (found[b"large"].action, found[b"large"].reason) == (Action.SKIP, "destination: file too large")


def test_things_are_tried_where_a_backup_keeps_what_is_its_own_and_old_trials_go(destination: Path) -> None:
    old = destination / ".asynctask-backup/.asynctask-0a1b2c3d.part"
    old.mkdir(parents=True)
    (old / "Case").touch()
    os.utime(old, (5, 5))
    with capabilities.scratch(os.fsencode(destination)) as folder:
        assert Path(os.fsdecode(folder)).parent == old.parent
        assert not old.exists()
    assert os.listdir(old.parent) == []


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="open files are told by /proc")
def test_folder_to_try_things_in_is_held_open_by_nobody_once_it_is_gone(destination: Path) -> None:
    """Fails when a new folder with the number of its inode passes for it: lowntfs-3g let nothing be made in that."""
    (destination / ".asynctask-backup").mkdir(parents=True)
    root = os.open(destination, os.O_RDONLY)
    tree = Tree(os.fsencode(destination), root, keeps=16)
    try:
        with capabilities.scratch(tree) as folder:
            os.mkdir(folder + b"/inside")
        held: list[str] = []
        for number in os.listdir("/proc/self/fd"):
            with contextlib.suppress(FileNotFoundError):  # that of the listing
                held.append(os.readlink(f"/proc/self/fd/{number}"))
        assert not [one for one in held if one.startswith(str(destination)) and one.endswith("(deleted)")]
    finally:
        tree.close()
        os.close(root)
