"""Extended attributes that a destination refuses: left out, said, and not set again by every run."""

from __future__ import annotations

import errno
import os
import struct
from functools import partial
from pathlib import Path

import pytest

from asynctask import ItemInfo, ItemState
from asynctask_nas import attributes
from asynctask_nas.attribute_trials import AttributeTrials
from asynctask_nas.capabilities import scratch
from asynctask_nas.changes import Action, Change
from asynctask_nas.copy import PartialCopy
from asynctask_nas.entries import Kind
from asynctask_nas.holds import Holds
from asynctask_nas.notes import REFUSED, WAS_THERE, Noted, joined, note_of_grown
from asynctask_nas.small import UNUSUAL, SmallCopier
from asynctask_nas.tree import Tree
from tests.unit.nas.trees import a_performer, back_up, changes, describe

A, B, ACCESS_LIST = b"user.a", b"user.b", b"system.posix_acl_access"
MOST = 100


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch, destination: Path) -> None:
    """Below the destination an entry takes 100 bytes of values."""
    destination.mkdir(parents=True)
    try:
        os.setxattr(destination, A, b"1")
        os.removexattr(destination, A)
    except OSError:
        pytest.skip("there are no extended attributes here")
    real = os.setxattr

    def limited(target: bytes | int, name: bytes, value: bytes) -> None:
        place = os.readlink(f"/proc/self/fd/{target}") if isinstance(target, int) else os.fsdecode(target)
        if str(destination) in os.path.realpath(place):
            others = [os.getxattr(target, one) for one in os.listxattr(target) if os.fsencode(one) != name]
            if sum(map(len, others)) + len(value) > MOST:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(target, name, value)

    monkeypatch.setattr(os, "setxattr", limited)


def trials_of(destination: Path) -> AttributeTrials:
    return AttributeTrials(partial(scratch, os.fsencode(destination)))


@pytest.mark.parametrize("kind", [Kind.FILE, Kind.FOLDER])
def test_copy_that_has_what_it_can_have_is_settled(narrow: None, destination: Path, kind: Kind) -> None:
    """Fails when what is too large for the destination is set again by every run."""
    big, small = b"x" * (MOST + 1), b"y" * 60
    with trials_of(destination) as trials:
        settled = [
            trials.is_settled({A: big, B: small}, {B: small}, kind),
            # Either fits, not both: what is there stays.
            trials.is_settled({A: small, B: small}, {A: small}, kind),
            trials.is_settled({A: small, B: small}, {B: small}, kind),
        ]
        assert settled == [True] * 3
        assert trials.take() == 3
        changes = [
            trials.is_settled({A: big, B: small}, {}, kind),
            trials.is_settled({A: big}, {A: b"old"}, kind),  # what is not the source's any more goes
            trials.is_settled({A: b"new"}, {A: b"old"}, kind),
            trials.is_settled({A: big}, {A: big, B: small}, kind),
            trials.is_settled({}, {B: small}, kind),
        ]
        assert changes == [False] * 5
        assert trials.take() == 0
    assert [name for name in os.listdir(destination) if name.startswith(".asynctask-")] == []


def test_same_question_is_asked_once(
    narrow: None, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bytes] = []
    real = os.mkdir

    def counted(path: bytes, *mode: int, **more: int) -> None:
        if path.endswith(b"/attributes"):
            asked.append(path)
        real(path, *mode, **more)

    monkeypatch.setattr(os, "mkdir", counted)
    with trials_of(destination) as trials:
        for number in range(5):
            assert trials.is_settled({A: b"%0200d" % number}, {}, Kind.FOLDER)
        assert not trials.is_settled({A: b"1"}, {}, Kind.FOLDER)
    assert len(asked) == 2


def test_older_value_does_not_stay_where_the_new_one_is_refused(narrow: None, destination: Path) -> None:
    (destination / "file").touch()
    path = os.fsencode(destination / "file")
    assert attributes.set_extended(path, {A: b"old", B: b"b"})
    assert not attributes.set_extended(path, {A: b"x" * 200, B: b"b"})
    assert attributes.extended(path) == {B: b"b"}


