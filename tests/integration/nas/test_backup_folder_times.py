"""Folders have the source's times, also after work inside them; a second run finds nothing to do."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest

from asynctask_nas import transfer
from asynctask_nas.changes import Change
from asynctask_nas.copy import PartialCopy
from asynctask_nas.perform import Performer
from tests.integration.nas.hosts import Host
from tests.support.mounts import Mounted
from tests.unit.nas.trees import describe


async def backed_up(source: Path, destination: Path, **config: Any) -> Host:
    host = Host(source_path=source, destination_path=destination, **config)
    await host.run()
    host.result()
    return host


async def ends_alike(source: Path, destination: Path) -> None:
    """The destination is a copy, as rsync sees it as well, and nothing is left to do."""
    assert describe(destination) == describe(source)
    if shutil.which("rsync"):
        words = ["rsync", "-aHAXi", "--dry-run", "--delete", "--exclude=/.asynctask-*"]
        told = subprocess.run(
            [*words, f"{source}/", f"{destination}/"], capture_output=True, check=True, text=True
        )
        assert told.stdout == ""
    assert (await backed_up(source, destination, delete_extra="mark")).items() == {}


async def test_time_of_a_folder_is_set_after_everything_that_is_made_in_it(
    source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when new empty folders are made by one thread while another has finished the folder above."""
    monkeypatch.setattr(transfer, "WINDOW", 256)
    for number in range(16):  # as many as are worked off as one group then
        (source / f"{number:02}").mkdir()
        (source / f"{number:02}/file").touch()
    await backed_up(source, destination)
    for number in range(16):
        (source / f"{number:02}/new/newer").mkdir(parents=True)
        os.utime(source / f"{number:02}", (1, 1))
    real, above = Performer.perform, threading.Event()

    def perform(self: Performer, change: Change, part: PartialCopy) -> None:
        if change.path == b"00/new/newer":
            above.wait(0.5)  # a folder above that is finished in the meantime is finished too early
        real(self, change, part)
        if change.path == b"00":
            above.set()

    monkeypatch.setattr(Performer, "perform", perform)
    await backed_up(source, destination)
    await ends_alike(source, destination)


async def test_top_keeps_its_time_when_something_deep_below_moves_away(
    source: Path, destination: Path
) -> None:
    """Fails when the removed folder, which is made at the top, costs the top its time."""
    (source / "a/b/c").mkdir(parents=True)
    for name in ("extra", "other", "rots"):
        (source / "a/b" / name).write_text(name)
    os.utime(source, (1, 1))
    await backed_up(source, destination)
    (source / "a/b/extra").unlink()
    await backed_up(source, destination, delete_extra="mark")
    await ends_alike(source, destination)
    shutil.rmtree(destination / ".asynctask-removed")
    (source / "a/b/other").unlink()
    (source / "a/b/other").symlink_to("c")
    await backed_up(source, destination)
    await ends_alike(source, destination)
    shutil.rmtree(destination / ".asynctask-removed")
    copy = destination / "a/b/rots"
    when = copy.stat().st_mtime_ns
    copy.write_text("rot!")
    os.utime(copy, ns=(when, when))
    (destination / "a/b/c").rmdir()

    def lose(host: Host, call: str) -> None:
        if call == "transfer: stage_finished":
            (destination / "a/b/c").rmdir()

    host = Host(source_path=source, destination_path=destination, verify="all", repair=True)
    host.on_call = lose
    await host.run()
    assert host.result()["repaired"] == 2
    await ends_alike(source, destination)


async def test_folder_in_which_only_a_leftover_was_removed_keeps_its_time(
    source: Path, mounted: Mounted
) -> None:
    destination = mounted("destination")
    (source / "a/b").mkdir(parents=True)
    await backed_up(source, destination)
    left = destination / f"a/b/.asynctask-{'0' * 24}.part"
    left.touch()
    await backed_up(source, destination)
    assert not left.exists()
    await ends_alike(source, destination)
