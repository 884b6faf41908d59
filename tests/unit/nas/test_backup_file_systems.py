"""Destinations that hold less than the source: real file systems, mounted for the test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from asynctask_nas.changes import Action, Change
from asynctask_nas.copy import PartialCopy
from asynctask_nas.inner import keeping_less
from asynctask_nas.pace import Pace
from asynctask_nas.places import probe
from asynctask_nas.throttle import Throttle
from asynctask_nas.tree import Tree
from asynctask_nas.verify import CHECKED, CopyVerdict, Verifier
from tests.support.disks import Disk, a_disk
from tests.unit.nas.trees import a_performer, a_tree, back_up, changes


@pytest.fixture(params=["exfat", "ntfs", "windows", "ext4-128"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    with a_disk(request.param, tmp_path) as mounted:
        yield mounted


@pytest.fixture(params=["exfat", "windows"])
def folding_disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    with a_disk(request.param, tmp_path) as mounted:
        yield mounted


@pytest.fixture
def exfat(tmp_path: Path) -> Iterator[Disk]:
    with a_disk("exfat", tmp_path) as mounted:
        yield mounted


def work(source: Path, destination: Path, *, mark: bool = False) -> list[Change]:
    """What a run would do, but for what it would skip again."""
    return [one for one in changes(source, destination, mark=mark) if one.action is not Action.SKIP]


def differences(source: Path, destination: Path, done: list[Change]) -> list[tuple[bytes, str]]:
    """What `verify` would say of what was done."""
    names = os.fsencode(source), os.fsencode(destination)
    found: list[tuple[bytes, str]] = []
    for how in ("size", "checksum"):
        checker = Verifier(*names, how, probe(names[1]), Pace(Throttle(None)))
        for change in done:
            verdict, said = checker.check(change)
            if verdict is not CopyVerdict.EQUAL:
                found.append((change.path, said))
    return found


def files(folder: Path) -> dict[str, bytes]:
    """Contents by relative path."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def odd_times(source: Path) -> None:
    for number, time_s in enumerate(
        [-(10**9), -1.5, 0, 5.123, 315_532_799, 315_532_801.7, 1_600_000_001.987, 2**31 + 5, 2_209_075_200]
    ):
        (source / f"time {number}").write_text(str(time_s))
        os.utime(source / f"time {number}", ns=(0, int(time_s * 10**9)))
    (source / "old folder").mkdir()
    os.utime(source / "old folder", (0, -1000))
    for time_s in (5_000_000_000, 2**33):
        (source / f"future {time_s}").write_text("?")
        os.utime(source / f"future {time_s}", (0, time_s))


def test_second_run_finds_nothing_to_do_and_every_copy_verifies_also_after_a_remount(
    source: Path, disk: Disk
) -> None:
    """Fails when what the file system cannot hold is copied again at every run, or counts as a difference."""
    a_tree(source)
    odd_times(source)
    for name in ("what?", "a:b", "dot.", "space ", "con", "tab\t", "x" * 255, "\u4e2d" * 80):
        (source / name).write_text(name)
    (source / "folder?").mkdir()
    (source / "folder?/file").write_text("x")
    os.setxattr(source / "con", "user.note", b"note")
    os.chown(source / "con", 1234, 1234)
    (source / "con").chmod(0o400)
    done = [one for one in changes(source, disk.folder) if one.action in CHECKED]
    _, skipped = back_up(source, disk.folder)
    copied = [one for one in done if not any(one.path == s or one.path.startswith(s + b"/") for s in skipped)]
    assert len(copied) > 40
    assert differences(source, disk.folder, copied) == []
    assert all(reason.startswith(("destination: ", "is a named pipe")) for reason in skipped.values()), (
        skipped
    )
    assert work(source, disk.folder, mark=True) == []
    disk.remount()
    assert work(source, disk.folder, mark=True) == []
    assert differences(source, disk.folder, copied) == []
    assert not list(disk.folder.glob(".asynctask*"))


