"""What the demo says of what it saw."""

from pathlib import Path
from typing import Any, cast

from asynctask import FailureInfo, TaskInfo, TaskState
from asynctask_standalone.demo.backup import Backup
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
