"""`verify: all` reads everything that the source has; `repair` copies what differs once more."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any, NoReturn

import pytest

from asynctask import ItemState, Requested
from asynctask_core.ids import id_text, id_time_ms
from asynctask_nas import durable, verify, verifying
from asynctask_nas.changes import Action, Change
from asynctask_nas.copy import PartialCopy
from asynctask_nas.entries import Skipped
from asynctask_nas.looks import Look, no_look
from asynctask_nas.perform import Performer
from asynctask_nas.repair import Repairer
from asynctask_nas.tree import Tree
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
    again = Host(source_path=tree, destination_path=destination)
    await again.run()
    assert again.result()["files"] == 0, "nobody knows which side rotted: only `repair` replaces the copy"


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
    [removed] = (destination / ".asynctask-removed").iterdir()
    assert dict(host.task.warnings)["verify", "REPAIRED"].text == (
        f"differed, copied again; what was there before is in {removed.relative_to(destination)}; "
        f"see asynctask items {id_text(host.task_id)} --manifest differences"
    )
    again = Host(source_path=tree, destination_path=destination, verify="all")
    await again.run()
    assert (again.result()["verified"], again.result()["repaired"]) == (44, 0)
    assert again.items() == {}


async def test_repair_that_could_not_be_flushed_is_none(
    tree: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when a new copy counts that can be read from memory, and may not be on storage."""
    await Host(source_path=tree, destination_path=destination).run()
    rot(destination / "folder 2/file 9")

    def fails(_: int) -> NoReturn:
        raise OSError(errno.EIO, "Input/output error")

    def breaks(_: Host, call: str) -> None:
        if call == "transfer: stage_finished":
            monkeypatch.setattr(durable, "_sync", fails)

    host = Host(source_path=tree, destination_path=destination, verify="all", repair=True)
    host.on_call = breaks
    await host.run()
    assert host.failure()[0] == "VERIFICATION_FAILED"
    assert list(host.items("differences", ItemState.FAILED)) == [b"folder 2/file 9"]
    monkeypatch.undo()
    again = Host(source_path=tree, destination_path=destination, verify="all")
    await again.run()
    assert b"folder 2/file 9" in again.items()
    again.result()