def test_differs_is_what_a_new_setting_would_change(narrow: None, source: Path, destination: Path) -> None:
    for root in (source, destination):
        (root / "file").touch()
    one, other = Tree(os.fsencode(source)), Tree(os.fsencode(destination))
    os.setxattr(source / "file", A, b"x" * 200)
    assert attributes.differ_extended(one, other, b"file")
    with trials_of(destination) as trials:
        assert not attributes.differ_extended(one, other, b"file", Kind.FILE, trials.is_settled)
        os.setxattr(source / "file", B, b"b")
        assert attributes.differ_extended(one, other, b"file", Kind.FILE, trials.is_settled)


def test_small_copy_that_lacks_something_is_left_to_the_one_that_says_so(
    narrow: None, source: Path, destination: Path
) -> None:
    (source / "file").write_text("one")
    os.setxattr(source / "file", A, b"x" * 200)
    facts = (source / "file").stat()
    copier = SmallCopier(Tree(os.fsencode(source)), Tree(os.fsencode(destination)), Holds())
    file = (b"file", b".asynctask-0.part", facts.st_size, facts.st_mtime_ns)
    assert copier.copy([(b".", b"", [file])]) == [UNUSUAL]
    assert os.listdir(destination) == []


def test_what_a_destination_refused_is_noted_of_its_item(
    narrow: None, source: Path, destination: Path
) -> None:
    (source / "file").write_text("one")
    (source / "folder").mkdir()
    for name in ("file", "folder"):
        os.setxattr(source / name, A, b"x" * 200)
    performer = a_performer(source, destination)
    notes: list[str] = []
    for change in changes(source, destination):
        part = PartialCopy(change.path)
        performer.perform(change, part)
        notes.append(part.note)
    assert notes == [REFUSED, REFUSED, ""]
    part = PartialCopy(b"file")
    performer.perform(Change(b"file", Action.ATTRIBUTES, is_new=False), part)
    assert part.note == REFUSED


def test_notes_are_counted_one_by_one() -> None:
    data = {"action": "copy"}
    notes = ["", REFUSED, joined(WAS_THERE, REFUSED), joined(note_of_grown(3), REFUSED), WAS_THERE]
    items = [
        ItemInfo(number, b"%d" % number, 5, ItemState.DONE, note, data) for number, note in enumerate(notes)
    ]
    found = Noted.of(items)
    assert (found.refused, found.grown, found.files, found.bytes) == (3, 1, -2, -10)


def access_list(mode: int) -> bytes:
    """That of an entry with such a mode, which another user may read as well."""
    entries = [(1, mode >> 6, -1), (2, 4, 1234), (4, 4, -1), (16, mode >> 3 & 7, -1), (32, mode & 7, -1)]
    return struct.pack("<I", 2) + b"".join(struct.pack("<HHi", *one) for one in entries)


@pytest.mark.parametrize("has_list", [False, True])
def test_read_only_copies_get_attributes_from_ordinary_users_too(nobody: Path, has_list: bool) -> None:
    """Fails when the mode is set first: the system refuses attributes of what its owner may not write to."""
    source, destination = nobody / "source", nobody / "destination"
    (source / "folder").mkdir(parents=True)
    (source / "file").write_text("one")
    modes = {"file": 0o444, "folder": 0o555}
    for value in (b"a", b"b", None):
        for name, mode in modes.items():
            (source / name).chmod(0o755)
            try:
                if has_list:  # first, so that it is listed first
                    os.setxattr(source / name, ACCESS_LIST, access_list(0o755))
                os.removexattr(source / name, A) if value is None else os.setxattr(source / name, A, value)
            except OSError:
                pytest.skip("there are no extended attributes here")
            (source / name).chmod(mode)
        back_up(source, destination)
        assert describe(destination) == describe(source)
        assert changes(source, destination) == []
    (source / "folder").chmod(0o755)
    (destination / "folder").chmod(0o755)


def test_attribute_that_a_read_only_copy_lacks_is_not_taken_for_a_refused_one(nobody: Path) -> None:
    held = {ACCESS_LIST: access_list(0o444)}
    with trials_of(nobody) as trials:
        try:
            assert not trials.is_settled({**held, A: b"new"}, held, Kind.FILE)
            assert not trials.is_settled({**held, A: b"new"}, {**held, A: b"old"}, Kind.FILE)
        except OSError:
            pytest.skip("there are no access lists here")
