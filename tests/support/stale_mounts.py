"""File systems that a killed test run left mounted below pytest's temporary folder.

Pytest deletes the folders of earlier runs when it ends. It cannot delete a folder with something mounted in it: the run
would end with an error, though its own tests passed.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

from tests.support.alive import is_running

_TABLE = Path("/proc/self/mountinfo")


def sweep_stale_mounts() -> None:
    """Unmount what belongs to runs whose process is gone."""
    root = Path(os.environ.get("PYTEST_DEBUG_TEMPROOT") or tempfile.gettempdir()).resolve()
    if os.geteuid() != 0 or not _TABLE.exists():
        return
    points = [_plain(line.split(" ")[4]) for line in _TABLE.read_text(encoding="utf-8").splitlines()]
    for point in stale(points, root):
        subprocess.run(["umount", "-l", point], capture_output=True, check=False)


def stale(points: Iterable[str], root: Path) -> list[str]:
    """Those of the mount points that lie in folders of dead runs below `root`; the last mounted first."""
    found = [point for point in points if (run := _run_of(Path(point), root)) and not _is_alive(run)]
    return found[::-1]


def _run_of(point: Path, root: Path) -> Path | None:
    """The folder of a run, `pytest-of-NAME/pytest-N`, or what pytest calls it before deleting it."""
    if not point.is_relative_to(root):
        return None
    parts = point.relative_to(root).parts
    if len(parts) <= 2:
        return None
    owner, run, *_ = parts
    is_run = owner.startswith("pytest-of-") and run.startswith(("pytest-", "garbage-"))
    return root / owner / run if is_run else None


def _is_alive(run: Path) -> bool:
    """Tell whether the process that pytest's lock names is there; a run that ends takes its lock away."""
    try:
        pid = int((run / ".lock").read_text())
    except FileNotFoundError:
        return False
    except (OSError, ValueError):
        return True  # somebody else's, or just being written
    return is_running(pid)


def _plain(text: str) -> str:
    """The table writes blanks in octal digits."""
    for written, meant in ((r"\040", " "), (r"\011", "\t"), (r"\012", "\n"), (r"\134", "\\")):
        text = text.replace(written, meant)
    return text
