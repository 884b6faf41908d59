"""The check that no asyncio task fails unseen."""

import importlib.util
from pathlib import Path

import pytest

TOOL = Path(__file__).resolve().parents[3] / "tools" / "check_tasks.py"
_spec = importlib.util.spec_from_file_location("check_tasks", TOOL)
assert _spec is not None
assert _spec.loader is not None
check_tasks = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(check_tasks)


@pytest.mark.parametrize(
    "body",
    [
        "asyncio.create_task(work())",
        "task = asyncio.create_task(work())",
        "task = loop.create_task(work())\n    await asyncio.wait([task])",
        "self.task = asyncio.ensure_future(work())",
        "self.task = asyncio.create_task(work())\n    await self.task",
        "self.task = executor_task(work())",
        "tasks.append(asyncio.create_task(work()))",
    ],
)
def test_task_that_nobody_looks_at_is_found(body: str) -> None:
    """Fails when a writer, a reader or a loop may end unseen."""
    assert list(check_tasks.unseen(f"async def f(self, loop, tasks):\n    {body}\n")) == [2]


@pytest.mark.parametrize(
    "body",
    [
        "await asyncio.create_task(work())",
        "task = asyncio.create_task(work())\n    await task",
        "task = asyncio.create_task(work())\n    await asyncio.gather(task, other())",
        "task = asyncio.create_task(work())\n    await asyncio.wait([task])\n    task.result()",
        "self.task = supervised(asyncio.create_task(work()), 'work')",
        "supervised(asyncio.create_task(work()), 'work')",
        "task = asyncio.create_task(work())  # seen: by a callback",
        "async with asyncio.TaskGroup() as group:\n        group.create_task(work())",
    ],
)
def test_task_whose_failure_is_seen_passes(body: str) -> None:
    assert list(check_tasks.unseen(f"async def f(self, loop):\n    {body}\n")) == []
