from __future__ import annotations

import fcntl
import os
import signal
from pathlib import Path

import pytest

from asynctask_core.ids import id_text, new_id
from asynctask_nas import copy
from asynctask_nas.changes import Action, Change
from asynctask_nas.compare import CompareRules, compare
from asynctask_nas.copy import LARGE_BYTES, TRIES, PartialCopy, copy_file, is_copied
from asynctask_nas.destination import Destination
from asynctask_nas.entries import Kind, Skipped, look
from asynctask_nas.holds import Holds
from asynctask_nas.pace import Pace, PaceStopped
from asynctask_nas.places import probe
from asynctask_nas.throttle import Throttle
from asynctask_nas.walk import Walk
from tests.unit.nas.trees import a_performer, back_up, changes, describe

SIZE = 40 << 20


class StopsAfter(Pace):
    """A pace that is told to stop after so many bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__(Throttle(None))
        self.left = limit
        self.taken = 0

    def take(self, count: int) -> None:
        if self.left <= 0:
            self.stop()
        self.left -= count
        super().take(count)
        self.taken += count


def a_destination(root: Path, task_id: str = "") -> Destination:
    name = os.fsencode(root)
    return Destination(name, task_id or id_text(new_id()), probe(name))


def random_file(path: Path, size: int = SIZE) -> bytes:
    content = os.urandom(1 << 20) * (size >> 20)
    path.write_bytes(content)
    return content


def stop_in_the_middle(source: Path, target: Destination, at: int = 25 << 20) -> PartialCopy:
    part = PartialCopy(b"big")
    with pytest.raises(PaceStopped):
        copy_file(os.fsencode(source), part, target, StopsAfter(at))
    return part


def test_large_file_goes_on_in_its_middle_after_a_stop(source: Path, destination: Path) -> None:
    content = random_file(source / "big")
    target = a_destination(destination)
    part = stop_in_the_middle(source, target)
    assert 25 << 20 <= part.proven < SIZE
    assert not (destination / "big").exists()
    pace = StopsAfter(1 << 60)
    again = PartialCopy(b"big", part.size, part.mtime_ns, part.proven, part.proven)
    copy_file(os.fsencode(source), again, target, pace)
    assert pace.taken == SIZE - part.proven
    assert (destination / "big").read_bytes() == content
    assert os.listdir(destination) == ["big"]


def test_what_was_written_after_the_proof_is_written_again(source: Path, destination: Path) -> None:
    content = random_file(source / "big")
    target = a_destination(destination)
    part = stop_in_the_middle(source, target)
    # A power cut leaves anything behind what was proven.
    with open(target.part(b"big"), "r+b") as file:
        file.seek(part.proven)
        file.write(b"\xff" * 5_000_000)
    copy_file(os.fsencode(source), part, target, Pace(Throttle(None)))
    assert (destination / "big").read_bytes() == content


def set_back(path: Path, before: os.stat_result) -> None:
    """Give a file the time that it had, later than that: some file systems' clocks tick every few milliseconds."""
    while path.stat().st_mtime_ns != before.st_mtime_ns or path.stat().st_ctime_ns <= before.st_ctime_ns:
        os.utime(path, ns=(before.st_mtime_ns, before.st_mtime_ns))


@pytest.mark.parametrize("change", ["content", "content and no time", "size", "only time"])
def test_file_starts_anew_when_its_source_changed_since(source: Path, destination: Path, change: str) -> None:
    random_file(source / "big")
    target = a_destination(destination)
    part = stop_in_the_middle(source, target)
    match change:
        case "content":
            content = random_file(source / "big")
        case "content and no time":
            facts = (source / "big").stat()
            content = random_file(source / "big")
            set_back(source / "big", facts)
        case "size":
            content = random_file(source / "big", 30 << 20)
        case _:
            content = (source / "big").read_bytes()
            os.utime(source / "big", ns=(1, 1))
    pace = StopsAfter(1 << 60)
    copy_file(os.fsencode(source), part, target, pace)
    assert pace.taken == len(content)
    assert (destination / "big").read_bytes() == content


def test_file_starts_anew_when_its_temporary_file_is_gone_or_too_short(
    source: Path, destination: Path
) -> None:
    content = random_file(source / "big")
    target = a_destination(destination)
    part = stop_in_the_middle(source, target)
    os.truncate(target.part(b"big"), part.proven - 1)
    copy_file(os.fsencode(source), part, target, Pace(Throttle(None)))
    assert (destination / "big").read_bytes() == content


