"""Which new files become changes at once, and which are left to the comparison. `trees.changes` compares both ways."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from asynctask_nas.changes import Action
from asynctask_nas.exclude import Exclude
from asynctask_nas.holds import Holds
from asynctask_nas.new_files import NewFiles
from asynctask_nas.position import Compared
from asynctask_nas.walk import Walk
from tests.unit.nas.trees import changes


def taken(source: Path, destination: Path, holds: Holds | None = None, exclude: str = "") -> list[bytes]:
    """The new files that never came as pairs."""
    new = NewFiles(holds or Holds())
    exclusion = Exclude([exclude] if exclude else [])
    for pair in Walk(os.fsencode(source), os.fsencode(destination), exclusion).skip_new(new):
        assert pair.path != b"folder/3"
    return [change.path for change in new.take()]


@pytest.fixture
def folder(source: Path) -> Path:
    """A folder of ten files, in the source."""
    made = source / "folder"
    made.mkdir()
    for number in range(10):
        (made / str(number)).write_bytes(b"x" * number)
    return made


def test_new_files_become_changes_and_never_come_as_pairs(
    folder: Path, source: Path, destination: Path
) -> None:
    new = NewFiles(Holds())
    pairs = [pair.path for pair in Walk(os.fsencode(source), os.fsencode(destination)).skip_new(new)]
    assert pairs == [b".", b"folder"]
    made = new.take()
    assert [(one.path, one.size) for one in made] == [(b"folder/%d" % n, n) for n in range(10)]
    assert new.take() == []
    assert [one for one in changes(source, destination) if one.action is Action.COPY] == made


def test_one_of_many_comes_as_a_pair_so_that_a_walk_can_be_stopped(source: Path, destination: Path) -> None:
    for number in range(200):
        (source / f"{number:03}").touch()
    new = NewFiles(Holds())
    pairs, made = 0, 0
    for _ in Walk(os.fsencode(source), os.fsencode(destination)).skip_new(new):
        pairs += 1
        made += len(new.take())
    assert (pairs, made + len(new.take())) == (1 + 3, 197)
    assert len(changes(source, destination)) == 201


UNUSUAL: dict[str, Callable[[Path], object]] = {
    "another name of it": lambda path: os.link(path, path.with_name("other")),
    "holes": lambda path: os.truncate(path, 1 << 20),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
    "a symbolic link": lambda path: (path.unlink(), path.symlink_to("4")),
    "a pipe": lambda path: (path.unlink(), os.mkfifo(path)),
    "a name of ours": lambda path: path.rename(path.with_name(".asynctask-3")),
}


@pytest.mark.parametrize("what", UNUSUAL)
def test_what_is_unusual_is_left_to_the_comparison(
    what: str, folder: Path, source: Path, destination: Path
) -> None:
    UNUSUAL[what](folder / "3")
    new = NewFiles(Holds())
    pairs = [pair.path for pair in Walk(os.fsencode(source), os.fsencode(destination)).skip_new(new)]
    assert pairs[2:] == [path for path in pairs[2:] if path.endswith((b"/3", b"/other", b"/.asynctask-3"))]
    assert len(new.take()) == 9
    assert changes(source, destination)


def test_names_come_in_order_and_no_file_is_taken_before_them(source: Path, destination: Path) -> None:
    """Fails when a walk that goes on from a pair takes a file again that was taken already."""
    for name in ("b", "f"):
        (source / name).mkdir()
        (source / name / "inner").touch()
    for name in ("a", "c", "d", "g"):
        (source / name).touch()
    (source / "e").symlink_to("d")
    new, steps = NewFiles(Holds()), list[tuple[bytes, list[bytes]]]()
    walk = Walk(os.fsencode(source), os.fsencode(destination)).skip_new(new)
    for pair in walk:
        steps.append((pair.path, [one.path for one in new.take()]))
    assert steps == [(b".", []), (b"b", [b"a"]), (b"e", [b"b/inner", b"c", b"d"]), (b"f", [])]
    assert [one.path for one in new.take()] == [b"f/inner", b"g"]
    rest = Walk(os.fsencode(source), os.fsencode(destination), after=b"c").skip_new(new)
    assert [pair.path for pair in rest] == [b"e", b"f"]
    assert [one.path for one in new.take()] == [b"d", b"f/inner", b"g"]
    rest = Walk(os.fsencode(source), os.fsencode(destination), after=b"b/inner").skip_new(new)
    assert [pair.path for pair in rest] == [b"e", b"f"]
    assert [one.path for one in new.take()] == [b"c", b"d", b"f/inner", b"g"]


def test_excluded_files_are_left_out(folder: Path, source: Path, destination: Path) -> None:
    assert taken(source, destination, exclude="[0-4]") == [b"folder/%d" % n for n in range(5, 10)]
    assert len(changes(source, destination, exclude=["[0-4]"])) == 5 + 2


def test_files_of_which_the_destination_keeps_less_are_left_to_the_comparison(
    source: Path, destination: Path
) -> None:
    (source / "plain").write_bytes(b"xxx")
    (source / "script").touch()
    (source / "script").chmod(0o4755)
    os.utime(source / "plain", ns=(10**9, 10**9))
    facts = (source / "plain").stat()
    ours = Holds(owners=False, uid=facts.st_uid, gid=facts.st_gid)
    assert len(taken(source, destination)) == 2
    # Without owners set-user-id is not kept, which is told.
    assert taken(source, destination, ours) == [b"plain"]
    assert taken(source, destination, Holds(owners=False, uid=facts.st_uid + 1, gid=0)) == []
    assert taken(source, destination, Holds(mode_mask=0o777)) == [b"plain"]
    assert taken(source, destination, Holds(earliest_ns=2 * 10**9)) == [b"script"]
    assert taken(source, destination, Holds(largest=2)) == [b"script"]
    assert taken(source, destination, Holds(attributes=False)) == []
    assert taken(source, destination, Holds(times=False)) == []


def test_new_files_are_content_of_the_source_unless_a_system_put_them_there(
    source: Path, destination: Path
) -> None:
    (source / "lost+found").mkdir()
    (source / "lost+found/#12").touch()
    (source / ".DS_Store").touch()
    now, new = Compared(), NewFiles(Holds())
    for _ in Walk(os.fsencode(source), os.fsencode(destination)).skip_new(new):
        now.count_new(new.take())
    now.count_new(new.take())
    assert (now.files, now.is_empty) == (2, True)
    (source / "mine").touch()
    for _ in Walk(os.fsencode(source), os.fsencode(destination)).skip_new(new):
        pass
    now.count_new(new.take())
    assert not now.is_empty
