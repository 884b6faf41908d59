"""`backup_file` whose executor is killed: it goes on where it was, and does nothing twice."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from itertools import count
from pathlib import Path

import pytest

from asynctask import ItemState
from asynctask._handler import chunks as _chunks
from asynctask_nas import backup, planning, transfer
from asynctask_nas.changes import Change
from asynctask_nas.copy import PartialCopy
from asynctask_nas.crew import Beside
from asynctask_nas.perform import Performer
from asynctask_nas.small import UNUSUAL
from asynctask_nas.small_copies import SmallCopies
from asynctask_nas.throttle import Throttle
from tests.integration.nas.hosts import Host
from tests.unit.nas.trees import a_tree, describe

MIB = 1 << 20


class Log:
    """Notes which items are worked on, by wrapping those who do it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.paths: list[tuple[bytes, str]] = []
        real, real_copy = Performer.perform, SmallCopies.copy

        def noted(performer: Performer, change: Change, part: PartialCopy) -> None:
            self.paths.append((change.path, change.action.value))
            real(performer, change, part)

        def noted_copy(copies: SmallCopies, changes: Sequence[Change], beside: Beside) -> list[int]:
            copied = real_copy(copies, changes, beside)
            self.paths += [
                (change.path, "copy")
                for change, count in zip(changes, copied, strict=False)
                if count != UNUSUAL
            ]
            return copied

        monkeypatch.setattr(Performer, "perform", noted)
        monkeypatch.setattr(SmallCopies, "copy", noted_copy)


def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many durable calls for a small tree."""
    monkeypatch.setattr(transfer, "WINDOW", 8)
    monkeypatch.setattr(transfer, "WINDOW_MOST", 8)
    monkeypatch.setattr(_chunks, "CHUNK_CHANGES", 5)
    monkeypatch.setattr(planning, "BATCH", 4)


async def test_killed_at_any_durable_call_it_goes_on_and_does_no_finished_item_again(
    source: Path, destination: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Law 3. Breaking it, by leaving DONE items in what `Transfer.run` reads, makes this fail."""
    a_tree(source)
    small_chunks(monkeypatch)
    whole = Host(source_path=source, destination_path=tmp_path / "whole", delete_extra="mark")
    await whole.run()
    assert len(whole.calls) > 15
    # How many calls there are depends on which files end together: the first run that needs fewer is the last one.
    for at in count(1):
        log = Log(monkeypatch)
        target = tmp_path / f"killed-{at}"
        target.mkdir()
        (target / "extra").touch()
        host = Host(source_path=source, destination_path=target, delete_extra="mark")
        host.kill_at = at
        if await host.run() is not None:
            assert at > 15
            break
        finished = set(host.items(state=ItemState.DONE))
        before = len(log.paths)
        host.kill_at = None
        await host.run()
        assert (host.result()["files"], host.result()["set_aside"]) == (44, 1)
        # Nothing is listed twice, of what was listed while the comparison went on either; "extra" is one more.
        assert len(host.task.manifests["items"].items) == len(whole.task.manifests["items"].items) + 1
        again = {path for path, _ in log.paths[before:]}
        assert not again & finished
        assert len(finished) == 0 or len(again) < len(host.items())
        want, got = describe(source), describe(target)
        want.pop(b"pipe")
        assert got == want
        monkeypatch.undo()
        small_chunks(monkeypatch)


async def test_killed_comparison_goes_on_after_the_last_path_it_kept(
    source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_tree(source)
    for number in range(300):
        (source / f"more {number:03}").touch()
    os.utime(source, ns=(1, 1))
    monkeypatch.setattr(backup, "_KEEP_S", 0.0)
    monkeypatch.setattr(backup, "_LOOK_S", 0.0)
    host = Host(source_path=source, destination_path=destination)
    host.on_call = lambda host, call: (
        host.kill() if call == "compare: checkpoint" and len(host.task.checkpoints) == 12 else None
    )
    assert await host.run() is None
    assert host.task.stage == "compare"
    kept = len(host.items("changes"))
    assert 0 < kept < 353
    host.on_call = None
    await host.run()
    assert host.result()["files"] == 344
    # Each 65th new file is a step. What was listed after the last checkpoint is listed twice, and counts once.
    assert len(host.task.manifests["changes"].items) <= 353 + 65
    assert len(host.task.manifests["items"].items) == 353
    assert json.loads(host.task.results["compare"])["changes"] == 352  # all but the pipe, which is skipped


async def test_a_short_comparison_writes_the_list_that_a_long_one_leaves_to_prepare(
    source: Path, destination: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_tree(source)
    other = tmp_path / "other"
    other.mkdir()
    short, long = (
        Host(source_path=source, destination_path=destination),
        Host(source_path=source, destination_path=other),
    )
    await short.run()
    monkeypatch.setattr(backup, "_KEEP_S", 0.0)
    monkeypatch.setattr(backup, "_LOOK_S", 0.0)
    await long.run()
    assert short.items("changes") == {}
    assert len(long.items("changes")) > 40
    listed = [
        [
            (item.key, item.size, item.data_json)
            for _, item in sorted(host.task.manifests["items"].items.items())
        ]
        for host in (short, long)
    ]
    assert listed[0] == listed[1]


async def test_killed_large_file_goes_on_from_what_was_proven(
    source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer, "_KEEP_S", 0.2)
    content = os.urandom(MIB) * 40
    (source / "large").write_bytes(content)
    host = Host(source_path=source, destination_path=destination, bandwidth_limit="20MiB")
    host.on_progress = lambda host, stage: (
        host.kill() if stage == "transfer" and host.task.checkpoint is not None else None
    )
    assert await host.run() is None
    host.on_progress = None
    taken: list[int] = []
    real = Throttle.reserve

    def counted(throttle: Throttle, count: int) -> float:
        taken.append(count)
        return real(throttle, count)

    monkeypatch.setattr(Throttle, "reserve", counted)
    await host.run()
    assert (destination / "large").read_bytes() == content
    assert sum(taken) <= 32 * MIB
