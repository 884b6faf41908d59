"""`backup_file` through the SDK's own runner: whole runs, kills, pauses, failures."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from asynctask import AttemptResult, ItemState, Requested, _chunks, testing
from asynctask_nas import BackupConfig, backup, backup_file, transfer
from asynctask_nas.changes import Change
from asynctask_nas.copy import Part
from asynctask_nas.perform import Performer
from asynctask_nas.throttle import Throttle
from asynctask_protos.task.v1 import manifest_pb2, state_pb2
from tests.integration.nas.hosts import Host
from tests.support.promptness import in_time
from tests.unit.nas.trees import describe

MIB = 1 << 20


def a_tree(source: Path) -> None:
    """A bit of everything."""
    for number in range(40):
        folder = source / f"folder {number % 7}"
        folder.mkdir(exist_ok=True)
        (folder / f"file {number}").write_bytes(os.urandom(number * 500))
    (source / os.fsdecode(b"\xe9t\xe9\n")).write_text("name")
    os.link(source / "folder 1/file 1", source / "other name")
    os.symlink("folder 2/file 2", source / "link")
    os.mkfifo(source / "pipe")
    with open(source / "holes", "wb") as file:
        file.seek(5 * MIB)
        file.write(b"end")


async def test_backup_makes_an_identical_tree_and_a_second_one_does_nothing(
    source: Path, destination: Path
) -> None:
    a_tree(source)
    host = Host(source_path=source, destination_path=destination, verify="checksum")
    await host.run()
    assert host.result() == {
        "files": 44,
        "bytes": sum(
            path.stat().st_size for path in source.rglob("*") if path.is_file() and not path.is_symlink()
        )
        - (source / "other name").stat().st_size,
        "skipped": 1,
        "verify": "checksum",
        "verified": 44,
        "verified_bytes": host.result()["bytes"],
        "changed_since": 0,
    }
    os.unlink(source / "pipe")
    os.utime(source, ns=(1, 1))
    os.utime(destination, ns=(1, 1))
    assert describe(destination) == describe(source)
    assert host.items(state=ItemState.SKIPPED) == {b"pipe": "is a named pipe"}
    assert host.items(state=ItemState.TODO) == {}
    again = Host(source_path=source, destination_path=destination)
    await again.run()
    assert again.result()["files"] == 0
    assert again.items("changes") == {b"folder 1/file 1": "", b"other name": ""}  # two names of one file
    assert again.items() == {}


async def test_progress_tells_bytes_and_files_and_never_goes_back(source: Path, destination: Path) -> None:
    a_tree(source)
    (source / "large").write_bytes(os.urandom(12 * MIB))
    host = Host(source_path=source, destination_path=destination)
    await host.run()
    seen = [report[1:] for report in host.link.reports if report[0] == "transfer"]
    done = [report[0] for report in seen]
    assert done == sorted(done)
    total = host.result()["bytes"]
    assert seen[-1] == (total, total, "bytes", "45 of 45 files, 1 skipped")


class Log:
    """Notes which items are worked on, by wrapping the performer."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.paths: list[tuple[bytes, str]] = []
        real = Performer.perform

        def noted(performer: Performer, change: Change, part: Part) -> int:
            self.paths.append((change.path, change.action.value))
            return real(performer, change, part)

        monkeypatch.setattr(Performer, "perform", noted)


def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many durable calls for a small tree."""
    monkeypatch.setattr(transfer, "WINDOW", 8)
    monkeypatch.setattr(_chunks, "CHUNK_CHANGES", 5)


async def test_killed_at_any_durable_call_it_goes_on_and_does_no_finished_item_again(
    source: Path, destination: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Law 3. Breaking it, by leaving DONE items in what `Transfer.run` reads, makes this fail."""
    a_tree(source)
    small_chunks(monkeypatch)
    whole = Host(source_path=source, destination_path=tmp_path / "whole", delete_extra="mark")
    await whole.run()
    assert len(whole.calls) > 20
    for at in range(1, len(whole.calls) + 1):
        log = Log(monkeypatch)
        target = tmp_path / f"killed-{at}"
        target.mkdir()
        (target / "extra").touch()
        host = Host(source_path=source, destination_path=target, delete_extra="mark")
        host.kill_at = at
        assert await host.run() is None
        finished = set(host.items(state=ItemState.DONE))
        before = len(log.paths)
        host.kill_at = None
        await host.run()
        assert host.result()["files"] == 44
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
    host = Host(source_path=source, destination_path=destination)
    host.on_call = lambda host, call: (
        host.kill() if call == "compare: checkpoint" and len(host.task.checkpoints) == 3 else None
    )
    assert await host.run() is None
    assert host.task.stage == "compare"
    kept = len(host.items("changes"))
    assert 0 < kept < 300
    host.on_call = None
    await host.run()
    assert host.result()["files"] == 344
    # What was listed after the last checkpoint is listed twice; what comes of it counts once.
    assert len(host.task.manifests["changes"].items) <= 353 + backup._LOOK_EVERY
    assert len(host.task.manifests["items"].items) == 353
    assert json.loads(host.task.results["compare"])["changes"] == 353


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


