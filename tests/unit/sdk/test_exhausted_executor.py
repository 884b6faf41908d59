"""An executor that lacks threads, processes or files gives tasks back: they are not at fault."""

import errno
import threading
from typing import Any

import pytest

from asynctask import Context, Retry, TaskState, TaskType, ThreadContext
from asynctask._handler import threads
from asynctask._handler.description import describe
from asynctask.testing import TestRun, run
from asynctask_core.states import AttemptResult

ONCE = Retry(max_attempts=1)
alone = TaskType("alone", retry=ONCE)


@alone.stage(process=True)
def add(ctx: ThreadContext[Any]) -> int:
    return 1 + 1


def assert_given_back_once(result: TestRun, why: str) -> None:
    assert result.state is TaskState.COMPLETED, result.failure
    assert result.attempts == [AttemptResult.RELEASED, AttemptResult.SUCCESS]
    (failure,) = result.failures
    assert failure.reason == "EXECUTOR_EXHAUSTED"
    assert failure.message == f"{why}; the task is given back, and tried again in 10 s"
    assert result.delays_s == [10.0]


class Refusal:
    """Refuses once."""

    def __init__(self, error: BaseException, really: Any) -> None:
        self.left, self.error, self.really = 1, error, really

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        if self.left:
            self.left -= 1
            raise self.error
        return self.really(*arguments, **options)


async def test_task_whose_thread_cannot_be_started_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails when a task fails for what other tasks of its executor use up."""
    kind = TaskType("threads", retry=ONCE)

    @kind.stage
    def act(ctx: ThreadContext[Any]) -> int:
        return 1

    refusal = Refusal(RuntimeError("can't start new thread"), threading.Thread.start)

    def start(self: threading.Thread) -> None:
        refusal(self)

    monkeypatch.setattr(threading.Thread, "start", start)
    result = await run(kind)
    assert_given_back_once(result, "a thread of the handler could not be started: can't start new thread")


@pytest.mark.parametrize("place", ["multiprocessing.Pipe", "subprocess.Popen"])
async def test_task_whose_process_cannot_be_started_is_given_back(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, name = place.split(".")
    really = getattr(__import__(module), name)
    error = OSError(errno.EMFILE, "Too many open files")
    monkeypatch.setattr(f"asynctask._handler.handler_process.{place}", Refusal(error, really))
    why = "a process of the handler could not be started: [Errno 24] Too many open files"
    assert_given_back_once(await run(alone), why)


@pytest.mark.parametrize("hook", ["settrace", "setprofile"])
async def test_task_whose_thread_dies_before_its_first_step_is_given_back(
    hook: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when a hook that one handler leaves in `threading` makes the tasks of others wait for ever."""
    monkeypatch.setattr(threads, "LOOK_S", 0.01)
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    kind = TaskType("threads", retry=ONCE)
    left: list[str] = []

    def raises(*_: object) -> None:
        getattr(threading, hook)(None)
        raise RuntimeError("a hook")

    @kind.stage
    async def leave(ctx: Context[Any]) -> None:
        if not left:
            left.append(hook)
            getattr(threading, hook)(raises)

    @kind.stage
    def act(ctx: ThreadContext[Any]) -> int:
        return 1

    try:
        result = await run(kind)
    finally:
        getattr(threading, hook)(None)
    assert_given_back_once(result, "a thread of the handler could not be started: " + threads._SILENT)


async def test_failure_is_told_also_where_no_thread_reads_its_exception(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Fails when the failure of a handler becomes a fault of the executor's, or none."""

    class Odd(Exception):
        def __str__(self) -> str:
            return "odd"

    kind = TaskType("odd", retry=ONCE)

    @kind.stage
    async def act(ctx: Context[Any]) -> None:
        raise Odd

    def refuse(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    assert "Odd (its message could not be read" in describe(Odd()).message
    result = await run(kind)
    assert result.failure is not None
    assert result.failure.reason == "HANDLER_ERROR"
    assert "Odd (its message could not be read" in result.failure.message
