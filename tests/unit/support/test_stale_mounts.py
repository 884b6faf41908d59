from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.support.stale_mounts import stale


def a_run(root: Path, name: str, lock: str | None) -> str:
    folder = root / "pytest-of-somebody" / name
    folder.mkdir(parents=True)
    if lock is not None:
        (folder / ".lock").write_text(lock)
    return str(folder / "test_x0/disk")


def test_mounts_of_dead_runs_are_found_and_nobody_elses(tmp_path: Path) -> None:
    """Fails when a run that is at work loses its disks, or one that was killed keeps them."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    alive = a_run(tmp_path, "pytest-1", str(os.getpid()))
    killed = a_run(tmp_path, "pytest-2", str(ended.pid))
    over = a_run(tmp_path, "pytest-3", None)
    garbage = a_run(tmp_path, "garbage-4", None)
    unclear = a_run(tmp_path, "pytest-5", "")
    others = [
        "/",
        "/mnt",
        str(tmp_path),
        str(tmp_path / "pytest-of-somebody"),
        str(tmp_path / "disk/pytest-2/x"),
    ]
    inner = killed + "/inner"
    found = stale([*others, alive, killed, inner, over, garbage, unclear], tmp_path)
    assert found == [garbage, over, inner, killed]
