"""`verify: all` reads everything that the source has; `repair` copies what differs once more."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from asynctask import ItemState, Requested
from tests.integration.nas.hosts import Host
from tests.unit.nas.trees import a_tree, describe


@pytest.fixture
def tree(source: Path) -> Path:
    a_tree(source)
    os.unlink(source / "pipe")
    return source


def rot(file: Path) -> None:
    """Change a byte, and nothing that a listing shows."""
    facts = file.stat()
    with file.open("r+b") as opened:
        opened.seek(100)
        byte = opened.read(1)
        opened.seek(100)
        opened.write(bytes([byte[0] ^ 1]))
    os.utime(file, ns=(facts.st_atime_ns, facts.st_mtime_ns))


def set_aside(destination: Path) -> dict[str, bytes]:
    folder = destination / ".asynctask-removed"
    return {
        str(path.relative_to(folder)).partition("/")[2]: path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


async def test_copy_of_an_earlier_run_that_rotted_is_found_by_all_and_by_nothing_else(
    tree: Path, destination: Path
) -> None:
    await Host(source_path=tree, destination_path=destination).run()
    rot(destination / "folder 2/file 9")
    checksum = Host(source_path=tree, destination_path=destination, verify="checksum")
    await checksum.run()
    assert checksum.result()["verified"] == 0
    everything = Host(source_path=tree, destination_path=destination, verify="all")
    await everything.run()
    reason, message = everything.failure()
    assert reason == "VERIFICATION_FAILED"
    assert message.startswith("1 of 44 copies differ from their sources: folder 2/file 9 (has checksum ")
    assert list(everything.items("differences", ItemState.FAILED)) == [b"folder 2/file 9"]
    done = [report for report in everything.link.reports if report[0] == "verify"]
    assert [report[1] for report in done] == sorted(report[1] for report in done)
    assert done[-1][1] == done[-1][2]


async def test_repair_copies_what_differs_once_more_and_sets_the_other_copy_aside(
    tree: Path, destination: Path
) -> None:
    await Host(source_path=tree, destination_path=destination).run()
    rotten = destination / "folder 2/file 9"
    rot(rotten)
    content = rotten.read_bytes()
    os.unlink(destination / "folder 3/file 10")
    before = describe(tree)

    def lose(host: Host, call: str) -> None:
        # After the comparison, so that only the verification can find it.
        if call == "transfer: stage_finished" and (destination / "link").is_symlink():
            (destination / "link").unlink()

    host = Host(source_path=tree, destination_path=destination, verify="all", repair=True)
    host.on_call = lose
    await host.run()
    assert host.result()["repaired"] == 2
    repaired = host.items("differences", ItemState.DONE)
    assert repaired == host.items("differences")
    assert len(repaired) == 2
    assert all(error.endswith("; repaired") for error in repaired.values())
    assert describe(tree) == before
    assert {key: facts for key, facts in describe(destination).items() if key in before} == before
    assert set_aside(destination) == {"folder 2/file 9": content}
    assert ("verify", "REPAIRED") in dict(host.task.warnings)
    again = Host(source_path=tree, destination_path=destination, verify="all")
    await again.run()
    assert (again.result()["verified"], again.result()["repaired"]) == (44, 0)
    assert again.items() == {}


async def test_all_goes_on_where_it_was_killed(
    tree: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from asynctask_nas import verifying

    monkeypatch.setattr(verifying, "_KEEP_S", 0.0)
    await Host(source_path=tree, destination_path=destination).run()
    host = Host(source_path=tree, destination_path=destination, verify="all")
    checkpoints = 0

    def kill(host: Host, call: str) -> None:
        nonlocal checkpoints
        checkpoints += call == "verify: checkpoint"
        if checkpoints == 20:
            host.kill()

    host.on_call = kill
    assert await host.run() is None
    host.on_call = None
    reads = len(host.link.reports)
    await host.run()
    assert host.result()["verified"] == 44
    first = next(report for report in host.link.reports[reads:] if report[0] == "verify")
    assert first[1] > 0


async def test_source_that_changed_meanwhile_is_no_difference_for_all(tree: Path, destination: Path) -> None:
    def change(host: Host, call: str) -> None:
        if call == "transfer: stage_finished":
            (tree / "folder 2/file 9").write_text("newer")
            (tree / "new").write_text("new")

    host = Host(source_path=tree, destination_path=destination, verify="all", repair=True)
    host.on_call = change
    await host.run()
    assert host.result()["changed_since"] == 2
    assert host.result()["repaired"] == 0


async def test_what_was_skipped_is_no_difference_for_all(tree: Path, destination: Path) -> None:
    os.mkfifo(tree / "pipe")
    host = Host(source_path=tree, destination_path=destination, verify="all")
    await host.run()
    assert host.result()["skipped"] == 1
    assert host.result()["verified"] == 44


async def test_pause_in_the_middle_of_a_repair_loses_nothing(tree: Path, destination: Path) -> None:
    (tree / "large").write_bytes(os.urandom(20 << 20))
    await Host(source_path=tree, destination_path=destination).run()
    rot(destination / "large")
    host = Host(source_path=tree, destination_path=destination, verify="all", repair=True)
    seen = 0

    def pause(host: Host, stage: str) -> None:
        nonlocal seen
        seen += stage == "verify"
        if seen == 30:
            host.ask(Requested.PAUSE)

    host.on_progress = pause
    await host.run()
    host.on_progress = None
    host.ask(None)
    await host.run()
    assert host.result()["repaired"] == 1
    assert (destination / "large").read_bytes() == (tree / "large").read_bytes()


async def test_repair_without_verify_is_refused(tree: Path, destination: Path) -> None:
    host = Host(source_path=tree, destination_path=destination, verify="none", repair=True)
    await host.run()
    reason, message = host.failure()
    assert reason == "CONFIG_INVALID"
    assert message == 'repair: needs verify to be "size", "checksum" or "all"; got verify "none"'