def test_folder_that_the_source_spells_otherwise_keeps_its_copies(source: Path, folding_disk: Disk) -> None:
    """Fails when `Docs` is moved away as extra after `docs` was found to be there: the copies were gone."""
    destination = folding_disk.folder
    (source / "Docs/Deep").mkdir(parents=True)
    (source / "Docs/Deep/File").write_text("content")
    (source / "Docs/Plain").write_text("plain")
    back_up(source, destination, mark=True)
    os.rename(source / "Docs", source / "docs")
    os.rename(source / "docs/Deep/File", source / "docs/Deep/file")
    assert not [
        one for one in work(source, destination, mark=True) if one.action in {Action.COPY, Action.MARK}
    ]
    assert back_up(source, destination, mark=True)[1] == {}
    assert not (destination / ".asynctask-removed").exists()
    assert (destination / "docs/Deep/file").read_text() == "content"
    if probe(os.fsencode(destination)).names.respells:
        assert set(files(destination)) == {"docs/Deep/file", "docs/Plain"}
    assert work(source, destination, mark=True) == []
    folding_disk.remount()
    assert work(source, destination, mark=True) == []


def test_of_twins_one_is_kept_run_after_run_and_the_other_is_skipped(
    source: Path, folding_disk: Disk
) -> None:
    """Fails when each run writes one over the other."""
    destination = folding_disk.folder
    for name in ("Twin", "twin", "TWIN"):
        (source / name).write_text(name)
    for name in ("Docs", "docs"):
        (source / name).mkdir()
        (source / name / f"only in {name}").write_text(name)
    (source / "mixed").mkdir()
    (source / "MIXED").write_text("a file")
    _, skipped = back_up(source, destination, mark=True)
    assert len(skipped) == 4
    assert all("for the same" in reason for reason in skipped.values())
    kept = files(destination)
    assert [content for name, content in kept.items() if name.lower() == "twin"] == [b"TWIN"]
    assert [name.lower() for name in kept if name.lower().startswith("docs")] == ["docs/only in docs"]
    for _ in range(2):
        assert work(source, destination, mark=True) == []
        assert back_up(source, destination, mark=True)[1].keys() == skipped.keys()
        assert files(destination) == kept
    (source / "TWIN").write_text("newer")
    back_up(source, destination, mark=True)
    assert (destination / "twin").read_text() == "newer"
    (source / "TWIN").unlink()
    back_up(source, destination, mark=True)
    assert (destination / "twin").read_text() == "Twin"
    assert work(source, destination, mark=True) == []
    assert not (destination / ".asynctask-removed").exists()


def test_twin_that_stays_is_copied_although_its_size_and_time_are_those_of_the_one_that_went(
    source: Path, exfat: Disk
) -> None:
    """Fails when a copy is only given the other name: it goes on having the content of a file that is gone."""
    for name in ("Twin", "twin"):
        (source / name).write_text(name)
        os.utime(source / name, (10**9, 10**9))
    back_up(source, exfat.folder)
    (source / "Twin").unlink()
    back_up(source, exfat.folder)
    assert files(exfat.folder) == {"twin": b"twin"}
    assert work(source, exfat.folder, mark=True) == []


def test_twin_that_is_excluded_is_in_nobodys_way(source: Path, folding_disk: Disk) -> None:
    (source / "A").write_text("excluded")
    (source / "a").write_text("kept")
    assert back_up(source, folding_disk.folder, exclude=["/A"])[1] == {}
    assert (folding_disk.folder / "a").read_text() == "kept"


def test_extra_entry_that_is_back_under_another_spelling_is_not_moved_away(
    source: Path, folding_disk: Disk
) -> None:
    (source / "Docs").mkdir()
    back_up(source, folding_disk.folder)
    (source / "Docs").rmdir()
    [found] = [one for one in changes(source, folding_disk.folder, mark=True) if one.action is Action.MARK]
    (source / "docs").mkdir()
    a_performer(source, folding_disk.folder).perform(found, PartialCopy(found.path))
    assert (folding_disk.folder / "docs").is_dir()