def test_temporary_file_that_is_a_link_is_not_followed(
    source: Path, destination: Path, tmp_path: Path
) -> None:
    (source / "small").write_text("new")
    (tmp_path / "precious").write_text("precious")
    target = a_destination(destination)
    os.symlink(tmp_path / "precious", target.part(b"small"))
    copy_file(os.fsencode(source), PartialCopy(b"small", 3, 0, 3, 3), target, Pace(Throttle(None)))
    assert (tmp_path / "precious").read_text() == "precious"
    assert (destination / "small").read_text() == "new"


class Writes(Pace):
    """Lets the source change while it is copied, so many times."""

    def __init__(self, path: Path, times: int) -> None:
        super().__init__(Throttle(None))
        self._path = path
        self._left = times

    def take(self, count: int) -> None:
        if self._left:
            self._left -= 1
            with self._path.open("ab") as file:
                file.write(b"more")
            # Two writes within a tick of the kernel's clock have one time.
            os.utime(self._path, ns=(self._left, self._left))


def test_file_that_changes_while_it_is_copied_is_copied_again(source: Path, destination: Path) -> None:
    (source / "log").write_text("start")
    target = a_destination(destination)
    copy_file(os.fsencode(source), PartialCopy(b"log"), target, Writes(source / "log", TRIES - 1))
    assert (destination / "log").read_text() == "start" + "more" * (TRIES - 1)


class Rewrites(Writes):
    """Lets the source change in its middle while it is copied, and grow as well."""

    def take(self, count: int) -> None:
        if self._left:
            with self._path.open("r+b") as file:
                file.write(b"%05d" % self._left)
        super().take(count)


def test_file_that_keeps_changing_is_skipped_and_the_last_good_copy_stays(
    source: Path, destination: Path
) -> None:
    (source / "database").write_text("start")
    back_up(source, destination)
    target = a_destination(destination)
    with pytest.raises(Skipped, match="changed while it was copied, 3 times"):
        copy_file(os.fsencode(source), PartialCopy(b"database"), target, Rewrites(source / "database", 1000))
    assert os.listdir(destination) == ["database"]
    assert (destination / "database").read_text() == "start"


def test_file_whose_time_is_set_back_after_a_change_is_copied_again(source: Path, destination: Path) -> None:
    """Fails when the copy is the beginning of one version and the end of another."""
    random_file(source / "image", 4 << 20)

    class SetsBack(StopsAfter):
        def take(self, count: int) -> None:
            super().take(count)
            if self.taken == 3 << 20:
                facts = (source / "image").stat()
                with (source / "image").open("r+b") as file:
                    file.write(bytes(1000))
                    file.seek(3 << 20)
                    file.write(bytes(1000))
                set_back(source / "image", facts)

    copy_file(os.fsencode(source), PartialCopy(b"image"), a_destination(destination), SetsBack(1 << 60))
    assert (destination / "image").read_bytes() == (source / "image").read_bytes()


def test_file_that_only_grows_is_taken_as_far_as_it_went_when_the_last_try_began(
    source: Path, destination: Path
) -> None:
    """Fails when a log, which never stands still, has no copy at all."""
    (source / "log").write_text("start")
    part = PartialCopy(b"log")
    copy_file(os.fsencode(source), part, a_destination(destination), Writes(source / "log", 1000))
    assert (destination / "log").read_text() == "start" + "more" * (TRIES - 1)
    assert part.note == "grew while it was copied: its first 13 bytes were taken"
    assert os.listdir(destination) == ["log"]
    # The next run sees that there is more.
    assert [one.path for one in changes(source, destination) if one.action is Action.COPY] == [b"log"]


def test_large_file_that_grows_goes_on_where_it_is_and_is_compared_once(
    source: Path, destination: Path
) -> None:
    """Fails when every try begins anew: a disk image of a terabyte that grows would be copied three times.

    Or when nothing moves while it is compared.
    """
    content = random_file(source / "image", 4 << 20)

    class GrowsOnce(StopsAfter):
        def take(self, count: int) -> None:
            if not self.taken:
                with (source / "image").open("ab") as file:
                    file.write(b"more")
            super().take(count)
            moved.append(part.moved)

    part, pace, moved = PartialCopy(b"image"), GrowsOnce(1 << 60), list[int]()
    copy_file(os.fsencode(source), part, a_destination(destination), pace)
    assert (destination / "image").read_bytes() == content + b"more"
    assert part.note == ""
    assert pace.taken == 3 * (len(content) + 4)  # written once, then read on both sides
    assert moved[:5] == [0, 1 << 20, 2 << 20, 3 << 20, 4 << 20]
    assert moved[7::2] == [1 << 20, 2 << 20, 3 << 20, 4 << 20]
    assert part.moved == len(content) + 4


