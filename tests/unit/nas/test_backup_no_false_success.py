"""Nothing is marked done, or given the source's time, whose content is not the source's."""

import contextlib
import errno
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from asynctask_core.ids import id_text, new_id
from asynctask_nas import copy, durable, entries, transfer
from asynctask_nas import destination as destination_module
from asynctask_nas.changes import Action, Change, change_of
from asynctask_nas.compare import CompareRules, compare
from asynctask_nas.copy import PartialCopy, copy_file
from asynctask_nas.destination import Destination
from asynctask_nas.entries import Entry, Skipped
from asynctask_nas.holds import Holds
from asynctask_nas.order import Order
from asynctask_nas.pace import Pace
from asynctask_nas.perform import Performer
from asynctask_nas.position import KeptPart
from asynctask_nas.tally import Tally
from asynctask_nas.throttle import Throttle
from asynctask_nas.transfer import Transfer
from asynctask_nas.walk import Walk
from tests.support.mounts import Mounted


@pytest.fixture
def pace() -> Pace:
    return Pace(Throttle(None))


@pytest.fixture
def target(destination: Path) -> Destination:
    destination.mkdir(exist_ok=True)
    return Destination(os.fsencode(destination), id_text(new_id()), Holds())


def test_new_time_is_not_set_on_content_that_is_older(
    source: Path, destination: Path, target: Destination, pace: Pace
):
    """The source was edited in place, at the same size, after the comparison saw that only its mode differs."""
    for folder in (source, destination):
        (folder / "f").write_text("old!")
        os.utime(folder / "f", ns=(10**18, 10**18))
    change = Change(b"f", Action.ATTRIBUTES, mtime_ns=10**18)
    (source / "f").write_text("new!")
    Performer(os.fsencode(source), target, pace).perform(change, PartialCopy(b"f"))
    assert (destination / "f").read_text() == "new!"


def test_content_that_changes_after_it_was_compared_is_copied(
    source: Path, destination: Path, target: Destination, pace: Pace, monkeypatch: pytest.MonkeyPatch
):
    for folder, hours in ((source, 0), (destination, 1)):
        (folder / "f").write_text("old!")
        os.utime(folder / "f", ns=(10**18, 10**18 + hours * 3600 * 10**9))
    compared = copy.is_copied

    def is_copied(*arguments: Any) -> bool:
        answer = compared(*arguments)
        (source / "f").write_text("new!")
        return answer

    monkeypatch.setattr("asynctask_nas.perform.is_copied", is_copied)
    change = Change(b"f", Action.COPY, size=4, mtime_ns=10**18, may_be_same=True)
    Performer(os.fsencode(source), target, pace).perform(change, PartialCopy(b"f"))
    assert (destination / "f").read_text() == "new!"


def test_copy_that_an_attempt_made_and_could_not_flush_is_not_taken_over(
    source: Path, destination: Path, target: Destination, pace: Pace
):
    """Fails when a copy counts for what can be read of it: what its disk lost may be in memory still."""
    for folder in (source, destination):
        (folder / "f").write_text("same")
        os.utime(folder / "f", ns=(10**18, 10**18))
    made = os.stat(destination / "f").st_ino
    change = Change(b"f", Action.COPY, size=4, mtime_ns=10**18, may_be_same=True)
    Performer(os.fsencode(source), target, pace).perform(change, PartialCopy(b"f"))
    assert os.stat(destination / "f").st_ino != made


