"""A source and a destination on a real file system."""

from __future__ import annotations

import ctypes
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from asynctask_nas import remembered


@pytest.fixture(autouse=True)
def remembered_here(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """What this machine remembers of destinations goes into a folder of the test, not into somebody's home."""
    monkeypatch.setattr(remembered, "FOLDER", tmp_path_factory.mktemp("remembered"))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    return folder


@pytest.fixture
def destination(tmp_path: Path) -> Path:
    return tmp_path / "destination"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 4 MiB, which root may mount."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip(f"a small file system cannot be mounted here: {mounted.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture
def powerless() -> Iterator[None]:
    """The test, and every thread that it begins, is user 0 without the privilege to override modes."""
    if os.geteuid() != 0:
        pytest.skip("only user 0 can lose the privilege to override modes")
    with without_capabilities(CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
        yield


CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2
_CAPABILITIES_V3 = 0x20080522


@contextmanager
def without_capabilities(*numbers: int) -> Iterator[None]:
    """Let the calling thread be without these capabilities, as in a container that drops them."""
    libc = ctypes.CDLL(None, use_errno=True)
    header, before = (ctypes.c_uint32 * 2)(_CAPABILITIES_V3, 0), (ctypes.c_uint32 * 6)()
    if libc.capget(header, before) != 0:
        pytest.skip("capabilities cannot be told here")
    fewer = (ctypes.c_uint32 * 6)(*before)
    for number in numbers:
        fewer[3 * (number // 32)] &= ~(1 << number % 32)
    if libc.capset(header, fewer) != 0:
        pytest.skip(f"capabilities cannot be dropped here: {os.strerror(ctypes.get_errno())}")
    try:
        yield
    finally:
        assert libc.capset(header, before) == 0, os.strerror(ctypes.get_errno())


@pytest.fixture
def nobody() -> Iterator[Path]:
    """The test runs as an ordinary user, in a folder of its own."""
    if os.geteuid() != 0:
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)
        return
    with tempfile.TemporaryDirectory() as folder:
        os.chown(folder, 65534, 65534)
        os.setegid(65534)
        os.seteuid(65534)
        try:
            yield Path(folder)
        finally:
            os.seteuid(0)
            os.setegid(0)
