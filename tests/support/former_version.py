"""The sources of the last version, out of this repository's history, for programs that run beside those of today."""

from __future__ import annotations

import os
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def former_commit() -> str:
    """The last one in versions.toml."""
    commits: dict[str, str] = tomllib.loads((ROOT / "versions.toml").read_text("utf-8"))["commits"]
    return list(commits.values())[-1]


def former_python_path(folder: Path) -> str:
    """Unpack the last version into `folder`; gives the PYTHONPATH with which programs run its code.

    They run it with the libraries of today. Skips where there is no history, as in an unpacked archive.
    """
    commit = former_commit()
    packed = subprocess.run(
        ["git", "archive", commit, "libs", "services", "executors", "protos/python"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if packed.returncode:
        pytest.skip(f"the commit of the last version ({commit[:7]}) is not in the history here")
    folder.mkdir()
    subprocess.run(["tar", "-x"], cwd=folder, input=packed.stdout, check=True)
    sources = sorted([*folder.glob("*/*/src"), *folder.glob("protos/python/src")])
    return os.pathsep.join(map(str, sources))
