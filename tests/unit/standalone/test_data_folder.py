"""The data folder of `asynctask up` has one owner at a time."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from asynctask_standalone.supervisor.folder import DataFolder, FolderInUse, FolderRefused, default_folder

HOLD = """
import sys
from pathlib import Path
from asynctask_standalone.supervisor.folder import DataFolder
with DataFolder(Path(sys.argv[1])).locked():
    print("locked", flush=True)
    sys.stdin.read()
"""


def test_second_process_is_refused_and_told_who_holds_the_folder(tmp_path: Path):
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "locked\n"
        with pytest.raises(FolderInUse, match=rf"process {holder.pid}\b"), DataFolder(tmp_path).locked():
            pass
        holder.kill()


def test_folder_is_free_again_when_its_holder_was_killed(tmp_path: Path):
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout
        holder.stdout.readline()
        holder.kill()
        holder.wait()
    with DataFolder(tmp_path).locked():
        assert json.loads((tmp_path / "up.lock").read_text()) == {"pid": os.getpid()}


def test_new_folder_can_be_entered_by_its_owner_only(tmp_path: Path):
    folder = DataFolder(tmp_path / "new" / "data")
    with folder.locked():
        assert folder.path.stat().st_mode & 0o777 == 0o700
        assert folder.logs.is_dir()


def test_what_cannot_be_a_folder_is_refused_by_its_name(tmp_path: Path):
    """Fails when only the system's words are told: `File exists`, `No such file or directory`."""
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(FolderRefused, match=f"^{file} is not a folder$"), DataFolder(file).locked():
        pass
    below = file / "data"
    with (
        pytest.raises(FolderRefused, match=f"^the folder {below} cannot be created: Not a directory$"),
        DataFolder(below).locked(),
    ):
        pass


def test_default_folder_follows_the_users_data_home(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", "/somewhere")
    assert default_folder() == Path("/somewhere/asynctask")
    monkeypatch.setenv("XDG_DATA_HOME", "relative/paths/do/not/count")
    monkeypatch.setenv("HOME", "/home/of/somebody")
    assert default_folder() == Path("/home/of/somebody/.local/share/asynctask")


def test_folder_that_was_made_for_nothing_is_removed_with_those_above_it(tmp_path: Path):
    data = tmp_path / "new" / "data"
    with DataFolder(data).locked():
        (data / "ports.json").write_text("{}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kept", ["postgres/data", "logs/registry.log", "notes.txt"])
def test_folder_with_something_to_keep_stays(tmp_path: Path, kept: str):
    data = tmp_path / "data"
    with DataFolder(data).locked():
        (data / kept).parent.mkdir(exist_ok=True)
        (data / kept).touch()
    assert (data / kept).exists()
    assert (data / "up.lock").exists()


def test_folder_that_was_there_before_stays(tmp_path: Path):
    with DataFolder(tmp_path).locked():
        pass
    assert tmp_path.exists()
