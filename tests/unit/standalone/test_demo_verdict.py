"""What the demo says of what it saw."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from asynctask import FailureInfo, ProgressInfo, TaskInfo, TaskState
from asynctask_standalone.demo import verdict
from asynctask_standalone.demo.backup import Backup, Kill
from asynctask_standalone.demo.report import Check
from asynctask_standalone.demo.source import Folder
from asynctask_standalone.demo.verdict import checks


def a_task(state: TaskState, failure: FailureInfo | None = None) -> TaskInfo:
    facts: Any = dict.fromkeys(TaskInfo.__dataclass_fields__, None) | {
        "task_id": "0190",
        "state": state,
        "failure": failure,
    }
    return TaskInfo(**facts)


def a_backup(source: Path, target: Path) -> Backup:
    """One whose client is never asked."""
    return Backup(cast("Any", None), (), Folder(source, 3, 10), target, exclude=())


async def test_backup_that_failed_before_it_copied_anything_is_told_with_its_reason(tmp_path: Path):
    failure = FailureInfo("DESTINATION_INSIDE_SOURCE", "", "it is mounted inside", "", "compare")
    backup = a_backup(tmp_path, tmp_path / "never made")
    found = await checks(backup, a_task(TaskState.FAILED, failure), [])
    assert not any(check.kept for check in found)
    assert found[0].fact == "failed: DESTINATION_INSIDE_SOURCE: it is mounted inside"
    assert found[-1].fact == "not compared: the backup did not complete"


async def test_backup_that_skipped_files_is_told_from_a_plain_success(tmp_path: Path):
    done = a_task(TaskState.COMPLETED)
    fact = verdict._completed(a_backup(tmp_path, tmp_path), done).fact
    assert "skipped" not in fact
    warned = replace(done, warning_count=51, warning_counts={"SKIPPED": 51})
    found = verdict._completed(a_backup(tmp_path, tmp_path), warned)
    assert found.kept
    assert found.fact.endswith(", but 51 skipped")


def a_kill(*, size: int, proven: int = 0) -> Kill:
    """At 40 of 100 MiB."""
    total = 100 << 20
    return Kill("executor-1", "e1", 0.0, 40.0, total, files={}, size=size << 20, proven=proven << 20)


async def went_on(tmp_path: Path, kill: Kill, resumed_percent: float) -> Check:
    backup = a_backup(tmp_path, tmp_path)
    backup.kill, backup.heir, backup.resumed_percent = kill, "executor-2", resumed_percent
    return (await checks(backup, a_task(TaskState.FAILED), []))[2]


async def test_older_figure_of_the_victim_is_not_where_the_heir_went_on(tmp_path: Path):
    """Fails when the demo breaks its promise by chance: more may be done than was reported before the kill."""

    async def executor(_: str) -> Any:
        return SimpleNamespace(display_name="executor-2")

    async def attempts(_: str) -> list[Any]:
        return [SimpleNamespace(start_time=datetime.now(UTC))]

    backup = a_backup(tmp_path, tmp_path)
    backup.client = cast("Any", SimpleNamespace(executor=executor, attempts=attempts))
    backup.kill = a_kill(size=42)
    screen = cast("Any", SimpleNamespace(note=lambda _: None, wait_for=lambda *_: None))
    for executor_id, mib in (("e1", 40), ("e2", 40), ("e2", 43), ("e2", 60)):
        progress = ProgressInfo(mib << 20, 100 << 20, "bytes", "", 0.0, None)
        stage = SimpleNamespace(name="transfer", state="running", progress=progress)
        facts = {
            "state": "running",
            "stage": "transfer",
            "stages": [stage],
            "task_id": "",
            "executor_id": executor_id,
        }
        await backup._look(cast("Any", SimpleNamespace(**facts)), screen)
    assert backup.heir == "executor-2"
    assert backup.resumed_percent == 43
    assert (await checks(backup, a_task(TaskState.FAILED), []))[2].kept


async def test_what_was_copied_again_is_told_with_its_bytes(tmp_path: Path):
    found = await went_on(tmp_path, a_kill(size=30), 31)
    assert (found.promise, found.kept) == ("It went on from what was safely on storage", True)
    assert found.fact == (
        "killed at 40% of the transfer, went on at 31%: 9.0 MiB were not on storage yet and were copied again"
    )
    assert (
        await went_on(tmp_path, a_kill(size=30), 40)
    ).fact == "killed at 40% of the transfer, went on at 40%"


async def test_what_was_done_and_had_to_be_copied_again_breaks_the_promise(tmp_path: Path):
    assert not (await went_on(tmp_path, a_kill(size=38), 36)).kept
    assert not (await went_on(tmp_path, a_kill(size=0), 10)).kept


def test_what_is_safe_names_files_that_are_done_and_what_is_proven_of_others():
    assert a_kill(size=0).safe == "nothing yet"
    assert a_kill(size=0, proven=16).safe == "16.0 MiB of what is under way"
    both = replace(a_kill(size=30, proven=16), files={"a": 1, "b": 2})
    assert both.safe == "2 files (30.0 MiB) and 16.0 MiB of what is under way"
