"""The demo refuses folders that make no backup before it starts anything."""

from pathlib import Path

import pytest

from asynctask_standalone.cli.exits import CommandRefused, Exit
from asynctask_standalone.demo.places import LEAST_BYTES, given


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    (folder / "sub").mkdir(parents=True)
    (folder / "file").write_bytes(b"x" * LEAST_BYTES)
    return folder


def refused(source: Path, destination: Path) -> tuple[str, str]:
    with pytest.raises(CommandRefused) as caught:
        given(source, destination)
    assert caught.value.exit_code is Exit.USAGE
    return caught.value.reason, str(caught.value)


@pytest.mark.parametrize("name", ["not/there/yet", "empty"])
def test_folders_apart_are_taken_and_nothing_is_made(source: Path, tmp_path: Path, name: str):
    (tmp_path / "empty").mkdir()
    folder, destination = given(source, tmp_path / name)
    assert (folder.path, folder.files, folder.size) == (source, 1, LEAST_BYTES)
    assert destination == tmp_path / name
    assert not (tmp_path / "not").exists()


@pytest.mark.parametrize("inside", ["sub", "sub/not/there/yet"])
def test_destination_inside_the_source_is_refused(source: Path, inside: str):
    reason, said = refused(source, source / inside)
    assert reason == "DESTINATION_INSIDE_SOURCE"
    assert said == f"the destination {source / inside} lies inside the source {source}"


def test_source_inside_the_destination_is_refused(source: Path):
    reason, said = refused(source, source.parent)
    assert reason == "DESTINATION_INSIDE_SOURCE"
    assert said == f"the source {source} lies inside the destination {source.parent}"


def test_one_folder_under_two_names_is_refused(source: Path, tmp_path: Path):
    (tmp_path / "door").symlink_to(source)
    reason, said = refused(source, tmp_path / "door")
    assert reason == "DESTINATION_INSIDE_SOURCE"
    assert said.endswith("are the same folder")


def test_source_that_is_not_there_is_named(tmp_path: Path):
    assert refused(tmp_path / "nowhere", tmp_path / "copy") == (
        "SOURCE_MISSING",
        f"there is no folder {tmp_path / 'nowhere'}",
    )


def test_source_that_is_a_file_is_told_as_that(tmp_path: Path):
    (tmp_path / "README.md").touch()
    assert refused(tmp_path / "README.md", tmp_path / "copy") == (
        "SOURCE_MISSING",
        f"{tmp_path / 'README.md'} is not a folder",
    )


def test_source_alone_is_taken(source: Path):
    """Fails when the help says that each folder may be left out, and the demo wants both."""
    folder, destination = given(source, None)
    assert (folder.path, destination) == (source, None)


def test_source_alone_that_holds_temporary_folders_is_refused(source: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("tempfile.tempdir", str(source / "sub"))
    with pytest.raises(CommandRefused, match="name a destination too"):
        given(source, None)


def test_destination_that_holds_something_is_refused(source: Path, tmp_path: Path):
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "mine").touch()
    assert "is not empty" in refused(source, tmp_path / "copy")[1]


def test_destination_that_cannot_be_made_is_refused(source: Path, tmp_path: Path):
    (tmp_path / "file").touch()
    assert "is not a folder" in refused(source, tmp_path / "file" / "copy")[1]


def test_folders_without_permission_are_refused(nobody: Path):
    for name in ("source", "locked"):
        (nobody / name).mkdir()
    (nobody / "locked").chmod(0)
    assert refused(nobody / "locked", nobody / "copy")[0] == "SOURCE_MISSING"
    (nobody / "locked").chmod(0o500)
    assert "does not permit" in refused(nobody / "source", nobody / "locked" / "copy")[1]


def test_source_without_a_middle_to_kill_in_is_refused(tmp_path: Path):
    (tmp_path / "small").mkdir()
    (tmp_path / "small" / "file").write_bytes(b"x" * 10)
    assert "holds 10 B" in refused(tmp_path / "small", tmp_path / "copy")[1]


def test_path_that_leads_nowhere_is_refused_in_words(source: Path, tmp_path: Path):
    """Fails when what the path library raises for it is told as a fault of ours."""
    loop = tmp_path / "loop"
    loop.symlink_to("loop")
    for destination in (loop, loop / "below"):
        assert refused(source, destination) == (
            "INVALID_INPUT",
            f"the destination cannot be made: {loop} is not a folder",
        )
    assert refused(loop, tmp_path / "copy")[0] == "SOURCE_MISSING"
    reason, said = refused(source, Path("~no-such-user-here/copy"))
    assert (reason, said) == ("INVALID_INPUT", "there is no home folder for ~no-such-user-here/copy")
