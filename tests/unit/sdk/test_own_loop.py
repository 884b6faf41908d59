"""An executor that runs alone has a loop of asyncio, also under another event loop policy."""

import asyncio
import sys
from collections.abc import Iterator
from typing import Any

import pytest

import asynctask
from asynctask._executor.own_loop import is_own, run_on_own_loop
from asynctask._handler.containment import contain

uvloop: Any = pytest.importorskip("uvloop")


@pytest.fixture
def policy() -> Iterator[Any]:
    """uvloop's, as `uvloop.install()` sets it."""
    before = asyncio.get_event_loop_policy()
    asyncio.set_event_loop_policy(policy := uvloop.EventLoopPolicy())
    yield policy
    asyncio.set_event_loop_policy(before)


def test_exit_in_a_callback_does_not_end_it(policy: Any):
    """Fails when the loop is uvloop's: SystemExit leaves it, and every task of the executor with it."""
    came: list[str] = []

    async def main() -> None:
        loop = asyncio.get_running_loop()
        assert is_own(loop)
        contain(loop, is_shared=False)
        loop.call_soon(sys.exit, 3)
        for _ in range(5):
            await asyncio.sleep(0)
        came.append("the end")

    run_on_own_loop(main())
    assert came == ["the end"]
    assert "get_child_watcher" not in vars(policy)


@pytest.mark.skipif(sys.platform == "win32", reason="uvloop is not for Windows")
def test_programs_are_started_and_waited_for_there(policy: Any):
    """Fails up to Python 3.13 when asyncio's loop is used beside uvloop's policy, which knows nothing of children."""
    codes: list[int] = []

    async def main() -> None:
        program = await asyncio.create_subprocess_exec("/bin/sh", "-c", "exit 7")
        codes.append(await program.wait())

    run_on_own_loop(main())
    assert codes == [7]


def test_run_of_an_executor_takes_such_a_loop(policy: Any, monkeypatch: pytest.MonkeyPatch):
    loops: list[asyncio.AbstractEventLoop] = []

    async def serve(_: asynctask.Executor) -> None:
        loops.append(asyncio.get_running_loop())

    monkeypatch.setattr(asynctask.Executor, "serve", serve)
    task_type = asynctask.TaskType("nothing")

    @task_type.stage
    async def run(ctx: asynctask.Context[Any]) -> None:
        raise AssertionError("nothing is assigned")

    asynctask.Executor([task_type]).run()
    assert [is_own(loop) for loop in loops] == [True]


def test_loop_of_the_policy_is_taken_if_it_is_one_of_asyncio(monkeypatch: pytest.MonkeyPatch):
    class LoopOfTheProgram(asyncio.SelectorEventLoop):
        """What a policy of the program's own makes."""

    loops: list[type] = []

    async def main() -> None:
        loops.append(type(asyncio.get_running_loop()))

    monkeypatch.setattr(asyncio, "new_event_loop", LoopOfTheProgram)
    run_on_own_loop(main())
    assert loops == [LoopOfTheProgram]
