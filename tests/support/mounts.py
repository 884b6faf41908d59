"""File systems for tests that mount and unmount, each in a folder of its own. Skips where that is not permitted."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

Mounted = Callable[..., Path]


def mount(*words: str | Path) -> None:
    """Mount; the test is skipped where it may not."""
    done = subprocess.run(["mount", *map(str, words)], capture_output=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"mounts are not permitted here: {done.stderr.decode().strip()}")


def unmount(folder: Path) -> None:
    """Take a file system away at once, also from whoever uses it."""
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(file: Path, *, leave: int = 0) -> None:
    """Write to `file` until its disk has no room, or only `leave` bytes; removing it makes room again."""
    with file.open("wb", buffering=0) as sink, contextlib.suppress(OSError):
        left = shutil.disk_usage(file.parent).free - leave
        while left > 0:
            left -= sink.write(bytes(min(left, 1 << 20)))
        while not leave:
            sink.write(bytes(512))


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Mounted]:
    """Mounts a file system in memory at a folder, which is made; what is still mounted in the end goes."""
    folders: list[Path] = []

    def at(name: str, *, size: str = "64m", label: str = "disk") -> Path:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True, parents=True)
        mount("-t", "tmpfs", "-o", f"size={size}", label, folder)
        folders.append(folder)
        return folder

    yield at
    for folder in reversed(folders):
        subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=False)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """An ext4 file system of 16 MiB in a file: `mount` it wherever a test wants it."""
    image = tmp_path / "disk.img"
    with image.open("wb") as file:
        file.truncate(16 << 20)
    try:
        subprocess.run(["mkfs.ext4", "-q", str(image)], capture_output=True, check=True)
    except (FileNotFoundError, subprocess.CalledProcessError) as error:
        pytest.skip(f"ext4 cannot be made here: {error}")
    yield image
    table = Path("/proc/self/mountinfo").read_text(encoding="utf-8")
    for line in reversed(table.splitlines()):
        if (point := line.split()[4]).startswith(str(tmp_path)):
            subprocess.run(["umount", "-l", point], capture_output=True, check=False)