@pytest.mark.parametrize(("before", "after"), [("Stra\u00dfe", "Strasse"), ("e\u0301", "\u00e9")])
def test_extra_entry_is_moved_away_although_the_source_has_one_whose_name_is_alike(
    source: Path, folding_disk: Disk, before: str, after: str
) -> None:
    """Fails when names that any file system may take for one are taken for one: it stayed for ever, as `back again`."""
    (source / before).write_text("before")
    back_up(source, folding_disk.folder)
    os.rename(source / before, source / after)
    (source / after).write_text("after")
    back_up(source, folding_disk.folder, mark=True)
    assert [path.read_text() for path in folding_disk.folder.iterdir() if path.is_file()] == ["after"]
    assert work(source, folding_disk.folder, mark=True) == []


def test_source_that_folds_names_is_taken_as_it_lists_them(folding_disk: Disk, destination: Path) -> None:
    """Fails when its `docs` is found under `Docs` too: after a renaming the copy had both for ever."""
    source = folding_disk.folder
    (source / "Docs").mkdir()
    (source / "Docs/file").write_text("x")
    back_up(source, destination, mark=True)
    listed = os.listdir(destination)
    os.rename(source / "Docs", source / "between")
    os.rename(source / "between", source / "docs")
    back_up(source, destination, mark=True)
    assert [name for name in os.listdir(destination) if not name.startswith(".")] == ["docs"], listed
    assert work(source, destination, mark=True) == []


def test_copies_whose_times_moved_with_the_time_zone_are_read_and_not_copied(
    source: Path, exfat: Disk
) -> None:
    for name in ("same", "other"):
        (source / name).write_bytes(b"content of " + name.encode())
    back_up(source, exfat.folder)
    for name in ("same", "other"):
        facts = os.stat(exfat.folder / name)
        os.utime(exfat.folder / name, ns=(0, facts.st_mtime_ns + 3600 * 10**9))
    (source / "other").write_bytes(b"CONTENT OF other")
    os.utime(source / "other", ns=(0, os.stat(source / "same").st_mtime_ns))
    inode = os.stat(exfat.folder / "same").st_ino
    found = {one.path: one for one in work(source, exfat.folder)}
    assert found[b"same"].may_be_same
    assert found[b"same"].allocated == 0
    back_up(source, exfat.folder)
    assert os.stat(exfat.folder / "same").st_ino == inode
    assert (exfat.folder / "other").read_bytes() == b"CONTENT OF other"
    assert work(source, exfat.folder) == []


def test_name_that_only_a_broken_text_has_is_not_tried(source: Path, exfat: Disk) -> None:
    """Fails when the driver of exFAT for FUSE is given half a surrogate: it ends, and the destination is gone."""
    open(os.fsencode(source) + b"/half \xed\xa0\x80", "wb").close()
    open(os.fsencode(source) + b"/\xff", "wb").close()
    _, skipped = back_up(source, exfat.folder)
    assert set(skipped.values()) == {"destination: name refused (it is no UTF-8)"}
    assert os.listdir(exfat.folder) == []


def test_file_system_inside_a_destination_that_keeps_less_is_named(tmp_path: Path) -> None:
    destination = tmp_path / "destination"
    destination.mkdir()
    with a_disk("exfat", destination) as disk:
        tree = Tree(os.fsencode(destination))
        [(point, lost)] = keeping_less(tree, [b"exfat"], probe(tree))
        assert point == b"exfat"
        assert {"times", "symbolic links", "hard links", "letter case"} <= set(lost)
        assert os.listdir(disk.folder) == []
        inner = Tree(os.fsencode(disk.folder))
        assert list(keeping_less(inner, [b"."], probe(inner))) == []


def test_file_with_holes_counts_in_full_where_no_holes_can_be(source: Path, exfat: Disk) -> None:
    with open(source / "holes", "wb") as file:
        file.truncate(10 << 20)
    [found] = [one for one in changes(source, exfat.folder) if one.action is Action.COPY]
    assert (found.size, found.allocated) == (10 << 20, 10 << 20)