def test_file_that_grew_and_changed_in_its_middle_begins_anew(source: Path, destination: Path) -> None:
    """Fails when what was copied before it grew is taken for granted: the copy would be of no moment at all."""
    (source / "database").write_text("start")
    target = a_destination(destination)
    copy_file(os.fsencode(source), PartialCopy(b"database"), target, Rewrites(source / "database", 1))
    assert (destination / "database").read_text() == "00001more"


def test_holes_are_no_progress_and_are_not_held_to_the_limit(source: Path, destination: Path) -> None:
    """Fails when a hole counts as bytes that were copied: 34 MiB/s were shown under a limit of 7."""
    with open(source / "image", "wb") as file:
        file.seek(300 << 20)
        file.write(os.urandom(4 << 20))
        file.truncate(1 << 30)
    [found] = [one for one in changes(source, destination) if one.action is Action.COPY]
    assert (found.size, found.holes, found.length) == (4 << 20, (1 << 30) - (4 << 20), 1 << 30)
    moved: list[int] = []

    class Watch(StopsAfter):
        def take(self, count: int) -> None:
            moved.append(part.moved)
            super().take(count)

    part, pace = PartialCopy(b"image"), Watch(1 << 60)
    copy_file(os.fsencode(source), part, a_destination(destination), pace)
    assert pace.taken == part.moved == 4 << 20
    assert moved == [0, 1 << 20, 2 << 20, 3 << 20]


@pytest.mark.parametrize("change", ["none", "in a hole of the source", "length"])
def test_contents_are_compared_without_their_holes_and_show_how_far_that_is(
    source: Path, destination: Path, change: str
) -> None:
    """Fails when the comparison of two files with large holes takes minutes, in which nothing moves."""
    destination.mkdir()
    for folder in (source, destination):
        with (folder / "image").open("wb") as file:
            file.write(b"x" * (3 << 20))
            file.seek(1 << 39)
            file.write(b"x" * (1 << 20))
            file.truncate((1 << 40) + (change == "length" and folder == destination))
    if change == "in a hole of the source":
        with (destination / "image").open("r+b") as file:
            file.seek(1 << 38)
            file.write(b"y")
    part, moved = PartialCopy(b"image"), list[int]()

    class Watch(Pace):
        def take(self, count: int) -> None:
            moved.append(part.moved)
            assert len(moved) <= 30

    target, pace = a_destination(destination), Watch(Throttle(None))
    assert is_copied(os.fsencode(source), part, target, pace) is (change == "none")
    assert moved == sorted(moved)
    assert len(set(moved)) >= 4
    assert part.moved == 0  # if there is a copy to make, that begins now


def test_zeros_that_a_destination_without_holes_gets_are_progress_and_can_be_stopped(
    source: Path, destination: Path
) -> None:
    """Fails when FAT writes the zeros of a hole in one step, which may take hours and cannot be stopped."""
    with (source / "image").open("wb") as file:
        file.write(b"x" * 10)
        file.truncate(3 << 20)
    one, other = os.fsencode(source), os.fsencode(destination)
    holds = probe(other)._replace(holes=False)
    found = [change for _, change in compare(Walk(one, other), CompareRules(one, other, holds)) if change][-1]
    assert (found.size, found.holes) == (3 << 20, 0)
    target, part, pace = (
        Destination(other, id_text(new_id()), holds),
        PartialCopy(b"image"),
        StopsAfter(1 << 60),
    )
    copy_file(one, part, target, pace)
    assert pace.taken == part.moved == 3 << 20
    assert (destination / "image").read_bytes() == (source / "image").read_bytes()
    assert (destination / "image").stat().st_blocks * 512 >= 3 << 20