def test_copy_in_doubt_is_renewed_with_all_its_names_and_without_reading_it(source: Path, destination: Path):
    """Fails when a copy in doubt becomes a name of itself again, or is believed since it reads well."""
    for folder in (source, destination):
        folder.mkdir(exist_ok=True)
        (folder / "a").write_text("same")
        (folder / "a").chmod(0o600)
        os.utime(folder / "a", ns=(10**18, 10**18))
        os.link(folder / "a", folder / "b")
    os.utime(destination, ns=(0, os.stat(source).st_mtime_ns))
    holds = Holds(has_local_times=True, mtime_grain_ns=2 * 10**9)
    one, other = os.fsencode(source), os.fsencode(destination)
    for mode in (0o600, 0o640):
        (source / "a").chmod(mode)
        for doubted in (b"a", b"b"):
            rules = CompareRules(one, other, holds, unflushed=frozenset({doubted}))
            found = [change for _, change in compare(Walk(one, other), rules) if change]
            [renewed] = [change for change in found if change.renews]
            assert (renewed.path, renewed.action, renewed.may_be_same) == (doubted, Action.COPY, False)
            with Order() as order:
                order.add(change_of(change.path, change.size, change.data()) for change in found)
                order.close()
                actions = {change.path: (change.action, change.leader) for change in order}
            follower = b"b" if doubted == b"a" else b"a"
            assert actions[doubted] == (Action.COPY, None)
            assert actions[follower] == (Action.LINK, doubted)


def test_proof_of_an_older_version_is_dropped_before_anything_can_fail(
    source: Path, target: Destination, pace: Pace, monkeypatch: pytest.MonkeyPatch
):
    """A retry went on behind the old content, since the part had the new version's size and time by then."""
    (source / "f").write_bytes(b"n" * 100)

    def refuse(*_: object) -> None:
        raise OSError(errno.EROFS, "read-only")

    monkeypatch.setattr(copy, "_open_part", refuse)
    part = PartialCopy(b"f", size=90, mtime_ns=1, written=50, proven=50, moved=50, stored=50)
    with pytest.raises(OSError, match="read-only"):
        copy_file(os.fsencode(source), part, target, pace)
    assert part.proven == 0


def test_what_grew_is_compared_after_a_stop_too(
    source: Path, destination: Path, target: Destination, pace: Pace
):
    """The part of a file that changed in its middle and grew was taken for good once its task had been paused."""
    (source / "f").write_bytes(b"n" * (3 << 20))
    facts = (source / "f").stat()
    proven = 1 << 20
    part = PartialCopy(b"f", facts.st_size, facts.st_mtime_ns, proven, proven, proven, proven, grew=True)
    Path(os.fsdecode(target.part(b"f"))).write_bytes(b"o" * (1 << 20))
    kept = KeptPart.of(part).part()
    assert kept.grew
    copy_file(os.fsencode(source), kept, target, pace)
    assert (destination / "f").read_bytes() == (source / "f").read_bytes()


def test_nothing_is_marked_done_after_a_flush_has_failed(
    source: Path, target: Destination, pace: Pace, monkeypatch: pytest.MonkeyPatch
):
    """The kernel reports a failed write once, and forgets the pages: the next flush says that all is well."""
    count = 1200
    for number in range(count):
        (source / f"f{number:04}").write_text("x")
    recorded: list[int] = []
    flushed: list[bytes] = []

    def flush(root: bytes) -> None:
        flushed.append(root)
        if len(flushed) == 1:
            raise OSError(errno.EIO, "Input/output error", root)

    def pages(*_: object) -> Iterator[list[Any]]:
        data = {"action": "copy", "mtime_ns": 1}
        yield [
            SimpleNamespace(key=b"f%04d" % number, size=1, data=data, position=number)
            for number in range(count)
        ]

    monkeypatch.setattr(transfer, "WINDOW", 256)  # so that the first flush leaves some for a second one
    monkeypatch.setattr(transfer, "flush", flush)
    nothing: Any = lambda *_, **__: None  # noqa: E731
    ctx: Any = SimpleNamespace(
        manifest=SimpleNamespace(
            pages=pages,
            record=lambda item, *_: recorded.append(item.position),
            record_all=lambda items, *_: recorded.extend(item.position for item in items),
        ),
        should_stop=False,
        cancelled=False,
        task_id=id_text(new_id()),
        log=SimpleNamespace(warning=nothing, info=nothing),
        progress=nothing,
        checkpoint=nothing,
    )
    with pytest.raises(Exception, match="Input/output error"):
        Transfer(ctx, Performer(os.fsencode(source), target, pace), Tally(count, count)).run()
    assert recorded == []


