"""An executor's loop ends although asyncio tasks and generators that handlers have left on it do not."""

import asyncio
import contextlib
import gc
import sys
from collections.abc import AsyncIterator

import pytest

from asynctask._attempt.attempt import Attempt
from asynctask._attempt.clock import ClockReading
from asynctask._attempt.executor_tasks import HandlerTask
from asynctask._executor import left_tasks
from asynctask._executor.left_tasks import LeftTasks
from asynctask_protos.task.v1 import work_pb2


async def wait_for_ever() -> None:
    while True:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(3600)


async def generate() -> AsyncIterator[int]:
    try:
        yield 1
    finally:
        await wait_for_ever()


@pytest.mark.timeout(60)  # without what it holds it hangs
@pytest.mark.parametrize("is_broken_off", [False, True])
def test_loop_ends_without_what_does_not_end(
    is_broken_off: bool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Fails when asyncio waits for it, for ever."""
    monkeypatch.setattr(left_tasks, "LEFT_S", 0.05)
    left, every = LeftTasks(), asyncio.all_tasks

    async def run() -> None:
        loop = asyncio.get_running_loop()
        async with left:
            stuck = HandlerTask(wait_for_ever(), loop=loop)
            stuck.attempt = Attempt(work_pb2.Assignment(task_type="stuck"), ClockReading(0, 0))
            kept = generate()
            assert await anext(kept) == 1
            await asyncio.sleep(0)
            if is_broken_off:
                loop.call_soon(sys.exit, 3)
                await asyncio.sleep(3600)

    with pytest.raises(SystemExit) if is_broken_off else contextlib.nullcontext(), left.not_waited_for():
        asyncio.run(run())
    gc.collect()
    assert asyncio.all_tasks is every
    assert "executor.tasks_left" in caplog.text
    assert "of a handler of type stuck" in caplog.text


def test_end_of_a_loop_that_nothing_was_left_on_is_silent(caplog: pytest.LogCaptureFixture) -> None:
    """Fails when closing asynchronous generators meets one that is running, as that of the end itself."""
    left = LeftTasks()

    async def run() -> None:
        async with left:
            await asyncio.sleep(0)

    with left.not_waited_for():
        asyncio.run(run())
    assert not caplog.records
