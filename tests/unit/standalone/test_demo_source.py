"""The demo finds a folder that is worth a backup."""

import sysconfig
from pathlib import Path

import pytest

from asynctask_standalone.demo import source


def test_every_machine_has_a_folder_that_is_worth_it():
    folder = source.found()
    assert folder.files >= 2000
    assert folder.size >= 50_000_000
    assert folder.path.is_dir()


def test_left_out_folders_do_not_count(tmp_path: Path):
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "x.pyc").write_bytes(b"12345")
    (tmp_path / "x.py").write_bytes(b"123")
    folder = source.measured(tmp_path, source.EXCLUDED)
    assert (folder.files, folder.size, folder.is_worth_it) == (1, 3, False)


def test_part_of_a_folder_that_is_too_large_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name, files in (("small", 2), ("right", 5), ("large", 50)):
        (tmp_path / name).mkdir()
        for number in range(files):
            (tmp_path / name / str(number)).write_bytes(b"x" * 10)
    monkeypatch.setattr(source, "MIN_FILES", 4)
    monkeypatch.setattr(source, "MIN_BYTES", 40)
    monkeypatch.setattr(source, "MAX_BYTES", 400)
    monkeypatch.setattr(sysconfig, "get_path", lambda _name: str(tmp_path))
    assert source.found().path.name == "right"
