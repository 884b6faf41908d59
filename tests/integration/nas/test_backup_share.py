"""How much `backup_file` may mark without being told to."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.integration.nas.hosts import Host
from tests.unit.nas.trees import describe


async def backed_up(source: Path, destination: Path, **config: Any) -> Host:
    host = Host(source_path=source, destination_path=destination, delete_extra="mark", **config)
    await host.run()
    return host


def fill(folder: Path, count: int) -> None:
    (folder / "d").mkdir()
    for number in range(count):
        (folder / "d" / f"{number:03}").touch()


def entries(folder: Path) -> int:
    return sum(1 for path in folder.rglob("*") if ".asynctask-" not in str(path))


async def test_most_of_a_destination_is_marked_only_when_that_is_meant(
    source: Path, destination: Path
) -> None:
    """Fails when a source of which most cannot be seen empties the destination."""
    fill(source, 200)
    (await backed_up(source, destination)).result()
    kept = describe(destination)
    for number in range(50, 200):
        (source / "d" / f"{number:03}").unlink()
    host = await backed_up(source, destination)
    reason, message = host.failure()
    assert reason == "TOO_MUCH_MARKED"
    assert message.startswith("150 entries of 201 at the destination ('d/050', 'd/051'")
    assert "and 145 more" in message
    assert message.endswith('submit it with "most_marked_percent": 75')
    assert host.task.outcome is not None
    assert not host.task.outcome.retryable
    assert describe(destination) == kept
    (await backed_up(source, destination, most_marked_percent=75)).result()
    assert entries(destination) == 51


async def test_entries_in_a_folder_count_and_few_are_no_share(source: Path, destination: Path) -> None:
    """Fails when a folder that moves as a whole counts as one, or a small destination cannot be tidied."""
    fill(source, 99)
    (source / "keep").touch()
    (await backed_up(source, destination)).result()
    (destination / "d/one more").touch()
    shutil.rmtree(source / "d")
    host = await backed_up(source, destination)
    assert host.failure()[1].startswith("101 entries of 102 at the destination ('d')")
    for name in ("one more", "000"):
        (destination / "d" / name).unlink()
    (await backed_up(source, destination)).result()
    assert entries(destination) == 1


@pytest.mark.parametrize("count", [1, 150])
async def test_empty_source_marks_nothing_unless_it_is_meant_to_be_empty(
    source: Path, destination: Path, count: int
) -> None:
    fill(source, count)
    (await backed_up(source, destination)).result()
    shutil.rmtree(source / "d")
    for percent in (50, 100):
        host = await backed_up(source, destination, most_marked_percent=percent)
        reason, message = host.failure()
        assert reason == "SOURCE_EMPTY"
        assert message.startswith(
            f"the source '{source}' is empty, and {count + 1} entries of {count + 1} at "
        )
        assert '"allow_empty_source": true' in message
        assert entries(destination) == count + 1
    (await backed_up(source, destination, allow_empty_source=True)).result()
    assert entries(destination) == 0


async def test_excluded_entries_and_our_own_folders_are_no_part_of_the_share(
    source: Path, destination: Path
) -> None:
    fill(source, 150)
    (await backed_up(source, destination)).result()
    for number in range(300):
        (destination / f"{number}.tmp").touch()
        (destination / ".asynctask-removed").mkdir(exist_ok=True)
        (destination / ".asynctask-removed" / str(number)).touch()
    for number in range(120):
        (source / "d" / f"{number:03}").unlink()
    host = await backed_up(source, destination, exclude=["*.tmp"])
    assert host.failure()[1].startswith("120 entries of 151 at the destination")


async def test_share_is_counted_right_after_a_kill(source: Path, destination: Path, monkeypatch: Any) -> None:
    from asynctask_nas import backup

    fill(source, 300)
    (await backed_up(source, destination)).result()
    for number in range(140):
        (source / "d" / f"{number:03}").unlink()
    monkeypatch.setattr(backup, "_KEEP_S", 0.0)
    host = Host(source_path=source, destination_path=destination, delete_extra="mark")
    host.kill_at = 4
    await host.run()
    host.kill_at = None
    await host.run()
    host.result()
    assert entries(destination) == 161
    assert len(os.listdir(destination / ".asynctask-removed")) == 1