def test_storage_is_held_open_from_before_the_first_write(
    source: Path, destination: Path, target: Destination, pace: Pace, monkeypatch: pytest.MonkeyPatch
):
    """The kernel tells of a failed write only to those who had the file system open by then."""
    written: list[list[str]] = []
    real = durable.Storage.see

    def see(self: durable.Storage, descriptor: int) -> None:
        written.append(os.listdir(destination))
        real(self, descriptor)

    synced: list[int] = []
    opened: list[object] = []
    monkeypatch.setattr(durable.Storage, "see", see)
    monkeypatch.setattr(durable, "_sync", synced.append)
    (source / "f").write_text("x")
    performer = Performer(os.fsencode(source), target, pace)
    storage = target.hold_storage()
    performer.perform(Change(b"f", Action.COPY, size=1), PartialCopy(b"f"))
    monkeypatch.setattr(os, "open", lambda *arguments, **_: opened.append(arguments))
    durable.flush(storage)
    durable.flush(storage)
    monkeypatch.undo()
    assert written == [[]]
    assert len(synced) == 2
    assert len(set(synced)) == 1
    assert opened == []
    assert target.hold_storage() is storage
    target.close()


def test_no_flush_succeeds_after_one_has_failed(target: Destination, monkeypatch: pytest.MonkeyPatch):
    """Fails when a repair counts as durable, since the kernel forgot what it could not write before."""
    results = iter([OSError(errno.EIO, "Input/output error"), None, None])

    def sync(_: int) -> None:
        if (error := next(results)) is not None:
            raise error

    monkeypatch.setattr(durable, "_sync", sync)
    storage = target.hold_storage()
    for _ in range(3):
        with pytest.raises(OSError, match="Input/output error"):
            durable.flush(storage)
    target.close()


def test_each_file_system_of_a_destination_is_flushed_once(target: Destination, small_disk: Path):
    storage = target.hold_storage()
    for _ in range(2):
        storage.see(os.open(small_disk, os.O_RDONLY))
    assert storage.knows(os.stat(small_disk).st_dev)
    synced: list[int] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(durable, "_sync", lambda descriptor: synced.append(os.fstat(descriptor).st_dev))
        durable.flush(storage)
    assert synced.count(os.stat(small_disk).st_dev) == 1
    assert len(synced) == 2
    target.close()


@pytest.mark.parametrize("action", [Action.COPY, Action.SYMLINK, Action.ATTRIBUTES, Action.FOLDER])
def test_file_system_inside_a_destination_is_flushed_from_its_first_change_on(
    source: Path, mounted: Mounted, target: Destination, pace: Pace, action: Action
):
    """Fails when what was written to it counts as done and was never written to storage."""
    inner = mounted("destination/inner")
    (source / "inner/f").mkdir(parents=True)
    path = b"inner/f"
    if action is Action.FOLDER:
        (inner / "f").mkdir()
    elif action is Action.SYMLINK:
        (source / "inner/f").rmdir()
        (source / "inner/f").symlink_to("x")
    else:
        path = b"inner/f/g"
        (source / "inner/f/g").write_text("x")
        if action is Action.ATTRIBUTES:
            shutil.copytree(source / "inner/f", inner / "f")
    storage = target.hold_storage()
    device = os.stat(inner).st_dev
    assert not storage.knows(device)
    Performer(os.fsencode(source), target, pace).perform(Change(path, action, mtime_ns=1), PartialCopy(path))
    assert storage.knows(device)
    assert os.lstat(os.fsencode(target.tree.path) + b"/" + path).st_dev == device
    target.close()