@pytest.mark.parametrize(
    ("config", "reason", "message"),
    [
        ({"source_path": "/nowhere/at/all"}, "SOURCE_MISSING", "'/nowhere/at/all' cannot be read"),
        ({"destination_path": "{source}/inside"}, "DESTINATION_INSIDE_SOURCE", "lies inside the source"),
        ({"destination_path": "relative"}, "CONFIG_INVALID", "destination_path: must be an absolute path"),
        ({"bandwidth_limit": "fast"}, "CONFIG_INVALID", "bandwidth_limit: 'fast' is not a rate"),
    ],
)
async def test_wrong_input_fails_for_good_and_changes_nothing(
    source: Path, destination: Path, config: dict[str, Any], reason: str, message: str
) -> None:
    config = {key: value.format(source=source) for key, value in config.items()}
    host = Host(**{"source_path": source, "destination_path": destination, **config})
    await host.run()
    assert host.failure()[0] == reason
    assert message in host.failure()[1]
    assert host.task.outcome is not None
    assert not host.task.outcome.retryable
    assert os.listdir(source) == []
    assert not destination.exists()


async def test_destination_too_small_fails_before_anything_is_copied(source: Path, small_disk: Path) -> None:
    (source / "large").write_bytes(os.urandom(6 * MIB))
    host = Host(source_path=source, destination_path=small_disk)
    await host.run()
    reason, message = host.failure()
    assert reason == "NOT_ENOUGH_SPACE"
    assert "lacks 2.0 MiB: the backup needs 6.0 MiB, 4.0 MiB are free" in message
    assert os.listdir(small_disk) == []


async def test_destination_that_fills_up_on_the_way_fails_clearly_and_keeps_what_is_finished(
    source: Path, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer, "CONCURRENCY", 1)
    (source / "a").write_bytes(os.urandom(MIB))
    (source / "b").write_bytes(os.urandom(2 * MIB))
    host = Host(source_path=source, destination_path=small_disk)

    def fill(host: Host, call: str) -> None:
        if call == "prepare: stage_finished":
            (small_disk / "somebody else").write_bytes(bytes(2 * MIB))

    host.on_call = fill
    await host.run()
    reason, message = host.failure()
    assert reason == "NOT_ENOUGH_SPACE"
    assert "is full" in message
    assert host.items(state=ItemState.DONE) == {b"a": ""}
    os.unlink(small_disk / "somebody else")
    host.on_call = None
    await host.run()
    assert host.result()["files"] == 2
    assert (small_disk / "b").read_bytes() == (source / "b").read_bytes()


async def test_differences_after_the_transfer_fail_the_task_and_are_listed(
    source: Path, destination: Path
) -> None:
    a_tree(source)
    host = Host(source_path=source, destination_path=destination, verify="checksum")

    def tamper(host: Host, call: str) -> None:
        if call == "transfer: stage_finished":
            for name in ("folder 3/file 3", "folder 4/file 4"):
                facts = os.stat(destination / name)
                content = bytearray((destination / name).read_bytes())
                content[7] ^= 1
                (destination / name).write_bytes(content)
                os.utime(destination / name, ns=(facts.st_mtime_ns, facts.st_mtime_ns))

    host.on_call = tamper
    await host.run()
    reason, message = host.failure()
    assert reason == "VERIFICATION_FAILED"
    assert message.startswith("2 of 44 copies differ from their sources: folder 3/file 3 (has checksum")
    assert set(host.items("differences")) == {b"folder 3/file 3", b"folder 4/file 4"}


async def test_source_that_is_gone_as_a_whole_is_no_reason_to_skip_every_file(
    source: Path, destination: Path
) -> None:
    a_tree(source)
    host = Host(source_path=source, destination_path=destination)

    def unmount(host: Host, call: str) -> None:
        if call == "prepare: stage_finished":
            source.rename(source.with_name("elsewhere"))

    host.on_call = unmount
    await host.run()
    assert host.task.outcome is not None
    assert host.task.outcome.retryable
    assert host.task.outcome.retry_after_ms == 30_000
    assert host.items(state=ItemState.SKIPPED) == {}
    source.with_name("elsewhere").rename(source)
    host.on_call = None
    await host.run()
    assert host.result()["files"] == 44


async def test_item_that_a_person_took_off_the_list_is_left_alone(source: Path, destination: Path) -> None:
    a_tree(source)
    host = Host(source_path=source, destination_path=destination)

    def untick(host: Host, call: str) -> None:
        if call == "prepare: stage_finished":
            for item in host.task.manifests["items"].items.values():
                if item.key == b"holes":
                    item.state = manifest_pb2.ITEM_STATE_EXCLUDED

    host.on_call = untick
    await host.run()
    assert host.result()["files"] == 43
    assert not (destination / "holes").exists()
    assert (destination / "link").is_symlink()


async def test_many_small_files_go_through_with_several_at_once(source: Path, destination: Path) -> None:
    for number in range(3000):
        (source / str(number)).write_bytes(b"x" * (number % 100))
    host = Host(source_path=source, destination_path=destination)
    await asyncio.wait_for(host.run(), 240)
    assert host.result()["files"] == 3000
    assert len(host.items(state=ItemState.DONE)) == 3001


async def test_users_own_bench_runs_a_backup_with_kills_at_its_checkpoints(
    source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_tree(source)
    monkeypatch.setattr(backup, "_KEEP_S", 0.0)
    config = BackupConfig(str(source), str(destination), verify="checksum")
    run = await testing.run(backup_file, config, fail_at_checkpoint=[1, 2, 4])
    assert run.attempts == [AttemptResult.LOST] * 3 + [AttemptResult.SUCCESS]
    assert run.result == backup.Result(
        files=44,
        bytes=run.result.bytes,
        skipped=1,
        verify="checksum",
        verified=44,
        verified_bytes=run.result.bytes,
    )
