"""Testing a task type in memory: `.venv/bin/pytest examples` needs no cluster, and nothing in it waits.

In a project of your own see "Testing it" in README.md.
"""

from pathlib import Path

from asynctask import AttemptResult, ItemState, TaskState
from asynctask.testing import run
from examples.checksums import Folder, Summary, checksums
from examples.hello import Greeting, hello


async def test_every_file_is_hashed_once(tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"file {number}").write_bytes(b"x" * number)
    result = await run(checksums, Folder(tmp_path))
    assert result.state is TaskState.COMPLETED
    assert result.result == Summary(files=20, bytes=sum(range(20)), unreadable=0)
    assert len(result.items(ItemState.DONE)) == 20


async def test_missing_folder_fails_without_a_retry(tmp_path: Path) -> None:
    result = await run(checksums, Folder(tmp_path / "missing"))
    assert result.attempts == [AttemptResult.FAILED]
    assert result.failure is not None
    assert result.failure.reason == "SOURCE_MISSING"


async def test_killed_executor_repeats_no_line() -> None:
    result = await run(hello, Greeting("you", times=2, pause_s=0), fail_at_checkpoint=1)
    assert result.attempts == [AttemptResult.LOST, AttemptResult.SUCCESS]
    assert [line.message for line in result.logs] == ["Hello, you!"] * 2
