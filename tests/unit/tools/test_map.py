"""`./dev map` names every package, each with what it is for."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def mapped(*words: str) -> list[str]:
    command = [sys.executable, str(ROOT / "tools" / "map.py"), *words]
    found = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [line for line in found.splitlines() if line]


def test_every_package_says_what_it_is_for() -> None:
    """Fails when a package has no docstring: then a newcomer has no map of it."""
    lines = mapped()
    packages = [
        path.parent.name
        for folder in ("libs", "services", "executors")
        for path in ROOT.glob(f"{folder}/*/src/**/__init__.py")
    ]
    assert {line.split()[0].rsplit("/", 1)[-1] for line in lines} >= set(packages)
    assert [line for line in lines if len(line.split(maxsplit=1)) < 2] == []


def test_words_choose_modules_by_their_path() -> None:
    lines = mapped("core/lease.py")
    assert [line.split()[0] for line in lines] == ["libs/core/src/asynctask_core/lease.py"]
