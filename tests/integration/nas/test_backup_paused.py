"""`backup_file` that is paused or cancelled: at once, also in the middle of a file."""

from __future__ import annotations

import itertools
import json
import os
import threading
import time
from pathlib import Path

import pytest

from asynctask import Requested
from asynctask_nas.looks import Look, no_look
from asynctask_nas.tree import Tree
from asynctask_protos.task.v1 import state_pb2
from tests.integration.nas.hosts import Host
from tests.support.promptness import in_time
from tests.unit.nas.trees import a_tree

MIB = 1 << 20


def pause_when(host: Host, seen: int, requested: Requested = Requested.PAUSE) -> list[float]:
    """Ask once `seen` bytes of the transfer were reported; answers when."""
    asked: list[float] = []
    lock = threading.Lock()

    def look(host: Host, stage: str) -> None:
        with lock:
            progress = host.attempt.progress
            if stage == "transfer" and progress and progress[0] >= seen and not asked:
                asked.append(time.monotonic())
                host.ask(requested)

    host.on_progress = look
    return asked


@pytest.mark.parametrize("requested", [Requested.PAUSE, Requested.CANCEL])
async def test_pause_and_cancel_stop_a_large_file_within_a_second(
    source: Path, destination: Path, requested: Requested
) -> None:
    (source / "large").write_bytes(os.urandom(8 * MIB))
    is_pause = requested is Requested.PAUSE
    destinations = itertools.count()

    async def took_s() -> float:
        into = destination.with_name(f"destination-{next(destinations)}")
        host = Host(source_path=source, destination_path=into, bandwidth_limit="1MiB")
        asked = pause_when(host, 300_000, requested)
        outcome = await host.run()
        took = time.monotonic() - asked[0]
        assert outcome is not None
        assert outcome.result == (
            state_pb2.ATTEMPT_RESULT_PAUSED if is_pause else state_pb2.ATTEMPT_RESULT_CANCELLED
        )
        left = [name for name in os.listdir(into) if name.endswith(".part")]
        assert len(left) == (1 if is_pause else 0)
        return took

    await in_time(1, took_s)


async def test_paused_large_file_goes_on_in_its_middle(source: Path, destination: Path) -> None:
    content = os.urandom(MIB) * 24
    (source / "large").write_bytes(content)
    host = Host(source_path=source, destination_path=destination, bandwidth_limit="8MiB")
    pause_when(host, 12 * MIB)
    await host.run()
    assert host.task.checkpoint is not None
    proven: int = json.loads(host.task.checkpoint.json)["parts"][0]["proven"]
    assert 12 * MIB <= proven < 24 * MIB
    host.on_progress = None
    seen = len(host.link.reports)
    await host.run()
    assert (destination / "large").read_bytes() == content
    first = next(report for report in host.link.reports[seen:] if report[0] == "transfer")
    assert first[1] >= proven


async def test_pause_that_is_withdrawn_at_once_lets_the_transfer_go_on(
    source: Path, destination: Path
) -> None:
    (source / "large").write_bytes(os.urandom(4 * MIB))
    a_tree(source)
    host = Host(source_path=source, destination_path=destination, bandwidth_limit="16MiB")
    pause_when(host, 100_000)
    host.on_call = lambda host, call: host.ask(None) if call == "transfer: checkpoint" else None
    await host.run()
    assert "transfer: checkpoint" in host.calls
    assert host.result()["files"] == 45


@pytest.mark.parametrize("requested", [Requested.PAUSE, None])
async def test_pause_reaches_a_comparison_in_the_middle_of_what_only_the_destination_has(
    source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch, requested: Requested | None
) -> None:
    """Fails when a stop waits for the end of a large folder; None: it is withdrawn at once."""
    a_tree(source)
    (destination / "a/extra").mkdir(parents=True)
    for number in range(9):
        (destination / f"a/extra/{number}").touch()
    host = Host(source_path=source, destination_path=destination, delete_extra="mark")
    scan = Tree.scan

    def ask(tree: Tree, path: bytes, look: Look = no_look) -> list[tuple[bytes, bool | OSError]]:
        if path == b"a/extra":
            host.ask(Requested.PAUSE)
        return scan(tree, path, look)

    def withdraw(host: Host, call: str) -> None:
        if requested is None and call == "compare: checkpoint" and host.attempt.soft_stop is not None:
            host.ask(None)

    host.on_call = withdraw
    monkeypatch.setattr(Tree, "scan", ask)
    outcome = await host.run()
    if requested is not None:
        assert outcome is not None
        assert outcome.result == state_pb2.ATTEMPT_RESULT_PAUSED
        assert not any(key == b"a" for key in host.items("changes"))
        monkeypatch.setattr(Tree, "scan", scan)
        host.ask(None)
        await host.run()
    assert host.result()["files"] == 44
    assert (destination / "link").is_symlink()
    (task,) = (destination / ".asynctask-removed").iterdir()
    assert len(os.listdir(task / "a/extra")) == 9
