"""`backup_file` with files that take hours: the small ones are safe soon."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from asynctask_nas import crew
from asynctask_nas.changes import Change
from asynctask_nas.copy import PartialCopy
from asynctask_nas.perform import Performer
from tests.integration.nas.hosts import Host

MIB = 1 << 20
SMALL = 300


@pytest.mark.parametrize("were_there", [False, True], ids=["new", "changed"])
async def test_small_files_are_copied_before_any_of_many_large_ones_has_ended(
    were_there: bool, source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when large files have every thread, and each small file waits for the end of one of them."""
    for number in range(SMALL):
        (source / f"small-{number}").write_bytes(b"first")
    if were_there:
        await Host(source_path=source, destination_path=destination).run()
        for number in range(SMALL):
            (source / f"small-{number}").write_bytes(b"changed")
    for number in range(6):
        (source / f"large-{number}").write_bytes(os.urandom(2 * MIB))
    monkeypatch.setattr(crew, "_LONG_BYTES", MIB)
    small_are_there = threading.Event()
    all_begun = threading.Barrier(4)
    perform = Performer.perform

    def perform_last(performer: Performer, change: Change, part: PartialCopy) -> None:
        if change.size > MIB:
            assert small_are_there.wait(30), "the small files wait for the large ones"
            if change.path < b"large-4":
                all_begun.wait(30)
        perform(performer, change, part)

    def look(_: Host, stage: str) -> None:
        if stage == "transfer":
            copies = [path for path in destination.glob("small-*") if path.read_bytes() == content]
            if len(copies) == SMALL:
                small_are_there.set()

    content = b"changed" if were_there else b"first"
    monkeypatch.setattr(Performer, "perform", perform_last)
    host = Host(source_path=source, destination_path=destination)
    host.on_progress = look
    await host.run()
    assert host.result()["files"] == SMALL + 6
    assert not all_begun.broken, "large files have every thread once nothing else is left"
