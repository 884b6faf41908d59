"""`backup_file` that cannot be done: it fails clearly, and keeps what is finished."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from asynctask import ItemState
from asynctask_nas import transfer
from tests.integration.nas.hosts import Host
from tests.unit.nas.trees import a_tree

MIB = 1 << 20


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