def test_what_is_proven_is_remembered_when_the_last_flush_before_a_stop_fails(
    source: Path, target: Destination, pace: Pace, monkeypatch: pytest.MonkeyPatch
):
    """A large file began anew after a pause during which a disk failed, since its part was noted too late."""
    ctx: Any = SimpleNamespace(cancelled=False, task_id=id_text(new_id()))
    work = Transfer(ctx, Performer(os.fsencode(source), target, pace), Tally(1, 100))
    part = PartialCopy(b"large", size=100, written=60, proven=50)
    item: Any = SimpleNamespace(position=0, key=b"large", size=100)
    job = transfer.Job(item, Change(b"large", Action.COPY), part)

    def fails() -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(work, "_halt", lambda: [job])
    monkeypatch.setattr(work, "_settle", fails)
    with pytest.raises(OSError, match="Input/output error"):
        work._obey()
    assert [one.part().proven for one in work._position().parts] == [50]
    target.close()


@pytest.fixture
def rotten(source: Path, destination: Path, target: Destination) -> int:
    """A copy with the size and time of its source, which its disk cannot read any more; its inode."""
    for folder in (source, destination):
        (folder / "f").write_text("same")
        os.utime(folder / "f", ns=(10**18, 10**18))
    return os.stat(destination / "f").st_ino


def fails(call: str, inode: int, patch: pytest.MonkeyPatch) -> None:
    """Reading, or opening, the file of an inode fails as on a damaged disk."""
    real = getattr(os, call)

    def fail(what: Any, *words: Any, **more: Any) -> Any:
        facts = os.fstat(what) if call == "pread" else None
        with contextlib.suppress(OSError):
            facts = facts or os.stat(what, dir_fd=more.get("dir_fd"), follow_symlinks=False)
        if facts is not None and facts.st_ino == inode:
            raise OSError(errno.EIO, "Input/output error")
        return real(what, *words, **more)

    patch.setattr(os, call, fail)


@pytest.mark.parametrize(("call", "action"), [("pread", Action.COPY), ("open", Action.ATTRIBUTES)])
def test_copy_that_rotted_on_its_disk_is_replaced(
    source: Path,
    destination: Path,
    target: Destination,
    rotten: int,
    call: str,
    action: Action,
    pace: Pace,
    monkeypatch: pytest.MonkeyPatch,
):
    """Fails when a single damaged copy fails the stage, at every try."""
    if action is Action.COPY:
        os.utime(destination / "f", ns=(0, 10**18 + 3600 * 10**9))
    fails(call, rotten, monkeypatch)
    change = Change(b"f", action, mtime_ns=10**18, may_be_same=action is Action.COPY)
    Performer(os.fsencode(source), target, pace).perform(change, PartialCopy(b"f"))
    assert os.stat(destination / "f").st_ino != rotten
    assert (destination / "f").read_text() == "same"


def test_copy_that_cannot_even_be_looked_at_is_skipped_and_leaves_nothing_behind(
    source: Path,
    destination: Path,
    target: Destination,
    rotten: int,
    pace: Pace,
    monkeypatch: pytest.MonkeyPatch,
):

    def look_in(folder: int, name: bytes) -> Entry | None:
        if name == b"f":
            raise OSError(errno.EIO, "Input/output error")
        return entries.look_in(folder, name)

    monkeypatch.setattr(destination_module, "look_in", look_in)
    performer = Performer(os.fsencode(source), target, pace)
    with pytest.raises(Skipped, match="destination: input/output error"):
        performer.perform(Change(b"f", Action.COPY), PartialCopy(b"f"))
    assert os.listdir(destination) == ["f"]


def test_what_a_kill_can_cost_follows_the_pace_of_the_disk(target: Destination, source: Path, pace: Pace):
    """Fails when slow flushes gather as much as quick ones: a stop would wait for them."""
    ctx: Any = SimpleNamespace(cancelled=False, task_id=id_text(new_id()))
    work = Transfer(ctx, Performer(os.fsencode(source), target, pace), Tally(1, 100))
    for seconds, window in (
        (9, 4096),
        (1, 4096),
        (9, 2048),
        (9, 1024),
        (9, 512),
        (9, 512),
        (0.1, 1024),
        *((0.1, 2**n) for n in range(11, 16)),
        (0.1, 2**15),
    ):
        work._adapt(seconds)
        assert work._window == window
