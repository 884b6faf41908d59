"""How much `backup_file` may mark without being told to."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from asynctask import ItemState
from asynctask_core.errors import TooMuchMarked
from asynctask_nas.config import BackupConfig
from asynctask_nas.position import Compared
from asynctask_nas.share import check_share
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
    assert len(host.items("changes")) >= 150  # for people to look through
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


async def test_what_gives_way_to_another_kind_counts_like_what_is_marked(
    source: Path, destination: Path
) -> None:
    """Fails when a file in the place of a folder empties the destination, with "keep" too, without a warning."""
    fill(source, 150)
    (source / "keep").touch()
    (await backed_up(source, destination)).result()
    shutil.rmtree(source / "d")
    (source / "d").write_text("a file now")
    for extra in ("keep", "mark"):
        host = Host(source_path=source, destination_path=destination, delete_extra=extra)
        await host.run()
        reason, message = host.failure()
        assert reason == "TOO_MUCH_MARKED"
        assert message.startswith(
            "151 entries of 152 at the destination (the folder 'd') would be displaced, more than "
        )
        assert message.endswith('"most_marked_percent": 100')
        assert entries(destination) == 152
    host = await backed_up(source, destination, most_marked_percent=100)
    assert host.result()["displaced"] == 151
    assert host.task.warnings.by_code() == {"DISPLACED": 151}
    assert (destination / "d").read_text() == "a file now"
    (removed,) = (destination / ".asynctask-removed").iterdir()
    assert len(os.listdir(removed / "d")) == 150
    again = await backed_up(source, destination)
    assert again.task.warnings.by_code() == {}


@pytest.mark.parametrize("kill", [False, True])
async def test_what_gives_way_is_named_with_its_kind_and_the_place_where_it_is_now(
    source: Path, destination: Path, kill: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """Fails when only a look into the destination tells what it was, or when it is told as moved before it is."""
    caplog.set_level("INFO", "asynctask.task")
    (source / "file").touch()
    (source / "folder").mkdir()
    (source / "link").symlink_to("file")
    (await backed_up(source, destination)).result()
    (source / "file").unlink()
    (source / "file").mkdir()
    (source / "file" / "inside").touch()
    (source / "folder").rmdir()
    (source / "folder").touch()
    (source / "link").unlink()
    (source / "link").mkdir()
    (source / "pipe").touch()
    os.mkfifo(destination / "pipe")
    host = Host(source_path=source, destination_path=destination)
    if kill:  # all of it was moved, and nothing is marked
        host.on_call = lambda host, call: host.kill() if call == "transfer: manifest items" else None
        assert await host.run() is None
        host.on_call = None
    await host.run()
    host.result()
    (removed,) = (destination / ".asynctask-removed").iterdir()
    place = removed.relative_to(destination)
    names = "the file 'file', the folder 'folder', the symbolic link 'link', the named pipe 'pipe'"
    said = f"{names}: the source has another kind of entry there; 4 entries {{}} to {place}"
    assert said.format("will move") in [record.getMessage() for record in caplog.records]
    assert ("compare", "DISPLACED") not in dict(host.task.warnings)
    warning = dict(host.task.warnings)["transfer", "DISPLACED"]
    assert warning.total == 4
    assert sorted(warning.text.partition(":")[0].split(", ")) == sorted(names.split(", "))
    assert warning.text.endswith(f"; 4 entries moved to {place}")
    notes = {os.fsdecode(key): note for key, note in host.items(state=ItemState.DONE).items() if note}
    assert notes == {
        name: f"the {kind} that was there before is {place}/{name} now"
        for name, kind in (
            ("file", "file"),
            ("folder", "folder"),
            ("link", "symbolic link"),
            ("pipe", "named pipe"),
        )
    }


async def test_what_gives_way_is_named_also_when_the_comparison_did_not_see_it(
    source: Path, destination: Path
) -> None:
    """Fails when only what was compared as another kind is told."""
    (source / "file").touch()
    host = Host(source_path=source, destination_path=destination)
    host.on_call = lambda _, call: (
        (destination / "file").mkdir() if call == "prepare: stage_finished" else None
    )
    await host.run()
    host.result()
    warning = dict(host.task.warnings)["transfer", "DISPLACED"]
    assert warning.total == 1
    assert warning.text.startswith(
        "the folder 'file': the source has another kind of entry there; 1 entry moved to "
    )


def test_what_gives_way_and_what_is_marked_are_told_together() -> None:
    config = BackupConfig("/source", "/destination", most_marked_percent=10)
    found = Compared(existing=200, has_content=True, marks=2, marked=80, displacements=9, displaced=30)
    found.examples, found.displaced_examples = ["'a'", "'b'"], ["'c'", "'d'", "'e'", "'f'", "'g'"]
    with pytest.raises(TooMuchMarked) as caught:
        check_share(config, found)
    told = "110 entries of 200 at the destination ('a', 'b', 'c', 'd', 'e' and 6 more) would be marked or displaced, "
    assert str(caught.value).startswith(told)
    assert caught.value.metadata == {"marked": "80", "displaced": "30", "existing": "200"}


@pytest.mark.parametrize(
    "names",
    [
        ["lost+found/"],
        ["System Volume Information/IndexerVolumeGuid", "$RECYCLE.BIN/desktop.ini"],
        [".Trashes/", ".fseventsd/fseventsd-uuid", ".Spotlight-V100/VolumeConfiguration.plist", ".DS_Store"],
        ["@eaDir/x", "#recycle/old", ".Trash-1000/files/old", ".asynctask-removed/x"],
    ],
)
async def test_source_with_only_what_systems_put_there_is_empty(
    source: Path, destination: Path, names: list[str]
) -> None:
    """Fails when an emptied disk marks all of its backup since its file system keeps a folder of its own there."""
    fill(source, 10)
    (await backed_up(source, destination)).result()
    shutil.rmtree(source / "d")
    for name in names:
        (source / name).parent.mkdir(exist_ok=True, parents=True)
        (source / name).mkdir() if name.endswith("/") else (source / name).touch()
    assert (await backed_up(source, destination)).failure()[0] == "SOURCE_EMPTY"
    assert (destination / "d/009").exists()
    host = Host(source_path=source, destination_path=destination)
    await host.run()
    assert "SOURCE_EMPTY" in host.task.warnings.by_code()
    (source / "mine").touch()
    (await backed_up(source, destination)).result()
    assert not (destination / "d").exists()
