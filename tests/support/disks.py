"""File systems that hold less than ours, made in a file and mounted; tests skip where a machine cannot."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True, slots=True)
class DiskKind:
    """How to make and mount a file system; `{}` is the image, or the block device where one is needed."""

    make: Sequence[str]
    mount: Sequence[str]
    needs_block_device: bool = False


KINDS = {
    "exfat": DiskKind(["mkfs.exfat"], ["mount.exfat-fuse"], needs_block_device=True),
    "ntfs": DiskKind(["mkfs.ntfs", "-F", "-q", "-f"], ["ntfs-3g"]),
    # As Windows has it: refuses names, takes `Docs` and `docs` for one, and lists both as `docs`.
    "windows": DiskKind(["mkfs.ntfs", "-F", "-q", "-f"], ["lowntfs-3g", "-o", "ignore_case,windows_names"]),
    # Times end in 2038.
    "ext4-128": DiskKind(["mkfs.ext4", "-q", "-I", "128"], ["mount", "-o", "loop"]),
}


class Disk:
    """A mounted file system that can be mounted anew."""

    def __init__(self, kind: DiskKind, image: Path, folder: Path) -> None:
        self.folder = folder
        self._kind = kind
        self._image = image
        self._device = ""

    @contextmanager
    def mounted(self) -> Iterator[Disk]:
        """Make and mount it."""
        with self._image.open("wb") as file:
            file.truncate(64 << 20)
        self.folder.mkdir()
        try:
            if self._kind.needs_block_device:
                self._device = self._run("losetup", "-f", "--show", str(self._image))
            self._run(*self._kind.make, self._device or str(self._image))
            self._mount()
            yield self
        finally:
            if os.path.ismount(self.folder):
                subprocess.run(["umount", self.folder], check=True)
            if self._device:
                subprocess.run(["losetup", "-d", self._device], check=True)

    def remount(self) -> None:
        """Mount it anew: what was only in memory is gone."""
        os.sync()
        subprocess.run(["umount", self.folder], check=True)
        self._mount()

    def _mount(self) -> None:
        self._run(*self._kind.mount, self._device or str(self._image), str(self.folder))

    def _run(self, *command: str) -> str:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"{command[0]} does not work here: {done.stderr.strip()}")
        return done.stdout.strip()


@contextmanager
def a_disk(name: str, folder: Path) -> Iterator[Disk]:
    """A disk of a kind of `KINDS`; the test skips where it cannot be."""
    kind = KINDS[name]
    if os.geteuid() != 0:
        pytest.skip("only root may mount file systems")
    for command in (kind.make[0], kind.mount[0], "losetup"):
        if shutil.which(command) is None:
            pytest.skip(f"{command} is not installed here")
    with Disk(kind, folder / f"{name}.image", folder / name).mounted() as disk:
        yield disk