async def test_all_goes_on_where_it_was_killed(
    tree: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
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


@pytest.mark.parametrize("repair", [False, True])
async def test_difference_is_listed_once_although_the_verification_was_killed(
    tree: Path, destination: Path, monkeypatch: pytest.MonkeyPatch, repair: bool
) -> None:
    """Fails when what a killed attempt listed after its last checkpoint is listed again by the next one."""
    monkeypatch.setattr(verifying, "_KEEP_S", 0.0)
    rotten = [f"folder 2/file {number}" for number in (16, 23, 9)]
    for name in rotten if repair else ():
        os.link(tree / name, tree / f"{name} too")  # a repair of several names is remembered before it begins
    await Host(source_path=tree, destination_path=destination).run()
    for name in rotten:
        rot(destination / name)
    host = Host(source_path=tree, destination_path=destination, verify="all", repair=repair)

    def listed() -> list[bytes]:
        found = host.task.manifests.get("differences")
        return [item.key for item in found.items.values()] if found else []

    def kill(host: Host, call: str) -> None:
        if call == "verify: checkpoint" and len(listed()) == 2:
            host.kill()

    host.on_call = kill
    assert await host.run() is None
    host.on_call = None
    outcome = await host.run()
    assert outcome is not None
    assert sorted(set(listed())) == sorted(listed())
    assert set(listed()).issuperset(name.encode() for name in rotten)
    states = {item.state for item in host.task.manifests["differences"].items.values()}
    assert states == {(ItemState.DONE if repair else ItemState.FAILED).number}


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
    assert host.link.reports[-1][-1] == "44 of 44 files"


async def test_file_that_was_only_given_a_mode_is_not_waited_for_by_the_progress_of_verify(
    source: Path, destination: Path
) -> None:
    """Fails when verify ends at "1 of 2 files"."""
    for name in ("a", "b"):
        (source / name).write_text(name)
    await Host(source_path=source, destination_path=destination).run()
    (source / "a").chmod(0o600)
    (source / "b").write_text("newer")
    host = Host(source_path=source, destination_path=destination)
    await host.run()
    result = host.result()
    assert (result["files"], result["attributes_only"], result["verified"]) == (1, 1, 1)
    assert host.link.reports[-1][-1] == "1 of 1 file"


async def test_names_of_one_file_count_as_the_result_says(source: Path, destination: Path) -> None:
    (source / "a").write_bytes(b"x" * 500)
    os.link(source / "a", source / "b")
    for config, verified_bytes in (("checksum", 500), ("all", 1000)):
        target = destination / config
        host = Host(source_path=source, destination_path=target, verify=config)
        await host.run()
        assert (host.result()["files"], host.result()["verified"]) == (2, 2)
        assert (host.result()["bytes"], host.result()["verified_bytes"]) == (500, verified_bytes)


async def test_content_of_a_file_with_holes_is_verified_to_the_byte(source: Path, destination: Path) -> None:
    """Fails when the blocks that it takes are counted: `verified_bytes` was more than there was to copy."""
    with (source / "sparse").open("wb") as file:
        file.seek(1 << 20)
        file.write(b"x" * 500)
    # Only its last bytes are content where the system tells where holes are.
    if (source / "sparse").stat().st_blocks * 512 >= 1 << 20:
        pytest.skip("this file system keeps no holes")
    host = Host(source_path=source, destination_path=destination, verify="all")
    await host.run()
    result = host.result()
    assert result["bytes"] == result["verified_bytes"]


async def test_pause_in_the_middle_of_a_repair_loses_nothing(
    tree: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifying, "_SAY_S", 0.0)
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


async def test_repair_is_told_although_the_attempt_that_made_it_was_killed(
    tree: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when the next attempt finds that nothing differs: nobody heard that a copy had rotted."""
    await Host(source_path=tree, destination_path=destination).run()
    rot(destination / "folder 1/file 8")
    host = Host(source_path=tree, destination_path=destination, verify="all", repair=True)
    renew = Repairer.repair

    def killed(repairer: Repairer, *arguments: Any) -> Any:
        after = renew(repairer, *arguments)
        host.kill()
        return after

    with monkeypatch.context() as patch:
        patch.setattr(Repairer, "repair", killed)
        assert await host.run() is None
    assert (destination / "folder 1/file 8").read_bytes() == (tree / "folder 1/file 8").read_bytes()
    await host.run()
    assert host.result()["repaired"] == 1
    assert host.items("differences", ItemState.DONE).keys() == {b"folder 1/file 8"}


@pytest.mark.parametrize("everything", [True, False])
async def test_every_name_of_a_file_is_a_name_of_its_repaired_copy(
    source: Path, destination: Path, everything: bool
) -> None:
    """Fails when a new name of a rotten copy is called repaired, or cannot be, or when names part from each other."""
    (source / "a").write_bytes(os.urandom(500))
    os.link(source / "a", source / "b")
    await Host(source_path=source, destination_path=destination).run()
    rot(destination / "a")
    names = ["a", "b"]
    if everything:
        host = Host(source_path=source, destination_path=destination, verify="all", repair=True)
    else:
        # Only this one is compared, and every name is to be repaired.
        os.link(source / "a", source / "new")
        names.append("new")
        host = Host(source_path=source, destination_path=destination, verify="checksum", repair=True)
    await host.run()
    assert host.result()["repaired"] == host.result()["verified"] == (2 if everything else 1)
    assert len({(destination / name).stat().st_ino for name in names}) == 1
    for name in names:
        assert (destination / name).read_bytes() == (source / "a").read_bytes()
    again = Host(source_path=source, destination_path=destination, verify="all")
    await again.run()
    again.result()
    assert describe(destination) == describe(source)


async def test_progress_moves_within_what_is_repaired_or_read_through_another_name(
    source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when nothing moves for as long as a large file takes, or when the bar goes back for what is repaired."""
    monkeypatch.setattr(verifying, "_SAY_S", -1.0)
    (source / "a").write_bytes(os.urandom(5 << 20))
    await Host(source_path=source, destination_path=destination).run()
    rot(destination / "a")
    os.link(source / "a", source / "new")
    host = Host(source_path=source, destination_path=destination, verify="checksum", repair=True)
    moved: list[tuple[float, float]] = []
    said: dict[str, set[str]] = {"copied again": set(), "compared again": set()}

    def note(host: Host, stage: str) -> None:
        if stage == "verify" and host.attempt.progress is not None:
            moved.append(host.attempt.progress[:2])
            *_, message = host.attempt.progress
            for what, sizes in said.items():
                if what in message:
                    sizes.add(message)

    host.on_progress = note
    await host.run()
    assert host.result()["repaired"] == 1
    # Compared, copied and compared again; a link has no content of its own, but what is read is shown.
    done = [one for one, _ in moved]
    assert done == sorted(done)
    assert len(set(done)) >= 5
    assert all(len(sizes) >= 5 for sizes in said.values()), said
    assert moved[-1] == (5 << 20, 5 << 20)
    assert all(done <= total for done, total in moved)


@pytest.mark.parametrize("how", ["size", "all"])
async def test_every_name_of_a_symbolic_link_counts_and_stays_one_with_the_others_when_it_is_repaired(
    source: Path, destination: Path, how: str
) -> None:
    os.symlink("target", source / "a")
    for name in ("b", "c"):
        os.link(source / "a", source / name, follow_symlinks=False)

    def turn(_: Host, call: str) -> None:
        if call == "transfer: stage_finished":
            (destination / "b").unlink()
            os.symlink("elsewhere", destination / "b")

    host = Host(source_path=source, destination_path=destination, verify=how, repair=True)
    host.on_call = turn
    await host.run()
    result = host.result()
    assert (result["files"], result["verified"], result["repaired"]) == (3, 3, 1)
    assert len({(destination / name).lstat().st_ino for name in "abc"}) == 1
    assert describe(destination) == describe(source)


async def test_name_that_cannot_be_made_one_of_the_repaired_copy_is_a_warning(
    source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when only the log tells that a name still leads to the copy that rotted, or when a kill counts it twice."""
    (source / "a").write_bytes(os.urandom(500))
    os.link(source / "a", source / "b")
    await Host(source_path=source, destination_path=destination).run()
    rot(destination / "a")
    os.link(source / "a", source / "new")
    real = Performer.perform

    def perform(self: Performer, change: Change, part: PartialCopy) -> None:
        if change.action is Action.LINK and change.path == b"b":
            raise OSError(errno.EMLINK, "Too many links")
        real(self, change, part)

    monkeypatch.setattr(Performer, "perform", perform)
    host = Host(source_path=source, destination_path=destination, verify="checksum", repair=True)
    host.on_call = lambda host, call: host.kill() if call == "verify: outcome" else None
    assert await host.run() is None
    host.on_call = None
    await host.run()
    assert host.result()["repaired"] == 1
    found = dict(host.task.warnings)["verify", "NAMES_APART"]
    assert found.total == 1
    assert "b is not made a name of the repaired copy at new: [Errno 31] Too many links" in found.text


@pytest.mark.parametrize("call", ["verify: checkpoint", "verify: manifest differences"])
async def test_names_of_a_repaired_file_stay_one_file_although_the_repair_was_killed(
    source: Path, destination: Path, call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when the next attempt does not know any more what was repaired: its other names kept the rotten copy."""
    monkeypatch.setattr(verifying, "_KEEP_S", 0.0)
    for name in ("one", "two"):
        (source / name).write_bytes(os.urandom(500))
        os.link(source / name, source / f"{name} b")
    await Host(source_path=source, destination_path=destination).run()
    config: dict[str, Any] = {"verify": "checksum", "repair": True}
    for number in range(1, 4):
        for name in ("one", "two"):
            os.link(source / name, source / f"{name} {number}")
            rot(destination / name)
        host = Host(source_path=source, destination_path=destination, **config)
        calls = 0

        def kill(host: Host, made: str, at: int = number) -> None:
            nonlocal calls
            calls += made == call
            if calls == at:
                host.kill()

        host.on_call = kill
        if await host.run() is None:
            host.on_call = None
            await host.run()
        assert host.result()["repaired"] == 2
        assert describe(destination) == describe(source)


@pytest.mark.parametrize("becomes", ["newer", "gone", "closed"])
async def test_source_that_changes_while_its_copy_is_repaired_is_no_corruption(
    tree: Path, destination: Path, becomes: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when the task ends as VERIFICATION_FAILED for a source that was written, or denied, in the meantime."""
    await Host(source_path=tree, destination_path=destination).run()
    rot(destination / "folder 2/file 9")
    original, real = tree / "folder 2/file 9", Performer.perform

    def perform(self: Performer, change: Change, part: PartialCopy) -> None:
        if change.action is Action.COPY:
            if becomes == "newer":
                real(self, change, part)
                original.write_text("newer")
                return
            if becomes == "gone":
                original.unlink()
            if becomes == "closed":
                monkeypatch.setattr(verify, "_opened", denied)
                raise Skipped("permission denied")
        real(self, change, part)

    def denied(*_: object) -> NoReturn:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Performer, "perform", perform)
    host = Host(source_path=tree, destination_path=destination, verify="all", repair=True)
    await host.run()
    count = (
        ("unreadable", "SOURCE_UNREADABLE") if becomes == "closed" else ("changed_since", "SOURCE_CHANGED")
    )
    assert host.result()["repaired"] == 0
    # What comes after it in the walk cannot be read either.
    assert host.result()[count[0]] >= 1
    assert host.items("differences") == {}
    warning = dict(host.task.warnings)["verify", count[1]]
    assert warning.total == host.result()[count[0]]
    assert "folder 2/file 9" in warning.text


async def test_source_that_cannot_be_read_again_is_told_and_counts_as_not_verified(
    tree: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.open

    def opens(path: Any, *words: Any, **more: Any) -> int:
        if path == b"file 9" and "destination" not in os.readlink(f"/proc/self/fd/{more['dir_fd']}"):
            raise OSError(errno.EIO, "Input/output error", path)
        return real(path, *words, **more)

    def break_it(host: Host, call: str) -> None:
        if call == "transfer: stage_finished":
            monkeypatch.setattr(os, "open", opens)

    host = Host(source_path=tree, destination_path=destination, verify="checksum")
    host.on_call = break_it
    await host.run()
    assert (host.result()["verified"], host.result()["unreadable"]) == (43, 1)
    # Not those of what could not be read.
    assert (
        host.result()["verified_bytes"] == host.result()["bytes"] - (tree / "folder 2/file 9").stat().st_size
    )
    warning = dict(host.task.warnings)["verify", "SOURCE_UNREADABLE"]
    assert warning.total == 1
    said = "source unreadable, so not verified: folder 2/file 9 (input/output error); what was copied stays"
    assert warning.text == said


@pytest.mark.parametrize("side", ["source", "destination"])
async def test_folder_that_cannot_be_read_any_more_is_told_by_all(
    tree: Path, destination: Path, side: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when what lies in it counts neither as verified nor as anything else, and nothing is said."""
    real = Tree.names

    def names(self: Tree, path: bytes, look: Look = no_look) -> list[bytes]:
        if path == b"folder 2" and self.path.endswith(side.encode()):
            raise OSError(errno.EIO, "Input/output error")
        return real(self, path, look)

    def break_it(host: Host, call: str) -> None:
        if call == "transfer: stage_finished":
            monkeypatch.setattr(Tree, "names", names)

    host = Host(source_path=tree, destination_path=destination, verify="all", repair=True)
    host.on_call = break_it
    await host.run()
    if side == "source":
        assert host.result()["unreadable"] == 1
        text = dict(host.task.warnings)["verify", "SOURCE_UNREADABLE"].text
        assert "folder 2 (folder cannot be read: input/output error)" in text
    else:
        reason, message = host.failure()
        assert reason == "VERIFICATION_FAILED"
        assert "folder 2 (destination: folder cannot be read: input/output error)" in message


async def test_repair_without_verify_is_refused(tree: Path, destination: Path) -> None:
    host = Host(source_path=tree, destination_path=destination, verify="none", repair=True)
    await host.run()
    reason, message = host.failure()
    assert reason == "CONFIG_INVALID"
    assert message == 'repair: needs verify to be "size", "checksum" or "all"; got verify "none"'


@pytest.mark.parametrize("to", ["renamed", "folder 1"])
async def test_folder_that_is_renamed_after_the_comparison_is_no_difference(
    tree: Path, destination: Path, to: str
) -> None:
    """Fails when its files, which did not change, count as missing or other copies: the next run takes them."""
    for name in ("folder 1", "folder 2"):
        (tree / name / "one").write_text(name)
        os.utime(tree / name, (1, 1))

    def rename(host: Host, call: str) -> None:
        if call == "transfer: stage_finished":
            if to != "renamed":
                (tree / to).rename(tree / "away")
            (tree / "folder 2").rename(tree / to)

    host = Host(source_path=tree, destination_path=destination, verify="all", repair=True)
    host.on_call = rename
    await host.run()
    assert host.result()["repaired"] == 0
    assert host.result()["changed_since"] > 6
    assert not (destination / "renamed").exists()
    host = Host(source_path=tree, destination_path=destination, verify="all", delete_extra="mark")
    await host.run()
    assert host.result()["skipped"] == 0
    assert describe(destination) == describe(tree)


@pytest.mark.parametrize("touched", [".", "folder 1", "folder 1/file 8"])
async def test_copy_that_rotted_is_a_difference_although_the_mode_of_something_has_changed_since(
    tree: Path, destination: Path, touched: str
) -> None:
    """Fails when it counts as changed since: the next run does not take it, for its size and time are right."""
    await Host(source_path=tree, destination_path=destination).run()
    rot(destination / "folder 1/file 8")
    for path in (tree, tree / "folder 1"):
        os.utime(path, (1, 1))
    host = Host(source_path=tree, destination_path=destination, verify="all")
    submitted_ns = id_time_ms(host.task_id) * 10**6

    def touch(host: Host, call: str) -> None:
        while call == "transfer: stage_finished" and (tree / touched).stat().st_ctime_ns <= submitted_ns:
            (tree / touched).chmod(0o750)

    host.on_call = touch
    await host.run()
    assert host.failure()[0] == "VERIFICATION_FAILED"
    assert host.items("differences").keys() == {b"folder 1/file 8"}


async def test_copy_that_is_missing_in_a_folder_that_did_not_change_is_a_difference(
    tree: Path, destination: Path
) -> None:
    host = Host(source_path=tree, destination_path=destination, verify="all")
    host.on_call = lambda host, call: (
        (destination / "folder 2/file 2").unlink() if call == "transfer: stage_finished" else None
    )
    await host.run()
    assert host.failure()[0] == "VERIFICATION_FAILED"
