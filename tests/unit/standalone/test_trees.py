"""The demo's own comparison of two folders notices every kind of difference."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from asynctask_standalone.demo.source import measured
from asynctask_standalone.demo.trees import compare, inodes
from tests.support.backup_folders import without_capabilities

CAP_FSETID = 4


@pytest.fixture
def twins(tmp_path: Path) -> tuple[Path, Path]:
    roots = tmp_path / "one", tmp_path / "other"
    for root in roots:
        (root / "inner").mkdir(parents=True)
        (root / "inner" / "file").write_bytes(b"content")
        (root / "empty").touch()
        (root / "link").symlink_to("inner/file")
        for name in ("inner/file", "empty"):
            os.utime(root / name, ns=(1, 1_500_000_000_000_000_000))
    return roots


def _replace(path: Path) -> None:
    status = path.stat()
    path.write_bytes(b"CONTENT")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def _relink(path: Path) -> None:
    path.unlink()
    path.symlink_to("elsewhere")


def test_twins_are_the_same_and_counted(twins: tuple[Path, Path]):
    found = compare(*twins, since=time.time() + 1)
    assert str(found.count) == "3 files, 7 B"
    assert (found.differences, found.moved_on) == ([], [])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda root: (root / "empty").unlink(), "missing: empty"),
        (lambda root: (root / "more").touch(), "too much: more"),
        (lambda root: (root / "more").mkdir(), "too much: more"),
        (lambda root: _replace(root / "inner" / "file"), "other content: inner/file"),
        (lambda root: os.utime(root / "empty", ns=(1, 1)), "other time: empty"),
        (lambda root: (root / "empty").chmod(0o600), "other mode: empty"),
        (lambda root: _relink(root / "link"), "other link target: link"),
        (lambda root: _relink(root / "empty"), "another kind of file: empty"),
    ],
)
def test_difference_is_named(twins: tuple[Path, Path], change: Callable[[Path], object], said: str):
    (twins[0] / "empty").chmod(0o644)
    (twins[1] / "empty").chmod(0o644)
    change(twins[1])
    assert compare(*twins, since=time.time() + 1).differences == [said]


def test_what_a_destination_keeps_about_itself_is_no_part_of_the_copy(twins: tuple[Path, Path]):
    (twins[1] / ".asynctask-backup" / "tasks").mkdir(parents=True)
    (twins[1] / ".asynctask-backup" / "marker.json").touch()
    assert not compare(*twins, since=time.time() + 1).differences
    (twins[1] / "inner" / ".asynctask-backup").mkdir()
    found = compare(*twins, since=time.time() + 1)
    assert found.differences == ["too much: inner/.asynctask-backup"]


def test_source_that_changed_during_the_backup_is_nobodys_fault(twins: tuple[Path, Path]):
    begun = time.time() - 10
    (twins[0] / "inner" / "file").write_bytes(b"newer content")
    found = compare(*twins, since=begun)
    assert found.differences == []
    assert found.moved_on == ["other content: inner/file"]


def test_what_was_left_out_or_skipped_is_not_compared(twins: tuple[Path, Path]):
    (twins[0] / "inner" / "__pycache__").mkdir()
    (twins[1] / "empty").unlink()
    found = compare(*twins, exclude=["__pycache__"], skipped=["empty"], since=time.time() + 1)
    assert found.differences == []


def test_what_lies_in_a_folder_that_was_skipped_is_not_compared(twins: tuple[Path, Path]):
    (twins[0] / "closed" / "deep").mkdir(parents=True)
    (twins[0] / "closed" / "deep" / "file").touch()
    found = compare(*twins, skipped=["closed"], since=time.time() + 1)
    assert found.differences == []


def test_holes_do_not_count_and_a_file_with_two_names_counts_its_bytes_once(tmp_path: Path):
    """Fails when the demo's limit is computed from bytes that nobody copies: there would be no middle to kill in."""
    with (tmp_path / "holes").open("wb") as file:
        file.seek(50_000_000)
        file.write(b"x" * 200_000)
    (tmp_path / "twice").write_bytes(b"x" * 300_000)
    os.link(tmp_path / "twice", tmp_path / "once more")
    folder = measured(tmp_path)
    assert folder.files == 3
    assert 500_000 <= folder.size < 600_000


def test_file_that_is_written_anew_has_another_inode(twins: tuple[Path, Path]):
    root = twins[0]
    before = inodes(root, ["empty", "inner/file", "gone"])
    (root / "empty.new").touch()
    (root / "empty.new").rename(root / "empty")
    after = inodes(root, before)
    assert [name for name in before if before[name] != after[name]] == ["empty"]


def test_what_is_measured_before_is_what_is_counted_after(twins: tuple[Path, Path]):
    """A link to a folder is a file like any other link, and no link has bytes of its own."""
    for root in twins:
        (root / "to a folder").symlink_to("inner")
        os.mkfifo(root / "pipe")
    folder, found = measured(twins[0]), compare(*twins, since=time.time() + 1)
    assert (folder.files, folder.size) == (found.count.files, found.count.size) == (4, 7)


def test_copy_that_was_never_made_is_missing(twins: tuple[Path, Path], tmp_path: Path):
    found = compare(twins[0], tmp_path / "nowhere", since=time.time() + 1)
    assert "missing: inner/file" in found.differences


SPARSE = 1 << 40


def _written(path: Path, content: bytes, at: int) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(content)
    os.utime(path, ns=(1, 1_500_000_000_000_000_000))


def test_holes_are_not_read(twins: tuple[Path, Path]):
    """Fails when the demo reads a terabyte of nothing, twice, before it says that all was as promised."""
    for root in twins:
        os.truncate(root / "empty", SPARSE)
        _written(root / "empty", b"end", SPARSE - 3)
    with (twins[0] / "empty").open() as file:
        if os.lseek(file.fileno(), 0, os.SEEK_DATA) == 0:
            pytest.skip("the file system has no holes")
    assert not compare(*twins, since=time.time() + 1).differences
    # Zeros that were written are the same as a hole; anything else is not, whichever of the two has it.
    _written(twins[0] / "empty", b"\0" * 10, 1 << 30)
    assert not compare(*twins, since=time.time() + 1).differences
    _written(twins[1] / "empty", b"x", 1 << 35)
    for trees in (twins, twins[::-1]):
        assert compare(*trees, since=time.time() + 1).differences == ["other content: empty"]


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
def test_group_bit_that_a_backup_may_not_set_is_no_difference(twins: tuple[Path, Path]):
    """Fails when the demo says "not as promised" where root has not all of its rights."""
    os.chown(twins[0] / "empty", 4242, 4242)
    os.chown(twins[1] / "empty", 4242, 4242)
    (twins[0] / "empty").chmod(0o2644)
    (twins[1] / "empty").chmod(0o644)
    assert compare(*twins, since=time.time() + 1).differences == ["other mode: empty"]
    with without_capabilities(CAP_FSETID):
        assert not compare(*twins, since=time.time() + 1).differences