def test_holes_are_kept_also_across_a_stop(source: Path, destination: Path) -> None:
    with open(source / "big", "wb") as file:
        for at in (0, 20 << 20, 200 << 20, 400 << 20):
            file.seek(at)
            file.write(os.urandom(9 << 20))
        file.truncate(1 << 30)
    target = a_destination(destination)
    part = stop_in_the_middle(source, target, 12 << 20)
    assert part.proven > 20 << 20
    assert part.stored == part.moved < 20 << 20
    copy_file(os.fsencode(source), part, target, Pace(Throttle(None)))
    facts = os.stat(destination / "big")
    assert facts.st_size == 1 << 30
    assert facts.st_blocks * 512 < 60 << 20
    # Compared where there is content: reading a gigabyte of zeros takes longer than the test should.
    with open(source / "big", "rb") as one, open(destination / "big", "rb") as other:
        for at in (0, 15 << 20, 195 << 20, 395 << 20, 1000 << 20):
            one.seek(at)
            other.seek(at)
            assert one.read(20 << 20) == other.read(20 << 20)


def test_stop_behind_a_hole_loses_nothing(source: Path, destination: Path) -> None:
    """Of a disk image in fragments the next chunk is nearly always the first behind a hole."""
    with open(source / "big", "wb") as file:
        for number in range(10):
            file.seek(number << 22)
            file.write(os.urandom(1 << 20))
    target = a_destination(destination)
    part = stop_in_the_middle(source, target, 5 << 20)
    pace = StopsAfter(1 << 60)
    copy_file(os.fsencode(source), part, target, pace)
    assert pace.taken == 5 << 20
    assert (destination / "big").read_bytes() == (source / "big").read_bytes()


def test_hole_at_the_end_and_file_of_nothing_but_hole(source: Path, destination: Path) -> None:
    (source / "empty").touch()
    os.truncate(source / "empty", 50 << 20)
    back_up(source, destination)
    facts = os.stat(destination / "empty")
    assert (facts.st_size, facts.st_blocks) == (50 << 20, 0)


def test_slow_file_is_proven_every_second_however_small_its_steps(
    source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    random_file(source / "slow", 4 << 20)
    now = 0.0
    monkeypatch.setattr(copy, "_clock", lambda: now)
    part = PartialCopy(b"slow")
    proven: list[int] = []

    class Slow(Pace):
        """Half a second a chunk."""

        def take(self, count: int) -> None:
            nonlocal now
            now += 0.5
            proven.append(part.proven >> 20)

    copy_file(os.fsencode(source), part, a_destination(destination), Slow(Throttle(None)))
    assert proven == [0, 0, 2, 2]


def test_proof_moves_while_a_large_file_is_copied(source: Path, destination: Path) -> None:
    random_file(source / "big")
    proven: list[int] = []

    class Watch(Pace):
        def take(self, count: int) -> None:
            proven.append(part.proven)

    part = PartialCopy(b"big")
    copy_file(os.fsencode(source), part, a_destination(destination), Watch(Throttle(None)))
    assert len(set(proven)) >= 2
    assert proven == sorted(proven)
    assert all(one <= SIZE for one in proven)


def test_extended_attributes_of_the_top_folder_are_kept(source: Path, destination: Path) -> None:
    """Fails when they are looked for at the link in /proc that leads to it."""
    try:
        os.setxattr(source, "user.note", b"first")
    except OSError as error:
        pytest.skip(f"this file system has no extended attributes: {error}")
    back_up(source, destination)
    assert os.getxattr(destination, "user.note") == b"first"
    assert changes(source, destination) == []
    os.setxattr(source, "user.note", b"second")
    assert back_up(source, destination) == ([b"."], {})
    assert os.getxattr(destination, "user.note") == b"second"


def test_vanished_file_is_skipped(source: Path, destination: Path) -> None:
    (source / "a").touch()
    found = changes(source, destination)
    (source / "a").unlink()
    performer = a_performer(source, destination)
    with pytest.raises(Skipped, match="vanished"):
        performer.perform(found[0], PartialCopy(b"a"))


def test_file_that_became_a_link_or_pipe_is_skipped(source: Path, destination: Path) -> None:
    performer = a_performer(source, destination)
    os.symlink("/etc/passwd", source / "a")
    os.mkfifo(source / "b")
    for name, reason in ((b"a", "replaced by a symbolic link"), (b"b", "is a named pipe now")):
        with pytest.raises(Skipped, match=reason):
            performer.perform(Change(path=name, action=Action.COPY), PartialCopy(name))


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_entry_that_became_another_kind_is_told_with_that_kind(
    source: Path, destination: Path, kind: str
) -> None:
    (source / "link").touch() if kind == "file" else (source / "link").mkdir()
    performer = a_performer(source, destination)
    with pytest.raises(Skipped, match=rf"\Ais a {kind} now"):
        performer.perform(Change(path=b"link", action=Action.SYMLINK), PartialCopy(b"link"))
    (source / "mode").touch()
    os.mkfifo(destination / "mode")
    with pytest.raises(Skipped, match=r"\Adestination: is a named pipe now"):
        performer.perform(Change(path=b"mode", action=Action.ATTRIBUTES), PartialCopy(b"mode"))


def test_locked_file_is_skipped_and_taken_by_the_next_run(source: Path, destination: Path) -> None:
    (source / "mail").write_text("x")
    before = signal.signal(signal.SIGIO, signal.SIG_IGN)
    try:
        with open(source / "mail", "r+") as file:
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_WRLCK)
            _, skipped = back_up(source, destination)
            assert skipped == {b"mail": "locked"}
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    finally:
        signal.signal(signal.SIGIO, before)
    assert b"mail" in back_up(source, destination)[0]


def test_denied_files_and_folders_are_skipped_and_the_rest_is_copied(nobody: Path) -> None:
    source, destination = nobody / "source", nobody / "destination"
    for folder in ("closed", "open"):
        (source / folder).mkdir(parents=True)
        (source / folder / "file").write_text(folder)
    (source / "secret").write_text("x")
    (source / "secret").chmod(0)
    (source / "closed").chmod(0)
    _, skipped = back_up(source, destination)
    assert skipped == {b"secret": "permission denied", b"closed": "folder cannot be read: permission denied"}
    assert (destination / "open/file").read_text() == "open"
    (source / "closed").chmod(0o755)
    (source / "secret").chmod(0o644)
    _, skipped = back_up(source, destination)
    assert skipped == {}
    assert describe(destination) == describe(source)


def test_what_the_destination_has_below_a_denied_folder_is_not_marked(nobody: Path) -> None:
    source, destination = nobody / "source", nobody / "destination"
    (source / "d").mkdir(parents=True)
    (source / "d/file").write_text("x")
    back_up(source, destination)
    (source / "d").chmod(0)
    back_up(source, destination, mark=True)
    (source / "d").chmod(0o755)
    (destination / "d").chmod(0o755)
    assert (destination / "d/file").exists()


def test_ordinary_user_gets_into_own_closed_folders_of_the_destination(nobody: Path) -> None:
    source, destination = nobody / "source", nobody / "destination"
    (source / "d").mkdir(parents=True)
    (source / "d/file").write_text("one")
    (source / "d").chmod(0o555)
    back_up(source, destination)
    (source / "d").chmod(0o755)
    (source / "d/new").write_text("two")
    (source / "d").chmod(0o555)
    assert back_up(source, destination)[1] == {}
    assert describe(destination) == describe(source)
    for folder in (source, destination):
        (folder / "d").chmod(0o755)


def test_without_ownership_set_user_id_is_not_kept() -> None:
    entry = look(b"/")
    assert entry is not None
    file = entry._replace(kind=Kind.FILE, mode=0o6755)
    assert Holds(owners=False).mode(file) == 0o755
    assert Holds(owners=True).mode(file) == 0o6755


def test_ordinary_users_copies_of_folders_stay_readable_for_the_next_run() -> None:
    entry = look(b"/")
    assert entry is not None
    assert Holds(owners=False).mode(entry._replace(mode=0)) == 0o500
    assert Holds(owners=True).mode(entry._replace(mode=0)) == 0


def test_immutable_file_of_the_destination_is_skipped(source: Path, destination: Path) -> None:
    (source / "a").write_text("one")
    back_up(source, destination)
    (source / "a").write_text("two, longer")
    if os.system(f"chattr +i {destination / 'a'} 2>/dev/null") != 0:
        pytest.skip("this file system has no immutable files")
    try:
        _, skipped = back_up(source, destination)
    finally:
        os.system(f"chattr -i {destination / 'a'}")
    assert skipped == {b"a": "destination: not permitted"}


def test_fenced_out_twin_that_finishes_first_does_no_harm(
    source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = random_file(source / "big", LARGE_BYTES)
    target = a_destination(destination)
    original = copy._check_unchanged

    def twin_finishes(*_: object, **__: object) -> None:
        monkeypatch.setattr(copy, "_check_unchanged", original)
        os.rename(target.part(b"big"), destination / "big")

    monkeypatch.setattr(copy, "_check_unchanged", twin_finishes)
    copy_file(os.fsencode(source), PartialCopy(b"big"), target, Pace(Throttle(None)))
    assert (destination / "big").read_bytes() == content
    assert os.listdir(destination) == ["big"]
